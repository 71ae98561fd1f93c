//! Answers as octets: the one adapter to hickory-proto's types.

use std::net::{Ipv4Addr, Ipv6Addr};

use hickory_proto::op::{Edns as HickoryEdns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::rdata::opt::{ClientSubnet as HickorySubnet, EdnsOption};
use hickory_proto::rr::{self, DNSClass, RData, RecordType, rdata};

use crate::event::{ClientSubnet, DnsQuestion};
use crate::name::Name;
use crate::wire::options::code;
use crate::wire::{Question, UDP_LARGEST};

/// An answer to be written.
#[derive(Clone, Debug)]
pub(crate) struct Response<'a> {
    pub(crate) id: u16,
    /// Operation code: 0 is a standard query.
    pub(crate) opcode: u8,
    pub(crate) recursion_desired: bool,
    /// Response code, extended by EDNS.
    pub(crate) rcode: u16,
    /// AA: the answer comes from who holds the name.
    pub(crate) authoritative: bool,
    /// TC: ask again over TCP.
    pub(crate) truncated: bool,
    pub(crate) question: Option<&'a Question>,
    pub(crate) answers: Vec<Record>,
    pub(crate) authorities: Vec<Record>,
    pub(crate) edns: Option<AnswerEdns<'a>>,
}

/// What the answer's OPT record says. Its options stand in the order of these fields.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AnswerEdns<'a> {
    /// DO is copied from the query (RFC 3225 §3).
    pub(crate) dnssec_ok: bool,
    /// The client's cookie and the server's.
    pub(crate) cookie: Option<[u8; 24]>,
    /// The client subnet of the question; the answer is the same for all (RFC 7871 §7.2.1).
    pub(crate) client_subnet: Option<ClientSubnet>,
    /// Who the server is (RFC 5001).
    pub(crate) nsid: Option<&'a str>,
    /// How long a connection may stay idle, in tenths of a second (RFC 7828 §3.1).
    pub(crate) keepalive: Option<u16>,
}

/// A record of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) name: Name,
    pub(crate) ttl: u32,
    pub(crate) data: Data,
}

/// What a record says.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    A(Ipv4Addr),
    Aaaa(Ipv6Addr),
    Ns(Name),
    /// One text of at most 255 octets.
    Txt(String),
    /// There is no mail (RFC 7505).
    NullMx,
    Soa(Box<Soa>),
}

/// A zone's start of authority (RFC 1035 §3.3.13).
#[derive(Clone, Debug)]
pub(crate) struct Soa {
    pub(crate) mname: Name,
    pub(crate) rname: Name,
    pub(crate) serial: u32,
    pub(crate) refresh: i32,
    pub(crate) retry: i32,
    pub(crate) expire: i32,
    pub(crate) minimum: u32,
}

/// Writes an answer in at most `limit` octets. One that does not fit goes without what nobody needs (NSID), then without
/// all its records and with TC: half an answer is of no use to anybody who then asks again over TCP; at last without a
/// cookie. The second value says whether TC is set; nothing is returned for what cannot be written at all.
pub(crate) fn write(response: &Response<'_>, limit: usize) -> Option<(Vec<u8>, bool)> {
    let mut message = message(response)?;
    let fits = |message: &Message| message.to_vec().ok().filter(|octets| octets.len() <= limit);
    if let Some(octets) = fits(&message) {
        return Some((octets, response.truncated));
    }
    if let Some(edns) = response.edns {
        message.set_edns(to_edns(AnswerEdns { nsid: None, ..edns }));
        if let Some(octets) = fits(&message) {
            return Some((octets, response.truncated));
        }
    }
    message.metadata.truncation = true;
    message.answers.clear();
    message.authorities.clear();
    if let Some(octets) = fits(&message) {
        return Some((octets, true));
    }
    let edns = response.edns?;
    message.set_edns(to_edns(AnswerEdns { dnssec_ok: edns.dnssec_ok, ..AnswerEdns::default() }));
    Some((fits(&message)?, true))
}

fn message(response: &Response<'_>) -> Option<Message> {
    let mut message = Message::response(response.id, OpCode::from_u8(response.opcode));
    message.metadata.recursion_desired = response.recursion_desired;
    message.metadata.authoritative = response.authoritative;
    message.metadata.truncation = response.truncated;
    message.metadata.response_code = ResponseCode::from((response.rcode >> 4) as u8, (response.rcode & 0xf) as u8);
    if let Some(question) = response.question {
        let mut query = Query::query(to_hickory(&question.name)?, RecordType::from(question.qtype));
        query.set_query_class(DNSClass::from(question.qclass));
        message.add_query(query);
    }
    for record in &response.answers {
        message.add_answer(to_record(record)?);
    }
    for record in &response.authorities {
        message.add_authority(to_record(record)?);
    }
    if let Some(edns) = response.edns {
        message.set_edns(to_edns(edns));
    }
    Some(message)
}

fn to_edns(answer: AnswerEdns<'_>) -> HickoryEdns {
    let mut edns = HickoryEdns::new();
    edns.set_max_payload(UDP_LARGEST).set_version(0).set_dnssec_ok(answer.dnssec_ok);
    let options = edns.options_mut();
    let mut add = |code, octets: &[u8]| options.insert(EdnsOption::Unknown(code, octets.to_vec()));
    if let Some(cookie) = answer.cookie {
        add(code::COOKIE, &cookie);
    }
    if let Some(nsid) = answer.nsid {
        add(code::NSID, nsid.as_bytes());
    }
    if let Some(keepalive) = answer.keepalive {
        add(code::KEEPALIVE, &keepalive.to_be_bytes());
    }
    if let Some(subnet) = answer.client_subnet {
        options.insert(EdnsOption::Subnet(HickorySubnet::new(subnet.address, subnet.prefix, 0)));
    }
    edns
}

fn to_hickory(name: &Name) -> Option<rr::Name> {
    rr::Name::from_labels(name.labels()).ok()
}

fn to_record(record: &Record) -> Option<rr::Record> {
    let data = match &record.data {
        Data::A(address) => RData::A(rdata::A(*address)),
        Data::Aaaa(address) => RData::AAAA(rdata::AAAA(*address)),
        Data::Ns(name) => RData::NS(rdata::NS(to_hickory(name)?)),
        Data::Txt(text) => RData::TXT(rdata::TXT::from_bytes(vec![text.as_bytes()])),
        Data::NullMx => RData::MX(rdata::MX::new(0, rr::Name::root())),
        Data::Soa(soa) => RData::SOA(rdata::SOA::new(
            to_hickory(&soa.mname)?,
            to_hickory(&soa.rname)?,
            soa.serial,
            soa.refresh,
            soa.retry,
            soa.expire,
            soa.minimum,
        )),
    };
    Some(rr::Record::from_rdata(to_hickory(&record.name)?, record.ttl, data))
}

/// Writes a question as a message again, from what is recorded of it; nothing if it has no form on the wire.
pub(crate) fn write_query(question: &DnsQuestion) -> Option<Vec<u8>> {
    let mut message = Message::new(question.id, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = question.recursion_desired;
    let query = Query::query(to_hickory(&question.name)?, RecordType::from(question.qtype));
    message.add_query(query);
    if let Some(size) = question.udp_size {
        let mut edns = HickoryEdns::new();
        edns.set_max_payload(size).set_version(0);
        if let Some(subnet) = question.client_subnet {
            let subnet = HickorySubnet::new(subnet.address, subnet.prefix, 0);
            edns.options_mut().insert(EdnsOption::Subnet(subnet));
        }
        message.set_edns(edns);
    }
    message.to_vec().ok()
}
