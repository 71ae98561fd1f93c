//! The names that are held, and the search for the one at or above a question.

mod collection;
mod fingerprint;
mod published;
mod search;
mod table;
pub(crate) mod zone;

use std::collections::HashMap;
use std::sync::Arc;

use crate::name::Name;
use crate::names::fingerprint::Key;
use crate::names::search::Search;
use crate::names::table::Table;
use crate::store::LabelId;

pub(crate) use collection::{Collection, Collector, Described, TextId, TooManyTexts};
pub(crate) use published::Published;
pub(crate) use search::Probe;
pub(crate) use zone::{Zone, ZoneId};

/// The names that are held, and what is answered for them. Cloning it copies only what changed while the sinkhole ran.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// Of all fingerprints.
    key: Key,
    /// The names of the configuration.
    table: Arc<Table>,
    /// What its lists are held for.
    lists: Arc<[List]>,
    /// What was held or released since, by fingerprint: looked at first where there is any.
    changed: HashMap<u64, Option<Entry>>,
    /// What is answered; the first for names that are held while the sinkhole runs. Never empty.
    zones: Arc<[Zone]>,
    /// Bit n is set when there may be held names with n labels: no other endings of a question need a look.
    depths: u128,
    /// How many names are held.
    held: usize,
}

/// What all names of a list are held for.
#[derive(Clone, Copy, Debug)]
struct List {
    label: LabelId,
    preset: LabelId,
    period: u32,
    zone: ZoneId,
}

/// What a name is held for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The family's text.
    pub(crate) label: LabelId,
    /// The preset's text.
    pub(crate) preset: LabelId,
    /// Beginning of the list's period, minutes since 1970; 0 for none.
    pub(crate) period: u32,
    /// Place in its list.
    pub(crate) index: u32,
    /// What is answered.
    pub(crate) zone: ZoneId,
}

/// The deepest held name at or above a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) entry: Entry,
    /// How many labels the held name has: those at the question's end.
    pub(crate) apex_labels: u8,
    /// The question is for the held name itself.
    pub(crate) at_apex: bool,
}

impl Names {
    /// No names, whose answers would be `zone`.
    #[cfg(test)]
    pub(crate) fn new(zone: Zone) -> Self {
        Self::of(&Collection::default(), vec![zone], |_| LabelId::NONE)
    }

    /// All names of a collection, answered with `zones`, which are at least one, and all that the collection names.
    /// `label` gives each of its texts a number; the empty one has none.
    pub(crate) fn of(collection: &Collection, zones: Vec<Zone>, mut label: impl FnMut(&str) -> LabelId) -> Self {
        let number = |text: &String| if text.is_empty() { LabelId::NONE } else { label(text) };
        let numbers: Vec<LabelId> = collection.texts.iter().map(number).collect();
        let list = |described: &Described| List {
            label: numbers[usize::from(described.label.0)],
            preset: numbers[usize::from(described.preset.0)],
            period: described.period,
            zone: ZoneId(described.zone),
        };
        Self {
            key: collection.key.clone(),
            table: Arc::clone(&collection.table),
            lists: collection.lists.iter().map(list).collect(),
            changed: HashMap::new(),
            zones: zones.into(),
            depths: collection.depths,
            held: collection.len(),
        }
    }

    /// Holds `name` and everything below it.
    pub(crate) fn hold(&mut self, name: &Name, entry: Entry) {
        let fingerprint = self.fingerprint(name);
        if self.entry(fingerprint).is_none() {
            self.held += 1;
        }
        self.depths |= 1 << name.label_count();
        self.changed.insert(fingerprint, Some(entry));
    }

    /// Lets `name` go; says whether it was held.
    pub(crate) fn release(&mut self, name: &Name) -> bool {
        let fingerprint = self.fingerprint(name);
        if self.entry(fingerprint).is_none() {
            return false;
        }
        self.held -= 1;
        if self.table.find(fingerprint).is_some() {
            self.changed.insert(fingerprint, None);
        } else {
            self.changed.remove(&fingerprint);
        }
        true
    }

    /// How many names are held.
    pub(crate) fn len(&self) -> usize {
        self.held
    }

    /// What is answered for an entry.
    pub(crate) fn zone(&self, entry: &Entry) -> &Zone {
        &self.zones[usize::from(entry.zone.0)]
    }

    /// The deepest held name at or above the one whose octets on the wire are `name`, in whatever case. The octets are
    /// one whole uncompressed name.
    pub(crate) fn find(&self, name: &[u8]) -> Option<Found> {
        self.find_from(name, self.probe(name))
    }

    /// Where the search for `name` begins. It reads nothing of the table.
    pub(crate) fn probe(&self, name: &[u8]) -> Probe {
        self.search().begin(name)
    }

    /// Reads what the searches begin with. The processor waits for all of it at once, instead of for one after the
    /// other when it is looked up.
    pub(crate) fn fetch(&self, probes: impl Iterator<Item = Probe>) {
        let read = probes.fold(0, |read, probe| read ^ self.table.peek(probe.fingerprint));
        std::hint::black_box(read);
    }

    /// As [`Names::find`], after [`Names::probe`] said where to begin.
    pub(crate) fn find_from(&self, name: &[u8], probe: Probe) -> Option<Found> {
        let (entry, depth) = self.search().go_on(name, probe, |fingerprint| self.entry(fingerprint))?;
        Some(Found { entry, apex_labels: depth, at_apex: depth == probe.labels })
    }

    fn search(&self) -> Search<'_> {
        Search { key: &self.key, depths: self.depths }
    }

    /// What the name with this fingerprint is held for.
    fn entry(&self, fingerprint: u64) -> Option<Entry> {
        if !self.changed.is_empty()
            && let Some(changed) = self.changed.get(&fingerprint)
        {
            return *changed;
        }
        let slot = self.table.find(fingerprint)?;
        let List { label, preset, period, zone } = self.lists[slot.list as usize];
        Some(Entry { label, preset, period, index: slot.index, zone })
    }

    fn fingerprint(&self, name: &Name) -> u64 {
        self.key.fingerprint(&name.as_wire().to_ascii_lowercase())
    }
}

#[cfg(test)]
mod tests;
