//! What a family provides so that an unknown number of it can be found from names: a space of numbers, a quick test that
//! rejects most of them, and the way back from an inner state.
//!
//! A family says in [`Algorithm::QUESTS`](crate::Algorithm) what can be sought, and implements [`Seeded`] for its bound
//! generator. [`Searching`] makes a [`Seek`] of that: the loop over a block of numbers is compiled for each family, and
//! only blocks cross the border of a trait object. Whatever passes the quick test is compared name by name with what the
//! generator itself makes.

use std::ops::{Range, RangeInclusive};

use chrono::{DateTime, Utc};

use crate::algorithm::{Ready, Refusal};
use crate::name::Name;
use crate::parameter::Parameters;

/// Something unknown of a family that a search can find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quest {
    /// The parameters that are found, each with a value (in YAML) that stands there until it is. [`NAME`] stands for the
    /// first captured name, and [`ABSENT`] for a parameter that has no value then.
    pub finds: &'static [(&'static str, &'static str)],
    /// The variants to which it applies; all of them if empty.
    pub variants: &'static [&'static str],
    /// How many numbers there are to try: 0 up to one less than this.
    pub numbers: u64,
    /// What a search for a name whose place is unknown does.
    pub any: Any,
    /// What else a reader of the result must know: what equal numbers have in common, or what was left out.
    pub note: &'static str,
}

impl Quest {
    /// What holds for most families.
    pub const NEW: Self = Self { finds: &[("seed", "0")], variants: &[], numbers: 1 << 32, any: Any::Lists, note: "" };

    /// The name of the parameter that is found, or of the first of them.
    pub fn parameter(&self) -> &'static str {
        self.finds[0].0
    }

    /// The names of all parameters that are found.
    pub fn found(&self) -> impl Iterator<Item = &'static str> {
        self.finds.iter().filter(|(_, value)| *value != ABSENT).map(|(name, _)| *name)
    }

    /// Whether the list is a chain in which each name follows from the one before: then it begins with the captured name,
    /// and what comes before that cannot be known.
    pub fn is_chain(&self) -> bool {
        self.finds.iter().any(|(_, value)| *value == NAME)
    }

    /// Whether it applies to a variant.
    pub fn is_of(&self, variant: &str) -> bool {
        self.variants.is_empty() || self.variants.contains(&variant)
    }
}

/// In [`Quest::finds`], the first captured name.
pub const NAME: &str = "@name";

/// In [`Quest::finds`], no value: the parameter contradicts what is found, and is left out.
pub const ABSENT: &str = "~";

/// How a name is found whose place in the list is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Any {
    /// The state that starts the name is as large as the seed and takes its place: one pass finds it, whatever the place,
    /// and [`Seek::before`] walks back from it.
    State,
    /// One pass for each place of the list; no place costs more than the first.
    Places,
    /// One pass in which every number's whole list is made.
    Lists,
}

/// A captured name, and its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clue {
    name: Name,
    place: usize,
}

impl Clue {
    /// A captured name in lower case, and its place in the list, counted from 0.
    ///
    /// `None` if the name is longer than any that a family makes.
    pub fn new(name: &str, place: usize) -> Option<Self> {
        Some(Self { name: Name::parse(&name.to_ascii_lowercase())?, place })
    }

    /// The name, in lower case.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The name's place, counted from 0.
    pub fn place(&self) -> usize {
        self.place
    }

    /// The same name at another place.
    #[must_use]
    pub fn at(mut self, place: usize) -> Self {
        self.place = place;
        self
    }

    /// Whether a generator's name is this one. Domain names have no case, and captured ones seldom keep that of the bot.
    #[inline]
    pub fn is(&self, name: &Name) -> bool {
        self.name.as_bytes().eq_ignore_ascii_case(name.as_bytes())
    }

    /// What stands before the first dot.
    #[inline]
    pub(crate) fn label(&self) -> &[u8] {
        let bytes = self.name.as_bytes();
        bytes.split(|byte| *byte == b'.').next().unwrap_or(bytes)
    }

    /// The numbers of the label's first characters in an alphabet; what a label lacks or the alphabet has not is a number
    /// that no draw gives.
    pub(crate) fn letters<const COUNT: usize>(&self, alphabet: &[u8]) -> [u32; COUNT] {
        let label = self.label();
        std::array::from_fn(|place| {
            let letter = label
                .get(place)
                .and_then(|letter| alphabet.iter().position(|other| other.eq_ignore_ascii_case(letter)));
            letter.map_or(u32::MAX, |number| number as u32)
        })
    }
}

/// The letters `a` to `z`.
pub(crate) const LETTERS: &[u8; 26] = b"abcdefghijklmnopqrstuvwxyz";

/// A search that is ready: implemented once, for every family that has one.
pub trait Seek: Send + Sync {
    /// Calls `found` for every number of a block from which all these names follow at their places. `clues` are in the
    /// order of their places and not empty.
    fn search(&self, numbers: Range<u64>, clues: &[Clue], found: &mut dyn FnMut(u64));

    /// Calls `found` for every number of a block whose list has this name among its first `reach`, with the first place
    /// that has it.
    fn search_lists(&self, numbers: Range<u64>, clue: &Clue, reach: usize, found: &mut dyn FnMut(u64, usize));

    /// Whether these names follow from a number at their places, as the generator itself says.
    fn fits(&self, number: u64, clues: &[Clue]) -> bool;

    /// The numbers whose list goes on, after its first name, as the list of this number begins; `None` where a family
    /// cannot say.
    fn before(&self, number: u64) -> Option<Vec<u64>>;

    /// The parameters that a number stands for; `None` if no value of the parameters stands for it.
    fn parameters(&self, number: u64) -> Option<Parameters>;
}

/// A bound generator whose unknown number can be replaced.
pub(crate) trait Seeded: Ready + Clone {
    /// Replaces the number.
    fn reseed(&mut self, quest: &Quest, number: u64);

    /// Calls `passed` for every number of a block from which the clue's name could follow at its place: for all that do
    /// and, so that the search is fast, for few others.
    fn sift(&self, _: &Quest, _: DateTime<Utc>, _: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        numbers.for_each(passed);
    }

    /// As [`Seek::before`].
    fn before(&self, _: DateTime<Utc>, _: u64) -> Option<Vec<u64>> {
        None
    }

    /// As [`Seek::parameters`].
    fn parameters(&self, quest: &Quest, number: u64) -> Option<Parameters> {
        Some(parameter(quest.parameter(), number))
    }
}

/// One parameter with this value.
pub(crate) fn parameter(name: &str, value: impl Into<serde_yaml::Value>) -> Parameters {
    Parameters::from([(name.to_owned(), value.into().into())])
}

/// A sift by a test that is right for the list's first name only: for later places everything passes.
#[inline]
pub(crate) fn sift_first(clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64), test: impl Fn(u32) -> bool) {
    if clue.place == 0 {
        sift(numbers, passed, test);
    } else {
        numbers.for_each(passed);
    }
}

/// A sift by a test that is right for every place.
#[inline]
pub(crate) fn sift(numbers: Range<u64>, passed: &mut dyn FnMut(u64), test: impl Fn(u32) -> bool) {
    for number in numbers {
        if test(number as u32) {
            passed(number);
        }
    }
}

/// The states from which a generator makes one name and then has the state `after`, where a name takes so many draws,
/// `back` undoes one draw (in all ways that there are), and `name` makes a name and gives the state behind it.
pub(crate) fn rewind<B: IntoIterator<Item = u32>>(
    after: u32,
    draws: RangeInclusive<u32>,
    back: impl Fn(u32) -> B,
    name: impl Fn(u32) -> u32,
) -> Vec<u32> {
    let mut states = vec![after];
    let mut starts = Vec::new();
    for draw in 1..=*draws.end() {
        states = states.into_iter().flat_map(&back).collect();
        if draws.contains(&draw) {
            starts.extend(states.iter().copied().filter(|state| name(*state) == after));
        }
    }
    // A circle that is shorter than a name leads to the same start more than once.
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// What [`Algorithm::seek`](crate::Algorithm::seek) gives.
pub type Sought = Result<Box<dyn Seek>, Refusal>;

/// A search with a family's bound generator, for one moment.
pub(crate) struct Searching<B> {
    bound: B,
    quest: &'static Quest,
    at: DateTime<Utc>,
}

impl<B: Seeded> Searching<B> {
    /// A search for what `quest` says, in lists that are valid at `at`.
    pub(crate) fn sought(bound: B, quest: &'static Quest, at: DateTime<Utc>) -> Box<dyn Seek> {
        Box::new(Self { bound, quest, at })
    }

    fn agrees(&self, bound: &B, clues: &[Clue]) -> bool {
        let mut names = bound.names(self.at);
        let mut next = 0;
        clues.iter().all(|clue| {
            let skipped = clue.place - next;
            next = clue.place + 1;
            names.nth(skipped).is_some_and(|name| clue.is(&name))
        })
    }
}

impl<B: Seeded> Seek for Searching<B> {
    fn search(&self, numbers: Range<u64>, clues: &[Clue], found: &mut dyn FnMut(u64)) {
        let mut bound = self.bound.clone();
        self.bound.sift(self.quest, self.at, &clues[0], numbers, &mut |number| {
            bound.reseed(self.quest, number);
            if self.agrees(&bound, clues) {
                found(number);
            }
        });
    }

    fn search_lists(&self, numbers: Range<u64>, clue: &Clue, reach: usize, found: &mut dyn FnMut(u64, usize)) {
        let mut bound = self.bound.clone();
        for number in numbers {
            bound.reseed(self.quest, number);
            let place = bound.names(self.at).take(reach).position(|name| clue.is(&name));
            if let Some(place) = place {
                found(number, place);
            }
        }
    }

    fn fits(&self, number: u64, clues: &[Clue]) -> bool {
        let mut bound = self.bound.clone();
        bound.reseed(self.quest, number);
        self.agrees(&bound, clues)
    }

    fn before(&self, number: u64) -> Option<Vec<u64>> {
        self.bound.before(self.at, number)
    }

    fn parameters(&self, number: u64) -> Option<Parameters> {
        self.bound.parameters(self.quest, number)
    }
}
