//! An unnamed worm in JavaScript, found in 2015: an early form of Proslikefan, which see.
//!
//! # Names
//!
//! 30 names a day (UTC): ten for each of `cc`, `co` and `eu`, which are the inner loop, with labels of 6 to 12 letters.
//!
//! # Bots
//!
//! The script shuffles the list before it tries the names. How many it tries and how often is not documented.
//!
//! # Pitfalls
//!
//! - The first names of the list are tried no sooner than others.
//! - Family `proslikefan` makes the same names with the word `OK` and these zones: they are one worm.
//!
//! # Parameters
//!
//! - `seed`: the sample's word, ASCII, by default `OK`

use super::prelude::*;
use crate::prim::script_hash::{append_label, hash};
use crate::prim::text::Text;

/// Parameters of the unnamed worm.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UnnamedJavascriptDga {
    seed: String,
}

impl Default for UnnamedJavascriptDga {
    fn default() -> Self {
        Self { seed: "OK".into() }
    }
}

const ZONES: [&str; 3] = ["cc", "co", "eu"];

impl Algorithm for UnnamedJavascriptDga {
    const INFO: Info = Info {
        name: "unnamed_javascript_dga",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2015), Some(2015)),
        references: &["https://johannesbader.ch/2015/11/a-javascript-based-dga/"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Refusal::unless_ascii("seed", &self.seed)?;
        Ok(Bound { seed: self.seed, suffixes: Suffixes::fixed(&ZONES) })
    }
}

struct Bound {
    seed: String,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let mut middle = Text::<16>::new();
        for part in [month, day, year] {
            middle.push(b'.');
            middle.push_decimal(part.into());
        }
        middle.push(b'.');
        (0..10).flat_map(move |number| {
            ZONES.iter().enumerate().map(move |(zone, text)| {
                let mut name = Name::new();
                append_label(hash(&[self.seed.as_bytes(), middle.as_bytes(), text.as_bytes()]) + number, &mut name);
                self.suffixes.append(zone, &mut name);
                name
            })
        })
    }
}
