//! Who is answered at all, and whether what they sent is a query.

use crate::pipeline::{Received, Verdict, reply};
use crate::store::Counted;
use crate::wire::{self, Header, Question, rcode};

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

/// Reads the question, or says with which code the message is to be answered: NOTIMP for another operation than a query
/// (RFC 1035 §4.1.1), FORMERR for anything but one readable question (RFC 9619 §4).
pub(super) fn read(received: &Received<'_>, header: Header) -> Result<Question, u16> {
    if header.opcode != 0 {
        return Err(rcode::NOT_IMPLEMENTED);
    }
    if header.questions != 1 {
        return Err(rcode::FORMAT_ERROR);
    }
    wire::read_question(received.octets).map_err(|_| rcode::FORMAT_ERROR)
}
