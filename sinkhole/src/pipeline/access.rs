//! Who is answered at all, and whether what they sent is a query.

use crate::pipeline::{Received, Verdict, reply};
use crate::store::Counted;
use crate::wire::{self, Edns, Header, Malformed, Question, opcode, rcode};

/// What a message asks, and the code with which it is to be answered if that is nothing that can be looked up.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    /// The question, if there is one that can be read.
    pub(super) question: Option<Question>,
    /// The OPT record, if there is one that can be read.
    pub(super) edns: Option<Edns<'a>>,
    /// [`rcode::NO_ERROR`] if all is in order.
    pub(super) rcode: u16,
}

/// Lets a message in, or ends it in silence.
///
/// Fewer octets than a header has cannot be answered. A response (QR set) must never be: two servers would answer each
/// other without end. Port 0 cannot be answered to.
pub(super) fn pass(received: &Received<'_>) -> Result<Header, Verdict> {
    match wire::read_header(received.octets) {
        Some(header) if !header.is_response && received.source.port() != 0 => Ok(header),
        _ => Err(reply::silence(Counted::Dropped)),
    }
}

/// Reads question and OPT record.
///
/// REFUSED are NOTIFY (RFC 1996) and UPDATE (RFC 2136), which have the form of queries, and NOTIMP is every other
/// operation, whose form need not be that (RFC 1035 §4.1.1, RFC 8490 §5.4). FORMERR is anything but one readable question
/// (RFC 9619 §4), and a record or option that is not well formed. No question with a cookie asks for a cookie
/// (RFC 7873 §5.4).
pub(super) fn read<'a>(received: &Received<'a>, header: Header) -> Asked<'a> {
    let answer = match header.opcode {
        opcode::QUERY => rcode::NO_ERROR,
        opcode::NOTIFY | opcode::UPDATE => rcode::REFUSED,
        _ => return Asked { question: None, edns: None, rcode: rcode::NOT_IMPLEMENTED },
    };
    let question = wire::read_question(received.octets).ok();
    match wire::read_edns(received.octets) {
        // A record that cannot be read is not answered with one (RFC 6891 §7).
        Err(Malformed) => Asked { question, edns: None, rcode: rcode::FORMAT_ERROR },
        Ok(edns) if question.is_some() => Asked { question, edns, rcode: answer },
        Ok(edns) => {
            let asks_for_cookie = header.opcode == opcode::QUERY && edns.is_some_and(|edns| edns.cookie.is_some());
            Asked { question, edns, rcode: if asks_for_cookie { rcode::NO_ERROR } else { rcode::FORMAT_ERROR } }
        }
    }
}
