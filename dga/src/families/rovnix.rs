//! Rovnix (BkLoader), a SIMULATION: the published script imitates the look of the banking trojan's names of 2014.
//!
//! # Names
//!
//! 1000 names a day under `com`: words of the United States' declaration of independence, joined until a label has 20
//! letters or more, with repetitions.
//!
//! # Bots
//!
//! No bot walks this list: the names are a simulation. The order is that in which the published script makes them.
//!
//! # Pitfalls
//!
//! - SIMULATED and UNPREDICTABLE: the script multiplies by random numbers, which are one parameter here, and predicts
//!   no real name. The names are for tests of detectors, never for a take-down or block list.
//! - Years that are divisible by 4 give an empty list.
//!
//! # Parameters
//!
//! - `time`: stands for the random number, 1 to 10000, without default
//!
//! Word list: `rovnix-words`.

use super::prelude::*;
use crate::parameter::Parameters;
use crate::search::parameter;

/// Parameters of Rovnix.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rovnix {
    time: u32,
}

const WORDS: WordListId = WordListId {
    id: "rovnix-words",
    words: 1340,
    sha256: "3f0c3f2a088bcb7075248c0c0a1b472e6572322c07c9817a8ff770d93e08682a",
    source: "words of the United States' declaration of independence",
};

impl Algorithm for Rovnix {
    const INFO: Info = Info {
        name: "rovnix",
        aliases: &["BkLoader"],
        taxonomy: &[Taxonomy::TDN_W],
        active: (Some(2014), Some(2014)),
        variants: &["sim"],
        references: &["https://www.csis.dk/en/csis/news/4472/"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest { finds: &[("time", "1")], numbers: 10_000, ..Quest::NEW }];

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn word_lists(&self) -> Vec<WordListId> {
        vec![WORDS]
    }

    fn bind(self, words: &WordLists) -> Result<Bound, Refusal> {
        if !(1..=10_000).contains(&self.time) {
            return Err(Refusal::value("time", "must be 1 to 10000"));
        }
        Ok(Bound { words: words.words(&WORDS)?, time: self.time })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    words: Words,
    time: u32,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let leap_years = year / 4;
        let months: u32 = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][..month as usize - 1].iter().sum();
        let mut state = (day + months + 365 * (year - leap_years) + 366 * leap_years) as u16;
        let factor = 0xDEAD_u32.wrapping_mul(self.time).wrapping_mul(0xBEEF) as u16;
        (0..if year.is_multiple_of(4) { 0 } else { 1000 }).map(move |_| {
            let mut name = Name::new();
            while name.len() < 20 {
                state = state.wrapping_mul(factor) ^ 0xDEAD;
                name.push_str(self.words.word(usize::from(state) % self.words.len()));
            }
            name.push_block(b".com", 4);
            name
        })
    }
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.time = number as u32 + 1;
    }

    fn parameters(&self, _: &Quest, number: u64) -> Option<Parameters> {
        Some(parameter("time", number + 1))
    }
}
