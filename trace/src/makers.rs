//! [`Makers`]: proves which generators make a name, by making the lists again that may hold it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use dga::{Error, Generate, Name, Period, WordLists, find};
use rustc_hash::FxHashMap;

use crate::index::{Fingerprint, Index, List};

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
}

impl<'a> Makers<'a> {
    /// Proves candidates of `index`; generators that need word lists take them from `words`.
    pub fn new(index: &'a Index, words: &'a WordLists) -> Self {
        let generators = vec![None; index.about().sources.len()];
        Self { index, words, generators, remembered: FxHashMap::default() }
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
        open.sort_unstable();
        let mut makers: Vec<(usize, Maker)> = Vec::new();
        for candidates in open.chunk_by(|one, other| one.0 == other.0) {
            let mut wanted = Wanted::default();
            candidates.iter().for_each(|(_, place)| wanted.add(name(*place), *place));
            self.make(candidates[0].0, &wanted, &mut makers)?;
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

    /// Makes a list, and takes those of its names that are wanted.
    fn make(&mut self, list: List, wanted: &Wanted<'_>, makers: &mut Vec<(usize, Maker)>) -> Result<(), Error> {
        let (source, valid) = self.index.list(list);
        let at = self.moment_of(list);
        let before = makers.len();
        for (index, name) in self.generator(source)?.names(at)?.iter().enumerate() {
            wanted.take(name, |place| makers.push((place, Maker { list, source, valid, index })));
        }
        // A list may hold a name twice; its first place counts.
        makers[before..].sort_by_key(|(place, maker)| (*place, maker.index));
        let mut last = None;
        let mut kept = before;
        for at in before..makers.len() {
            if last != Some(makers[at].0) {
                last = Some(makers[at].0);
                makers[kept] = makers[at];
                kept += 1;
            }
        }
        makers.truncate(kept);
        Ok(())
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
    names: FxHashMap<&'a [u8], Vec<usize>>,
}

impl<'a> Wanted<'a> {
    fn add(&mut self, name: &'a str, place: usize) {
        if name.len() <= Name::CAPACITY {
            self.lengths |= 1 << name.len();
            self.names.entry(name.as_bytes()).or_default().push(place);
        }
    }

    /// Hands over the places of a generated name, which may have capital letters.
    #[inline]
    fn take(&self, name: &Name, take: impl FnMut(usize)) {
        if self.lengths >> name.len() & 1 == 0 {
            return;
        }
        let mut lower = [0; Name::CAPACITY];
        let lower = &mut lower[..name.len()];
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        if let Some(places) = self.names.get(&*lower) {
            places.iter().copied().for_each(take);
        }
    }
}
