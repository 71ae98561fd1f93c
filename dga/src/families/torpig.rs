//! Torpig (Sinowal, Anserin): a stealer of credentials for Windows; this generator was in use until February 2009.
//!
//! # Names
//!
//! Three names a day (treated as UTC): one label of nine characters under `com`, `net` and `biz`.
//!
//! # Bots
//!
//! A bot tries weekly names first, then these, then the addresses of its configuration. How often is not documented.
//!
//! # Pitfalls
//!
//! - The weekly names, which come first, are not covered.
//! - UNVERIFIED: no published name confirms the list.
//! - On the 29th of a month a colon gets into the label: these three names are no legal host names.
//! - Years before 2007 have the names of 2007.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! None.

use super::prelude::*;

/// Torpig has no parameters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Torpig {}

impl Algorithm for Torpig {
    const INFO: Info = Info {
        name: "torpig",
        aliases: &["Sinowal", "Anserin"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (None, Some(2009)),
        references: &["https://seclab.cs.ucsb.edu/media/uploads/papers/torpig.pdf"],
        illegal_names: true,
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(self)
    }
}

/// The end of a label, by month.
const ENDS: [&str; 12] = ["anj", "ebf", "arm", "pra", "aym", "unj", "ulj", "uag", "esp", "kot", "onv", "edc"];

impl Ready for Torpig {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let year = year.max(2007);
        let sum = 8 * ((month ^ day) + day) + day + year;
        let letter = |number: u32| b'a' + number as u8;
        let last = if 2 * day < 57 { letter(2 * day % 25) } else { 49 + (day % 10) as u8 };
        let mut label = Name::new();
        for character in [
            letter(((year >> 2 & 0x3FC0) + sum) % 25),
            b'h',
            letter((month + sum) % 10),
            letter(((year & 255) + sum) % 25),
            b'x',
            last,
        ] {
            label.push(character);
        }
        label.push_str(ENDS[month as usize - 1]);
        ["com", "net", "biz"].into_iter().map(move |zone| {
            let mut name = label;
            name.push(b'.');
            name.push_str(zone);
            name
        })
    }
}
