//! How records stand in a segment, behind its [header](super::header). All numbers are little endian. The same in
//! full, for readers that others write: `docs/events.md`.
//!
//! Records follow each other without padding: a head of 64 octets and a tail.
//!
//! | at | octets | what |
//! |---|---|---|
//! | 0 | 8 | time, nanoseconds since 1970, signed |
//! | 8 | 4 | sequence number of the record in its store, low 32 bits |
//! | 12 | 2 | source port |
//! | 14 | 2 | number of the listener it arrived at, 0 for none |
//! | 16 | 16 | source address; IPv4 as `::ffff:a.b.c.d` |
//! | 32 | 1 | kind, see [`Kind`] |
//! | 33 | 1 | how many labels at the end of the name are the held name's |
//! | 34 | 2 | flags, see [`flag`] |
//! | 36 | 2 | length of the tail, at most [`TAIL_LIMIT`] |
//! | 38 | 2 | identifier of the DNS message |
//! | 40 | 2 | QTYPE |
//! | 42 | 2 | number of what the name is answered with, 0 for none; its class is IN |
//! | 44 | 2 | RCODE of the answer, extended |
//! | 46 | 2 | UDP payload size of EDNS |
//! | 48 | 2 | number of the family's text, 0 for none |
//! | 50 | 2 | number of the preset's text, 0 for none |
//! | 52 | 4 | beginning of the list's period, minutes since 1970, 0 for none |
//! | 56 | 4 | place of the held name in its list |
//! | 60 | 4 | CRC-32C (RFC 3720 §12.1) of the head before it and of the tail |
//!
//! A tail is a sequence of fields, each with its length in 2 octets before it. What each kind has in it stands at
//! [`Kind`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use chrono::{DateTime, Utc};

use crate::config::Answer;
use crate::event::{ClientSubnet, Counters, Counts, Transport};
use crate::name::Name;
use crate::store::{AnswersId, LabelId, Listener, ListenerId};

/// Version of the layout.
pub(crate) const VERSION: u32 = 3;
/// Length of a record's head.
pub const HEAD: usize = 64;
/// Longest tail: more than an HTTP head with everything that is kept of it. A longer one is damage.
pub const TAIL_LIMIT: usize = 8 * 1024;

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
    /// HTTP and TLS: a field was longer than what is kept of it.
    pub(crate) const SHORTENED: u16 = 1 << 6;
    /// Connection, TLS, octets: it reached an HTTP listener.
    pub(crate) const HTTP_LISTENER: u16 = 1 << 7;
    /// It came over TCP; without it, over UDP.
    pub(crate) const TCP: u16 = 1 << 8;
    /// The server cookie was valid: the source address is not forged.
    pub(crate) const COOKIE: u16 = 1 << 9;
}

/// Kinds of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[non_exhaustive]
pub enum Kind {
    /// A DNS question. Fields: the name as sent, in wire form; the client subnet if there is one (family, a zero and
    /// the prefix in one octet each, then 4 or 16 octets of address).
    Dns = 1,
    /// An HTTP request. Fields: method, path, host, user agent, length of the body in 8 octets, the held name in wire
    /// form (empty if the host's name is not held).
    Http = 2,
    /// A connection. No fields.
    Connection = 3,
    /// A minute's counters. One field: six numbers of 8 octets in the order of [`Counts`]. The head's time is the
    /// minute's first instant; its place in a list is the generation of the reserve they waited in, 0 for none.
    Counters = 4,
    /// The definition of a text for families and presets: the number in the head's family, the text in a field. It
    /// stands in every segment before its first use there.
    Label = 5,
    /// Octets that recovery cut off here because they were no whole record: how many, in 8 octets.
    Cut = 6,
    /// The end of a segment: the SHA-256 of all its octets before this record.
    Seal = 7,
    /// What held names are answered with: the number in the head's place for it. It stands in every segment before its
    /// first use there. Fields: TTL and negative TTL in 4 octets each, IPv4 addresses,
    /// IPv6 addresses, names of name servers in wire form, the contact in wire form.
    Answers = 8,
    /// The definition of a listener: its number in the head, the address in 16 octets (IPv4 as `::ffff:a.b.c.d`), the
    /// port in 2 octets and the [`Protocol`](crate::store::Protocol) in one octet as fields. It stands in every segment before its first use
    /// there.
    Listener = 9,
    /// A TLS ClientHello. Fields: the server name, the held name in wire form (empty if the server name is not held).
    Tls = 10,
    /// Octets of a connection that are neither HTTP nor TLS: how many, in 8 octets.
    Octets = 11,
}

/// No address: of what nobody sent, and of a listener that a segment does not define.
pub(crate) const NOWHERE: SocketAddr = SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0);

/// A record's head, without its sequence number, its tail's length and its checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Head {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: Kind,
    /// How it travelled.
    pub transport: Transport,
    /// Bits of the module `flag`.
    pub flags: u16,
    /// Who sent it.
    pub source: SocketAddr,
    /// Where it arrived.
    pub listener: ListenerId,
    /// QTYPE.
    pub qtype: u16,
    /// What the name is answered with.
    pub answers: AnswersId,
    /// The answer's RCODE, extended by EDNS.
    pub rcode: u16,
    /// UDP payload size of EDNS.
    pub udp_size: u16,
    /// The family's text.
    pub label: LabelId,
    /// The preset's text.
    pub preset: LabelId,
    /// Beginning of the list's period, minutes since 1970; 0 for none.
    pub period: u32,
    /// Place of the held name in its list.
    pub index: u32,
    /// How many labels at the end of the name are the held name's.
    pub apex_labels: u8,
    /// Identifier of the DNS message.
    pub id: u16,
}

impl Head {
    /// A head whose DNS fields are zero.
    pub fn new(kind: Kind, transport: Transport, at: DateTime<Utc>, source: SocketAddr, listener: ListenerId) -> Self {
        Self {
            at,
            kind,
            transport,
            flags: 0,
            source,
            listener,
            qtype: 0,
            answers: AnswersId::NONE,
            rcode: 0,
            udp_size: 0,
            label: LabelId::NONE,
            preset: LabelId::NONE,
            period: 0,
            index: 0,
            apex_labels: 0,
            id: 0,
        }
    }
}

/// A time as nanoseconds since 1970; times beyond the years 1677 to 2262 become the nearest that can be written.
pub(crate) fn nanoseconds(at: DateTime<Utc>) -> i64 {
    at.timestamp_nanos_opt().unwrap_or(if at.timestamp() < 0 { i64::MIN } else { i64::MAX })
}

/// Appends a record to `into`, whose sequence number and checksum [`stamp`] adds. Fields beyond [`TAIL_LIMIT`] are cut.
pub(crate) fn append(head: &Head, fields: &[&[u8]], into: &mut Vec<u8>) {
    let start = into.len();
    let source = in_sixteen(head.source.ip());
    let transport = if head.transport == Transport::Tcp { flag::TCP } else { 0 };
    let mut octets = [0; HEAD];
    octets[..8].copy_from_slice(&nanoseconds(head.at).to_le_bytes());
    octets[12..14].copy_from_slice(&head.source.port().to_le_bytes());
    octets[14..16].copy_from_slice(&head.listener.0.to_le_bytes());
    octets[16..32].copy_from_slice(&source);
    octets[32] = head.kind as u8;
    octets[33] = head.apex_labels;
    octets[34..36].copy_from_slice(&(head.flags | transport).to_le_bytes());
    octets[38..40].copy_from_slice(&head.id.to_le_bytes());
    octets[40..42].copy_from_slice(&head.qtype.to_le_bytes());
    octets[42..44].copy_from_slice(&head.answers.0.to_le_bytes());
    octets[44..46].copy_from_slice(&head.rcode.to_le_bytes());
    octets[46..48].copy_from_slice(&head.udp_size.to_le_bytes());
    octets[48..50].copy_from_slice(&head.label.0.to_le_bytes());
    octets[50..52].copy_from_slice(&head.preset.0.to_le_bytes());
    octets[52..56].copy_from_slice(&head.period.to_le_bytes());
    octets[56..60].copy_from_slice(&head.index.to_le_bytes());
    into.extend_from_slice(&octets);
    let mut room = TAIL_LIMIT;
    for field in fields {
        let Some(left) = room.checked_sub(2) else { break };
        let length = field.len().min(left);
        into.extend_from_slice(&(length as u16).to_le_bytes());
        into.extend_from_slice(&field[..length]);
        room = left - length;
    }
    let tail = into.len() - start - HEAD;
    into[start + 36..start + 38].copy_from_slice(&(tail as u16).to_le_bytes());
}

/// Gives the records in `records` their sequence numbers, from `first` on, and their checksums; returns how many they
/// are.
pub(crate) fn stamp(records: &mut [u8], first: u64) -> u64 {
    let mut rest = records;
    let mut count = 0;
    while rest.len() >= HEAD {
        let tail = tail_length(rest).unwrap_or(0).min(rest.len() - HEAD);
        let (record, after) = rest.split_at_mut(HEAD + tail);
        record[8..12].copy_from_slice(&((first + count) as u32).to_le_bytes());
        let sum = checksum(record);
        record[60..HEAD].copy_from_slice(&sum.to_le_bytes());
        count += 1;
        rest = after;
    }
    count
}

/// The checksum of a whole record.
pub(crate) fn checksum(record: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&record[..60]), &record[HEAD..])
}

/// How long the tail behind a head is; `None` if it is longer than any that is written.
pub(crate) fn tail_length(head: &[u8]) -> Option<usize> {
    let length = usize::from(u16_at(head, 36));
    (length <= TAIL_LIMIT).then_some(length)
}

/// Appends the definition of a text.
pub(crate) fn append_label(label: LabelId, text: &str, at: DateTime<Utc>, into: &mut Vec<u8>) {
    let mut head = of_the_store(Kind::Label, at);
    head.label = label;
    append(&head, &[text.as_bytes()], into);
}

/// Appends the definition of a listener.
pub(crate) fn append_listener(id: ListenerId, listener: Listener, at: DateTime<Utc>, into: &mut Vec<u8>) {
    let mut head = of_the_store(Kind::Listener, at);
    head.listener = id;
    let Listener { protocol, address } = listener;
    append(&head, &[&in_sixteen(address.ip()), &address.port().to_le_bytes(), &[protocol as u8]], into);
}

/// Appends a minute's counters. `generation` is that of the reserve in which they waited, 0 for none.
pub(crate) fn append_counters(counters: &Counters, generation: u32, into: &mut Vec<u8>) {
    let mut head = of_the_store(Kind::Counters, counters.minute);
    head.index = generation;
    append(&head, &[&counts_field(counters.counts)], into);
}

/// Six numbers in the order of [`Counts`].
pub(crate) fn counts_field(counts: Counts) -> [u8; 48] {
    let Counts { refused, malformed, limited, dropped, unrecorded, turned_away } = counts;
    let mut field = [0; 48];
    for (to, number) in field.chunks_exact_mut(8).zip([refused, malformed, limited, dropped, unrecorded, turned_away]) {
        to.copy_from_slice(&number.to_le_bytes());
    }
    field
}

/// The numbers that [`counts_field`] wrote.
pub(crate) fn read_counts(field: &[u8; 48]) -> Counts {
    Counts {
        refused: u64_at(field, 0),
        malformed: u64_at(field, 8),
        limited: u64_at(field, 16),
        dropped: u64_at(field, 24),
        unrecorded: u64_at(field, 32),
        turned_away: u64_at(field, 40),
    }
}

/// Appends how many octets recovery cut off.
pub(crate) fn append_cut(octets: u64, at: DateTime<Utc>, into: &mut Vec<u8>) {
    append(&of_the_store(Kind::Cut, at), &[&octets.to_le_bytes()], into);
}

/// Appends the end of a segment.
pub(crate) fn append_seal(digest: &[u8; 32], at: DateTime<Utc>, into: &mut Vec<u8>) {
    append(&of_the_store(Kind::Seal, at), &[digest], into);
}

/// Addresses and names of one kind that a record of answers has at most; a configuration has no more either.
const ANSWERS_KEPT: usize = 16;

/// Appends what held names are answered with.
pub(crate) fn append_answers(number: AnswersId, answer: &Answer, at: DateTime<Utc>, into: &mut Vec<u8>) {
    let ttl: Vec<u8> = [answer.ttl, answer.negative_ttl].iter().flat_map(|ttl| ttl.to_le_bytes()).collect();
    let a: Vec<u8> = answer.a.iter().take(ANSWERS_KEPT).flat_map(Ipv4Addr::octets).collect();
    let aaaa: Vec<u8> = answer.aaaa.iter().take(ANSWERS_KEPT).flat_map(Ipv6Addr::octets).collect();
    let ns: Vec<u8> = answer.ns.iter().take(ANSWERS_KEPT).flat_map(Name::as_wire).copied().collect();
    let mut head = of_the_store(Kind::Answers, at);
    head.answers = number;
    append(&head, &[&ttl, &a, &aaaa, &ns, answer.contact.as_wire()], into);
}

/// The head of a record that nobody sent.
fn of_the_store(kind: Kind, at: DateTime<Utc>) -> Head {
    Head::new(kind, Transport::Tcp, at, NOWHERE, ListenerId::NONE)
}

/// An address as 16 octets.
fn in_sixteen(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => address.octets(),
    }
}

/// The address and port that [`in_sixteen`] octets and a port say.
pub(crate) fn socket(address: [u8; 16], port: u16) -> SocketAddr {
    SocketAddr::new(Ipv6Addr::from(address).to_canonical(), port)
}

/// The field of a client subnet, and how many of its octets are used.
pub(crate) fn subnet(subnet: ClientSubnet) -> ([u8; 19], usize) {
    let mut field = [0; 19];
    field[2] = subnet.prefix;
    match subnet.address {
        IpAddr::V4(address) => {
            field[0] = 1;
            field[3..7].copy_from_slice(&address.octets());
            (field, 7)
        }
        IpAddr::V6(address) => {
            field[0] = 2;
            field[3..].copy_from_slice(&address.octets());
            (field, 19)
        }
    }
}

/// The number in 2 octets at `at`.
pub(crate) fn u16_at(octets: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([octets[at], octets[at + 1]])
}

/// The number in 4 octets at `at`.
pub(crate) fn u32_at(octets: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([octets[at], octets[at + 1], octets[at + 2], octets[at + 3]])
}

/// The number in 8 octets at `at`.
pub(crate) fn u64_at(octets: &[u8], at: usize) -> u64 {
    u64::from(u32_at(octets, at)) | u64::from(u32_at(octets, at + 4)) << 32
}
