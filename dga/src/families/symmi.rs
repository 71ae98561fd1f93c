//! Symmi (MewsSpy, Graftor): a Windows downloader and spy, seen in 2014 and 2015.
//!
//! # Names
//!
//! 64 names for each half of a month (treated as UTC), from the 1st and the 16th on, in the order in which they are
//! made: 8 to 15 letters, vowels and consonants in pairs, under the zone of a dynamic DNS provider.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - More configurations exist than the known one: of 207 names in a feed of April 2018 it explains three. The start
//!   values of another sample follow an unknown rule.
//! - The time zone is not documented: around the change of a list prepare for both.
//!
//! # Parameters
//!
//! - `seed`: a 32-bit number, by default 42
//! - `suffix`: the zone, by default `ddns.net`

use super::prelude::*;
use crate::prim::lcg::Microsoft;

/// Parameters of Symmi.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Symmi {
    seed: u32,
    suffix: String,
}

impl Default for Symmi {
    fn default() -> Self {
        Self { seed: 42, suffix: "ddns.net".into() }
    }
}

impl Algorithm for Symmi {
    const INFO: Info = Info {
        name: "symmi",
        aliases: &["MewsSpy", "Graftor"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2014), Some(2018)),
        references: &["http://johannesbader.ch/2015/01/the-dga-of-symmi/", "https://github.com/360netlab/DGA/issues/4"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        numbers: 1 << 31,
        any: Any::State,
        note: "the highest bit has no effect and is given as 0",
        ..Quest::NEW
    }];

    fn schedule(&self) -> Schedule {
        Schedule::DaysOfMonth(&[1, 16])
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        Ok(Bound { seed: self.seed, suffix: Suffixes::new("suffix", &[self.suffix], 15)? })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    seed: u32,
    suffix: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut random = Microsoft(start(at).wrapping_add(self.seed));
        (0..64).map(move |_| {
            let mut name = label(&mut random);
            self.suffix.append(0, &mut name);
            name
        })
    }
}

/// What the date adds to the seed.
fn start(at: DateTime<Utc>) -> u32 {
    let (year, month, day) = date(at);
    10_000 * (100 * (day / 16) + month) + year
}

/// Draws a label.
#[inline]
fn label(random: &mut Microsoft) -> Name {
    let mut name = Name::new();
    let mut flip = 0;
    for place in 0..8 + random.draw() % 8 {
        if place % 2 == 0 {
            flip = random.draw() >> 8 & 1;
        }
        name.push(letter((flip + place) % 2 == 0, random.draw()));
    }
    name
}

/// A vowel or a consonant.
#[inline]
fn letter(vowel: bool, number: u32) -> u8 {
    let number = number as usize;
    if vowel { b"aeiou"[number % 5] } else { b"bcdfghklmnpqrstvwx"[number % 18] }
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = number as u32;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let (start, length) = (start(at), clue.label().len() as u32);
        let first = clue.label().first().copied().unwrap_or_default();
        sift_first(clue, numbers, passed, |seed| {
            let mut random = Microsoft(start.wrapping_add(seed));
            8 + random.draw() % 8 == length && letter(random.draw() >> 8 & 1 == 0, random.draw()) == first
        });
    }

    fn before(&self, at: DateTime<Utc>, number: u64) -> Option<Vec<u64>> {
        let start = start(at);
        let back = |state| [Microsoft(state).before()];
        let starts = rewind(start.wrapping_add(number as u32), 13..=24, back, |state| {
            let mut random = Microsoft(state);
            label(&mut random);
            random.0
        });
        Some(starts.into_iter().map(|state| u64::from(state.wrapping_sub(start) & 0x7FFF_FFFF)).collect())
    }
}
