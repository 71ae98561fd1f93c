//! [`Makers`]: proves which generators make a name, by making the lists again that may hold it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use dga::{Error, Generate, Name, Period, WordLists, find};
use rustc_hash::FxHashMap;

use crate::index::{Fingerprint, Index, List};
use crate::made::Made;

/// How many proved names are remembered, so that a name that is asked about again costs nothing.
const REMEMBERED: usize = 1 << 18;

/// A list that holds a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maker {
    /// The list.
    pub list: List,
    /// The place of the generator in [`crate::index::About::sources`].
    pub source: usize,
    /// The interval during which the name is valid without a break.
    pub valid: Period,
    /// The name's place, from 0, in the list with which the interval begins, or in that of the index's first moment where the
    /// interval has no beginning.
    pub index: usize,
}

/// All lists that hold a name, in the order of the index's sources, then by period; never empty.
pub type Proof = Arc<[Maker]>;

/// Proves candidates of an index.
pub struct Makers<'a> {
    index: &'a Index,
    words: &'a WordLists,
    /// Bound when they are first needed: most never are.
    generators: Vec<Option<Arc<dyn Generate>>>,
    remembered: FxHashMap<Box<str>, Option<Proof>>,
    made: Made,
    /// Memory for the names of the list in hand.
    buffer: Vec<Name>,
}

impl<'a> Makers<'a> {
    /// Proves candidates of `index`; generators that need word lists take them from `words`.
    pub fn new(index: &'a Index, words: &'a WordLists) -> Self {
        let generators = vec![None; index.about().sources.len()];
        Self { index, words, generators, remembered: FxHashMap::default(), made: Made::default(), buffer: Vec::new() }
    }

    /// The index.
    pub fn index(&self) -> &'a Index {
        self.index
    }

    /// Who makes the names with these fingerprints, by their places; `name` tells the name of a place, in lower case. A name
    /// that nobody makes is left out.
    ///
    /// # Errors
    ///
    /// A generator of the index cannot be bound, for example because a word list is missing.
    pub fn of<'n>(
        &mut self,
        name: impl Fn(usize) -> &'n str,
        fingerprints: &[Fingerprint],
    ) -> Result<Vec<(usize, Proof)>, Error> {
        let mut candidates = Vec::new();
        self.index.candidates(fingerprints, &mut candidates);
        let mut proved = Vec::new();
        let mut open: Vec<(List, usize)> = Vec::new();
        for (place, list) in candidates {
            let place = place as usize;
            match self.remembered.get(name(place)) {
                // A name with several candidates is remembered once for all of them.
                Some(known) if proved.last().is_none_or(|(last, _)| *last != place) => {
                    proved.extend(known.clone().map(|proof| (place, proof)));
                }
                Some(_) => {}
                None => open.push((list, place)),
            }
        }
        if !open.is_empty() {
            self.prove(&name, open, &mut proved)?;
        }
        Ok(proved)
    }

    /// Makes each list once for all names that it may hold.
    fn prove<'n>(
        &mut self,
        name: &impl Fn(usize) -> &'n str,
        mut open: Vec<(List, usize)>,
        proved: &mut Vec<(usize, Proof)>,
    ) -> Result<(), Error> {
        let index = self.index;
        open.sort_unstable_by_key(|(list, place)| (index.beginning(*list), *list, *place));
        let mut makers: Vec<(usize, Maker)> = Vec::new();
        for candidates in open.chunk_by(|one, other| index.beginning(one.0) == index.beginning(other.0)) {
            let wanted = candidates.iter().map(|(_, place)| name(*place));
            let places = self.places(candidates[0].0, wanted)?;
            for ((list, place), index) in candidates.iter().zip(places) {
                let (source, valid) = self.index.list(*list);
                makers.extend(index.map(|index| (*place, Maker { list: *list, source, valid, index })));
            }
        }
        makers.sort_by_key(|(place, maker)| (*place, maker.list));
        if self.remembered.len() >= REMEMBERED {
            self.remembered.clear();
        }
        for (_, place) in open {
            self.remembered.entry(name(place).into()).or_default();
        }
        for same in makers.chunk_by(|one, other| one.0 == other.0) {
            let place = same[0].0;
            let proof: Proof = same.iter().map(|(_, maker)| *maker).collect();
            self.remembered.insert(name(place).into(), Some(proof.clone()));
            proved.push((place, proof));
        }
        proved.sort_by_key(|(place, _)| *place);
        Ok(())
    }

    /// The first places of names in a list.
    fn places<'n>(
        &mut self,
        list: List,
        names: impl Iterator<Item = &'n str> + Clone,
    ) -> Result<Vec<Option<usize>>, Error> {
        let (source, valid) = self.index.list(list);
        let key = (source, valid.from);
        if let Some(places) = self.made.find(&key) {
            return Ok(names.map(|name| places.of(name)).collect());
        }
        let generator = self.generator(source)?;
        let mut made = std::mem::take(&mut self.buffer);
        made.clear();
        generator.lists(&[self.moment_of(list)], None, std::slice::from_mut(&mut made))?;
        let mut wanted = Wanted::default();
        names.clone().for_each(|name| wanted.add(name));
        made.iter().enumerate().for_each(|(index, name)| wanted.meet(name, index));
        self.made.keep(key, &made);
        self.buffer = made;
        Ok(names.map(|name| wanted.place(name)).collect())
    }

    /// A generator of the index, bound.
    ///
    /// # Errors
    ///
    /// It cannot be bound, for example because a word list is missing.
    pub fn generator(&mut self, source: usize) -> Result<Arc<dyn Generate>, Error> {
        if let Some(generator) = &self.generators[source] {
            return Ok(Arc::clone(generator));
        }
        let known = &self.index.about().sources[source];
        let generator = find(&known.family)?.bind_configuration(&known.configuration(), self.words)?;
        self.generators[source] = Some(Arc::clone(&generator));
        Ok(generator)
    }

    /// A moment at which a list is valid.
    pub fn moment_of(&self, list: List) -> DateTime<Utc> {
        // What has no beginning was valid when the range began.
        self.index.list(list).1.from.unwrap_or(self.index.about().from)
    }
}

/// Names that are looked for in a list.
#[derive(Default)]
struct Wanted<'a> {
    /// A bit for each length: most names of a list are told apart by it.
    lengths: u128,
    /// The first place of each, if it has been met.
    places: FxHashMap<&'a [u8], Option<usize>>,
}

impl<'a> Wanted<'a> {
    fn add(&mut self, name: &'a str) {
        if name.len() <= Name::CAPACITY {
            self.lengths |= 1 << name.len();
            self.places.insert(name.as_bytes(), None);
        }
    }

    /// Takes note of a generated name, which may have capital letters.
    #[inline]
    fn meet(&mut self, name: &Name, index: usize) {
        if self.lengths >> name.len() & 1 == 0 {
            return;
        }
        let mut lower = [0; Name::CAPACITY];
        let lower = &mut lower[..name.len()];
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        if let Some(place) = self.places.get_mut(&*lower) {
            place.get_or_insert(index);
        }
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name.as_bytes()).copied().flatten()
    }
}
