//! Shiotob (Urlzone, Bebloh): a banking trojan known since 2009, with a generator from 2014 to 2019.
//!
//! # Names
//!
//! A chain of `count` names that begins with a hard-coded domain; the sequence itself has no end. Labels have 10 to 15
//! characters, and `net` and `com` take turns.
//!
//! # Bots
//!
//! A bot waits about ten minutes and tests whether google.com can be reached. Then it tries one name after the other
//! with about five seconds between them, in small groups that lie minutes apart.
//!
//! # Pitfalls
//!
//! - UNCONFIRMED: the first name of `v2` is not published; its presets combine the version with the starts of `v1`.
//! - The hard-coded domain is itself the first name of the list; a list without it misses what a bot asks for first.
//!
//! # Parameters
//!
//! - `variant`: `v1` or `v2`
//! - `seed_domain`: the first name, under `com` or `net`, without default
//! - `crc`: `v2` only: checksum of the sample's public key, by default `0xC6256EC4`
//! - `count`: how many names, the first one included, by default 2001

use super::prelude::*;
use crate::parameter::Parameters;
use crate::search::{NAME, parameter};

/// Parameters of Shiotob.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shiotob {
    #[serde(default)]
    variant: Variant,
    seed_domain: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crc: Option<u32>,
    #[serde(default = "usual_count")]
    count: u32,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    V1,
    V2,
}

fn usual_count() -> u32 {
    2001
}

/// The length of the array in which a name is mixed, and that of a zone with its dot.
const ARRAY: usize = 65;
const ZONE: usize = 4;

impl Algorithm for Shiotob {
    const INFO: Info = Info {
        name: "shiotob",
        aliases: &["Urlzone", "Bebloh"],
        taxonomy: &[Taxonomy::TID_A],
        active: (Some(2014), Some(2019)),
        variants: &["v1", "v2"],
        references: &[
            "https://johannesbader.ch/2015/01/the-dga-of-shiotob/",
            "https://inquest.net/blog/2019/03/09/Analyzing-Sophisticated-PowerShell-Targeting-Japan",
            "https://github.com/360netlab/DGA/issues/51",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[
        Quest {
            finds: &[("seed_domain", NAME), ("crc", "0")],
            variants: &["v2"],
            numbers: 256,
            any: Any::State,
            note: "the chain from the first captured name on; what stood before it cannot be known; of `crc` only the lowest byte has an effect",
        },
        Quest {
            finds: &[("seed_domain", NAME)],
            variants: &["v1"],
            numbers: 1,
            any: Any::State,
            note: "the chain from the first captured name on; what stood before it cannot be known",
        },
    ];

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        let seed = self.seed_domain.as_bytes();
        let zoned = seed.ends_with(b".com") || seed.ends_with(b".net");
        if !self.seed_domain.is_ascii() || !zoned || !(ZONE + 1..=ARRAY).contains(&seed.len()) {
            let reason = format!("a domain of at most {ARRAY} ASCII characters under `com` or `net` is needed");
            return Err(Refusal::value("seed_domain", reason));
        }
        let key = match (self.variant, self.crc) {
            (Variant::V1, Some(_)) => return Err(Refusal::value("crc", "variant `v1` has none")),
            (Variant::V1, None) => 0,
            (Variant::V2, crc) => crc.unwrap_or(0xC625_6EC4) as u8,
        };
        let start = Name::parse(&self.seed_domain).ok_or(Refusal::Missing("seed_domain"))?;
        Ok(Bound { start, key, count: self.count })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    start: Name,
    key: u8,
    count: u32,
}

impl Bound {
    fn next(&self, name: &Name) -> Name {
        let bytes = name.as_bytes();
        let length = bytes.len() - ZONE;
        let sum = bytes[..=length].iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) ^ self.key;
        // A byte depends on itself and on those before it only, so what is not read need not be mixed.
        let read = length.max(15);
        let mut array = [0_u8; ARRAY];
        array[..bytes.len()].copy_from_slice(bytes);
        let array = &mut array[..read];
        for distance in 0..read {
            for place in distance..read {
                let factor = array[place - distance].wrapping_mul(length as u8);
                array[place] ^= factor ^ sum;
            }
        }
        let wanted = usize::from((array[2].wrapping_mul(length as u8) ^ array[0]) / 16);
        let wanted = if wanted < 10 { length } else { wanted };
        let mut next = Name::new();
        for byte in &array[..wanted] {
            next.push(b"qwertyuiopasdfghjklzxcvbnm123945"[usize::from(byte / 8)]);
        }
        next.push_block(if bytes.ends_with(b".net") { b".com" } else { b".net" }, ZONE);
        next
    }
}

impl Ready for Bound {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        std::iter::successors(Some(self.start), |name| Some(self.next(name)))
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}

/// The first captured name is the seed of what follows it; the second variant has a key, too.
impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.key = number as u8;
    }

    fn parameters(&self, quest: &Quest, number: u64) -> Option<Parameters> {
        let mut parameters = parameter("seed_domain", self.start.as_str());
        if quest.numbers > 1 {
            parameters.extend(parameter("crc", number));
        }
        Some(parameters)
    }
}
