//! What a held name answers. Lured: SOA, NS, A, AAAA, TXT and a null MX at its apex, A and AAAA below it, and no data with
//! the SOA for the rest. Not lured: SOA and NS at its apex, so that its delegation is in order, and NXDOMAIN for the rest.

use crate::config::Answer;
use crate::names::{Found, Zone};
use crate::pipeline::size::{self, Holds};
use crate::pipeline::{Exchange, Verdict, reply};
use crate::store::Counted;
use crate::wire::{self, Data, Question, Record, Soa, qtype, rcode};

/// The zones never change and are not transferred, so nobody compares serial numbers.
const SERIAL: u32 = 1;
/// Timers for secondaries, of which there are none; within the ranges of RFC 1912 §2.2.
const REFRESH: i32 = 3600;
/// See [`REFRESH`].
const RETRY: i32 = 600;
/// See [`REFRESH`].
const EXPIRE: i32 = 1_209_600;
/// Nobody sends mail from a held name (RFC 7208 §10.1.2).
const NO_SENDERS: &str = "v=spf1 -all";

/// A written answer.
pub(super) struct Answered {
    pub(super) octets: Vec<u8>,
    pub(super) rcode: u16,
    /// It did not fit, so it has no records and TC is set.
    pub(super) truncated: bool,
}

/// Writes the answer.
pub(super) fn pass(
    zone: &Zone,
    exchange: &Exchange<'_>,
    question: &Question,
    found: &Found,
) -> Result<Answered, Verdict> {
    let answer = &zone.answer;
    let answers = if zone.lured { lure(answer, question, found) } else { apex(answer, question, found) };
    let rcode = if answers.is_empty() && !zone.lured { rcode::NAME_ERROR } else { rcode::NO_ERROR };
    let mut response = reply::to(exchange, rcode);
    response.authoritative = true;
    let holds = match answers.first().map(|record| &record.data) {
        Some(Data::A(_) | Data::Aaaa(_)) => Holds::Addresses,
        _ => Holds::Other,
    };
    if answers.is_empty() {
        response.authorities = vec![soa(answer, question, found, answer.negative_ttl)];
    }
    response.answers = answers;
    if let (Some(to), Some(from)) = (&mut response.edns, exchange.asked.edns) {
        to.client_subnet = from.client_subnet;
    }
    let (octets, truncated) =
        wire::write(&response, size::limit(exchange.into(), holds)).ok_or_else(|| reply::silence(Counted::Dropped))?;
    Ok(Answered { octets, rcode, truncated })
}

/// The records that answer the question for a lured name; none is "no data".
fn lure(answer: &Answer, question: &Question, found: &Found) -> Vec<Record> {
    let record = |data| Record { name: question.name.clone(), ttl: answer.ttl, data };
    let a = || answer.a.iter().map(|address| record(Data::A(*address))).collect::<Vec<_>>();
    let aaaa = || answer.aaaa.iter().map(|address| record(Data::Aaaa(*address))).collect::<Vec<_>>();
    match question.qtype {
        qtype::A => a(),
        qtype::AAAA => aaaa(),
        // One record set is enough of an answer for ANY (RFC 8482 §4.1).
        qtype::ANY => {
            let a = a();
            if a.is_empty() { aaaa() } else { a }
        }
        qtype::TXT if found.at_apex => {
            [answer.notice_text(), NO_SENDERS.to_owned()].map(|text| record(Data::Txt(text))).into()
        }
        qtype::MX if found.at_apex => vec![record(Data::NullMx)],
        _ => apex(answer, question, found),
    }
}

/// The records that every held name has.
fn apex(answer: &Answer, question: &Question, found: &Found) -> Vec<Record> {
    match question.qtype {
        qtype::NS if found.at_apex => {
            let record = |name: &crate::Name| Record {
                name: question.name.clone(),
                ttl: answer.ttl,
                data: Data::Ns(name.clone()),
            };
            answer.ns.iter().map(record).collect()
        }
        qtype::SOA if found.at_apex => vec![soa(answer, question, found, answer.ttl.max(answer.negative_ttl))],
        _ => Vec::new(),
    }
}

/// The SOA of the held name, spelled in the question's case. With a negative answer its TTL is how long that may be
/// cached: the lower of its own and MINIMUM (RFC 2308 §3). Its own is never the lower one, so that MINIMUM alone decides.
fn soa(answer: &Answer, question: &Question, found: &Found, ttl: u32) -> Record {
    let mname = answer.ns.first().unwrap_or(&answer.contact).clone();
    let data = Soa {
        mname,
        rname: answer.contact.clone(),
        serial: SERIAL,
        refresh: REFRESH,
        retry: RETRY,
        expire: EXPIRE,
        minimum: answer.negative_ttl,
    };
    Record { name: question.name.last_labels(usize::from(found.apex_labels)), ttl, data: Data::Soa(Box::new(data)) }
}
