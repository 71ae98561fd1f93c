//! What is answered for a held name.

use crate::config::Answer;
use crate::store::AnswersId;
use crate::wire::qtype;

/// Octets of an A record whose owner is the question's name.
pub(crate) const A_RECORD: usize = 16;
/// Octets of an AAAA record whose owner is the question's name.
pub(crate) const AAAA_RECORD: usize = 28;

/// Which of a table's zones a name belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ZoneId(pub(crate) u16);

/// What is answered for all names of one list or rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Zone {
    /// Addresses, times and names of the answers.
    pub(crate) answer: Answer,
    /// Addresses are answered. Without it the names are registered and nothing else: NXDOMAIN, so that bots go on to
    /// their next name.
    pub(crate) lured: bool,
    /// The number of these answers in events.
    pub(crate) recorded: AnswersId,
    /// The A records of an answer, as they stand behind its question.
    a: Box<[u8]>,
    /// The AAAA records.
    aaaa: Box<[u8]>,
}

impl Zone {
    /// Lures with `answer`.
    pub(crate) fn new(answer: Answer) -> Self {
        let a = answer.a.iter().flat_map(|address| record(qtype::A, answer.ttl, &address.octets())).collect();
        let aaaa = answer.aaaa.iter().flat_map(|address| record(qtype::AAAA, answer.ttl, &address.octets())).collect();
        Self { answer, lured: true, recorded: AnswersId::NONE, a, aaaa }
    }

    /// The same names, registered and not lured.
    pub(crate) fn unlured(self) -> Self {
        Self { lured: false, ..self }
    }

    /// The same, under a number in events.
    pub(crate) fn recorded_as(self, recorded: AnswersId) -> Self {
        Self { recorded, ..self }
    }

    /// The address records that answer a question, as they stand behind it; nothing if there are none of its type.
    pub(crate) fn addresses(&self, qtype: u16) -> Option<&[u8]> {
        let records = if qtype == qtype::A { &self.a } else { &self.aaaa };
        (self.lured && !records.is_empty()).then_some(&**records)
    }
}

/// A record in class IN whose owner is the name in the question: a pointer to the octet behind the header (RFC 1035
/// §4.1.4).
fn record(qtype: u16, ttl: u32, data: &[u8]) -> Vec<u8> {
    let mut octets = vec![0xc0, 0x0c];
    octets.extend(qtype.to_be_bytes());
    octets.extend([0, 1]);
    octets.extend(ttl.to_be_bytes());
    octets.extend((data.len() as u16).to_be_bytes());
    octets.extend(data);
    octets
}
