//! Look-ups that wait until there are enough of them: many together are looked up faster than one by one.

use chrono::{DateTime, Utc};

use super::evidence::Client;
use crate::logs::{self, Lookup, Part};

/// As many as are looked up together.
const FULL: usize = 1 << 16;

/// Look-ups that wait; their texts lie one behind the other.
#[derive(Default)]
pub(super) struct Pending {
    records: Vec<Waiting>,
    texts: String,
}

/// A look-up that waits.
struct Waiting {
    offset: u64,
    at: Option<DateTime<Utc>>,
    client: Client,
    part: Part,
    rcode: Option<u16>,
    /// Where its name ends among the texts.
    end: usize,
}

/// A look-up as it was added.
pub(super) struct Record<'a> {
    pub(super) offset: u64,
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) client: Client,
    pub(super) name: &'a str,
    pub(super) part: Part,
    pub(super) rcode: Option<u16>,
}

impl Pending {
    pub(super) fn add(&mut self, lookup: &Lookup<'_>) {
        self.texts.push_str(lookup.name);
        let client = match lookup.client {
            None => Client::Unknown,
            Some(logs::Client::Address(address)) => Client::Address(address.to_canonical()),
            Some(logs::Client::Named(name)) => Client::Named(name.into()),
        };
        let Lookup { offset, at, part, rcode, .. } = *lookup;
        self.records.push(Waiting { offset, at, client, part, rcode, end: self.texts.len() });
    }

    pub(super) fn is_full(&self) -> bool {
        self.records.len() >= FULL
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// The names in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        (0..self.records.len()).map(|place| self.name(place))
    }

    fn name(&self, place: usize) -> &str {
        let begin = place.checked_sub(1).map_or(0, |before| self.records[before].end);
        &self.texts[begin..self.records[place].end]
    }

    /// The look-up at a place.
    pub(super) fn record(&self, place: usize) -> Record<'_> {
        let Waiting { offset, at, ref client, part, rcode, .. } = self.records[place];
        Record { offset, at, client: client.clone(), name: self.name(place), part, rcode }
    }

    /// The same memory without the look-ups.
    pub(super) fn emptied(mut self) -> Self {
        self.records.clear();
        self.texts.clear();
        self
    }
}
