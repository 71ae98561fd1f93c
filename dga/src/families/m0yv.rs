//! m0yv: a file infector for Windows.
//!
//! # Names
//!
//! 128 names under `biz` in the order of their number, with 5 to 9 letters. The list of variant `tid` never changes;
//! that of `td` changes about every week (UTC), and oftener at the end of a month.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Which of the two variants a sample has is not public: prepare for both.
//! - The weeks of `td` are no calendar weeks, and a list can come back in another month: compute it for every day.
//!
//! # Parameters
//!
//! - `variant`: `tid` or `td`
//! - `seed`: the botnet's number, by default `0x02484A18`

use super::prelude::*;
use crate::prim::lcg::Microsoft;
use chrono::{Datelike, NaiveDate};

/// Parameters of m0yv.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct M0yv {
    variant: Variant,
    seed: u32,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    Tid,
    Td,
}

impl Default for M0yv {
    fn default() -> Self {
        Self { variant: Variant::Tid, seed: 0x0248_4A18 }
    }
}

impl Algorithm for M0yv {
    const INFO: Info = Info {
        name: "m0yv",
        taxonomy: &[Taxonomy::TID_A, Taxonomy::TDD_A],
        variants: &["tid", "td"],
        references: &["https://malpedia.caad.fkie.fraunhofer.de/details/win.m0yv", "https://youtu.be/3RYbkORtFnk"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[
        Quest {
            variants: &["tid"],
            numbers: 1 << 31,
            any: Any::Places,
            note: "the highest bit has no effect and is given as 0; 128 seeds in a row have the same names in another order",
            ..Quest::NEW
        },
        Quest { variants: &["td"], any: Any::Places, ..Quest::NEW },
    ];

    fn schedule(&self) -> Schedule {
        match self.variant {
            Variant::Tid => Schedule::Always,
            Variant::Td => Schedule::DaysAlike {
                key: |date| i64::from(date.year()) * 64 + i64::from(week(date)),
                about: "about every week",
            },
        }
    }

    fn bind(self, _: &WordLists) -> Result<Self, Refusal> {
        Ok(self)
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

/// A number that falls by one about every seven days of a month. Division truncates: 31 January has 0.
fn week(date: NaiveDate) -> i32 {
    (61 * date.month().cast_signed() - 2 * date.day().cast_signed()) / 14
}

impl Ready for M0yv {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (added, turns) = self.start(at);
        let start = start(self.seed, added, turns);
        (0..128).map(move |number| {
            let mut random = Microsoft(start ^ number);
            let mut name = Name::new();
            for _ in 0..5 + random.draw() % 5 {
                name.push(b'a' + (random.draw() % 26) as u8);
            }
            name.push_block(b".biz", 4);
            name
        })
    }
}

impl M0yv {
    /// What the date adds to the seed, and how often the sum is turned.
    fn start(&self, at: DateTime<Utc>) -> (u32, i32) {
        match self.variant {
            Variant::Tid => (0, 0),
            Variant::Td => {
                let date = at.date_naive();
                (date.year().cast_unsigned(), week(date))
            }
        }
    }
}

/// Where the generators of all names start, but for the name's number.
#[inline]
fn start(seed: u32, added: u32, turns: i32) -> u32 {
    (0..turns).fold(seed.wrapping_add(added), |state, _| state.wrapping_add(1).rotate_left(1))
}

impl Seeded for M0yv {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = number as u32;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let (added, turns) = self.start(at);
        let (number, length) = (clue.place() as u32, clue.label().len() as u32);
        let [first] = clue.letters(LETTERS);
        sift(numbers, passed, |seed| {
            let mut random = Microsoft(start(seed, added, turns) ^ number);
            5 + random.draw() % 5 == length && random.draw() % 26 == first
        });
    }
}
