//! Enviserv: a Windows trojan seen in 2019.
//!
//! # Names
//!
//! `count` names in the order of their number: ten hexadecimal digits of MD5 over the seed and the number.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - The number follows the seed without a separator or zeros before it; ports that add some give other names.
//!
//! # Parameters
//!
//! - `seed`: text of Latin-1 characters, by default `papa_koli`
//! - `count`: how many names, by default 500
//! - `tlds`: exactly six zones in one text with commas, by default `com,net,org,info,biz,in`

use super::prelude::*;
use crate::prim::hash::md5;
use crate::prim::hex;
use crate::prim::text::Text;

/// Parameters of Enviserv.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Enviserv {
    seed: String,
    count: u32,
    tlds: String,
}

impl Default for Enviserv {
    fn default() -> Self {
        Self { seed: "papa_koli".into(), count: 500, tlds: "com,net,org,info,biz,in".into() }
    }
}

impl Algorithm for Enviserv {
    const INFO: Info = Info {
        name: "enviserv",
        taxonomy: &[Taxonomy::TID_H],
        active: (Some(2019), Some(2019)),
        references: &[
            "https://github.com/360netlab/DGA/issues/53",
            "https://www.microsoft.com/en-us/wdsi/threats/malware-encyclopedia-description?Name=Trojan:Win32/Enviserv.A",
        ],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        let latin1: Result<Vec<u8>, _> = self.seed.chars().map(u8::try_from).collect();
        let seed = latin1.map_err(|_| Refusal::value("seed", "only Latin-1 characters are possible"))?;
        let zones: Vec<&str> = self.tlds.split(',').collect();
        if zones.len() != 6 {
            return Err(Refusal::value("tlds", format!("six zones are needed, not {}", zones.len())));
        }
        Ok(Bound { seed, count: self.count, suffixes: Suffixes::new("tlds", &zones, 10)? })
    }
}

struct Bound {
    seed: Vec<u8>,
    count: u32,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        (0..).map(|number: u32| {
            let mut text = Text::<10>::new();
            text.push_decimal(number.into());
            let hash = md5(&[&self.seed, text.as_bytes()]);
            let mut name = Name::new();
            hex::append(&hash[..5], &mut name);
            self.suffixes.append(number as usize % 6, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}
