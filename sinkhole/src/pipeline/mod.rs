//! From a message's octets to the answer's: no I/O, no clock.
//!
//! One file a step. A step either hands on what the next one needs, or ends the exchange with a `Verdict`.

mod access;
mod answer;
pub(crate) mod cookies;
mod edns;
mod event;
mod lookup;
mod plain;
pub mod rate_limit;
mod reply;
mod size;

use std::net::SocketAddr;

use chrono::{DateTime, Utc};

use crate::config::Config;
use crate::event::Transport;
use crate::names::Names;
use crate::pipeline::access::Asked;
use crate::pipeline::cookies::{Cookies, GivenCookie};
use crate::pipeline::event::Seen;
use crate::pipeline::rate_limit::RateLimit;
use crate::store::{Batch, Counted, ListenerId};
use crate::wire::{Header, rcode};

pub(crate) use plain::{Decision, Plan, Reply};

/// A message as it arrived.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Received<'a> {
    pub(crate) octets: &'a [u8],
    pub(crate) source: SocketAddr,
    pub(crate) transport: Transport,
    /// Where it arrived.
    pub(crate) listener: ListenerId,
    pub(crate) at: DateTime<Utc>,
}

/// What happens to a message.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// The answer's octets; `None` is silence.
    pub(crate) reply: Option<Vec<u8>>,
    /// Where it is recorded.
    pub(crate) record: Recorded,
}

/// Where an exchange is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recorded {
    /// Its event was appended to the buffer: the reply may leave once that is written.
    Event,
    /// It is counted.
    Count(Counted),
}

/// Answers messages.
#[derive(Debug)]
pub(crate) struct Pipeline {
    /// How much networks may ask, if there is a limit.
    pub(crate) rate_limit: Option<RateLimit>,
    /// How sources are confirmed, if they are.
    pub(crate) cookies: Option<Cookies>,
    /// The server's name for itself (RFC 5001), if it has one.
    nsid: Option<String>,
    /// How long a connection may stay idle, in tenths of a second.
    keepalive: u16,
}

/// What is known of a message so far.
#[derive(Debug)]
struct Exchange<'a> {
    pipeline: &'a Pipeline,
    received: &'a Received<'a>,
    header: Header,
    asked: Asked<'a>,
    /// The cookie of the answer.
    cookie: Option<GivenCookie>,
}

impl<'a> Exchange<'a> {
    /// Lets the message in, reads it, and looks at its cookie.
    fn open(pipeline: &'a Pipeline, received: &'a Received<'a>) -> Result<Self, Verdict> {
        let header = access::pass(received)?;
        let asked = access::read(received, header);
        let cookie = cookies::pass(pipeline.cookies.as_ref(), asked.edns.as_ref(), received);
        Ok(Self { pipeline, received, header, asked, cookie })
    }

    /// A valid cookie shows that the source address is not forged.
    fn confirmed(&self) -> bool {
        self.cookie.is_some_and(|cookie| cookie.confirmed)
    }
}

impl Pipeline {
    /// Answers as `config` says. `random` is the secret of cookies if none is configured.
    pub(crate) fn new(config: &Config, random: [u8; 16]) -> Self {
        Self {
            rate_limit: RateLimit::new(config.rate_limit),
            cookies: Cookies::new(&config.cookies, random),
            nsid: Some(config.nsid.clone()).filter(|nsid| !nsid.is_empty()),
            keepalive: u16::try_from(config.connections.idle.as_millis() / 100).unwrap_or(u16::MAX),
        }
    }

    /// Answers one message out of `names`. For a held name the event is appended to `events`, and the reply must not
    /// leave before they have been written.
    pub(crate) fn pass(&self, names: &Names, received: &Received<'_>, events: &mut Batch) -> Verdict {
        self.steps(names, received, events).unwrap_or_else(|verdict| verdict)
    }

    fn steps(&self, names: &Names, received: &Received<'_>, events: &mut Batch) -> Result<Verdict, Verdict> {
        let exchange = Exchange::open(self, received)?;
        rate_limit::pass(self.rate_limit.as_ref(), &exchange)?;
        let error = |rcode| reply::error(&exchange, rcode);
        edns::pass(&exchange).map_err(error)?;
        if exchange.asked.rcode != rcode::NO_ERROR {
            return Err(error(exchange.asked.rcode));
        }
        let Some(question) = &exchange.asked.question else { return Err(reply::cookie(&exchange)) };
        let found = lookup::pass(names, question).map_err(error)?;
        let zone = names.zone(&found.entry);
        let answered = answer::pass(zone, &exchange, question, &found)?;
        let seen = Seen {
            name: question.name.as_wire(),
            id: exchange.header.id,
            qtype: question.qtype,
            rcode: answered.rcode,
            recursion_desired: exchange.header.recursion_desired,
            udp_size: exchange.asked.edns.map(|edns| edns.udp_size),
            client_subnet: exchange.asked.edns.and_then(|edns| edns.client_subnet),
            truncated: answered.truncated,
            answers: zone.recorded,
            confirmed: exchange.confirmed(),
        };
        event::pass(received, &seen, &found, events);
        Ok(Verdict { reply: Some(answered.octets), record: Recorded::Event })
    }

    /// The refusal that takes the place of an answer whose event could not be written (`on_full: stop`).
    pub(crate) fn refuse(&self, received: &Received<'_>) -> Option<Vec<u8>> {
        reply::error(&Exchange::open(self, received).ok()?, rcode::REFUSED).reply
    }
}

#[cfg(test)]
mod tests;
