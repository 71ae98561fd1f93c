//! PseudoManuscrypt: spyware and botnet on Windows, 2021 to 2023.
//!
//! # Names
//!
//! A chain of names under `com`, each ten letters of MD5 over the one before it and a key; the start itself is not part
//! of the list.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - UNPREDICTABLE without the real key, which is not public: lists with the placeholder of the public script,
//!   `apikey`, are names that no bot asks for.
//! - Asked for very many names, the chain goes round in a circle.
//!
//! # Parameters
//!
//! - `init`: the host name with which the chain begins, without default
//! - `key`: text that enters the hash, without default
//! - `count`: how many names, without default

use super::prelude::*;
use crate::prim::hash::md5;

/// Parameters of PseudoManuscrypt.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pseudomanuscrypt {
    init: String,
    key: String,
    count: u32,
}

impl Algorithm for Pseudomanuscrypt {
    const INFO: Info = Info {
        name: "pseudomanuscrypt",
        taxonomy: &[Taxonomy::TID_H],
        active: (Some(2021), Some(2023)),
        references: &["https://www.bitsight.com/blog/zero-50k-infections-pseudomanuscrypt-sinkholing-part-1"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        Ok(Bound { start: wide(&self.init), rest: wide(&format!(",{}", self.key)), count: self.count })
    }
}

struct Bound {
    /// The start in UTF-16.
    start: Vec<u8>,
    /// A comma and the key in UTF-16.
    rest: Vec<u8>,
    count: u32,
}

impl Bound {
    fn name(&self, before: &[u8]) -> Name {
        let hash = md5(&[before, &self.rest]);
        let mut name = Name::new();
        for byte in &hash[4..9] {
            for nibble in [byte >> 4, byte & 15] {
                name.push(b"abcdefghijmnopqr"[usize::from(nibble)]);
            }
        }
        name.push_block(b".com", 4);
        name
    }
}

impl Ready for Bound {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        std::iter::successors(Some(self.name(&self.start)), |before| {
            let mut wide = [0; 28];
            for (pair, byte) in wide.chunks_exact_mut(2).zip(before.as_bytes()) {
                pair[0] = *byte;
            }
            Some(self.name(&wide))
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}
