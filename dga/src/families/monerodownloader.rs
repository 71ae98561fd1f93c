//! Monerodownloader: brings a miner for the currency Monero; seen in January 2020.
//!
//! # Names
//!
//! 2500 names a day (treated as UTC): 500 labels under five zones each. The first label is the same every day, the
//! others are 13 hexadecimal digits of MD5.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - The five names of the first label never change: they cannot tell the day of an observed list, and their number
//!   repeats for each day of `back`.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `magic`: text that enters the hash, by default `jkhhksugrhtijys78g46`
//! - `special`: the first label, by default `31b4bd31fg1x2`
//! - `indices`: labels for each day, by default 500
//! - `back`: how many earlier days follow in the list, by default 0

use super::prelude::*;
use crate::prim::hash::md5;
use crate::prim::hex;
use crate::prim::text::Text;

/// Parameters of Monerodownloader.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Monerodownloader {
    magic: String,
    special: String,
    indices: u32,
    back: u32,
}

impl Default for Monerodownloader {
    fn default() -> Self {
        Self { magic: "jkhhksugrhtijys78g46".into(), special: "31b4bd31fg1x2".into(), indices: 500, back: 0 }
    }
}

impl Algorithm for Monerodownloader {
    const INFO: Info = Info {
        name: "monerodownloader",
        taxonomy: &[Taxonomy::TDD_H],
        active: (Some(2020), Some(2020)),
        references: &["https://github.com/baderj/domain_generation_algorithms/tree/master/monerodownloader"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Refusal::unless_ascii("magic", &self.magic)?;
        Refusal::unless_ascii("special", &self.special)?;
        if self.special.len() > 63 {
            return Err(Refusal::value("special", "a label has at most 63 characters"));
        }
        let suffixes = Suffixes::fixed(&["org", "tickets", "blackfriday", "hosting", "feedback"]);
        Ok(Bound { parameters: self, suffixes })
    }
}

struct Bound {
    parameters: Monerodownloader,
    suffixes: Suffixes,
}

impl Bound {
    fn label(&self, day: i64, index: u32) -> Name {
        let mut name = Name::new();
        if index == 0 {
            name.push_str(&self.parameters.special);
            return name;
        }
        let mut text = Text::<40>::new();
        text.push(b'-');
        if day < 0 {
            text.push(b'-');
        }
        text.push_decimal(day.unsigned_abs());
        text.push(b'-');
        text.push_decimal(index.into());
        hex::append(&md5(&[self.parameters.magic.as_bytes(), text.as_bytes()])[..7], &mut name);
        name.truncate(13);
        name
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let today = unix_day(at);
        (0..=i64::from(self.parameters.back)).flat_map(move |back| {
            (0..self.parameters.indices).flat_map(move |index| {
                let label = self.label(today - back, index);
                (0..self.suffixes.len()).map(move |zone| {
                    let mut name = label;
                    self.suffixes.append(zone, &mut name);
                    name
                })
            })
        })
    }
}
