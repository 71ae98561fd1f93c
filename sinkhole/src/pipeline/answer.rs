//! What a held name answers: SOA, NS, A and AAAA at its apex, A and AAAA below it, and no data with the SOA for the rest.

use crate::config::Answer;
use crate::names::{Found, Zone};
use crate::pipeline::{Verdict, reply};
use crate::store::Counted;
use crate::wire::{self, Data, Edns, Header, Question, Record, Soa, qtype, rcode};

/// The zones never change and are not transferred, so nobody compares serial numbers.
const SERIAL: u32 = 1;
/// Timers for secondaries, of which there are none; within the ranges of RFC 1912 §2.2.
const REFRESH: i32 = 3600;
/// See [`REFRESH`].
const RETRY: i32 = 600;
/// See [`REFRESH`].
const EXPIRE: i32 = 1_209_600;

/// Writes the answer in at most `limit` octets; the second value says whether it was truncated.
pub(super) fn pass(
    zone: &Zone,
    header: Header,
    question: &Question,
    edns: Option<&Edns>,
    found: &Found,
    limit: usize,
) -> Result<(Vec<u8>, bool), Verdict> {
    let answer = &zone.answer;
    let mut response = reply::to(header, Some(question), edns, rcode::NO_ERROR);
    response.authoritative = true;
    response.answers = answers(answer, question, found);
    if response.answers.is_empty() {
        response.authorities = vec![soa(answer, question, found, answer.ttl.min(answer.negative_ttl))];
    }
    wire::write(&response, limit).ok_or_else(|| reply::silence(Counted::Dropped))
}

/// The records that answer the question; none is "no data".
fn answers(answer: &Answer, question: &Question, found: &Found) -> Vec<Record> {
    let record = |data| Record { name: question.name.clone(), ttl: answer.ttl, data };
    let a = || answer.a.iter().map(|address| record(Data::A(*address))).collect::<Vec<_>>();
    let aaaa = || answer.aaaa.iter().map(|address| record(Data::Aaaa(*address))).collect::<Vec<_>>();
    match question.qtype {
        qtype::A => a(),
        qtype::AAAA => aaaa(),
        qtype::NS if found.at_apex => answer.ns.iter().map(|name| record(Data::Ns(name.clone()))).collect(),
        qtype::SOA if found.at_apex => vec![soa(answer, question, found, answer.ttl)],
        // One record set is enough of an answer for ANY (RFC 8482 §4.1).
        qtype::ANY => {
            let a = a();
            if a.is_empty() { aaaa() } else { a }
        }
        _ => Vec::new(),
    }
}

/// The SOA of the held name, spelled in the question's case. With "no data" its TTL is how long that may be cached: the
/// lower of its own and MINIMUM (RFC 2308 §3).
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
