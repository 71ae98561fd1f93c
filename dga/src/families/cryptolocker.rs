//! CryptoLocker: the first of that name, which encrypted files on Windows for ransom from September 2013 to May 2014.
//!
//! # Names
//!
//! 1000 names a day (treated as UTC), in the order of their number, with labels of 12 to 15 letters `a` to `y`.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//! - One of the zones is `co.uk`: a tool that cuts names to two labels loses these.
//!
//! # Parameters
//!
//! None.

use super::prelude::*;

/// CryptoLocker has no parameters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Cryptolocker {}

impl Algorithm for Cryptolocker {
    const INFO: Info = Info {
        name: "cryptolocker",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2013), Some(2014)),
        references: &["https://blog.fortinet.com/post/a-closer-look-at-cryptolocker-s-dga"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(Bound(Suffixes::fixed(&["com", "net", "biz", "ru", "org", "co.uk", "info"])))
    }
}

struct Bound(Suffixes);

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let twice = |number: u32| number.wrapping_mul(65_537);
        (0..1000).map(move |number: u32| {
            let (mut day, mut month, mut year) = (twice(day), twice(month), twice(year + number));
            let length = 12 + ((day >> 3 ^ year >> 8 ^ year >> 11) & 3);
            let mut name = Name::new();
            for _ in 0..length {
                day = (day << 13) >> 19 ^ (day >> 1) << 13 ^ day >> 19;
                month = (month << 2) >> 25 ^ (month >> 3) << 7 ^ month >> 25;
                year = (year << 3) >> 11 ^ (year >> 4) << 21 ^ year >> 11;
                name.push(b'a' + ((day ^ month ^ year) % 25) as u8);
            }
            self.0.append(number as usize % 7, &mut name);
            name
        })
    }
}
