//! Vidro: Windows malware seen in 2016.
//!
//! # Names
//!
//! 100 names for every seven days, which begin on Sundays at 08:53:20 UTC, in the order of their number, with 7 to 12
//! letters.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - The list changes within a day, and a date alone means 00:00 UTC: for a Sunday ask for a range.
//! - Beyond 100 names the public script repeats the labels under other endings; such names are not covered.
//!
//! # Parameters
//!
//! None.

use super::prelude::*;

/// Vidro has no parameters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Vidro {}

const WEEK: i64 = 604_800;
/// Unix time from which weeks are counted.
const START: i64 = 1_274_000_000;

impl Algorithm for Vidro {
    const INFO: Info = Info {
        name: "vidro",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2016), Some(2016)),
        references: &["https://github.com/360netlab/DGA/issues/31"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::Every { seconds: WEEK, since: START }
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(Bound(Suffixes::fixed(&["dyndns.org", "com", "net"])))
    }
}

struct Bound(Suffixes);

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let week = (at.timestamp() - START).div_euclid(WEEK);
        let start = (123_456 * (week + 1005)) as u32;
        (0..100).map(move |number: u32| {
            let mut state = start.wrapping_add(number);
            let mut draw = || {
                state = state.wrapping_mul(0x41C6_4E6D).wrapping_add(12_345);
                state >> 10
            };
            let mut name = Name::new();
            for _ in 0..7 + draw() % 6 {
                name.push(b'a' + (draw() % 26) as u8);
            }
            self.0.append(number as usize % 3, &mut name);
            name
        })
    }
}
