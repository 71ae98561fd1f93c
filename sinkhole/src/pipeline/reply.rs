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
        question: exchange.message.question.as_ref(),
        answers: Vec::new(),
        authorities: Vec::new(),
        edns: edns::answer(exchange),
    }
}

/// An error, counted.
pub(super) fn error(exchange: &Exchange<'_>, rcode: u16) -> Verdict {
    let counted = if rcode == rcode::REFUSED { Counted::Refused } else { Counted::Malformed };
    verdict(&to(exchange, rcode), size::limit(exchange, Holds::Addresses), counted)
}

/// A cookie and nothing else, for who asked for nothing else (RFC 7873 §5.4).
pub(super) fn cookie(exchange: &Exchange<'_>) -> Verdict {
    verdict(&to(exchange, rcode::NO_ERROR), size::limit(exchange, Holds::Addresses), Counted::Refused)
}

/// Nothing but TC, in no more octets than were sent: over the rate limit, but a real resolver comes back over TCP.
pub(super) fn truncated(exchange: &Exchange<'_>) -> Verdict {
    let mut response = to(exchange, rcode::NO_ERROR);
    response.truncated = true;
    verdict(&response, exchange.received.octets.len(), Counted::Limited)
}

/// REFUSED in the place of an answer that was written before: its question and its OPT record stay.
pub(super) fn refusal(answer: &[u8]) -> Option<Vec<u8>> {
    let wire::Frame { question, opt } = wire::read_frame(answer).ok()?;
    let mut refusal = answer[..wire::HEADER].to_vec();
    // QR, the operation and RD stay; AA and TC go.
    refusal[2] = refusal[2] & 0b0111_1001 | 0b1000_0000;
    refusal[3] = rcode::REFUSED as u8;
    refusal[6..10].fill(0);
    refusal[10..].copy_from_slice(&u16::from(!opt.is_empty()).to_be_bytes());
    refusal.extend_from_slice(question);
    refusal.extend_from_slice(opt);
    Some(refusal)
}

/// No reply, counted.
pub(super) fn silence(counted: Counted) -> Verdict {
    Verdict { reply: None, record: Recorded::Count(counted) }
}

fn verdict(response: &Response<'_>, limit: usize, counted: Counted) -> Verdict {
    let reply = wire::write(response, limit).map(|(octets, _)| octets);
    Verdict { reply, record: Recorded::Count(counted) }
}
