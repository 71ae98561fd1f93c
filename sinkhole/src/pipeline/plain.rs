//! The short way: questions for the addresses of held names, and for names that are not held, in the form in which nearly
//! all of them come. They are answered where they lie, without an allocation, with the octets that the steps beside this
//! one would write. Whatever is unusual in the least is left to those.

use crate::event::Transport;
use crate::names::{Names, Probe, zone};
use crate::pipeline::cookies::Cookies;
use crate::pipeline::event::Seen;
use crate::pipeline::rate_limit::Allowance;
use crate::pipeline::size::{self, Asker, Holds};
use crate::pipeline::{Exchange, Pipeline, Received, Recorded, event, reply};
use crate::store::{AnswersId, Batch, Counted};
use crate::wire::{AskedCookie, HEADER, UDP_LARGEST, qtype, rcode};

/// Octets of an OPT record without options, from its owner on.
const OPT: usize = 11;
/// The OPT record of an answer, without options: owner, type, the largest answer taken, no flags.
const ANSWER_OPT: [u8; OPT] = [0, 0, 41, (UDP_LARGEST >> 8) as u8, UDP_LARGEST as u8, 0, 0, 0, 0, 0, 0];
/// Octets of an answer's COOKIE option.
const COOKIE: usize = 28;

/// What is known of a message before it is answered: that it is a question in its usual form, and where the search for
/// its name begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan<'a> {
    plain: Plain<'a>,
    /// See [`Names::fetch`].
    pub(crate) probe: Probe,
}

impl<'a> Plan<'a> {
    /// Looks at a message; nothing for one that takes the long way.
    pub(crate) fn of(octets: &'a [u8], names: &Names) -> Option<Self> {
        let plain = read(octets)?;
        Some(Self { plain, probe: names.probe(plain.name) })
    }
}

/// A question in its usual form.
#[derive(Clone, Copy, Debug)]
struct Plain<'a> {
    /// The name as sent, in wire form.
    name: &'a [u8],
    id: u16,
    qtype: u16,
    recursion_desired: bool,
    edns: Option<PlainEdns<'a>>,
}

/// An OPT record with no option but a cookie.
#[derive(Clone, Copy, Debug)]
struct PlainEdns<'a> {
    udp_size: u16,
    dnssec_ok: bool,
    cookie: Option<AskedCookie<'a>>,
}

/// How a message is answered, and where that is recorded.
#[derive(Debug)]
pub(crate) struct Decision<'a> {
    pub(crate) reply: Reply<'a>,
    pub(crate) record: Recorded,
}

/// An answer that is to be written where the question lies.
#[derive(Debug)]
pub(crate) enum Reply<'a> {
    /// None.
    Silence,
    /// Whole.
    Octets(Vec<u8>),
    /// The question becomes its own answer.
    Short(Short<'a>),
}

/// What must be changed and added for a question to become its own answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Short<'a> {
    /// Where the question ends.
    end: usize,
    /// Bits in the third octet of the header.
    bits: u8,
    rcode: u16,
    /// How many records there are.
    count: u8,
    records: &'a [u8],
    edns: Option<ShortEdns>,
}

/// The OPT record of an answer.
#[derive(Clone, Copy, Debug)]
struct ShortEdns {
    dnssec_ok: bool,
    cookie: Option<[u8; 24]>,
}

/// Bits in the third octet of a header.
mod bit {
    pub(super) const RESPONSE: u8 = 0x80;
    pub(super) const AUTHORITATIVE: u8 = 0x04;
    pub(super) const TRUNCATED: u8 = 0x02;
    pub(super) const RECURSION_DESIRED: u8 = 0x01;
}

/// The bits AD and CD in the fourth octet of a header, which mean nothing to an authority (RFC 4035 §3.1.6).
const AUTHENTIC_AND_CHECKING: u8 = 0x30;

/// Reads a message in its usual form: a standard query with one question for an address in class IN, nothing behind it
/// but an OPT record of version 0 with no option but a cookie, no bits set but RD, AD, CD and DO.
fn read(octets: &[u8]) -> Option<Plain<'_>> {
    let (header, rest) = octets.split_first_chunk::<HEADER>()?;
    let [id_high, id_low, flags, more_flags, 0, 1, 0, 0, 0, 0, 0, additional @ (0 | 1)] = header else { return None };
    if flags & !bit::RECURSION_DESIRED != 0 || more_flags & !AUTHENTIC_AND_CHECKING != 0 {
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
    // The longest name on the wire: RFC 1035 §2.3.4.
    if at >= 255 {
        return None;
    }
    let (name, rest) = rest.split_at(at + 1);
    let ([0, qtype @ (1 | 28), 0, 1], behind) = rest.split_first_chunk::<4>()? else { return None };
    let edns = match (additional, behind) {
        (0, []) => None,
        (1, [0, 0, 41, size_high, size_low, _, 0, flags @ (0 | 0x80), 0, 0, length, options @ ..])
            if usize::from(*length) == options.len() =>
        {
            let udp_size = u16::from_be_bytes([*size_high, *size_low]);
            let cookie = if options.is_empty() { None } else { Some(read_cookie(options)?) };
            Some(PlainEdns { udp_size, dnssec_ok: *flags != 0, cookie })
        }
        _ => return None,
    };
    Some(Plain {
        name,
        id: u16::from_be_bytes([*id_high, *id_low]),
        qtype: u16::from(*qtype),
        recursion_desired: flags & bit::RECURSION_DESIRED != 0,
        edns,
    })
}

/// The cookie that is the only option; nothing for options that take the long way.
fn read_cookie(options: &[u8]) -> Option<AskedCookie<'_>> {
    let ([0, 10, 0, length], cookie) = options.split_first_chunk::<4>()? else { return None };
    let (client, server) = cookie.split_first_chunk::<8>()?;
    let whole = usize::from(*length) == cookie.len() && matches!(server.len(), 0 | 8..=32);
    whole.then_some(AskedCookie { client: *client, server })
}

impl Pipeline {
    /// Decides how a message over UDP is answered, as [`Pipeline::pass`] would; `plan` was made of it. For a held name the
    /// event is appended to `events`, and the answer must not leave before they have been written.
    pub(crate) fn decide<'a>(
        &self,
        names: &'a Names,
        plan: Option<Plan<'_>>,
        received: &Received<'_>,
        events: &mut Batch,
    ) -> Decision<'a> {
        if let Some(plan) = plan
            && received.source.port() != 0
            && let Some(decision) = self.plain(names, plan, received, events)
        {
            return decision;
        }
        let verdict = self.pass(names, received, events);
        Decision { reply: verdict.reply.map_or(Reply::Silence, Reply::Octets), record: verdict.record }
    }

    /// Decides about a question in its usual form; nothing is done and nothing returned for one that takes the long way.
    fn plain<'a>(
        &self,
        names: &'a Names,
        Plan { plain, probe }: Plan<'_>,
        received: &Received<'_>,
        events: &mut Batch,
    ) -> Option<Decision<'a>> {
        let found = names.find_from(plain.name, probe);
        let records = match &found {
            Some(found) => names.zone(&found.entry).addresses(plain.qtype)?,
            None => &[],
        };
        let pass =
            |(cookies, asked): (&Cookies, AskedCookie<'_>)| cookies.pass(asked, received.source.ip(), received.at);
        let cookie = self.cookies.as_ref().zip(plain.edns.and_then(|edns| edns.cookie)).map(pass);
        let asker = Asker {
            transport: Transport::Udp,
            confirmed: cookie.is_some_and(|cookie| cookie.confirmed),
            udp_size: plain.edns.map(|edns| edns.udp_size),
            length: received.octets.len(),
        };
        let record = if plain.qtype == qtype::A { zone::A_RECORD } else { zone::AAAA_RECORD };
        let edns =
            |edns: PlainEdns<'_>| ShortEdns { dnssec_ok: edns.dnssec_ok, cookie: cookie.map(|cookie| cookie.octets()) };
        let mut short = Short {
            end: HEADER + plain.name.len() + 4,
            bits: if found.is_some() { bit::AUTHORITATIVE } else { 0 },
            rcode: if found.is_some() { rcode::NO_ERROR } else { rcode::REFUSED },
            count: (records.len() / record) as u8,
            records,
            edns: plain.edns.map(edns),
        };
        if short.length() > size::limit(asker, Holds::Addresses) {
            return None;
        }
        if let Some(limit) = &self.rate_limit
            && !asker.confirmed
        {
            let reply = match limit.pass(received.source.ip(), received.at) {
                Allowance::Pass => None,
                Allowance::Drop => Some(Reply::Silence),
                Allowance::Truncate if plain.edns.is_some() => {
                    let octets = Exchange::open(self, received).ok().and_then(|open| reply::truncated(&open).reply);
                    Some(octets.map_or(Reply::Silence, Reply::Octets))
                }
                Allowance::Truncate => {
                    short = Short { bits: bit::TRUNCATED, rcode: rcode::NO_ERROR, count: 0, records: &[], ..short };
                    Some(Reply::Short(short))
                }
            };
            if let Some(reply) = reply {
                return Some(Decision { reply, record: Recorded::Count(Counted::Limited) });
            }
        }
        let record = match &found {
            Some(found) => {
                let answers = names.zone(&found.entry).recorded;
                event::pass(received, &plain.seen(asker, answers), found, events);
                Recorded::Event
            }
            None => Recorded::Count(Counted::Refused),
        };
        Some(Decision { reply: Reply::Short(short), record })
    }
}

impl<'a> Plain<'a> {
    /// What the event of an answer to `asker` keeps.
    fn seen(&self, asker: Asker, answers: AnswersId) -> Seen<'a> {
        Seen {
            name: self.name,
            id: self.id,
            qtype: self.qtype,
            rcode: rcode::NO_ERROR,
            recursion_desired: self.recursion_desired,
            udp_size: asker.udp_size,
            client_subnet: None,
            truncated: false,
            answers,
            confirmed: asker.confirmed,
        }
    }
}

impl Reply<'_> {
    /// Writes the answer over the question that stands at the beginning of `room`; returns how many octets it has, 0 for
    /// silence.
    ///
    /// # Panics
    ///
    /// There is no room for what the pipeline allows over UDP.
    pub(crate) fn write(&self, room: &mut [u8]) -> usize {
        match self {
            Self::Silence => 0,
            Self::Octets(octets) => {
                room[..octets.len()].copy_from_slice(octets);
                octets.len()
            }
            Self::Short(short) => short.write(room),
        }
    }
}

impl Short<'_> {
    fn length(&self) -> usize {
        let options = |edns: ShortEdns| if edns.cookie.is_some() { COOKIE } else { 0 };
        self.end + self.records.len() + self.edns.map_or(0, |edns| OPT + options(edns))
    }

    fn write(&self, room: &mut [u8]) -> usize {
        room[2] = bit::RESPONSE | self.bits | (room[2] & bit::RECURSION_DESIRED);
        room[3] = self.rcode as u8;
        room[7] = self.count;
        let (_, behind) = room.split_at_mut(self.end);
        let (records, opt) = behind.split_at_mut(self.records.len());
        records.copy_from_slice(self.records);
        if let Some(edns) = self.edns {
            opt[..OPT].copy_from_slice(&ANSWER_OPT);
            // DO is copied (RFC 3225 §3).
            opt[7] = if edns.dnssec_ok { 0x80 } else { 0 };
            if let Some(cookie) = edns.cookie {
                opt[10] = COOKIE as u8;
                opt[OPT..OPT + 4].copy_from_slice(&[0, 10, 0, 24]);
                opt[OPT + 4..OPT + COOKIE].copy_from_slice(&cookie);
            }
        }
        self.length()
    }
}
