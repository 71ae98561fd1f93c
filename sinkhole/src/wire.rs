//! DNS messages on the wire: the one adapter to hickory-proto's types. Nothing else in the crate knows them.
//!
//! A query is read field by field and not as a whole `Message`: only the question and the OPT record matter, and a
//! record of a type that hickory-proto reads more strictly than the RFCs do must not cost its sender the answer.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hickory_proto::op::{
    Edns as HickoryEdns, Header as HickoryHeader, Message, MessageType, OpCode, Query, ResponseCode,
};
use hickory_proto::rr::rdata::opt::{ClientSubnet as HickorySubnet, EdnsOption};
use hickory_proto::rr::{self, DNSClass, RData, RecordType, rdata};
use hickory_proto::serialize::binary::{BinDecodable, BinDecoder};

use crate::event::{ClientSubnet, DnsQuestion};
use crate::name::Name;

/// Largest answer over UDP without EDNS (RFC 1035 §4.2.1).
pub(crate) const UDP_PLAIN: u16 = 512;
/// Largest answer over UDP that this sinkhole sends or says it takes: what passes every link without fragments
/// (DNS Flag Day 2020).
pub(crate) const UDP_LARGEST: u16 = 1232;
/// QCLASS of the Internet.
pub(crate) const CLASS_IN: u16 = 1;

/// Response codes (RFC 1035 §4.1.1; BADVERS: RFC 6891 §9).
pub(crate) mod rcode {
    pub(crate) const NO_ERROR: u16 = 0;
    pub(crate) const FORMAT_ERROR: u16 = 1;
    pub(crate) const NOT_IMPLEMENTED: u16 = 4;
    pub(crate) const REFUSED: u16 = 5;
    pub(crate) const BAD_VERSION: u16 = 16;
}

/// Record types that the sinkhole knows (RFC 1035 §3.2.2, RFC 3596, RFC 6891).
pub(crate) mod qtype {
    pub(crate) const A: u16 = 1;
    pub(crate) const NS: u16 = 2;
    pub(crate) const SOA: u16 = 6;
    pub(crate) const AAAA: u16 = 28;
    pub(crate) const OPT: u16 = 41;
    pub(crate) const ANY: u16 = 255;
}

/// EDNS option code of the client subnet (RFC 7871 §6).
const OPTION_CLIENT_SUBNET: u16 = 8;

/// The parts of a header that matter to an authority.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) id: u16,
    /// QR: this is a response.
    pub(crate) is_response: bool,
    /// Operation code: 0 is a standard query.
    pub(crate) opcode: u8,
    pub(crate) recursion_desired: bool,
    pub(crate) questions: u16,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) name: Name,
    pub(crate) qtype: u16,
    pub(crate) qclass: u16,
}

/// What the OPT record said (RFC 6891).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edns {
    pub(crate) version: u8,
    pub(crate) udp_size: u16,
    pub(crate) dnssec_ok: bool,
    pub(crate) client_subnet: Option<ClientSubnet>,
}

/// A message is not a query that can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Reads the header; `None` for fewer octets than one has.
pub(crate) fn read_header(octets: &[u8]) -> Option<Header> {
    let header = HickoryHeader::read(&mut BinDecoder::new(octets)).ok()?;
    Some(Header {
        id: header.metadata.id,
        is_response: header.metadata.message_type == MessageType::Response,
        opcode: header.metadata.op_code.into(),
        recursion_desired: header.metadata.recursion_desired,
        questions: header.counts.queries,
    })
}

/// Reads the only question of a message.
pub(crate) fn read_question(octets: &[u8]) -> Result<Question, Malformed> {
    let mut decoder = BinDecoder::new(octets);
    let header = HickoryHeader::read(&mut decoder).map_err(|_| Malformed)?;
    if header.counts.queries != 1 {
        return Err(Malformed);
    }
    question(&mut decoder)
}

fn question(decoder: &mut BinDecoder<'_>) -> Result<Question, Malformed> {
    let query = Query::read(decoder).map_err(|_| Malformed)?;
    let name = Name::from_labels(query.name.iter()).map_err(|_| Malformed)?;
    Ok(Question { name, qtype: query.query_type.into(), qclass: query.query_class.into() })
}

/// Walks over the records behind the question and reads the OPT record among the additional ones.
///
/// # Errors
///
/// A record is cut off, there are two OPT records or one with an owner (RFC 6891 §6.1.1), or the client subnet is not
/// well formed (RFC 7871 §7.1.2).
pub(crate) fn read_edns(octets: &[u8]) -> Result<Option<Edns>, Malformed> {
    let mut decoder = BinDecoder::new(octets);
    let header = HickoryHeader::read(&mut decoder).map_err(|_| Malformed)?;
    question(&mut decoder)?;
    let before = u32::from(header.counts.answers) + u32::from(header.counts.authorities);
    let all = before + u32::from(header.counts.additionals);
    let mut edns = None;
    for index in 0..all {
        let owner = rr::Name::read(&mut decoder).map_err(|_| Malformed)?;
        let qtype = read_u16(&mut decoder)?;
        let class = read_u16(&mut decoder)?;
        let ttl = decoder.read_u32().map_err(|_| Malformed)?.unverified(/* its bits are looked at, none is trusted */);
        let length = read_u16(&mut decoder)?;
        let data =
            decoder.read_slice(usize::from(length)).map_err(|_| Malformed)?.unverified(/* bounded by the read */);
        if qtype == qtype::OPT {
            if index < before || edns.is_some() || !owner.is_root() {
                return Err(Malformed);
            }
            edns = Some(Edns {
                version: (ttl >> 16) as u8,
                udp_size: class,
                dnssec_ok: ttl & 0x8000 != 0,
                client_subnet: client_subnet(data)?,
            });
        }
    }
    Ok(edns)
}

fn read_u16(decoder: &mut BinDecoder<'_>) -> Result<u16, Malformed> {
    Ok(decoder.read_u16().map_err(|_| Malformed)?.unverified(/* every value has a meaning */))
}

/// Looks through the options of an OPT record for the client subnet.
fn client_subnet(mut options: &[u8]) -> Result<Option<ClientSubnet>, Malformed> {
    let mut subnet = None;
    while !options.is_empty() {
        let ([code_high, code_low, high, low], rest) = options.split_first_chunk().ok_or(Malformed)?;
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let (data, rest) = rest.split_at_checked(length).ok_or(Malformed)?;
        if u16::from_be_bytes([*code_high, *code_low]) == OPTION_CLIENT_SUBNET {
            subnet = one_subnet(data)?;
        }
        options = rest;
    }
    Ok(subnet)
}

/// One client subnet (RFC 7871 §6). Family 0 with no prefix asks not to be told about: it is no subnet.
fn one_subnet(data: &[u8]) -> Result<Option<ClientSubnet>, Malformed> {
    let ([high, low, prefix, _scope], address) = data.split_first_chunk().ok_or(Malformed)?;
    let family = u16::from_be_bytes([*high, *low]);
    if address.len() != usize::from(prefix.div_ceil(8)) {
        return Err(Malformed);
    }
    let limit = match family {
        0 if *prefix == 0 => return Ok(None),
        1 => 32,
        2 => 128,
        _ => return Err(Malformed),
    };
    if *prefix > limit {
        return Err(Malformed);
    }
    let mut whole = [0; 16];
    whole[..address.len()].copy_from_slice(address);
    let beyond = 8 - (prefix % 8);
    if beyond < 8 && whole[address.len() - 1] & ((1 << beyond) - 1) != 0 {
        return Err(Malformed);
    }
    let address = if family == 1 {
        IpAddr::from(Ipv4Addr::new(whole[0], whole[1], whole[2], whole[3]))
    } else {
        IpAddr::from(Ipv6Addr::from(whole))
    };
    Ok(Some(ClientSubnet { address, prefix: *prefix }))
}

/// An answer to be written.
#[derive(Clone, Debug)]
pub(crate) struct Response {
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
    pub(crate) question: Option<Question>,
    pub(crate) answers: Vec<Record>,
    pub(crate) authorities: Vec<Record>,
    pub(crate) edns: Option<AnswerEdns>,
}

/// What the answer's OPT record says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnswerEdns {
    /// DO is copied from the query (RFC 3225 §3).
    pub(crate) dnssec_ok: bool,
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

/// Writes an answer in at most `limit` octets. One that does not fit loses all its records and gets TC: half an answer
/// is of no use to anybody who then asks again over TCP. The second value says whether TC is set; nothing is returned
/// for what cannot be written at all.
pub(crate) fn write(response: &Response, limit: usize) -> Option<(Vec<u8>, bool)> {
    let mut message = Message::response(response.id, OpCode::from_u8(response.opcode));
    message.metadata.recursion_desired = response.recursion_desired;
    message.metadata.authoritative = response.authoritative;
    message.metadata.truncation = response.truncated;
    message.metadata.response_code = ResponseCode::from((response.rcode >> 4) as u8, (response.rcode & 0xf) as u8);
    if let Some(question) = &response.question {
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
    if let Some(answer) = response.edns {
        let mut edns = HickoryEdns::new();
        edns.set_max_payload(UDP_LARGEST).set_version(0).set_dnssec_ok(answer.dnssec_ok);
        message.set_edns(edns);
    }
    let octets = message.to_vec().ok()?;
    if octets.len() <= limit {
        return Some((octets, response.truncated));
    }
    message.metadata.truncation = true;
    message.answers.clear();
    message.authorities.clear();
    let octets = message.to_vec().ok()?;
    (octets.len() <= limit).then_some((octets, true))
}

fn to_hickory(name: &Name) -> Option<rr::Name> {
    rr::Name::from_labels(name.labels()).ok()
}

fn to_record(record: &Record) -> Option<rr::Record> {
    let data = match &record.data {
        Data::A(address) => RData::A(rdata::A(*address)),
        Data::Aaaa(address) => RData::AAAA(rdata::AAAA(*address)),
        Data::Ns(name) => RData::NS(rdata::NS(to_hickory(name)?)),
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
    let mut query = Query::query(to_hickory(&question.name)?, RecordType::from(question.qtype));
    query.set_query_class(DNSClass::from(question.qclass));
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
