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
#[derive(Debug, Serialize, Deserialize)]
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

    fn schedule(&self) -> Schedule {
        match self.variant {
            Variant::Tid => Schedule::Always,
            Variant::Td => Schedule::DaysAlike {
                key: |date| i64::from(date.year()) * 64 + i64::from(week(date)),
                about: "about every week",
            },
        }
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(self)
    }
}

/// A number that falls by one about every seven days of a month. Division truncates: 31 January has 0.
fn week(date: NaiveDate) -> i32 {
    (61 * date.month().cast_signed() - 2 * date.day().cast_signed()) / 14
}

impl Ready for M0yv {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let start = match self.variant {
            Variant::Tid => self.seed,
            Variant::Td => {
                let date = at.date_naive();
                let start = self.seed.wrapping_add(date.year().cast_unsigned());
                (0..week(date)).fold(start, |state, _| state.wrapping_add(1).rotate_left(1))
            }
        };
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
