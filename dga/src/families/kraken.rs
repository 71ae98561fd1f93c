//! Kraken (Bobax): a Windows spam bot; the first generator is from 2007, the second was at its height in 2014.
//!
//! # Names
//!
//! 2000 names: each number from 0 to 999 gives one of the "nex" half and one of the "ex" half of the list. Variant `v1`
//! never changes and has zones of dynamic DNS providers. `v2` changes every Monday at 21:46:40 UTC, but one name in
//! nine never does, and two in nine a week late; names repeat.
//!
//! # Bots
//!
//! A bot probably uses one of the two halves, which seem to be called after a flag for "exists" and "does not exist".
//! How many names it tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Prepare for both halves.
//! - `v2` changes within a day, and a date alone means 00:00 UTC: for a Monday ask for a range. The public script uses
//!   local time.
//! - UNCONFIRMED: in `v1` with the second pair of seeds, the "nex" name of number 226 depends on how a bot rounds a
//!   negative remainder.
//! - Ports that take the C library's constant 12345 instead of 12435 give other names.
//!
//! # Parameters
//!
//! - `variant`: `v1` or `v2`
//! - `seed_nex`: number of the "nex" half, by default `0x08924541` or 24938315
//! - `seed_ex`: number of the "ex" half, by default `0xF0304078` or 24938314
//! - `tld_set`: `v2` only: zones 1 (`com`, `net`, `tv`, `cc`) or 2 (those of `v1`), by default 1

use std::sync::OnceLock;

use super::prelude::*;

/// Parameters of Kraken; what is not given has the variant's default.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Kraken {
    variant: Variant,
    seed_nex: Option<u32>,
    seed_ex: Option<u32>,
    tld_set: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    V1,
    V2,
}

/// Unix time from which weeks are counted.
const START: i64 = 1_207_000_000;
const WEEK: i64 = 604_800;

impl Algorithm for Kraken {
    const INFO: Info = Info {
        name: "kraken",
        aliases: &["Bobax", "Oderoor"],
        taxonomy: &[Taxonomy::TID_A, Taxonomy::TDD_A],
        active: (Some(2007), Some(2014)),
        variants: &["v1", "v2"],
        references: &["https://johannesbader.ch/2015/12/krakens-two-domain-generation-algorithms/"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[
        Quest {
            finds: &[("seed_nex", "0")],
            numbers: 1 << 23,
            any: Any::Places,
            note: "bits from 23 on have no effect and are given as 0; a name at an even place (from 0) tells of `seed_nex`, one at an odd place of `seed_ex`",
            ..Quest::NEW
        },
        Quest {
            finds: &[("seed_ex", "0")],
            numbers: 1 << 23,
            any: Any::Places,
            note: "as for `seed_nex`",
            ..Quest::NEW
        },
    ];

    fn schedule(&self) -> Schedule {
        match self.variant {
            Variant::V1 => Schedule::Always,
            Variant::V2 => Schedule::Every { seconds: WEEK, since: START },
        }
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        let (nex, ex) = match self.variant {
            Variant::V1 => (0x0892_4541, 0xF030_4078),
            Variant::V2 => (24_938_315, 24_938_314),
        };
        let zones = match (self.variant, self.tld_set) {
            (Variant::V1, None) | (Variant::V2, Some(2)) => ["dyndns.org", "yi.org", "dynserv.com", "mooo.com"],
            (Variant::V2, None | Some(1)) => ["com", "net", "tv", "cc"],
            (Variant::V1, Some(_)) => return Err(Refusal::value("tld_set", "variant `v1` has none")),
            (Variant::V2, Some(_)) => return Err(Refusal::value("tld_set", "must be 1 or 2")),
        };
        Ok(Bound {
            variant: self.variant,
            seeds: [self.seed_nex.unwrap_or(nex), self.seed_ex.unwrap_or(ex)],
            suffixes: Suffixes::fixed(&zones),
        })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    variant: Variant,
    seeds: [u32; 2],
    suffixes: Suffixes,
}

/// The generator's state.
#[derive(Clone, Copy)]
struct Random(u32);

impl Random {
    /// Steps and gives bits 8 to 22.
    #[inline]
    fn draw(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_103_515_245).wrapping_add(12_435);
        self.0 >> 8 & 0x7FFF
    }

    /// Draws so many numbers, each of which becomes the state.
    fn discard(&mut self, count: u32) {
        if count == 0 {
            return;
        }
        let mut state = self.draw();
        // From here on the state has 15 bits, and the rest of the way is put together of powers of two.
        for (power, table) in discards().iter().enumerate() {
            if (count - 1) >> power & 1 == 1 {
                state = u32::from(table[state as usize]);
            }
        }
        self.0 = state;
    }
}

/// Where 1, 2, 4, 8, … discards lead from each state of 15 bits.
fn discards() -> &'static [Box<[u16]>; 16] {
    static TABLES: OnceLock<[Box<[u16]>; 16]> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut table: Box<[u16]> = (0..0x8000).map(|state| Random(state).draw() as u16).collect();
        std::array::from_fn(|_| {
            let twice = table.iter().map(|state| table[usize::from(*state)]).collect();
            std::mem::replace(&mut table, twice)
        })
    })
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let week = week(at);
        (0..2000).map(move |index: u32| {
            let (random, length) = self.begin(index, week, self.seeds[index as usize % 2]);
            self.name(random, length, self.number(index))
        })
    }
}

impl Bound {
    /// The generator of a name's letters, and how many there are.
    #[inline]
    fn begin(&self, index: u32, week: i64, seed: u32) -> (Random, i64) {
        match self.variant {
            Variant::V1 => Self::first(self.number(index), index % 2, seed),
            Variant::V2 => Self::second(self.number(index), week, seed),
        }
    }

    /// The number from which both halves' names of a place follow.
    #[inline]
    fn number(&self, index: u32) -> u32 {
        match self.variant {
            Variant::V1 => FIRST + index / 2,
            Variant::V2 => index / 2,
        }
    }

    #[inline]
    fn first(number: u32, half: u32, seed: u32) -> (Random, i64) {
        let (divided, added) = match half {
            0 => ((number + 2).wrapping_mul(number + 7).wrapping_mul(number), (3 * number + 1).wrapping_mul(number)),
            _ => (number.wrapping_mul(number + 7).wrapping_mul(number + 12), number.wrapping_mul(number + 1)),
        };
        let divided = (divided.cast_signed() / 9).cast_unsigned();
        let mut random = Random(divided.wrapping_add(added).wrapping_add(seed));
        let [a, b, c] = [(); 3].map(|()| i64::from(random.draw()));
        (random, 6 + (a * b - c).rem_euclid(6))
    }

    #[inline]
    fn second(number: u32, week: i64, seed: u32) -> (Random, i64) {
        let mut random = Random((3 * number).wrapping_add(seed));
        let discards = match number % 9 {
            8 => 0,
            6 | 7 => week - 1,
            _ => week,
        };
        random.discard(discards.max(0) as u32);
        let [a, b, c] = [(); 3].map(|()| i64::from(random.draw()));
        (random, 7 + (a * b + c) % 6)
    }

    fn name(&self, mut random: Random, length: i64, number: u32) -> Name {
        let mut name = Name::new();
        for _ in 0..length {
            name.push(b'a' + (random.draw() % 26) as u8);
        }
        self.suffixes.append(number as usize % 4, &mut name);
        name
    }
}

/// The first version's number of the first name.
const FIRST: u32 = 1_000_015;

/// How many weeks the second version counts.
fn week(at: DateTime<Utc>) -> i64 {
    (at.timestamp() - START).div_euclid(WEEK) + 2
}

impl Seeded for Bound {
    fn reseed(&mut self, quest: &Quest, number: u64) {
        self.seeds[usize::from(quest.parameter() == "seed_ex")] = number as u32;
    }

    fn sift(&self, quest: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let (index, week) = (clue.place() as u32, week(at));
        let half = u32::from(quest.parameter() == "seed_ex");
        if index % 2 != half {
            // The name follows from the other seed: it says nothing about this one, but it may contradict.
            let (random, length) = self.begin(index, week, self.seeds[1 - half as usize]);
            if clue.is(&self.name(random, length, self.number(index))) {
                numbers.for_each(passed);
            }
            return;
        }
        let (length, [first]) = (clue.label().len() as i64, clue.letters(LETTERS));
        sift(numbers, passed, |seed| {
            let (mut random, drawn) = self.begin(index, week, seed);
            drawn == length && random.draw() % 26 == first
        });
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn discards_are_draws_that_become_the_state() {
        let mut slowly = Random(24_938_315);
        for count in 0..500 {
            let mut random = Random(24_938_315);
            random.discard(count);
            assert_eq!(random.0, slowly.0, "{count}");
            slowly.0 = slowly.draw();
        }
    }
}
