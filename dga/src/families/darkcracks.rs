//! DarkCracks: a framework on hijacked web sites that delivers other malware; its generator is public since September
//! 2024.
//!
//! # Names
//!
//! One name a day (treated as UTC) under `com`. Only the year and the day of the month enter, so a year has at most 31
//! names, which come back every month. Labels are written in mixed case.
//!
//! # Bots
//!
//! There is one name to ask for. How often a bot asks and what it accepts as an answer is not documented here; the
//! article under "References" describes the malware.
//!
//! # Pitfalls
//!
//! - DNS ignores case: compare and block in lower case.
//! - A name is not used up after its day: it comes back on that day of every month of the year, where the month has
//!   one.
//! - With other seeds a label may begin or end with a hyphen or have an underscore, which no host name does.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `seed`: the key, ASCII, of which the first eight characters matter; by default `Crackalackin'`

use super::prelude::*;
use crate::prim::base64;
use crate::prim::text::Text;

/// Parameters of DarkCracks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Darkcracks {
    seed: String,
}

impl Default for Darkcracks {
    fn default() -> Self {
        Self { seed: "Crackalackin'".into() }
    }
}

impl Algorithm for Darkcracks {
    const INFO: Info = Info {
        name: "darkcracks",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2024), None),
        references: &["https://blog.xlab.qianxin.com/uncovering_darkcracks_payload_delivery_framework_cn/"],
        illegal_names: true,
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        if self.seed.is_empty() || !self.seed.is_ascii() {
            return Err(Refusal::value("seed", "at least one ASCII character is needed"));
        }
        Ok(self)
    }
}

impl Ready for Darkcracks {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, _, day) = date(at);
        let mut text = Text::<6>::new();
        text.push_padded(year, 4);
        text.push_padded(day, 2);
        let inner = base64::encode::<8>(text.as_bytes(), base64::URL_SAFE);
        let mut mixed = [0; 8];
        for ((mixed, byte), key) in mixed.iter_mut().zip(inner.as_bytes()).zip(self.seed.bytes().cycle()) {
            // In ASCII the case of a letter is one bit.
            *mixed = key ^ if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { *byte };
        }
        let outer = base64::encode::<12>(&mixed, base64::URL_SAFE);
        let mut name = Name::new();
        for byte in outer.as_bytes().iter().rev().filter(|byte| **byte != b'=') {
            name.push(*byte);
        }
        name.push_str(".com");
        std::iter::once(name)
    }
}
