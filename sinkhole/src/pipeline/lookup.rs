//! Whether the question is for a held name; everything else is refused, so that the sinkhole is of no use to anybody
//! who looks for an open resolver (RFC 5358).

use crate::names::{Found, Names};
use crate::wire::{self, Question, qtype, rcode};

/// Finds the held name. Refused: names that are not held, classes other than IN, and questions for what is no data:
/// types 128 to 254 (zone transfers, TSIG and the like) and OPT (RFC 6895 §3.1).
pub(super) fn pass(names: &Names, question: &Question) -> Result<Found, u16> {
    let is_data = !matches!(question.qtype, 0 | qtype::OPT | 128..=254);
    if question.qclass == wire::CLASS_IN
        && is_data
        && let Some(found) = names.find(question.name.as_wire())
    {
        return Ok(found);
    }
    Err(rcode::REFUSED)
}
