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

    fn schedule(&self) -> Schedule {
        Schedule::Every { seconds: WEEK, since: MONDAY }
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(Bound { seed: self.seed, suffixes: Suffixes::new("tlds", &self.tlds, 12)? })
    }
}

struct Bound {
    seed: u32,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut state = (at.timestamp() - (at.timestamp() - MONDAY).rem_euclid(WEEK)) as u32;
        let mut draw = move || {
            state = self.seed.wrapping_sub(state.wrapping_mul(1_043_968_403)) & 0x7FFF_FFFF;
            state as usize
        };
        (0..200).map(move |_| {
            let mut name = Name::new();
            for _ in 0..12 {
                name.push(b"abcdefghijklmnopqrstuvwxyz0123456789"[draw() % 36]);
            }
            self.suffixes.append(draw() % 3, &mut name);
            name
        })
    }
}
