//! Emotet (Geodo): a Windows banking trojan; this generator belongs to its early version, from October 2014.
//!
//! # Names
//!
//! 96 names a day (UTC), one for each quarter of an hour in order: 16 letters `a` to `y` under `eu`.
//!
//! # Bots
//!
//! A bot takes the date from a web server. With 16 threads it walks from 2014-10-28 00:15 to the present, in steps of a
//! quarter of an hour.
//!
//! # Pitfalls
//!
//! - The names of all days since 2014-10-28 are in use, not only those of today: ask for a range.
//! - About half of the names that were observed from 2014 to 2018 follow another start, which is not known: they are in
//!   no list here.
//!
//! # Parameters
//!
//! None.

use super::prelude::*;

/// Emotet has no parameters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Emotet {}

impl Algorithm for Emotet {
    const INFO: Info = Info {
        name: "emotet",
        aliases: &["Geodo"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2014), Some(2018)),
        references: &["https://github.com/chrmor/DGA_domains_dataset"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(self)
    }
}

impl Ready for Emotet {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let midnight = unix_day(at) * 86_400;
        (0..96).map(move |quarter| {
            let time = (midnight + 900 * quarter) as u32;
            let mut rest = time.wrapping_add(1).wrapping_mul(0x7FED) & 0x0FFF_FFFF;
            let mut name = Name::new();
            for _ in 0..16 {
                name.push(b'a' + (rest % 25) as u8);
                rest = 13 * (rest / 25);
            }
            name.push_block(b".eu_", 3);
            name
        })
    }
}
