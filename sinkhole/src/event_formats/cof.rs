//! Passive DNS in the Common Output Format (draft-dulaunoy-dnsop-passive-dns-cof): one JSON object a line for each name,
//! type and value that was answered, with the first and last time and how often.
//!
//! What was answered stands in every segment of a store. Answers without such a record (SOA, no data, those that were
//! cut to nothing) have no line. Lines are in the order of names; memory grows with the number of different names.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::name_text::lower;
use super::{Format, Info, Place, Sink, stream};
use crate::config::Answer;
use crate::event::{DnsQuestion, Event};
use crate::name::Name;
use crate::store::{Recorded, StoreId};
use crate::wire::qtype;

/// Passive DNS.
pub(crate) struct Cof;

impl Format for Cof {
    fn info(&self) -> Info {
        Info {
            name: "cof",
            about: "passive DNS, Common Output Format: what was answered, first and last time, how often",
            is_folder: false,
        }
    }

    fn begin(&self, place: Place) -> io::Result<Box<dyn Sink>> {
        Ok(Box::new(Sums { stream: stream(place)?, sums: BTreeMap::new() }))
    }
}

/// One value of a name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// The name that was asked for, in lower case.
    name: Name,
    /// The record's type.
    rrtype: &'static str,
    /// The record's value.
    rdata: String,
    /// Who saw it.
    store: StoreId,
}

/// How often a value was seen.
struct Sum {
    /// The held name at or above the name.
    bailiwick: Name,
    /// When it was seen first.
    first: DateTime<Utc>,
    /// When it was seen last.
    last: DateTime<Utc>,
    /// How often it was seen.
    count: u64,
}

/// The fields of the draft, §3.1 and §3.2.
#[derive(Serialize)]
struct Line<'a> {
    /// The name that was asked for.
    rrname: String,
    /// The record's type.
    rrtype: &'static str,
    /// The record's value.
    rdata: &'a str,
    /// Seconds since 1970.
    time_first: i64,
    /// Seconds since 1970.
    time_last: i64,
    /// How often.
    count: u64,
    /// The held name: the zone that answered.
    bailiwick: String,
    /// The store's identity.
    sensor_id: String,
}

/// Values that are added up until the end.
struct Sums {
    /// Where the lines go.
    stream: Box<dyn Write>,
    /// What was seen so far.
    sums: BTreeMap<Key, Sum>,
}

impl Sink for Sums {
    fn add(&mut self, recorded: &Recorded) -> io::Result<bool> {
        let (Event::Dns(question), Some(answers)) = (&recorded.event, &recorded.answers) else { return Ok(false) };
        let values = values(question, answers);
        let at = question.origin.at;
        for (rrtype, rdata) in &values {
            let key =
                Key { name: question.name.to_lowercase(), rrtype, rdata: rdata.clone(), store: recorded.id.store };
            let sum = self.sums.entry(key).or_insert_with(|| Sum {
                bailiwick: question.held.name.clone(),
                first: at,
                last: at,
                count: 0,
            });
            sum.first = sum.first.min(at);
            sum.last = sum.last.max(at);
            sum.count += 1;
        }
        Ok(!values.is_empty())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        for (key, sum) in &self.sums {
            let line = Line {
                rrname: key.name.to_string(),
                rrtype: key.rrtype,
                rdata: &key.rdata,
                time_first: sum.first.timestamp(),
                time_last: sum.last.timestamp(),
                count: sum.count,
                bailiwick: sum.bailiwick.to_string(),
                sensor_id: key.store.to_string(),
            };
            serde_json::to_writer(&mut self.stream, &line)?;
            self.stream.write_all(b"\n")?;
        }
        self.stream.flush()
    }
}

/// The records that answered a question, as type and value.
fn values(question: &DnsQuestion, answer: &Answer) -> Vec<(&'static str, String)> {
    if question.rcode != 0 || question.truncated {
        return Vec::new();
    }
    let a = || answer.a.iter().map(|address| ("A", address.to_string())).collect::<Vec<_>>();
    let aaaa = || answer.aaaa.iter().map(|address| ("AAAA", address.to_string())).collect::<Vec<_>>();
    match question.qtype {
        qtype::A => a(),
        qtype::AAAA => aaaa(),
        qtype::NS if question.name.label_count() == question.held.name.label_count() => {
            answer.ns.iter().map(|name| ("NS", lower(name))).collect()
        }
        qtype::ANY => {
            let a = a();
            if a.is_empty() { aaaa() } else { a }
        }
        _ => Vec::new(),
    }
}
