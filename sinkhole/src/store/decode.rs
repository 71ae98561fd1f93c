//! From a record's octets to what they say.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use chrono::{DateTime, Utc};

use crate::config::Answer;
use crate::event::{
    ClientSubnet, Counters, DnsQuestion, Event, Held, HttpRequest, Octets, Origin, TcpConnection, TlsHello, Transport,
};
use crate::name::Name;
use crate::store::layout::{Kind, NOWHERE, flag, read_counts, socket, u16_at, u32_at, u64_at};
use crate::store::{AnswersId, LabelId, Listener, ListenerId, Protocol};

/// A record as a reader sees it.
// Nearly all of them are events: a box around each would cost more than it saves.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Entry {
    /// An event. `waited` is the generation of the reserve in which a minute's counters waited, 0 for none.
    Event {
        /// What the sinkhole saw.
        event: Event,
        /// Generation of the reserve.
        waited: u32,
        /// What the name was answered with.
        answers: AnswersId,
    },
    /// The definition of a text.
    Label(LabelId, String),
    /// The definition of a listener.
    Listener(ListenerId, Listener),
    /// Recovery cut off so many octets here.
    Cut(u64),
    /// The segment ends here; the SHA-256 of its octets before this record.
    Seal([u8; 32]),
    /// What held names are answered with.
    Answers(AnswersId, Box<Answer>),
    /// A kind that a later version writes; its octets are in order.
    Unknown,
}

/// Reads a whole record, whose checksum is right. `label` gives the text of a number, `listener` the address of one.
pub(super) fn decode(
    head: &[u8],
    tail: &[u8],
    label: impl Fn(LabelId) -> Option<String>,
    listener: impl Fn(ListenerId) -> Option<SocketAddr>,
) -> Entry {
    read(head, tail, label, listener).unwrap_or(Entry::Unknown)
}

/// As [`decode`]; nothing for a tail that does not have what its kind has.
fn read(
    head: &[u8],
    tail: &[u8],
    label: impl Fn(LabelId) -> Option<String>,
    listener: impl Fn(ListenerId) -> Option<SocketAddr>,
) -> Option<Entry> {
    let fields = Fields::of(tail)?;
    let answers = AnswersId(u16_at(head, 42));
    let field = |index: usize| fields.at(index);
    let flags = u16_at(head, 34);
    let is = |bit: u16| flags & bit != 0;
    let mut address = [0; 16];
    address.copy_from_slice(&head[16..32]);
    let origin = Origin {
        at: DateTime::from_timestamp_nanos(u64_at(head, 0) as i64),
        source: socket(address, u16_at(head, 12)),
        destination: listener(ListenerId(u16_at(head, 14))).unwrap_or(NOWHERE),
    };
    let holding = |name: Name| Held {
        name,
        label: label(LabelId(u16_at(head, 48))).unwrap_or_default(),
        preset: label(LabelId(u16_at(head, 50))),
        period: period(u32_at(head, 52)),
        index: u32_at(head, 56),
    };
    // The held name of a field that may be empty; nothing for octets that are no name.
    let perhaps = |wire: &[u8]| match wire {
        [] => Some(None),
        wire => Some(Some(holding(Name::from_wire(wire).ok()?))),
    };
    let event = match head[32] {
        kind if kind == Kind::Dns as u8 => {
            let name = Name::from_wire(field(0)).ok()?;
            let apex = name.last_labels(usize::from(head[33])).to_lowercase();
            Event::Dns(DnsQuestion {
                origin,
                transport: if is(flag::TCP) { Transport::Tcp } else { Transport::Udp },
                id: u16_at(head, 38),
                name,
                qtype: u16_at(head, 40),
                rcode: u16_at(head, 44),
                recursion_desired: is(flag::RECURSION_DESIRED),
                mixed_case: is(flag::MIXED_CASE),
                truncated: is(flag::TRUNCATED),
                valid_cookie: is(flag::COOKIE),
                udp_size: is(flag::EDNS).then(|| u16_at(head, 46)),
                client_subnet: if is(flag::CLIENT_SUBNET) { Some(read_subnet(field(1))?) } else { None },
                held: holding(apex),
            })
        }
        kind if kind == Kind::Http as u8 => Event::Http(HttpRequest {
            origin,
            method: field(0).to_vec(),
            path: field(1).to_vec(),
            host: field(2).to_vec(),
            user_agent: field(3).to_vec(),
            has_referer: is(flag::REFERER),
            shortened: is(flag::SHORTENED),
            body_length: u64::from_le_bytes(field(4).try_into().ok()?),
            held: perhaps(field(5))?,
        }),
        kind if kind == Kind::Connection as u8 => Event::Tcp(TcpConnection { origin, http: is(flag::HTTP_LISTENER) }),
        kind if kind == Kind::Tls as u8 => Event::Tls(TlsHello {
            origin,
            http: is(flag::HTTP_LISTENER),
            server_name: field(0).to_vec(),
            shortened: is(flag::SHORTENED),
            held: perhaps(field(1))?,
        }),
        kind if kind == Kind::Octets as u8 => Event::Octets(Octets {
            origin,
            http: is(flag::HTTP_LISTENER),
            length: u64::from_le_bytes(field(0).try_into().ok()?),
        }),
        kind if kind == Kind::Counters as u8 => {
            let counts = read_counts(field(0).try_into().ok()?);
            let event = Event::Counters(Counters { minute: origin.at, counts });
            return Some(Entry::Event { event, waited: u32_at(head, 56), answers });
        }
        kind if kind == Kind::Label as u8 => {
            return Some(Entry::Label(LabelId(u16_at(head, 48)), String::from_utf8_lossy(field(0)).into_owned()));
        }
        kind if kind == Kind::Cut as u8 => return Some(Entry::Cut(u64::from_le_bytes(field(0).try_into().ok()?))),
        kind if kind == Kind::Seal as u8 => return Some(Entry::Seal(field(0).try_into().ok()?)),
        kind if kind == Kind::Answers as u8 => return Some(Entry::Answers(answers, Box::new(read_answers(&fields)?))),
        kind if kind == Kind::Listener as u8 => {
            return Some(Entry::Listener(ListenerId(u16_at(head, 14)), read_listener(&fields)?));
        }
        _ => return Some(Entry::Unknown),
    };
    Some(Entry::Event { event, waited: 0, answers })
}

/// The beginning of a period from minutes since 1970.
fn period(minutes: u32) -> Option<DateTime<Utc>> {
    if minutes == 0 { None } else { DateTime::from_timestamp(i64::from(minutes) * 60, 0) }
}

/// Fields of a tail, of which no kind has more than six; later versions may add further ones.
struct Fields<'a>([&'a [u8]; 6]);

impl<'a> Fields<'a> {
    /// The fields of a tail; nothing if their lengths do not fit it.
    fn of(mut tail: &'a [u8]) -> Option<Self> {
        let mut fields: [&[u8]; 6] = [&[]; 6];
        let mut index = 0;
        while !tail.is_empty() {
            let (length, rest) = tail.split_first_chunk::<2>()?;
            let (field, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
            if let Some(place) = fields.get_mut(index) {
                *place = field;
            }
            index += 1;
            tail = rest;
        }
        Some(Self(fields))
    }

    /// The field at `index`; empty if there is none.
    fn at(&self, index: usize) -> &'a [u8] {
        self.0[index]
    }
}

/// The client subnet of a field.
fn read_subnet(field: &[u8]) -> Option<ClientSubnet> {
    let ([family, _, prefix], address) = field.split_first_chunk()?;
    let address = match family {
        1 => IpAddr::from(<[u8; 4]>::try_from(address).ok()?),
        _ => IpAddr::from(<[u8; 16]>::try_from(address).ok()?),
    };
    Some(ClientSubnet { address, prefix: *prefix })
}

/// The listener of a definition.
fn read_listener(fields: &Fields<'_>) -> Option<Listener> {
    let port = u16::from_le_bytes(fields.at(1).try_into().ok()?);
    let protocol = match fields.at(2) {
        [number] if *number == Protocol::Dns as u8 => Protocol::Dns,
        [number] if *number == Protocol::Http as u8 => Protocol::Http,
        [number] if *number == Protocol::Tcp as u8 => Protocol::Tcp,
        _ => return None,
    };
    Some(Listener { protocol, address: socket(fields.at(0).try_into().ok()?, port) })
}

/// What held names are answered with.
fn read_answers(fields: &Fields<'_>) -> Option<Answer> {
    let ttl: &[u8; 8] = fields.at(0).try_into().ok()?;
    let mut ns = Vec::new();
    let mut rest = fields.at(3);
    while !rest.is_empty() {
        let mut end = 0;
        while rest.get(end).is_some_and(|length| *length != 0) {
            end += 1 + usize::from(rest[end]);
        }
        let (name, after) = rest.split_at_checked(end + 1)?;
        ns.push(Name::from_wire(name).ok()?);
        rest = after;
    }
    Some(Answer {
        ttl: u32_at(ttl, 0),
        negative_ttl: u32_at(ttl, 4),
        a: fields.at(1).as_chunks().0.iter().map(|octets| Ipv4Addr::from(*octets)).collect(),
        aaaa: fields.at(2).as_chunks().0.iter().map(|octets: &[u8; 16]| Ipv6Addr::from(*octets)).collect(),
        ns,
        contact: Name::from_wire(fields.at(4)).ok()?,
        notice: String::new(),
    })
}
