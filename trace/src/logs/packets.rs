//! Look-ups out of captured packets: IPv4 and IPv6, UDP and TCP.

use std::net::{IpAddr, SocketAddr};
use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use etherparse::{IpNumber, Ipv6ExtensionSlice, LaxIpSlice, TcpSlice, UdpSlice};

use super::entry::{Client, Damage, Entry, Lookup, Part, Reason};
use super::format::Visit;
use super::link::Link;
use super::question::{Questions, Unreadable};
use super::streams::{Event, Place, Segment, Streams};

/// A packet of a capture.
pub(super) struct Packet<'p> {
    /// Where its record begins.
    pub(super) offset: u64,
    /// When it was captured.
    pub(super) at: Option<DateTime<Utc>>,
    /// On what link.
    pub(super) link: Link,
    /// What the capture kept of it.
    pub(super) kept: &'p [u8],
    /// How long it was.
    pub(super) length: usize,
}

/// Reads packets one after the other.
pub(super) struct Packets<'s> {
    ports: &'s [u16],
    questions: Questions,
    streams: Streams,
}

/// What a packet is.
enum Found<'p> {
    /// A datagram with a message.
    Datagram { from: IpAddr, to: IpAddr, message: &'p [u8] },
    /// A segment of a connection.
    Segment(Segment<'p>),
    /// Neither, or of other ports.
    Other,
}

impl<'s> Packets<'s> {
    /// Looks for DNS at these ports.
    pub(super) fn new(ports: &'s [u16]) -> Self {
        Self { ports, questions: Questions::default(), streams: Streams::default() }
    }

    /// Takes a packet.
    pub(super) fn take(&mut self, packet: &Packet<'_>, visit: &mut Visit<'_>) -> ControlFlow<()> {
        let (offset, at) = (packet.offset, packet.at);
        let cut = || Reason::Cut { kept: packet.kept.len(), length: packet.length };
        let is_cut = packet.kept.len() < packet.length;
        match self.find(packet) {
            Ok(Found::Other) => visit(Entry::Other { offset }),
            Ok(Found::Datagram { from, to, message }) => visit(match self.questions.read(message) {
                Ok(Some(question)) => Entry::Lookup(Lookup {
                    offset,
                    at,
                    client: Some(Client::Address(if question.part == Part::Question { from } else { to })),
                    name: question.name,
                    part: question.part,
                    rcode: question.rcode,
                }),
                Ok(None) => Entry::Other { offset },
                Err(Unreadable::Short) if is_cut => Entry::Damaged(Damage { offset, reason: cut() }),
                Err(why) => Entry::Damaged(Damage { offset, reason: why.into() }),
            }),
            Ok(Found::Segment(segment)) => {
                let questions = &mut self.questions;
                self.streams.segment(&segment, &mut |event| tell(&event, questions, visit))
            }
            Err(reason) => {
                let reason = if is_cut { cut() } else { reason };
                visit(Entry::Damaged(Damage { offset, reason }))
            }
        }
    }

    /// Tells what waited for segments that never came.
    pub(super) fn end(&mut self, visit: &mut Visit<'_>) -> ControlFlow<()> {
        let questions = &mut self.questions;
        self.streams.end(&mut |event| tell(&event, questions, visit))
    }

    /// Takes the headers off a packet.
    fn find<'p>(&self, packet: &Packet<'p>) -> Result<Found<'p>, Reason> {
        let damaged = |layer| Reason::Packet { layer };
        let Some(network) = packet.link.network(packet.kept)? else { return Ok(Found::Other) };
        let (ip, _) = LaxIpSlice::from_slice(network).map_err(|_| damaged("IP"))?;
        let payload = ip.payload();
        if payload.fragmented && !is_first(&ip) {
            return Ok(Found::Other);
        }
        let octets = payload.payload;
        let is_wanted = |ports: Option<&[u8; 4]>| {
            let [a, b, c, d] = ports?;
            let (from, to) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
            Some(self.ports.contains(&from) || self.ports.contains(&to))
        };
        let layer = match payload.ip_number {
            IpNumber::UDP => "UDP",
            IpNumber::TCP => "TCP",
            _ => return Ok(Found::Other),
        };
        if !is_wanted(octets.first_chunk()).ok_or(damaged(layer))? {
            return Ok(Found::Other);
        }
        if payload.ip_number == IpNumber::UDP {
            let udp = UdpSlice::from_slice_lax(octets).map_err(|_| damaged(layer))?;
            return Ok(Found::Datagram { from: ip.source_addr(), to: ip.destination_addr(), message: udp.payload() });
        }
        let tcp = TcpSlice::from_slice(octets).map_err(|_| damaged(layer))?;
        // What the packet had according to its header and the capture did not keep.
        let missing = if payload.incomplete { declared(&ip).saturating_sub(octets.len()) } else { 0 };
        Ok(Found::Segment(Segment {
            place: Place { offset: packet.offset, at: packet.at },
            from: SocketAddr::new(ip.source_addr(), tcp.source_port()),
            to: SocketAddr::new(ip.destination_addr(), tcp.destination_port()),
            sequence: tcp.sequence_number(),
            begins: tcp.syn(),
            ends: tcp.fin() || tcp.rst(),
            payload: &octets[tcp.header_slice().len()..],
            missing,
        }))
    }
}

/// Tells the visitor what segments turned out to be.
fn tell(event: &Event<'_>, questions: &mut Questions, visit: &mut Visit<'_>) -> ControlFlow<(), bool> {
    let (place, from, to, message, is_whole) = match *event {
        Event::Message(place, from, to, message) => (place, from, to, message, true),
        Event::Beginning(place, from, to, message) => (place, from, to, message, false),
        Event::Gap(place) => {
            visit(Entry::Damaged(Damage { offset: place.offset, reason: Reason::Gap }))?;
            return ControlFlow::Continue(true);
        }
        Event::Unfinished(place) => {
            visit(Entry::Damaged(Damage { offset: place.offset, reason: Reason::Unfinished }))?;
            return ControlFlow::Continue(true);
        }
    };
    let Place { offset, at } = place;
    let mut is_readable = true;
    visit(match questions.read(message) {
        Ok(Some(question)) => {
            let client = if question.part == Part::Question { from } else { to };
            Entry::Lookup(Lookup {
                offset,
                at,
                client: Some(Client::Address(client.ip())),
                name: question.name,
                part: question.part,
                rcode: question.rcode,
            })
        }
        Ok(None) => Entry::Other { offset },
        Err(why) => {
            is_readable = false;
            let reason = if is_whole { why.into() } else { Reason::Unfinished };
            Entry::Damaged(Damage { offset, reason })
        }
    })?;
    ControlFlow::Continue(is_readable)
}

/// Whether a fragment is the first of its packet.
fn is_first(ip: &LaxIpSlice<'_>) -> bool {
    match ip {
        LaxIpSlice::Ipv4(ip) => ip.header().fragments_offset().value() == 0,
        LaxIpSlice::Ipv6(ip) => ip.extensions().clone().into_iter().all(|extension| match extension {
            Ipv6ExtensionSlice::Fragment(fragment) => fragment.fragment_offset().value() == 0,
            _ => true,
        }),
    }
}

/// How many octets follow the IP headers according to them.
fn declared(ip: &LaxIpSlice<'_>) -> usize {
    match ip {
        LaxIpSlice::Ipv4(ip) => usize::from(ip.header().total_len())
            .saturating_sub(ip.header().slice().len() + extension_length(ip.extensions().auth.as_ref())),
        LaxIpSlice::Ipv6(ip) => usize::from(ip.header().payload_length()).saturating_sub(ip.extensions().slice().len()),
    }
}

/// The length of an authentication header.
fn extension_length(header: Option<&etherparse::IpAuthHeaderSlice<'_>>) -> usize {
    header.map_or(0, |header| header.slice().len())
}
