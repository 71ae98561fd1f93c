//! Replies that carry no data: errors, refusals, truncation, silence.

use crate::pipeline::{Recorded, Verdict};
use crate::store::Counted;
use crate::wire::{self, AnswerEdns, Edns, Header, Question, Response, UDP_PLAIN, rcode};

/// A reply to `header` without records. RA stays clear whatever was asked: there is no recursion here.
pub(super) fn to(header: Header, question: Option<&Question>, edns: Option<&Edns>, rcode: u16) -> Response {
    Response {
        id: header.id,
        opcode: header.opcode,
        recursion_desired: header.recursion_desired,
        rcode,
        authoritative: false,
        truncated: false,
        question: question.cloned(),
        answers: Vec::new(),
        authorities: Vec::new(),
        edns: edns.map(|edns| AnswerEdns { dnssec_ok: edns.dnssec_ok }),
    }
}

/// An error, counted.
pub(super) fn error(header: Header, question: Option<&Question>, edns: Option<&Edns>, rcode: u16) -> Verdict {
    let counted = if rcode == rcode::REFUSED { Counted::Refused } else { Counted::Malformed };
    verdict(&to(header, question, edns, rcode), counted)
}

/// Nothing but TC: over the rate limit, but a real resolver comes back over TCP.
pub(super) fn truncated(header: Header, question: Option<&Question>) -> Verdict {
    let mut response = to(header, question, None, rcode::NO_ERROR);
    response.truncated = true;
    verdict(&response, Counted::Limited)
}

/// No reply, counted.
pub(super) fn silence(counted: Counted) -> Verdict {
    Verdict { reply: None, record: Recorded::Count(counted) }
}

/// REFUSED to a query that was found to be in order before.
pub(super) fn refusal(octets: &[u8]) -> Option<Vec<u8>> {
    let header = wire::read_header(octets)?;
    let question = wire::read_question(octets).ok();
    let edns = wire::read_edns(octets).ok().flatten();
    error(header, question.as_ref(), edns.as_ref(), rcode::REFUSED).reply
}

fn verdict(response: &Response, counted: Counted) -> Verdict {
    let reply = wire::write(response, usize::from(UDP_PLAIN)).map(|(octets, _)| octets);
    Verdict { reply, record: Recorded::Count(counted) }
}
