//! Qadars: a banking trojan whose third version has a generator, 2016 and 2017.
//!
//! # Names
//!
//! 200 names for each week from Monday on (UTC), in the order in which they are made, with labels of 12 letters and
//! digits.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Older public versions of the script begin weeks on other days: their list of 2016-04-12 is that of the week from
//!   2016-04-04.
//! - The current public script prints `net`, `org`, `top` for seed `0x89F5`; the published lists have `com`, `org`,
//!   `net`.
//!
//! # Parameters
//!
//! - `seed`: the sample's number, without default
//! - `tlds`: three zones, without default

use super::prelude::*;

/// Parameters of Qadars.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Qadars {
    seed: u32,
    tlds: [String; 3],
}

const WEEK: i64 = 604_800;
/// Unix time of a Monday, 1970-01-05.
const MONDAY: i64 = 345_600;

impl Algorithm for Qadars {
    const INFO: Info = Info {
        name: "qadars",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2016), Some(2017)),
        variants: &["v3"],
        references: &["https://bin.re/blog/the-dga-of-qadars/"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        finds: &[("seed", "0")],
        numbers: 1 << 31,
        any: Any::Places,
        note: "the highest bit has no effect and is given as 0",
        ..Quest::NEW
    }];

    fn schedule(&self) -> Schedule {
        Schedule::Every { seconds: WEEK, since: MONDAY }
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        Ok(Bound { seed: self.seed, suffixes: Suffixes::new("tlds", &self.tlds, 12)? })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    seed: u32,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut state = start(at);
        let mut draw = move || {
            state = step(self.seed, state);
            state as usize
        };
        (0..200).map(move |_| {
            let mut name = Name::new();
            for _ in 0..12 {
                name.push(CHARACTERS[draw() % 36]);
            }
            self.suffixes.append(draw() % 3, &mut name);
            name
        })
    }
}

const CHARACTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// How many draws a name takes.
const DRAWS: usize = 13;

const FACTOR: u32 = 1_043_968_403;

/// The state at the beginning of a week.
fn start(at: DateTime<Utc>) -> u32 {
    (at.timestamp() - (at.timestamp() - MONDAY).rem_euclid(WEEK)) as u32
}

#[inline]
fn step(seed: u32, state: u32) -> u32 {
    seed.wrapping_sub(state.wrapping_mul(FACTOR)) & 0x7FFF_FFFF
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = number as u32;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        // The state before any name is a multiple of the seed and something added.
        let (mut times, mut added) = (0_u32, start(at));
        for _ in 0..DRAWS * clue.place() {
            times = 1_u32.wrapping_sub(times.wrapping_mul(FACTOR));
            added = 0_u32.wrapping_sub(added.wrapping_mul(FACTOR));
        }
        let [first, second] = clue.letters(CHARACTERS);
        sift(numbers, passed, |seed| {
            let state = step(seed, seed.wrapping_mul(times).wrapping_add(added));
            state % 36 == first && step(seed, state) % 36 == second
        });
    }
}
