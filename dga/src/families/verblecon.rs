//! Verblecon: a loader in Java that brings miners, described in March 2022.
//!
//! # Names
//!
//! One name a day (treated as UTC) under `tk`: MD5 over the date and the seed, in hexadecimal.
//!
//! # Bots
//!
//! There is one name to ask for. How often a bot asks and what it accepts as an answer is not documented.
//!
//! # Pitfalls
//!
//! - Month and day have leading zeros, and nothing stands between date and seed; ports that differ in this give other
//!   names.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `seed`: text that follows the date, by default `verble`

use super::prelude::*;
use crate::prim::hash::md5;
use crate::prim::hex;
use crate::prim::text::Text;

/// Parameters of Verblecon.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Verblecon {
    seed: String,
}

impl Default for Verblecon {
    fn default() -> Self {
        Self { seed: "verble".into() }
    }
}

impl Algorithm for Verblecon {
    const INFO: Info = Info {
        name: "verblecon",
        taxonomy: &[Taxonomy::TDD_H],
        active: (Some(2022), Some(2022)),
        references: &["https://github.com/baderj/domain_generation_algorithms/tree/master/verblecon"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Refusal::unless_ascii("seed", &self.seed)?;
        Ok(self)
    }
}

impl Ready for Verblecon {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let mut text = Text::<10>::new();
        text.push_padded(year, 4);
        text.push(b'-');
        text.push_padded(month, 2);
        text.push(b'-');
        text.push_padded(day, 2);
        let mut name = Name::new();
        hex::append(&md5(&[text.as_bytes(), self.seed.as_bytes()]), &mut name);
        name.push_str(".tk");
        std::iter::once(name)
    }
}
