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
use crate::prim::mt19937::MersenneTwister;

/// Parameters of Reconyc.
#[derive(Debug, Serialize, Deserialize)]
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

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(self)
    }
}

const CHARACTERS: &[u8; 62] = b"iHRYg79zJXaGw1CF5K0d3vZobhAlx6StUBnjOIMpe2yVuPr4sL8DqmQTkEcWNf";

impl Ready for Reconyc {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut random = MersenneTwister::forgetting_the_last_word(self.seed);
        (0..).map(move |_: u64| {
            let mut name = Name::new();
            for _ in 0..10 {
                name.push(CHARACTERS[((62 * u64::from(random.draw())) >> 32) as usize]);
            }
            name.push_block(b".com", 4);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}
