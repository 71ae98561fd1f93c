//! SharkBot: an Android banking trojan; its generated names of October 2021 to 2022 are a fallback.
//!
//! # Names
//!
//! Seven names for each ISO week (treated as UTC), one for each zone. Variants `v0.0` and `v1.63` have one label of 19
//! characters, `v2.1` and `v2.8` one of 16 hexadecimal digits for each zone. The year enters in `v1.63` and `v2.8`, so
//! that a week over the turn of the year has two lists there; in the others the same names come back every year.
//!
//! # Bots
//!
//! The names are a fallback after one or two hard-coded domains. A bot takes week and year from the device's clock and
//! calendar. In which order it tries the seven and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Devices differ in how they count weeks: prepare for the week before and the week after too.
//! - The list of `v1.63` and the zones of those of `v0.0` and `v1.63` that were published before July 2022 are wrong.
//! - A week over the turn of the year has two lists in `v1.63` and `v2.8`: ask for a range.
//!
//! # Parameters
//!
//! - `variant`: the malware's version, `v0.0`, `v1.63`, `v2.1` or `v2.8`

use super::prelude::*;
use crate::prim::base64;
use crate::prim::hash::md5;
use crate::prim::hex;
use crate::prim::text::Text;
use chrono::Datelike;

/// Parameters of SharkBot.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Sharkbot {
    variant: Variant,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
enum Variant {
    #[serde(rename = "v0.0")]
    First,
    #[serde(rename = "v1.63")]
    Second,
    #[serde(rename = "v2.1")]
    Third,
    #[default]
    #[serde(rename = "v2.8")]
    Fourth,
}

const KEY: &[u8; 34] = b"pojBI9LHGFdfgegjjsJ99hvVGHVOjhksdf";

impl Algorithm for Sharkbot {
    const INFO: Info = Info {
        name: "sharkbot",
        taxonomy: &[Taxonomy::TDD_H, Taxonomy::TDD_A, Taxonomy::TDD_A, Taxonomy::TDD_H],
        active: (Some(2021), Some(2022)),
        variants: &["v2.8", "v0.0", "v1.63", "v2.1"],
        references: &["https://bin.re/blog/the-dgas-of-sharkbot/"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        match self.variant {
            Variant::First | Variant::Third => {
                Schedule::DaysAlike { key: |date| i64::from(date.iso_week().week()), about: "every ISO week" }
            }
            Variant::Second | Variant::Fourth => Schedule::DaysAlike {
                key: |date| i64::from(date.year()) * 64 + i64::from(date.iso_week().week()),
                about: "every ISO week and on 1 January",
            },
        }
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        let zones = match self.variant {
            Variant::First | Variant::Second => ["top", "xyz", "cc", "info", "com", "ru", "net"],
            Variant::Third | Variant::Fourth => ["xyz", "live", "com", "store", "info", "top", "net"],
        };
        Ok(Bound { variant: self.variant, zones, suffixes: Suffixes::fixed(&zones) })
    }
}

struct Bound {
    variant: Variant,
    zones: [&'static str; 7],
    suffixes: Suffixes,
}

impl Bound {
    /// The label that all zones share.
    fn encoded(number: u32) -> Name {
        let mut text = Text::<48>::new();
        text.push_decimal(number.into());
        text.push_bytes(KEY);
        let mut name = Name::new();
        for byte in &base64::encode::<64>(text.as_bytes(), base64::STANDARD).as_bytes()[..19] {
            name.push(byte.to_ascii_lowercase());
        }
        name
    }

    /// The label of one zone.
    fn hashed(zone: &str, week: u32, year: Option<u32>) -> Name {
        let mut text = Text::<16>::new();
        text.push_decimal(week.into());
        if let Some(year) = year {
            text.push_decimal(year.into());
        }
        let mut name = Name::new();
        hex::append(&md5(&[b".", zone.as_bytes(), text.as_bytes()])[..8], &mut name);
        name
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let week = at.iso_week().week();
        // The calendar's year, not that of the week.
        let year = at.year().cast_unsigned();
        self.zones.iter().enumerate().map(move |(number, zone)| {
            let mut name = match self.variant {
                Variant::First => Self::encoded(week),
                Variant::Second => Self::encoded(week + year),
                Variant::Third => Self::hashed(zone, week, None),
                Variant::Fourth => Self::hashed(zone, week, Some(year)),
            };
            self.suffixes.append(number, &mut name);
            name
        })
    }
}
