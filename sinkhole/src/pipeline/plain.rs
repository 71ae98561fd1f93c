//! The short way: questions for the addresses of held names, and for names that are not held, in the form in which nearly
//! all of them come. They are answered where they lie, without an allocation, with the octets that the steps beside this
//! one would write. Whatever is unusual in the least is left to those.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};

use crate::event::Transport;
use crate::names::{Names, Probe, zone};
use crate::pipeline::event::Asked;
use crate::pipeline::rate_limit::Allowance;
use crate::pipeline::size::{self, Holds};
use crate::pipeline::{Pipeline, Received, Recorded, event};
use crate::store::{Batch, Counted, ListenerId};
use crate::wire::{self, qtype, rcode};

/// Octets of a header.
const HEADER: usize = 12;
/// Octets of an OPT record without options, from its owner on.
const OPT: usize = 11;
/// The OPT record of an answer, without options: owner, type, the largest answer taken, no flags.
const ANSWER_OPT: [u8; OPT] = [0, 0, 41, (wire::UDP_LARGEST >> 8) as u8, wire::UDP_LARGEST as u8, 0, 0, 0, 0, 0, 0];

/// A message in room that also takes its answer.
#[derive(Debug)]
pub(crate) struct InPlace<'a> {
    /// The room. What was received stands at its beginning.
    pub(crate) room: &'a mut [u8],
    /// Octets received.
    pub(crate) length: usize,
    pub(crate) source: SocketAddr,
    /// The sinkhole's own address.
    pub(crate) listener: ListenerId,
    pub(crate) at: DateTime<Utc>,
}

/// What is known of a message before it is answered: that it is a question in its usual form, and where the search for
/// its name begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    plain: Plain,
    /// See [`Names::fetch`].
    pub(crate) probe: Probe,
}

impl Plan {
    /// Looks at a message; nothing for one that takes the long way.
    pub(crate) fn of(octets: &[u8], names: &Names) -> Option<Self> {
        let plain = read(octets)?;
        Some(Self { plain, probe: names.probe(plain.name(octets)) })
    }
}

/// A question in its usual form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Plain {
    /// Where the question ends.
    end: usize,
    qtype: u16,
    recursion_desired: bool,
    edns: Option<PlainEdns>,
}

/// An OPT record without options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PlainEdns {
    udp_size: u16,
    dnssec_ok: bool,
}

impl InPlace<'_> {
    fn received(&self) -> Received<'_> {
        Received {
            octets: &self.room[..self.length],
            source: self.source,
            transport: Transport::Udp,
            listener: self.listener,
            at: self.at,
        }
    }
}

impl Pipeline {
    /// Answers one message over UDP in its own room, as [`Pipeline::pass`] would; `plan` was made of it. Returns how many
    /// octets the answer has, 0 for silence.
    pub(crate) fn pass_in_place(
        &self,
        names: &Names,
        plan: Option<Plan>,
        message: &mut InPlace<'_>,
        events: &mut Batch,
    ) -> (usize, Recorded) {
        if let Some(plan) = plan
            && message.source.port() != 0
            && let Some(done) = self.plain(names, plan, message, events)
        {
            return done;
        }
        let verdict = self.pass(names, &message.received(), events);
        let length = verdict.reply.map_or(0, |reply| {
            message.room[..reply.len()].copy_from_slice(&reply);
            reply.len()
        });
        (length, verdict.record)
    }

    /// Answers a question in its usual form; nothing is done and nothing returned for one that takes the long way.
    fn plain(
        &self,
        names: &Names,
        Plan { plain, probe }: Plan,
        message: &mut InPlace<'_>,
        events: &mut Batch,
    ) -> Option<(usize, Recorded)> {
        let found = names.find_from(plain.name(message.room), probe);
        let records = match &found {
            Some(found) => names.zone(&found.entry).addresses(plain.qtype)?,
            None => &[],
        };
        let length = plain.end + records.len() + plain.edns.map_or(0, |_| OPT);
        let udp_size = plain.edns.map(|edns| edns.udp_size);
        if length > size::in_proportion(message.length, udp_size, Holds::Addresses).min(message.room.len()) {
            return None;
        }
        let allowance =
            self.rate_limit.as_ref().map_or(Allowance::Pass, |limit| limit.pass(message.source.ip(), message.at));
        match allowance {
            Allowance::Pass => {}
            Allowance::Truncate => {
                plain.truncate(message.room);
                return Some((message.length, Recorded::Count(Counted::Limited)));
            }
            Allowance::Drop => return Some((0, Recorded::Count(Counted::Limited))),
        }
        let Some(found) = found else {
            plain.refuse(message.room);
            return Some((length, Recorded::Count(Counted::Refused)));
        };
        event::pass(&message.received(), &plain.asked(message.room), &found, events);
        plain.answer(message.room, records);
        Some((length, Recorded::Event))
    }
}

/// Bits in the third octet of a header.
mod bit {
    pub(super) const RESPONSE: u8 = 0x80;
    pub(super) const AUTHORITATIVE: u8 = 0x04;
    pub(super) const TRUNCATED: u8 = 0x02;
    pub(super) const RECURSION_DESIRED: u8 = 0x01;
}

/// The bit AD in the fourth octet of a header: resolvers set it to ask for it back (RFC 6840 §5.7), dig too.
const AUTHENTIC: u8 = 0x20;

/// Reads a message in its usual form: a standard query with one question for an address in class IN, nothing behind it
/// but an OPT record of version 0 without options, no bits set but RD, AD and DO.
fn read(octets: &[u8]) -> Option<Plain> {
    let (header, rest) = octets.split_first_chunk::<HEADER>()?;
    let [_, _, flags, more_flags, 0, 1, 0, 0, 0, 0, 0, additional @ (0 | 1)] = header else { return None };
    if flags & !bit::RECURSION_DESIRED != 0 || more_flags & !AUTHENTIC != 0 {
        return None;
    }
    let mut at = 0;
    loop {
        match *rest.get(at)? {
            0 => break,
            length @ 1..=63 => at += 1 + usize::from(length),
            _ => return None,
        }
    }
    at += 1;
    // The longest name on the wire: RFC 1035 §2.3.4.
    if at > 255 {
        return None;
    }
    let (question, behind) = rest[at..].split_first_chunk::<4>()?;
    let [0, qtype @ (1 | 28), 0, 1] = question else { return None };
    let edns = match (additional, behind) {
        (0, []) => None,
        (1, [0, 0, 41, size_high, size_low, _, 0, flags @ (0 | 0x80), 0, 0, 0]) => {
            Some(PlainEdns { udp_size: u16::from_be_bytes([*size_high, *size_low]), dnssec_ok: *flags != 0 })
        }
        _ => return None,
    };
    Some(Plain {
        end: HEADER + at + 4,
        qtype: u16::from(*qtype),
        recursion_desired: flags & bit::RECURSION_DESIRED != 0,
        edns,
    })
}

/// Makes the header that of an answer, which has RD as the query had it.
fn header(message: &mut [u8], bits: u8, rcode: u16, answers: u8) {
    message[2] = bit::RESPONSE | bits | (message[2] & bit::RECURSION_DESIRED);
    message[3] = rcode as u8;
    message[7] = answers;
}

impl Plain {
    /// The name as sent, in wire form.
    fn name<'a>(&self, message: &'a [u8]) -> &'a [u8] {
        &message[HEADER..self.end - 4]
    }

    fn asked<'a>(&self, message: &'a [u8]) -> Asked<'a> {
        Asked {
            name: self.name(message),
            id: u16::from_be_bytes([message[0], message[1]]),
            qtype: self.qtype,
            qclass: wire::CLASS_IN,
            recursion_desired: self.recursion_desired,
            udp_size: self.edns.map(|edns| edns.udp_size),
            client_subnet: None,
            rcode: rcode::NO_ERROR,
            truncated: false,
            confirmed: false,
        }
    }

    /// Makes the message its own answer with `records`.
    fn answer(&self, message: &mut [u8], records: &[u8]) {
        let count = records.len() / if self.qtype == qtype::A { zone::A_RECORD } else { zone::AAAA_RECORD };
        header(message, bit::AUTHORITATIVE, rcode::NO_ERROR, count as u8);
        message[self.end..self.end + records.len()].copy_from_slice(records);
        self.opt(message, self.end + records.len());
    }

    /// Makes the message its own refusal.
    fn refuse(&self, message: &mut [u8]) {
        header(message, 0, rcode::REFUSED, 0);
        self.opt(message, self.end);
    }

    /// Makes the message an answer that holds nothing but TC, as long as the question was.
    fn truncate(&self, message: &mut [u8]) {
        header(message, bit::TRUNCATED, rcode::NO_ERROR, 0);
        self.opt(message, self.end);
    }

    fn opt(&self, message: &mut [u8], at: usize) {
        let Some(edns) = self.edns else { return };
        message[at..at + OPT].copy_from_slice(&ANSWER_OPT);
        // DO is copied (RFC 3225 §3).
        message[at + 7] = if edns.dnssec_ok { 0x80 } else { 0 };
    }
}
