//! A MODEL, not Ozdok's own generator: what Mega-D (Ozdok) used as its last resort was never published.
//!
//! The Mega-D spam botnet fell back to names generated from the date when all its other ways to a controller were cut,
//! which happened in November 2009. This family stands in for that layer in exercises. Its names are ours: no bot ever
//! asked for them.
//!
//! # Names
//!
//! One name a day (UTC) of letters `a` to `z`. SHA-256 over the secret, a hyphen and the date (`secret-YYYY-MM-DD`)
//! gives its bytes: byte `i` modulo 26 is letter `i` of the label, and byte 31 modulo the number of zones chooses the
//! zone.
//!
//! # Bots
//!
//! The layer that this model stands in for is a last resort: bots fell back to it when nothing else led to a
//! controller. How they walked through it was not published; the model has one name a day to ask for.
//!
//! # Pitfalls
//!
//! - A MODEL: the names are ours, and no bot ever asked for them. They are for no take-down or block list, and other
//!   lists of Ozdok's names cannot be compared with them.
//!
//! # Parameters
//!
//! - `secret`: text that enters the hash, by default `hydrabane`
//! - `tlds`: zones, by default `com`
//! - `length`: letters of the label, 1 to 31, by default 12

use super::prelude::*;
use sha2::{Digest, Sha256};

/// Parameters of the model.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Ozdok {
    secret: String,
    tlds: Vec<String>,
    length: usize,
}

impl Default for Ozdok {
    fn default() -> Self {
        Self { secret: "hydrabane".into(), tlds: vec!["com".into()], length: 12 }
    }
}

impl Algorithm for Ozdok {
    const INFO: Info = Info {
        name: "ozdok",
        aliases: &["Mega-D"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2008), Some(2010)),
        references: &["https://fireeye.com/blog/threat-research/2009/11/smashing-the-ozdok.html"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        if !(1..=31).contains(&self.length) {
            return Err(Refusal::value("length", "a label has 1 to 31 letters"));
        }
        let suffixes = Suffixes::new("tlds", &self.tlds, self.length)?;
        Ok(Bound { secret: self.secret, length: self.length, suffixes })
    }
}

struct Bound {
    secret: String,
    length: usize,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let hash: [u8; 32] = Sha256::digest(format!("{}-{}", self.secret, at.date_naive())).into();
        let mut name = Name::new();
        for byte in &hash[..self.length] {
            name.push(b'a' + byte % 26);
        }
        self.suffixes.append(usize::from(hash[31]) % self.suffixes.len(), &mut name);
        std::iter::once(name)
    }
}
