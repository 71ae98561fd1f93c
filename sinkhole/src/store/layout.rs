//! How events stand in a file. All numbers are little endian.
//!
//! A segment begins with a header of 64 octets:
//!
//! | at | octets | what |
//! |---|---|---|
//! | 0 | 8 | `HYDRASNK` |
//! | 8 | 4 | version of this layout: 1 |
//! | 12 | 4 | length of this header: 64 |
//! | 16 | 8 | number of the segment |
//! | 24 | 8 | time at which it was begun, nanoseconds since 1970 |
//! | 32 | 16 | version of the program that wrote it, ASCII, padded with zeros |
//! | 48 | 12 | zeros |
//! | 60 | 4 | CRC-32C (RFC 3720 §12.1) of the octets before it |
//!
//! Records follow each other without padding: a head of 64 octets and a tail.
//!
//! | at | octets | what |
//! |---|---|---|
//! | 0 | 8 | time, nanoseconds since 1970, signed |
//! | 8 | 1 | kind: 1 DNS question, 2 HTTP request, 3 connection, 4 counters, 5 definition of a label |
//! | 9 | 1 | transport: 1 UDP, 2 TCP |
//! | 10 | 2 | flags, see [`flag`] |
//! | 12 | 2 | source port |
//! | 14 | 2 | destination port |
//! | 16 | 16 | source address; IPv4 as `::ffff:a.b.c.d` |
//! | 32 | 2 | QTYPE |
//! | 34 | 2 | QCLASS |
//! | 36 | 2 | RCODE of the answer, extended |
//! | 38 | 2 | UDP payload size of EDNS |
//! | 40 | 4 | number of the label, 0 for none |
//! | 44 | 4 | place of the held name in its list |
//! | 48 | 4 | length of the tail |
//! | 52 | 1 | how many labels at the end of the name are the held name's |
//! | 53 | 1 | zero |
//! | 54 | 2 | identifier of the DNS message |
//! | 56 | 4 | zeros |
//! | 60 | 4 | CRC-32C of the head before it and of the tail |
//!
//! A tail is a sequence of fields, each with its length in 2 octets before it:
//!
//! - DNS question: the name as sent, in wire form; the client subnet if there is one (family and prefix of RFC 7871 in
//!   2 and 1 octets, then 4 or 16 octets of address).
//! - HTTP request: method, path, host, user agent, length of the body in 8 octets, the held name in wire form (empty if
//!   the host's name is not held).
//! - Connection: nothing.
//! - Counters: six numbers of 8 octets in one field, in the order of [`Counts`]; the head's time is the minute's first
//!   instant.
//! - Definition of a label: the text. It stands in every segment before the label's first use there; the number is in
//!   the head.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use chrono::{DateTime, Utc};

use crate::event::{
    ClientSubnet, Counters, Counts, DnsQuestion, Event, Held, HttpRequest, Origin, TcpConnection, Transport,
};
use crate::name::Name;
use crate::store::LabelId;

/// First octets of a segment.
pub(crate) const MAGIC: &[u8; 8] = b"HYDRASNK";
/// Version of this layout.
pub(crate) const VERSION: u32 = 1;
/// Length of a segment's header and of a record's head.
pub(crate) const HEAD: usize = 64;
/// Longest tail: a little more than an HTTP head with everything that is kept of it. A longer one is damage.
pub(crate) const TAIL_LIMIT: usize = 8 * 1024;

/// Bits of a record's flags.
pub(crate) mod flag {
    /// RD was set.
    pub(crate) const RECURSION_DESIRED: u16 = 1;
    /// The name held both cases.
    pub(crate) const MIXED_CASE: u16 = 1 << 1;
    /// There was an OPT record.
    pub(crate) const EDNS: u16 = 1 << 2;
    /// There was a client subnet.
    pub(crate) const CLIENT_SUBNET: u16 = 1 << 3;
    /// The answer was truncated.
    pub(crate) const TRUNCATED: u16 = 1 << 4;
    /// HTTP: there was a `Referer`.
    pub(crate) const REFERER: u16 = 1 << 5;
    /// HTTP: a field was longer than what is kept of it.
    pub(crate) const SHORTENED: u16 = 1 << 6;
    /// Connection: it reached an HTTP listener.
    pub(crate) const HTTP_LISTENER: u16 = 1 << 7;
}

/// Kinds of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Dns = 1,
    Http = 2,
    Connection = 3,
    Counters = 4,
    Label = 5,
}

/// A record's head, without its tail's length and checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) at: DateTime<Utc>,
    pub(crate) kind: Kind,
    pub(crate) transport: Transport,
    pub(crate) flags: u16,
    pub(crate) source: SocketAddr,
    pub(crate) destination_port: u16,
    pub(crate) qtype: u16,
    pub(crate) qclass: u16,
    pub(crate) rcode: u16,
    pub(crate) udp_size: u16,
    pub(crate) label: LabelId,
    pub(crate) index: u32,
    pub(crate) apex_labels: u8,
    pub(crate) id: u16,
}

impl Head {
    /// A head whose DNS fields are zero.
    pub(crate) fn new(kind: Kind, transport: Transport, origin: Origin) -> Self {
        Self {
            at: origin.at,
            kind,
            transport,
            flags: 0,
            source: origin.source,
            destination_port: origin.destination_port,
            qtype: 0,
            qclass: 0,
            rcode: 0,
            udp_size: 0,
            label: LabelId::NONE,
            index: 0,
            apex_labels: 0,
            id: 0,
        }
    }
}

/// A time as nanoseconds since 1970; times beyond the years 1677 to 2262 become the nearest that can be written.
fn nanoseconds(at: DateTime<Utc>) -> i64 {
    at.timestamp_nanos_opt().unwrap_or(if at.timestamp() < 0 { i64::MIN } else { i64::MAX })
}

/// The header of segment `number`.
pub(crate) fn segment_header(number: u64, at: DateTime<Utc>) -> [u8; HEAD] {
    let mut header = [0; HEAD];
    header[..8].copy_from_slice(MAGIC);
    header[8..12].copy_from_slice(&VERSION.to_le_bytes());
    header[12..16].copy_from_slice(&(HEAD as u32).to_le_bytes());
    header[16..24].copy_from_slice(&number.to_le_bytes());
    header[24..32].copy_from_slice(&nanoseconds(at).to_le_bytes());
    for (to, from) in header[32..48].iter_mut().zip(env!("CARGO_PKG_VERSION").bytes()) {
        *to = from;
    }
    let sum = crc32c::crc32c(&header[..60]);
    header[60..].copy_from_slice(&sum.to_le_bytes());
    header
}

/// Appends a record to `into`. Fields are cut at what their length can say.
pub(crate) fn append(head: &Head, fields: &[&[u8]], into: &mut Vec<u8>) {
    let start = into.len();
    let source = match head.source.ip() {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    };
    let transport: u8 = match head.transport {
        Transport::Udp => 1,
        Transport::Tcp => 2,
    };
    into.extend_from_slice(&nanoseconds(head.at).to_le_bytes());
    into.extend_from_slice(&[head.kind as u8, transport]);
    into.extend_from_slice(&head.flags.to_le_bytes());
    into.extend_from_slice(&head.source.port().to_le_bytes());
    into.extend_from_slice(&head.destination_port.to_le_bytes());
    into.extend_from_slice(&source.octets());
    for number in [head.qtype, head.qclass, head.rcode, head.udp_size] {
        into.extend_from_slice(&number.to_le_bytes());
    }
    into.extend_from_slice(&head.label.0.to_le_bytes());
    into.extend_from_slice(&head.index.to_le_bytes());
    let tail: usize = fields.iter().map(|field| 2 + field.len().min(usize::from(u16::MAX))).sum();
    into.extend_from_slice(&(tail as u32).to_le_bytes());
    into.extend_from_slice(&[head.apex_labels, 0]);
    into.extend_from_slice(&head.id.to_le_bytes());
    into.extend_from_slice(&[0; 8]);
    for field in fields {
        let length = field.len().min(usize::from(u16::MAX));
        into.extend_from_slice(&(length as u16).to_le_bytes());
        into.extend_from_slice(&field[..length]);
    }
    let sum = checksum(&into[start..]);
    into[start + 60..start + HEAD].copy_from_slice(&sum.to_le_bytes());
}

/// The checksum of a whole record.
fn checksum(record: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&record[..60]), &record[HEAD..])
}

/// Appends the definition of a label.
pub(crate) fn append_label(label: LabelId, text: &str, at: DateTime<Utc>, into: &mut Vec<u8>) {
    let mut head = Head::new(Kind::Label, Transport::Tcp, nowhere(at));
    head.label = label;
    append(&head, &[text.as_bytes()], into);
}

/// Appends a minute's counters.
pub(crate) fn append_counters(counters: &Counters, into: &mut Vec<u8>) {
    let Counts { refused, malformed, limited, dropped, unrecorded, turned_away } = counters.counts;
    let mut field = Vec::with_capacity(48);
    for number in [refused, malformed, limited, dropped, unrecorded, turned_away] {
        field.extend_from_slice(&number.to_le_bytes());
    }
    append(&Head::new(Kind::Counters, Transport::Tcp, nowhere(counters.minute)), &[&field], into);
}

fn nowhere(at: DateTime<Utc>) -> Origin {
    Origin { at, source: SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0), destination_port: 0 }
}

/// The field of a client subnet.
pub(crate) fn subnet(subnet: ClientSubnet) -> Vec<u8> {
    let mut field = Vec::with_capacity(19);
    match subnet.address {
        IpAddr::V4(address) => {
            field.extend_from_slice(&[1, 0, subnet.prefix]);
            field.extend_from_slice(&address.octets());
        }
        IpAddr::V6(address) => {
            field.extend_from_slice(&[2, 0, subnet.prefix]);
            field.extend_from_slice(&address.octets());
        }
    }
    field
}

/// A record as the reader sees it.
pub(crate) enum Decoded {
    /// An event.
    Event(Event),
    /// The definition of a label.
    Label(LabelId, String),
    /// A kind that a later version writes; its octets are in order.
    Unknown,
}

/// How long the tail behind `head` is; `None` if it is longer than any that is written.
pub(crate) fn tail_length(head: &[u8; HEAD]) -> Option<usize> {
    let length = u32_at(head, 48) as usize;
    (length <= TAIL_LIMIT).then_some(length)
}

/// Whether the octets before offset 60 of a segment's header are those that were written.
pub(crate) fn is_segment_header(header: &[u8; HEAD]) -> bool {
    header.starts_with(MAGIC) && crc32c::crc32c(&header[..60]) == u32_at(header, 60)
}

/// The layout version of a segment's header.
pub(crate) fn segment_version(header: &[u8; HEAD]) -> u32 {
    u32_at(header, 8)
}

/// Reads a whole record; `None` if it is damaged. `label` gives the text of a label.
pub(crate) fn decode(record: &[u8], label: impl Fn(LabelId) -> Option<String>) -> Option<Decoded> {
    if record.len() < HEAD || checksum(record) != u32_at(record, 60) {
        return None;
    }
    let fields = fields(&record[HEAD..])?;
    let field = |index: usize| fields.get(index).copied().unwrap_or_default();
    let flags = u16_at(record, 10);
    let is = |bit: u16| flags & bit != 0;
    let address: [u8; 16] = record[16..32].try_into().ok()?;
    let origin = Origin {
        at: DateTime::from_timestamp_nanos(i64::from_le_bytes(record[..8].try_into().ok()?)),
        source: SocketAddr::new(Ipv6Addr::from(address).to_canonical(), u16_at(record, 12)),
        destination_port: u16_at(record, 14),
    };
    let id = LabelId(u32_at(record, 40));
    let index = u32_at(record, 44);
    let event = match record[8] {
        1 => {
            let name = Name::from_wire(field(0)).ok()?;
            let held = Held {
                name: name.last_labels(usize::from(record[52])).to_lowercase(),
                label: label(id).unwrap_or_default(),
                index,
            };
            Event::Dns(DnsQuestion {
                origin,
                transport: if record[9] == 1 { Transport::Udp } else { Transport::Tcp },
                id: u16_at(record, 54),
                name,
                qtype: u16_at(record, 32),
                qclass: u16_at(record, 34),
                rcode: u16_at(record, 36),
                recursion_desired: is(flag::RECURSION_DESIRED),
                mixed_case: is(flag::MIXED_CASE),
                truncated: is(flag::TRUNCATED),
                udp_size: is(flag::EDNS).then(|| u16_at(record, 38)),
                client_subnet: if is(flag::CLIENT_SUBNET) { Some(read_subnet(field(1))?) } else { None },
                held,
            })
        }
        2 => {
            let held = match field(5) {
                [] => None,
                wire => Some(Held { name: Name::from_wire(wire).ok()?, label: label(id).unwrap_or_default(), index }),
            };
            Event::Http(HttpRequest {
                origin,
                method: field(0).to_vec(),
                path: field(1).to_vec(),
                host: field(2).to_vec(),
                user_agent: field(3).to_vec(),
                has_referer: is(flag::REFERER),
                shortened: is(flag::SHORTENED),
                body_length: u64::from_le_bytes(field(4).try_into().ok()?),
                held,
            })
        }
        3 => Event::Tcp(TcpConnection { origin, http: is(flag::HTTP_LISTENER) }),
        4 => {
            let numbers: &[u8; 48] = field(0).try_into().ok()?;
            let number = |index: usize| {
                let mut octets = [0; 8];
                octets.copy_from_slice(&numbers[index * 8..index * 8 + 8]);
                u64::from_le_bytes(octets)
            };
            let counts = Counts {
                refused: number(0),
                malformed: number(1),
                limited: number(2),
                dropped: number(3),
                unrecorded: number(4),
                turned_away: number(5),
            };
            Event::Counters(Counters { minute: origin.at, counts })
        }
        5 => return Some(Decoded::Label(id, String::from_utf8_lossy(field(0)).into_owned())),
        _ => return Some(Decoded::Unknown),
    };
    Some(Decoded::Event(event))
}

fn fields(mut tail: &[u8]) -> Option<Vec<&[u8]>> {
    let mut fields = Vec::new();
    while !tail.is_empty() {
        let (length, rest) = tail.split_first_chunk::<2>()?;
        let (field, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        fields.push(field);
        tail = rest;
    }
    Some(fields)
}

fn read_subnet(field: &[u8]) -> Option<ClientSubnet> {
    let ([family, _, prefix], address) = field.split_first_chunk()?;
    let address = match family {
        1 => IpAddr::from(<[u8; 4]>::try_from(address).ok()?),
        _ => IpAddr::from(<[u8; 16]>::try_from(address).ok()?),
    };
    Some(ClientSubnet { address, prefix: *prefix })
}

fn u16_at(octets: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([octets[at], octets[at + 1]])
}

fn u32_at(octets: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([octets[at], octets[at + 1], octets[at + 2], octets[at + 3]])
}
