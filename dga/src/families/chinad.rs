//! Chinad: Windows malware seen in 2016; what it is for has not been described.
//!
//! # Names
//!
//! A list a day (treated as UTC), in the order of a counter: labels of 16 letters and digits from SHA-1 over date and
//! counter. Variant `v1` has the 256 names that public descriptions give. `wide` begins with them and goes on to 512
//! (and can be asked for 65536).
//!
//! # Bots
//!
//! A bot begins at the start of the list and goes upwards, as the look-ups of a sample in a sandbox show. How many
//! names it tries and how long it waits between them is not documented.
//!
//! # Pitfalls
//!
//! - Prepare for `wide`: half of the names that were once seen in passive DNS come only from it. It is inferred from
//!   these names; none of them lies beyond 512.
//! - Descriptions speak of 1000 names with repetitions after 256; what was seen contradicts them for a part of the
//!   botnet at least.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `variant`: `v1` or `wide`

use super::prelude::*;
use crate::prim::hash::sha1;

/// Parameters of Chinad.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Chinad {
    variant: Variant,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    V1,
    Wide,
}

impl Algorithm for Chinad {
    const INFO: Info = Info {
        name: "chinad",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2016), Some(2016)),
        variants: &["v1", "wide"],
        references: &["https://github.com/360netlab/DGA/issues/1"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        let suffixes = Suffixes::fixed(&["com", "org", "net", "biz", "info", "ru", "cn"]);
        Ok(Bound { variant: self.variant, suffixes })
    }
}

struct Bound {
    variant: Variant,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let end = match self.variant {
            Variant::V1 => 256,
            Variant::Wide => 65_536,
        };
        (0..end).map(move |counter: u32| {
            let [low, high, ..] = counter.to_le_bytes();
            let mut message = [0; 16];
            message[..5].copy_from_slice(&[(year % 100) as u8, month as u8, day as u8, low, high]);
            let mut hash = sha1(&[&message]);
            for word in hash.chunks_mut(4) {
                word.reverse();
            }
            let mut name = Name::new();
            for byte in &hash[..16] {
                name.push(b"abcdefghijklmnopqrstuvwxyz0123456789"[usize::from(byte % 36)]);
            }
            self.suffixes.append(usize::from(hash[16] % 7), &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        matches!(self.variant, Variant::Wide).then_some(512)
    }
}
