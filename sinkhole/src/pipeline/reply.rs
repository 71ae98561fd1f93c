//! Replies that carry no data: errors, refusals, cookies, truncation, silence.

use crate::pipeline::size::{self, Holds};
use crate::pipeline::{Exchange, Recorded, Verdict, edns};
use crate::store::Counted;
use crate::wire::{self, Response, opcode, rcode};

/// A reply without records. RA stays clear whatever was asked: there is no recursion here. So do AD and CD, which an
/// authority has nothing to say by (RFC 4035 §3.1.6).
pub(super) fn to<'a>(exchange: &'a Exchange<'_>, rcode: u16) -> Response<'a> {
    Response {
        id: exchange.header.id,
        opcode: exchange.header.opcode,
        recursion_desired: exchange.header.recursion_desired && exchange.header.opcode == opcode::QUERY,
        rcode,
        authoritative: false,
        truncated: false,
        question: exchange.asked.question.as_ref(),
        answers: Vec::new(),
        authorities: Vec::new(),
        edns: edns::answer(exchange),
    }
}

/// An error, counted.
pub(super) fn error(exchange: &Exchange<'_>, rcode: u16) -> Verdict {
    let counted = if rcode == rcode::REFUSED { Counted::Refused } else { Counted::Malformed };
    verdict(&to(exchange, rcode), size::limit(exchange.into(), Holds::Addresses), counted)
}

/// A cookie and nothing else, for who asked for nothing else (RFC 7873 §5.4).
pub(super) fn cookie(exchange: &Exchange<'_>) -> Verdict {
    verdict(&to(exchange, rcode::NO_ERROR), size::limit(exchange.into(), Holds::Addresses), Counted::Refused)
}

/// Nothing but TC, in no more octets than were sent: over the rate limit, but a real resolver comes back over TCP.
pub(super) fn truncated(exchange: &Exchange<'_>) -> Verdict {
    let mut response = to(exchange, rcode::NO_ERROR);
    response.truncated = true;
    verdict(&response, exchange.received.octets.len(), Counted::Limited)
}

/// No reply, counted.
pub(super) fn silence(counted: Counted) -> Verdict {
    Verdict { reply: None, record: Recorded::Count(counted) }
}

fn verdict(response: &Response<'_>, limit: usize, counted: Counted) -> Verdict {
    let reply = wire::write(response, limit).map(|(octets, _)| octets);
    Verdict { reply, record: Recorded::Count(counted) }
}
