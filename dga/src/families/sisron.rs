//! Sisron (TOMB): a trojan for financial fraud, seen from 2013 until Microsoft's operation B106 in the middle of 2014.
//!
//! # Names
//!
//! 40 names a day (treated as UTC): the day and the nine days before it, each in Base64, under four zones, which are
//! the outer loop. All samples have the same names.
//!
//! # Bots
//!
//! A bot takes the date from the machine's clock. How many names it tries, in which order and how often is not
//! documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - A name stays for ten days, and four are new every day: lists of neighbouring days share most of their names.
//! - The machine's clock may be wrong or in another time zone: prepare for tomorrow's names too.
//!
//! # Parameters
//!
//! None.

use super::prelude::*;
use crate::prim::base64;
use crate::prim::text::Text;
use chrono::Days;

/// Sisron has no parameters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Sisron {}

impl Algorithm for Sisron {
    const INFO: Info = Info {
        name: "sisron",
        aliases: &["TOMB"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2012), Some(2014)),
        references: &["https://www.johannesbader.ch/2016/06/the-dga-of-sisron/"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(Bound(Suffixes::fixed(&["com", "org", "net", "info"])))
    }
}

struct Bound(Suffixes);

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        (0..self.0.len()).flat_map(move |zone| {
            (0..10).map(move |back| {
                let (year, month, day) = date(at - Days::new(back));
                let mut text = Text::<8>::new();
                text.push_padded(day, 2);
                text.push_padded(month, 2);
                text.push_padded(year, 4);
                let mut name = Name::new();
                for byte in base64::encode::<12>(text.as_bytes(), base64::STANDARD).as_bytes() {
                    name.push(if *byte == b'=' { b'a' } else { byte.to_ascii_lowercase() });
                }
                self.0.append(zone, &mut name);
                name
            })
        })
    }
}
