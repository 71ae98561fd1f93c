//! Look-ups out of captured packets: IPv4 and IPv6, UDP and TCP.

use std::net::{IpAddr, SocketAddr};
use std::ops::ControlFlow;

use chrono::{DateTime, Utc};

use super::entry::{Client, Damage, Entry, Lookup, Part, Reason};
use super::format::Visit;
use super::ip::{self, Ip, Tcp};
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
        let ip = Ip::read(network).ok_or(damaged("IP"))?;
        let layer = match ip.protocol {
            _ if ip.is_later_fragment => return Ok(Found::Other),
            ip::UDP => "UDP",
            ip::TCP => "TCP",
            _ => return Ok(Found::Other),
        };
        let (from, to) = ip::ports(ip.payload).ok_or(damaged(layer))?;
        if !self.ports.contains(&from) && !self.ports.contains(&to) {
            return Ok(Found::Other);
        }
        if ip.protocol == ip::UDP {
            let message = ip::udp(ip.payload).ok_or(damaged(layer))?;
            return Ok(Found::Datagram { from: ip.from, to: ip.to, message });
        }
        let tcp = Tcp::read(ip.payload).ok_or(damaged(layer))?;
        Ok(Found::Segment(Segment {
            place: Place { offset: packet.offset, at: packet.at },
            from: SocketAddr::new(ip.from, from),
            to: SocketAddr::new(ip.to, to),
            sequence: tcp.sequence,
            begins: tcp.begins,
            ends: tcp.ends,
            payload: tcp.payload,
            missing: ip.missing,
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
