//! Reconyc: a trojan and downloader; its generator was published in July 2019.
//!
//! # Names
//!
//! `count` names under `com` in the order in which they are made: ten letters of both cases and digits.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - UNPREDICTABLE: the seed is the time since the victim's start, so no list can be made for a take-down. The family
//!   helps to recognise names and to find the seed of observed ones.
//! - DNS ignores case: fold to lower case for look-ups.
//! - Ports with a library's Mersenne Twister make the first 62 names right and the others wrong.
//!
//! # Parameters
//!
//! - `seed`: the tick count in milliseconds, without default
//! - `count`: how many names, by default 100

use super::prelude::*;
use crate::prim::mt19937::{self, MersenneTwister};

/// Parameters of Reconyc.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reconyc {
    seed: u32,
    #[serde(default = "usual_count")]
    count: u32,
}

fn usual_count() -> u32 {
    100
}

impl Algorithm for Reconyc {
    const INFO: Info = Info {
        name: "reconyc",
        taxonomy: &[Taxonomy::TIN_A],
        active: (Some(2019), Some(2019)),
        references: &["https://github.com/baderj/domain_generation_algorithms/tree/master/reconyc"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest { note: "the first 21 places are searched fast", ..Quest::NEW }];

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<Self, Refusal> {
        Ok(self)
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

const CHARACTERS: &[u8; 62] = b"iHRYg79zJXaGw1CF5K0d3vZobhAlx6StUBnjOIMpe2yVuPr4sL8DqmQTkEcWNf";

impl Ready for Reconyc {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut random = MersenneTwister::forgetting_the_last_word(self.seed);
        (0..).map(move |_: u64| {
            let mut name = Name::new();
            for _ in 0..10 {
                name.push(character(random.draw()));
            }
            name.push_block(b".com", 4);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}

#[inline]
fn character(drawn: u32) -> u8 {
    CHARACTERS[((62 * u64::from(drawn)) >> 32) as usize]
}

/// How many characters a search looks at before it makes the name.
const SOUGHT: usize = 3;

impl Seeded for Reconyc {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = number as u32;
    }

    fn sift(&self, _: &Quest, _: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let (first, label) = (10 * clue.place(), clue.label());
        if label.len() != 10 {
            return;
        }
        if first + SOUGHT > mt19937::LAST {
            return numbers.for_each(passed);
        }
        let sought: [u8; SOUGHT] = std::array::from_fn(|place| label[place]);
        // Captured names seldom keep the case of letters.
        mt19937::sift(
            numbers,
            first,
            passed,
            |seed| seed,
            |drawn: [u32; SOUGHT]| drawn.map(|drawn| character(drawn).to_ascii_lowercase()) == sought,
        );
    }
}
