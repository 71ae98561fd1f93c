//! Ramdo (Redyms): a click-fraud trojan, from the end of 2013 to about 2016.
//!
//! # Names
//!
//! `count` names under `org` in the order of their index; the sequence itself has no end. Labels have 16 letters, every
//! second one of the alphabet.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - 20 is a default, not an observed number: prepare for more. The names never expire.
//! - The names of `deadbeef`, of which 100000 are published, come from a placeholder for tests, and no bot asks for
//!   them.
//!
//! # Parameters
//!
//! - `seed`: the campaign's 32-bit number, without default
//! - `count`: how many names, by default 20

use super::prelude::*;

/// Parameters of Ramdo.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ramdo {
    seed: u32,
    #[serde(default = "usual_count")]
    count: u32,
}

fn usual_count() -> u32 {
    20
}

impl Algorithm for Ramdo {
    const INFO: Info = Info {
        name: "ramdo",
        aliases: &["Redyms"],
        taxonomy: &[Taxonomy::TID_A],
        active: (Some(2013), Some(2016)),
        references: &[
            "https://web.archive.org/web/20160602004352/https://www.damballa.com/behind-ramdo-dga-domain-generation-algorithm/",
            "https://www.secureworks.com/blog/ramdo-click-fraud-malware",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        numbers: 1 << 31,
        any: Any::Places,
        note: "the highest bit has no effect and is given as 0",
        ..Quest::NEW
    }];

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

impl Ready for Ramdo {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        (0..).map(|index: u32| {
            let (step, mut state) = start(self.seed, index);
            let mut name = Name::new();
            for place in 0..16 {
                name.push(b'a' + (state % 26) as u8);
                state = followed(state, step, place);
            }
            name.push_block(b".org", 4);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}

/// The step of a name, and the state that gives its first letter.
#[inline]
fn start(seed: u32, index: u32) -> (u32, u32) {
    let step = seed.wrapping_mul(2).wrapping_mul(index.wrapping_add(1));
    (step, step ^ seed.wrapping_mul(26).wrapping_mul(index))
}

/// The state after that of a letter's place.
#[inline]
fn followed(state: u32, step: u32, place: u32) -> u32 {
    state.wrapping_add(state ^ step.wrapping_mul(26 * place * place))
}

impl Seeded for Ramdo {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = number as u32;
    }

    fn sift(&self, _: &Quest, _: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let index = clue.place() as u32;
        let [first, second, third] = clue.letters(LETTERS);
        sift(numbers, passed, |seed| {
            let (step, state) = start(seed, index);
            let next = followed(state, step, 0);
            state % 26 == first && next % 26 == second && followed(next, step, 1) % 26 == third
        });
    }
}
