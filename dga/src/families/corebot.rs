//! CoreBot: a Windows banking trojan and information stealer of 2015.
//!
//! # Names
//!
//! 40 names a day (UTC), in the order in which they are made, with labels of 12 to 23 characters `a` to `y` and `0` to
//! `8`.
//!
//! # Bots
//!
//! A bot takes the date from the reply of a web server, not from its own clock. How many names it tries, in which order
//! and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Public copies of the script differ in the seed by 65536, which is the same as the next `group`: prepare for both.
//! - Debugging builds have the names of day 8 on every day, which `day_override` gives.
//! - The zone is a setting of the sample; only `ddns.net` is known.
//!
//! # Parameters
//!
//! - `seed`: the sample's number, by default `0x1DB98930`; adding 65536 to it is the same as raising `group` by one
//! - `group`: configuration value `core.dga.group`, by default 1
//! - `day_override`: takes the place of the day of the month; debugging builds have 8 here

use super::prelude::*;
use crate::prim::lcg::Recipes;

/// Parameters of CoreBot.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Corebot {
    seed: u32,
    group: u32,
    day_override: Option<u32>,
}

impl Default for Corebot {
    fn default() -> Self {
        Self { seed: 0x1DB9_8930, group: 1, day_override: None }
    }
}

impl Algorithm for Corebot {
    const INFO: Info = Info {
        name: "corebot",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2015), Some(2015)),
        references: &["https://johannesbader.ch/blog/the-dga-of-corebot/"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        any: Any::State,
        note: "all the difference to the true configuration may lie in `group`: 65536 more of the seed are one more of it",
        ..Quest::NEW
    }];

    fn schedule(&self) -> Schedule {
        match self.day_override {
            None => Schedule::DAY,
            Some(_) => Schedule::MONTH,
        }
    }

    fn bind(self, _: &WordLists) -> Result<Self, Refusal> {
        Ok(self)
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

impl Ready for Corebot {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut random = Recipes(self.start(at).wrapping_add(self.seed));
        (0..).map(move |_: u64| {
            let mut name = label(&mut random);
            name.push_block(b".ddns.net", 9);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(40)
    }
}

const CHARACTERS: &[u8; 34] = b"abcdefghijklmnopqrstuvwxy012345678";

impl Corebot {
    /// What date and group add to the seed.
    fn start(&self, at: DateTime<Utc>) -> u32 {
        let (year, month, day) = date(at);
        let parts = [self.group.wrapping_mul(65_536), 256 * month, self.day_override.unwrap_or(day)];
        parts.iter().fold(year, |sum, part| sum.wrapping_add(*part))
    }
}

/// Draws a label.
#[inline]
fn label(random: &mut Recipes) -> Name {
    let mut name = Name::new();
    for _ in 0..12 + random.draw() % 12 {
        name.push(CHARACTERS[(random.draw() % 34) as usize]);
    }
    name
}

impl Seeded for Corebot {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = number as u32;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let (start, length) = (self.start(at), clue.label().len() as u32);
        let [first] = clue.letters(CHARACTERS);
        sift_first(clue, numbers, passed, |seed| {
            let mut random = Recipes(start.wrapping_add(seed));
            12 + random.draw() % 12 == length && random.draw() % 34 == first
        });
    }

    fn before(&self, at: DateTime<Utc>, number: u64) -> Option<Vec<u64>> {
        let start = self.start(at);
        let back = |state| [Recipes(state).before()];
        let starts = rewind(start.wrapping_add(number as u32), 13..=24, back, |state| {
            let mut random = Recipes(state);
            label(&mut random);
            random.0
        });
        Some(starts.into_iter().map(|state| state.wrapping_sub(start).into()).collect())
    }
}
