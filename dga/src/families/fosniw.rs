//! Fosniw: a Windows trojan that downloads others.
//!
//! # Names
//!
//! `count` host names with a number in them, counted from 0.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - What can be registered is the part behind the first dot of the prefix; what stands before it is a host.
//! - The list has 101 names, from 0 to 100, and the numbers have no leading zeros.
//!
//! # Parameters
//!
//! - `prefix`: what stands before the number, by default `app2.winsoft`
//! - `suffix`: what stands behind it, with its dot, by default `.com`
//! - `count`: how many names, by default 101

use super::prelude::*;
use crate::prim::text::Text;

/// Parameters of Fosniw.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Fosniw {
    prefix: String,
    suffix: String,
    count: u32,
}

impl Default for Fosniw {
    fn default() -> Self {
        Self { prefix: "app2.winsoft".into(), suffix: ".com".into(), count: 101 }
    }
}

impl Algorithm for Fosniw {
    const INFO: Info = Info {
        name: "fosniw",
        taxonomy: &[Taxonomy::TID_A],
        references: &["https://github.com/baderj/domain_generation_algorithms/tree/master/fosniw"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Refusal::unless_ascii("prefix", &self.prefix)?;
        Refusal::unless_ascii("suffix", &self.suffix)?;
        // A number has up to ten digits.
        let longest = Name::CAPACITY - 10;
        if self.prefix.len() + self.suffix.len() > longest {
            return Err(Refusal::value("prefix", format!("with the suffix it may have {longest} characters at most")));
        }
        Ok(self)
    }
}

impl Ready for Fosniw {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        (0..).map(|number: u32| {
            let mut digits = Text::<10>::new();
            digits.push_decimal(number.into());
            let mut name = Name::new();
            name.push_str(&self.prefix);
            for digit in digits.as_bytes() {
                name.push(*digit);
            }
            name.push_str(&self.suffix);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}
