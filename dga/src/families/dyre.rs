//! Dyre (Dyreza): a Windows banking trojan; with a generator since December 2014.
//!
//! # Names
//!
//! `count` names a day (treated as UTC) in the order of their number: a letter that follows the number, and 33 digits
//! of a SHA-256 in hexadecimal.
//!
//! # Bots
//!
//! A bot connects to port 443. How many names it tries, in which order and how often is not documented; the order here
//! is the specification's.
//!
//! # Pitfalls
//!
//! - That month and day have no leading zeros comes from a published script and is not confirmed by observation: the
//!   observed names are of a date on which both spellings agree.
//! - 333 is the number of that script; a sample may use more.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `count`: names in a list, by default 333; more continue the same list

use super::prelude::*;
use crate::prim::hash::sha256;
use crate::prim::hex;
use crate::prim::text::Text;

/// Parameters of Dyre.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Dyre {
    count: u32,
}

impl Default for Dyre {
    fn default() -> Self {
        Self { count: 333 }
    }
}

impl Algorithm for Dyre {
    const INFO: Info = Info {
        name: "dyre",
        aliases: &["Dyreza", "Dyzap"],
        taxonomy: &[Taxonomy::TDD_H],
        active: (Some(2014), Some(2017)),
        references: &["http://blogs.cisco.com/security/talos/threat-spotlight-dyre"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        let suffixes = Suffixes::fixed(&["cc", "ws", "to", "in", "hk", "cn", "tk", "so"]);
        Ok(Bound { count: self.count, suffixes })
    }
}

struct Bound {
    count: u32,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let mut day_text = Text::<32>::new();
        day_text.push_decimal(year.into());
        day_text.push(b'-');
        day_text.push_decimal(month.into());
        day_text.push(b'-');
        day_text.push_decimal(day.into());
        (0..).map(move |number: u32| {
            let mut text = day_text;
            text.push_decimal(number.into());
            let hash = sha256(&[text.as_bytes()]);
            let mut name = Name::new();
            name.push(b'a' + (number % 26) as u8);
            // Digits 3 to 35: the second half of byte 1, then whole bytes.
            name.push(hex::DIGITS[usize::from(hash[1] & 15)]);
            hex::append(&hash[2..18], &mut name);
            self.suffixes.append(number as usize % 8, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}
