//! Tufik: a file infector for Windows; its generator was published in 2022.
//!
//! # Names
//!
//! 1020 names a day (treated as UTC) in the order of their index, with repetitions: two neighbours share a label of at
//! most 16 letters, as in Murofet's second variant.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Two neighbours can be the same name altogether: lists that were freed of repetitions are shorter.
//! - Only one `magic` is known; other samples may have another.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `magic`: a 32-bit key, by default `0x997722ED`

use super::prelude::*;
use crate::prim::md5_lanes::bytes;
use crate::prim::zeus;

/// Parameters of Tufik.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Tufik {
    magic: u32,
}

impl Default for Tufik {
    fn default() -> Self {
        Self { magic: 0x9977_22ED }
    }
}

impl Algorithm for Tufik {
    const INFO: Info = Info {
        name: "tufik",
        taxonomy: &[Taxonomy::TDD_H],
        active: (Some(2022), Some(2022)),
        references: &["https://github.com/baderj/domain_generation_algorithms/tree/master/tufik"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest { finds: &[("magic", "0")], any: Any::Places, ..Quest::NEW }];

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        let suffixes = Suffixes::fixed(&["biz", "info", "org", "net", "com"]);
        Ok(Bound { magic: self.magic, suffixes })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    magic: u32,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut hashes = zeus::HashesOfDay::new(date(at), self.magic);
        (0..510).flat_map(move |pair| {
            let mut label = Name::new();
            zeus::append_sums(&bytes(hashes.next(2 * pair)), &mut label);
            [2 * pair, 2 * pair + 1].into_iter().map(move |index| {
                let mut name = label;
                self.suffixes.append(zeus::zone(index, 5), &mut name);
                name
            })
        })
    }
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.magic = number as u32;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        zeus::HashesOfDay::sift(date(at), clue.place() as u32 & !1, clue.label(), numbers, passed);
    }
}
