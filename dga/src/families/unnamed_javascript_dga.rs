//! An unnamed worm in JavaScript, found in 2015: an early form of Proslikefan, which see.
//!
//! # Names
//!
//! 30 names a day (UTC): ten for each of `cc`, `co` and `eu`, which are the inner loop, with labels of 6 to 12 letters.
//!
//! # Bots
//!
//! The script shuffles the list before it tries the names. How many it tries and how often is not documented.
//!
//! # Pitfalls
//!
//! - The first names of the list are tried no sooner than others.
//! - Family `proslikefan` makes the same names with the word `OK` and these zones: they are one worm.
//!
//! # Parameters
//!
//! - `seed`: the sample's word, ASCII, by default `OK`

use super::prelude::*;
use crate::parameter::Parameters;
use crate::prim::script_hash::{self, append_label, dotted, hash, polynomial};
use crate::search::parameter;

/// Parameters of the unnamed worm.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UnnamedJavascriptDga {
    seed: String,
}

impl Default for UnnamedJavascriptDga {
    fn default() -> Self {
        Self { seed: "OK".into() }
    }
}

const ZONES: [&str; 3] = ["cc", "co", "eu"];

impl Algorithm for UnnamedJavascriptDga {
    const INFO: Info = Info {
        name: "unnamed_javascript_dga",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2015), Some(2015)),
        references: &["https://johannesbader.ch/2015/11/a-javascript-based-dga/"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        finds: &[("seed", "A")],
        any: Any::Places,
        note: "a word that gives the same names on all days; the true one is another",
        ..Quest::NEW
    }];

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        Refusal::unless_ascii("seed", &self.seed)?;
        Ok(Bound { start: polynomial(self.seed.as_bytes()), suffixes: Suffixes::fixed(&ZONES) })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    /// What is kept of the word.
    start: u32,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let middle = dotted(at);
        (0..10).flat_map(move |number| {
            ZONES.iter().enumerate().map(move |(zone, text)| {
                let mut name = Name::new();
                append_label(hash(self.start, &[middle.as_bytes(), text.as_bytes()]) + number, &mut name);
                self.suffixes.append(zone, &mut name);
                name
            })
        })
    }
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.start = number as u32;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let (middle, zones) = (dotted(at), ZONES.len());
        let behind = [middle.as_bytes(), ZONES[clue.place() % zones].as_bytes()];
        script_hash::sift(&behind, (clue.place() / zones) as u32, clue.letters(LETTERS), numbers, passed);
    }

    fn parameters(&self, quest: &Quest, number: u64) -> Option<Parameters> {
        Some(parameter(quest.parameter(), script_hash::word(number as u32)?))
    }
}
