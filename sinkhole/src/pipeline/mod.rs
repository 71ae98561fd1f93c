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

use std::net::SocketAddr;

use chrono::{DateTime, Utc};

use crate::config::Config;
use crate::event::Transport;
use crate::names::Names;
use crate::pipeline::cookies::Cookies;
use crate::pipeline::event::Asked;
use crate::pipeline::rate_limit::{Allowance, RateLimit};
use crate::store::{Batch, Counted, ListenerId};

pub(crate) use plain::{InPlace, Plan};

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
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) cookies: Option<Cookies>,
}

impl Pipeline {
    /// Answers as `config` says. `random` is the secret of cookies if none is configured.
    pub(crate) fn new(config: &Config, random: [u8; 16]) -> Self {
        Self { rate_limit: RateLimit::new(&config.rate_limit), cookies: Cookies::new(&config.cookies, random) }
    }

    /// Answers one message out of `names`. For a held name the event is appended to `events`, and the reply must not
    /// leave before they have been written.
    pub(crate) fn pass(&self, names: &Names, received: &Received<'_>, events: &mut Batch) -> Verdict {
        self.steps(names, received, events).unwrap_or_else(|verdict| verdict)
    }

    fn steps(&self, names: &Names, received: &Received<'_>, events: &mut Batch) -> Result<Verdict, Verdict> {
        let header = access::pass(received)?;
        let message = access::read(received, header);
        if let Some(rate_limit) = &self.rate_limit
            && received.transport == Transport::Udp
        {
            match rate_limit.pass(received.source.ip(), received.at) {
                Allowance::Pass => {}
                Allowance::Truncate => return Err(reply::truncated(header, message.as_ref().ok())),
                Allowance::Drop => return Err(reply::silence(Counted::Limited)),
            }
        }
        let question = message.map_err(|rcode| reply::error(header, None, None, rcode))?;
        let edns = edns::pass(received, header, &question)?;
        let found = lookup::pass(names, header, &question, edns.as_ref())?;
        let limit = edns::limit(received.transport, edns.map(|edns| edns.udp_size));
        let (reply, truncated) =
            answer::pass(names.zone(&found.entry), header, &question, edns.as_ref(), &found, limit)?;
        let asked = Asked {
            name: question.name.as_wire(),
            id: header.id,
            qtype: question.qtype,
            qclass: question.qclass,
            recursion_desired: header.recursion_desired,
            udp_size: edns.map(|edns| edns.udp_size),
            client_subnet: edns.and_then(|edns| edns.client_subnet),
            truncated,
        };
        event::pass(received, &asked, &found, events);
        Ok(Verdict { reply: Some(reply), record: Recorded::Event })
    }

    /// The refusal that takes the place of an answer whose event could not be written (`on_full: stop`).
    pub(crate) fn refuse(octets: &[u8]) -> Option<Vec<u8>> {
        reply::refusal(octets)
    }
}

#[cfg(test)]
mod tests;
