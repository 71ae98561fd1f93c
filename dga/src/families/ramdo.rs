//! Ramdo (Redyms): a click-fraud trojan, from the end of 2013 to about 2016.
//!
//! # Names
//!
//! `count` names under `org` in the order of their index; the sequence itself has no end. Labels have 16 letters, every
//! second one of the alphabet.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - 20 is a default, not an observed number: prepare for more. The names never expire.
//! - The names of `deadbeef`, of which 100000 are published, come from a placeholder for tests, and no bot asks for
//!   them.
//!
//! # Parameters
//!
//! - `seed`: the campaign's 32-bit number, without default
//! - `count`: how many names, by default 20

use super::prelude::*;

/// Parameters of Ramdo.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ramdo {
    seed: u32,
    #[serde(default = "usual_count")]
    count: u32,
}

fn usual_count() -> u32 {
    20
}

impl Algorithm for Ramdo {
    const INFO: Info = Info {
        name: "ramdo",
        aliases: &["Redyms"],
        taxonomy: &[Taxonomy::TID_A],
        active: (Some(2013), Some(2016)),
        references: &[
            "https://web.archive.org/web/20160602004352/https://www.damballa.com/behind-ramdo-dga-domain-generation-algorithm/",
            "https://www.secureworks.com/blog/ramdo-click-fraud-malware",
        ],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(self)
    }
}

impl Ready for Ramdo {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        (0..).map(|index: u32| {
            let step = self.seed.wrapping_mul(2).wrapping_mul(index.wrapping_add(1));
            let mut state = step ^ self.seed.wrapping_mul(26).wrapping_mul(index);
            let mut name = Name::new();
            for place in 0..16 {
                name.push(b'a' + (state % 26) as u8);
                state = state.wrapping_add(state ^ step.wrapping_mul(26 * place * place));
            }
            name.push_block(b".org", 4);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}
