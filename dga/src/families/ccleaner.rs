//! CCleaner (CCBkdr): the backdoor that came with a manipulated installer of that program in 2017.
//!
//! # Names
//!
//! One name a month (UTC): `ab` and two hexadecimal numbers without padding, under `com`.
//!
//! # Bots
//!
//! The name of the month is a fallback for when the hard-coded address does not answer. How often a bot asks for it is
//! not documented.
//!
//! # Pitfalls
//!
//! - The two numbers have no fixed length: a pattern with a fixed number of digits misses names.
//!
//! # Parameters
//!
//! None.

use super::prelude::*;
use crate::prim::hex::DIGITS;
use crate::prim::lcg::Microsoft;

/// CCleaner has no parameters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Ccleaner {}

impl Algorithm for Ccleaner {
    const INFO: Info = Info {
        name: "ccleaner",
        aliases: &["CCBkdr"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2017), Some(2017)),
        references: &["https://cert.360.cn/warning/detail?id=0dc8a230ad210be8a8b872a73b18d220"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::MONTH
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(Bound)
    }
}

struct Bound;

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, _) = date(at);
        let mut random = Microsoft(10_000 * year + month);
        let numbers = [random.draw(), random.draw(), random.draw()];
        let mut name = Name::new();
        name.push_str("ab");
        push_hex(numbers[1] * numbers[2], &mut name);
        push_hex(numbers[0], &mut name);
        name.push_str(".com");
        std::iter::once(name)
    }
}

/// Appends a number in hexadecimal without leading zeros.
fn push_hex(number: u32, name: &mut Name) {
    let digits = number.checked_ilog2().unwrap_or(0) / 4;
    for place in (0..=digits).rev() {
        name.push(DIGITS[(number >> (4 * place) & 15) as usize]);
    }
}
