//! DNS messages on the wire.
//!
//! Queries are read field by field, in [`read`] and [`options`]: only the question and the OPT record matter, and a record
//! of a type that a library reads more strictly than the RFCs do must not cost its sender the answer. Answers are
//! written by hickory-proto's types, in [`write`], and nothing else in the crate knows them.

mod options;
mod read;
mod write;

pub(crate) use options::AskedCookie;
pub(crate) use read::{read_edns, read_header, read_question};
pub(crate) use write::{AnswerEdns, Data, Record, Response, Soa, write, write_query};

use crate::event::ClientSubnet;
use crate::name::Name;

/// Length of a message's header (RFC 1035 §4.1.1).
pub(crate) const HEADER: usize = 12;
/// Largest answer over UDP without EDNS (RFC 1035 §4.2.1).
pub(crate) const UDP_PLAIN: u16 = 512;
/// Largest answer over UDP that this sinkhole sends or says it takes: what passes every link without fragments
/// (DNS Flag Day 2020).
pub(crate) const UDP_LARGEST: u16 = 1232;
/// QCLASS of the Internet.
pub(crate) const CLASS_IN: u16 = 1;

/// Operation codes (RFC 1035 §4.1.1, RFC 1996, RFC 2136).
pub(crate) mod opcode {
    pub(crate) const QUERY: u8 = 0;
    pub(crate) const NOTIFY: u8 = 4;
    pub(crate) const UPDATE: u8 = 5;
}

/// Response codes (RFC 1035 §4.1.1; BADVERS: RFC 6891 §9).
pub(crate) mod rcode {
    pub(crate) const NO_ERROR: u16 = 0;
    pub(crate) const FORMAT_ERROR: u16 = 1;
    pub(crate) const NAME_ERROR: u16 = 3;
    pub(crate) const NOT_IMPLEMENTED: u16 = 4;
    pub(crate) const REFUSED: u16 = 5;
    pub(crate) const BAD_VERSION: u16 = 16;
}

/// Record types that the sinkhole knows (RFC 1035 §3.2.2, RFC 3596, RFC 6891).
pub(crate) mod qtype {
    pub(crate) const A: u16 = 1;
    pub(crate) const NS: u16 = 2;
    pub(crate) const SOA: u16 = 6;
    pub(crate) const MX: u16 = 15;
    pub(crate) const TXT: u16 = 16;
    pub(crate) const AAAA: u16 = 28;
    pub(crate) const OPT: u16 = 41;
    pub(crate) const ANY: u16 = 255;
}

/// The parts of a header that matter to an authority.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) id: u16,
    /// QR: this is a response.
    pub(crate) is_response: bool,
    /// Operation code: 0 is a standard query.
    pub(crate) opcode: u8,
    pub(crate) recursion_desired: bool,
    /// QDCOUNT.
    pub(crate) questions: u16,
    /// Records before the additional ones: ANCOUNT and NSCOUNT together.
    pub(crate) before: u32,
    /// ARCOUNT.
    pub(crate) additionals: u16,
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
pub(crate) struct Edns<'a> {
    pub(crate) version: u8,
    pub(crate) udp_size: u16,
    pub(crate) dnssec_ok: bool,
    pub(crate) client_subnet: Option<ClientSubnet>,
    pub(crate) cookie: Option<AskedCookie<'a>>,
    /// Who the server is was asked (RFC 5001).
    pub(crate) nsid: bool,
    /// How long a connection may stay idle was asked (RFC 7828).
    pub(crate) keepalive: bool,
}

/// A message is not a query that can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;
