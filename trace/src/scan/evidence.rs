//! What the look-ups of generated names say about those who asked.

use std::cmp::Reverse;
use std::fmt;
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use dga::Period;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Match;
use super::verdict::Verdict;
use crate::index::{Index, List};
use crate::logs::Part;
use crate::makers::Maker;

/// Who asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Client {
    /// An address; IPv4 also where it was written as IPv6.
    Address(IpAddr),
    /// What a table has in the client's column, if that is no address.
    Named(Box<str>),
    /// The log does not say.
    Unknown,
}

impl fmt::Display for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(formatter),
            Self::Named(name) => formatter.pad(name),
            Self::Unknown => formatter.pad("-"),
        }
    }
}

/// What is known about one client.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Who.
    pub client: Client,
    /// The first and the last look-up of a generated name, where the log says.
    pub seen: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Questions for generated names: each look-up once, also where the log has question and answer.
    pub questions: u64,
    /// Answers that said the name does not exist.
    pub nxdomain: u64,
    /// Different names.
    pub names: u64,
    /// The lists that the names are of, the one with most names first. A name that is in several lists counts for that of
    /// them which has the most names.
    pub lists: Vec<OfList>,
    /// What this looks like.
    pub verdict: Verdict,
}

/// Names of one list that a client asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfList {
    /// The list.
    pub list: List,
    /// Its generator, as its place in [`crate::index::About::sources`].
    pub source: usize,
    /// When the names are valid.
    pub valid: Period,
    /// How many different names of it were asked for.
    pub names: u64,
    /// The smallest and the largest of their places in the list, from 0.
    pub places: (usize, usize),
    /// How these names follow each other.
    pub steps: Steps,
    /// How many of them were first asked for while they were valid, or less than a day before or after.
    pub in_time: u64,
    /// How many of them were first asked for at a time that the log does not say.
    pub undated: u64,
}

/// Steps from one name that is asked for the first time to the next such name of the same list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// To a name that stands later in the list.
    pub forward: u64,
    /// To a name that stands earlier.
    pub back: u64,
}

impl Steps {
    /// All steps.
    pub fn total(self) -> u64 {
        self.forward + self.back
    }
}

/// A bot's clock may be wrong, and its day may be one of another time zone.
const NEARLY: chrono::TimeDelta = chrono::TimeDelta::days(1);

/// All look-ups of generated names so far.
#[derive(Default)]
pub(super) struct Seen(FxHashMap<Client, OfClient>);

/// Look-ups of one client.
#[derive(Default)]
struct OfClient {
    seen: Option<(DateTime<Utc>, DateTime<Utc>)>,
    questions: u64,
    answers: u64,
    nxdomain: u64,
    names: FxHashSet<Box<str>>,
    /// In the order of the log.
    order: Vec<FirstLookup>,
}

/// The first look-up of a name.
struct FirstLookup {
    at: Option<DateTime<Utc>>,
    makers: Box<[Maker]>,
}

impl Seen {
    pub(super) fn add(&mut self, one: &Match<'_>) {
        // The question has its own record, with who asked.
        if *one.client == Client::Unknown && one.part == Part::Answer {
            return;
        }
        let client = self.0.entry(one.client.clone()).or_default();
        client.questions += u64::from(one.part != Part::Answer);
        client.answers += u64::from(one.part != Part::Question);
        client.nxdomain += u64::from(one.rcode == Some(NXDOMAIN));
        if let Some(at) = one.at {
            let (first, last) = client.seen.unwrap_or((at, at));
            client.seen = Some((first.min(at), last.max(at)));
        }
        if !client.names.contains(one.name) {
            client.names.insert(one.name.into());
            client.order.push(FirstLookup { at: one.at, makers: one.makers.into() });
        }
    }

    pub(super) fn evidence(&self, index: &Index) -> Vec<Evidence> {
        let mut clients: Vec<Evidence> = self.0.iter().map(|(client, of)| of.evidence(client.clone(), index)).collect();
        clients.sort_by(|one, other| (Reverse(one.names), &one.client).cmp(&(Reverse(other.names), &other.client)));
        clients
    }
}

/// The response code of a name that does not exist (RFC 1035, 4.1.1).
const NXDOMAIN: u16 = 3;

impl OfClient {
    fn evidence(&self, client: Client, index: &Index) -> Evidence {
        let mut sizes: FxHashMap<List, u64> = FxHashMap::default();
        for maker in self.order.iter().flat_map(|first| &first.makers) {
            *sizes.entry(maker.list).or_default() += 1;
        }
        let mut lists: FxHashMap<List, (OfList, usize)> = FxHashMap::default();
        for first in &self.order {
            let largest = first.makers.iter().max_by_key(|maker| (sizes[&maker.list], Reverse(maker.list)));
            let Some(maker) = largest else { continue };
            let (of, last) = lists.entry(maker.list).or_insert_with(|| (OfList::new(maker), maker.index));
            of.add(maker, first.at, *last);
            *last = maker.index;
        }
        let mut lists: Vec<OfList> = lists.into_values().map(|(of, _)| of).collect();
        lists.sort_by_key(|of| (Reverse(of.names), of.list));
        let names = self.order.len() as u64;
        let verdict = Verdict::of(&lists, |of| index.about().sources[of.source].family.as_str());
        // A log of answers only tells of questions all the same.
        let questions = self.questions.max(self.answers);
        Evidence { client, seen: self.seen, questions, nxdomain: self.nxdomain, names, lists, verdict }
    }
}

impl OfList {
    fn new(maker: &Maker) -> Self {
        Self {
            list: maker.list,
            source: maker.source,
            valid: maker.valid,
            names: 0,
            places: (maker.index, maker.index),
            steps: Steps::default(),
            in_time: 0,
            undated: 0,
        }
    }

    /// Adds a name that is asked for the first time; the one before stands at place `last`.
    fn add(&mut self, maker: &Maker, at: Option<DateTime<Utc>>, last: usize) {
        self.names += 1;
        self.steps.forward += u64::from(maker.index > last);
        self.steps.back += u64::from(maker.index < last);
        self.places = (self.places.0.min(maker.index), self.places.1.max(maker.index));
        match at {
            None => self.undated += 1,
            Some(at) => {
                let valid = maker.valid;
                let begun = valid.from.is_none_or(|from| from - NEARLY <= at);
                let ended = valid.until.is_some_and(|until| until + NEARLY <= at);
                self.in_time += u64::from(begun && !ended);
            }
        }
    }
}
