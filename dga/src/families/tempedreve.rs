//! Tempedreve: a worm and dropper for Windows; its generator is active since 2015-03-23.
//!
//! # Names
//!
//! One name for each day (UTC). The list of a day has that day's name, then those of all days before it, back to
//! 2015-03-23; earlier days have an empty list.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - A name stays for ever: what was prepared for once must not be given up, and today's list is all names so far.
//!
//! # Parameters
//!
//! None.

use super::prelude::*;

/// Tempedreve has no parameters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Tempedreve {}

/// 2015-03-23, in days since 1970-01-01.
const START: i64 = 16_517;

impl Algorithm for Tempedreve {
    const INFO: Info = Info {
        name: "tempedreve",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2015), None),
        references: &["https://www.anubisnetworks.com/tempedreve-botnet-report"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(Bound(Suffixes::fixed(&["com", "net", "org", "info"])))
    }
}

struct Bound(Suffixes);

fn step(state: u32) -> u32 {
    state.wrapping_mul(0x0101_0101).wrapping_add(0x0001_010D)
}

impl Bound {
    fn name(&self, day: i64) -> Name {
        let start = (day as u32).wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let mut alphabet = *b"abcdefghijklmnopqrstuvwxyz";
        let mut state = start;
        for place in 0..26 {
            alphabet.swap((state % 26) as usize, place);
            state = step(state);
        }
        state = start;
        let mut name = Name::new();
        for _ in 0..7 + start % 5 {
            name.push(alphabet[(state % 26) as usize]);
            state = step(state);
        }
        self.0.append((start & 3) as usize, &mut name);
        name
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        (START..=unix_day(at)).rev().map(|day| self.name(day))
    }
}
