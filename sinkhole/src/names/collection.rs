//! Names on their way into a table: each is kept as a fingerprint with its list and place, and lists as what they are
//! held for.

use std::collections::HashMap;
use std::sync::Arc;

use crate::names::fingerprint::Key;
use crate::names::search::{Search, label_count};
use crate::names::table::{Slot, Table, unify};

/// Entries after which those of the same name are looked for the first time.
const FIRST_UNIFIED: usize = 1 << 22;

/// What all names of a list are held for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Described {
    /// The family's text: its place among the collection's.
    pub(crate) label: TextId,
    /// The preset's text.
    pub(crate) preset: TextId,
    /// Beginning of the list's period, minutes since 1970; 0 for none.
    pub(crate) period: u32,
    /// What is answered: a place among the zones; 0 is what everything else is answered with.
    pub(crate) zone: u16,
}

/// The place of a text in a collection; the empty text is always there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct TextId(pub(crate) u16);

/// Names in any number, and what each is held for. Cloning it does not copy them.
#[derive(Clone, Debug)]
pub(crate) struct Collection {
    /// Of the fingerprints.
    pub(super) key: Key,
    pub(super) table: Arc<Table>,
    /// Bit n is set when there are names with n labels.
    pub(super) depths: u128,
    pub(super) lists: Arc<[Described]>,
    pub(super) texts: Arc<[String]>,
}

impl Default for Collection {
    fn default() -> Self {
        Collector::default().finish()
    }
}

impl Collection {
    /// How many names there are.
    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether the name whose octets on the wire are `name`, or one above it, is among them.
    pub(crate) fn holds(&self, name: &[u8]) -> bool {
        let search = Search { key: &self.key, depths: self.depths };
        search.go_on(name, search.begin(name), |fingerprint| self.table.find(fingerprint)).is_some()
    }
}

/// There are more texts than events can have numbers for: 65,535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than 65,535 different families and presets")]
pub(crate) struct TooManyTexts;

/// Collects names.
#[derive(Debug)]
pub(crate) struct Collector {
    key: Key,
    slots: Vec<Slot>,
    depths: u128,
    lists: Vec<Described>,
    /// The lists of the present source. A name belongs to the first of its sources, and there to the list that began
    /// first, so those of different sources have different numbers.
    numbers: HashMap<Described, u32>,
    /// The list of the last name: most have the same.
    last: Option<(Described, u32)>,
    texts: Vec<String>,
    places: HashMap<String, TextId>,
    /// So many entries may be there before those of the same name are looked for.
    limit: usize,
}

impl Default for Collector {
    fn default() -> Self {
        Self {
            key: Key::default(),
            slots: Vec::new(),
            depths: 0,
            lists: Vec::new(),
            numbers: HashMap::new(),
            last: None,
            texts: vec![String::new()],
            places: HashMap::from([(String::new(), TextId::default())]),
            limit: FIRST_UNIFIED,
        }
    }
}

impl Collector {
    /// The place of a text.
    pub(crate) fn text(&mut self, text: &str) -> Result<TextId, TooManyTexts> {
        if let Some(place) = self.places.get(text) {
            return Ok(*place);
        }
        let place = TextId(u16::try_from(self.texts.len()).map_err(|_| TooManyTexts)?);
        self.texts.push(text.to_owned());
        self.places.insert(text.to_owned(), place);
        Ok(place)
    }

    /// What is added from now on comes from another source.
    pub(crate) fn next_source(&mut self) {
        self.numbers.clear();
        self.last = None;
    }

    /// Adds the name whose octets on the wire, in lower case, are `lower`.
    pub(crate) fn add(&mut self, lower: &[u8], held_for: Described, index: u32) {
        let list = match self.last {
            Some((before, number)) if before == held_for => number,
            _ => {
                let list = *self.numbers.entry(held_for).or_insert_with(|| {
                    self.lists.push(held_for);
                    (self.lists.len() - 1) as u32
                });
                self.last = Some((held_for, list));
                list
            }
        };
        self.depths |= 1 << label_count(lower);
        self.slots.push(Slot { fingerprint: self.key.fingerprint(lower), list, index });
        if self.slots.len() >= self.limit {
            // Lists that say the same over and over must not take more memory than the names that are in them.
            unify(&mut self.slots);
            self.limit = FIRST_UNIFIED.max(2 * self.slots.len());
        }
    }

    /// All names, each with the first of its lists.
    pub(crate) fn finish(self) -> Collection {
        // Nothing that is not needed any more takes memory while the table does.
        drop((self.numbers, self.places));
        Collection {
            key: self.key,
            table: Arc::new(Table::new(self.slots)),
            depths: self.depths,
            lists: self.lists.into(),
            texts: self.texts.into(),
        }
    }
}
