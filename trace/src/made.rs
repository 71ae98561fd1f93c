//! Lists that have been made, kept in a form in which names are found fast.

use chrono::{DateTime, Utc};
use dga::Name;
use rustc_hash::FxHashMap;

use crate::index::Fingerprint;

/// So many names are kept: a quarter of a gigabyte.
const KEPT: usize = 1 << 23;

/// Which list: its generator, and when it begins.
pub(crate) type Key = (usize, Option<DateTime<Utc>>);

/// Lists that have been made: a log has many names of few lists.
#[derive(Default)]
pub(crate) struct Made {
    lists: FxHashMap<Key, Places>,
    names: usize,
}

/// The places of a list's names.
pub(crate) struct Places {
    /// Ordered.
    fingerprints: Vec<(Fingerprint, u32)>,
    /// Where each name ends among the texts.
    ends: Vec<u32>,
    /// All names in lower case, in the order of the list.
    texts: Vec<u8>,
}

impl Made {
    /// The list, if it is kept.
    pub(crate) fn find(&self, key: &Key) -> Option<&Places> {
        self.lists.get(key)
    }

    /// Keeps a list.
    pub(crate) fn keep(&mut self, key: Key, names: &[Name]) {
        if self.names + names.len() > KEPT {
            *self = Self::default();
        }
        self.names += names.len();
        self.lists.insert(key, Places::new(names));
    }
}

impl Places {
    fn new(names: &[Name]) -> Self {
        let mut texts = Vec::with_capacity(names.iter().map(Name::len).sum());
        let mut fingerprints = Vec::with_capacity(names.len());
        let mut ends = Vec::with_capacity(names.len());
        for (place, name) in names.iter().enumerate() {
            let begin = texts.len();
            texts.extend(name.as_bytes().iter().map(u8::to_ascii_lowercase));
            fingerprints.push((Fingerprint::of(&texts[begin..]), place as u32));
            ends.push(texts.len() as u32);
        }
        fingerprints.sort_unstable();
        Self { fingerprints, ends, texts }
    }

    /// The first place of a name in lower case.
    pub(crate) fn of(&self, name: &str) -> Option<usize> {
        let fingerprint = Fingerprint::of(name.as_bytes());
        let begin = self.fingerprints.partition_point(|(other, _)| *other < fingerprint);
        let same = self.fingerprints[begin..].iter().take_while(|(other, _)| *other == fingerprint);
        same.map(|(_, place)| *place as usize).find(|place| self.name(*place) == name.as_bytes())
    }

    fn name(&self, place: usize) -> &[u8] {
        let begin = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.texts[begin as usize..self.ends[place] as usize]
    }
}
