//! FluBot (Cabassous): an Android banking trojan spread by text messages, with a generator from 2020 to 2022.
//!
//! # Names
//!
//! A list a month (treated as UTC) with labels of 15 letters `a` to `y`, in the order in which they are made. Variant
//! `v1` has 5000 names under `ru`, `su` and `cn`, `v3` has 2500 under 30 endings; the labels are the same.
//!
//! # Bots
//!
//! A bot takes the month from the device's clock in local time. How many names it tries, in which order and how often
//! is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Around the turn of a month prepare for both months, because of local time.
//! - The month counts from 0 in the malware: ports that count from 1 are a month off.
//! - A version between `v1` and `v3` is not covered.
//!
//! # Parameters
//!
//! - `variant`: `v1` or `v3`
//! - `seed`: the number of a campaign or country, without default

use super::prelude::*;

/// Parameters of FluBot.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Flubot {
    #[serde(default)]
    variant: Variant,
    seed: i64,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    V1,
    V3,
}

impl Algorithm for Flubot {
    const INFO: Info = Info {
        name: "flubot",
        aliases: &["Cabassous"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2020), Some(2022)),
        variants: &["v1", "v3"],
        references: &[
            "https://www.bitsight.com/blog/flubot-malware-persists-most-prevalent-germany-and-spain",
            "https://securityblog.switch.ch/2021/06/19/android-flubot-enters-switzerland/",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        note: "seeds of 32 bits: those that are known have at most four digits, but 48 bits would have an effect",
        ..Quest::NEW
    }];

    fn schedule(&self) -> Schedule {
        Schedule::MONTH
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        // The first version's rule, by remainder of division by 6: `ru` for multiples of 3, else `su` and `cn` in turn.
        let zones: &[&str] = match self.variant {
            Variant::V1 => &["ru", "cn", "su", "ru", "su", "cn"],
            Variant::V3 => &[
                "ru", "cn", "com", "org", "pw", "net", "bar", "host", "online", "space", "site", "xyz", "website",
                "shop", "kz", "md", "tj", "pw", "gdn", "am", "com.ua", "news", "email", "icu", "biz", "kim", "work",
                "top", "info", "br",
            ],
        };
        Ok(Bound { variant: self.variant, seed: self.seed, suffixes: Suffixes::fixed(zones) })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    variant: Variant,
    seed: i64,
    suffixes: Suffixes,
}

/// `java.util.Random`, of which only numbers below 25 are drawn.
struct Java(u64);

impl Java {
    const FACTOR: u64 = 0x5_DEEC_E66D;
    const MASK: u64 = (1 << 48) - 1;
    /// The largest multiple of 25 that is not above 2^31: beyond it the last letters would be rarer.
    const FAIR: u64 = 2_147_483_625;

    fn new(seed: i64) -> Self {
        Self((seed.cast_unsigned() ^ Self::FACTOR) & Self::MASK)
    }

    #[inline]
    fn below_25(&mut self) -> u8 {
        loop {
            self.0 = (self.0.wrapping_mul(Self::FACTOR).wrapping_add(11)) & Self::MASK;
            let bits = self.0 >> 17;
            if bits < Self::FAIR {
                return (bits as u32 % 25) as u8;
            }
        }
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut random = Java::new(self.seed.wrapping_add(offset(at)));
        let mut zone = 0;
        (0..).map(move |_: u64| {
            let mut name = Name::new();
            for _ in 0..15 {
                name.push(b'a' + random.below_25());
            }
            self.suffixes.append(zone, &mut name);
            zone = (zone + 1) % self.suffixes.len();
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(match self.variant {
            Variant::V1 => 5000,
            Variant::V3 => 2500,
        })
    }
}

/// What the month adds to the seed.
fn offset(at: DateTime<Utc>) -> i64 {
    let (year, month, _) = date(at);
    let (year, month) = (i64::from(year), i64::from(month) - 1);
    let mut offset = 2 * (year ^ month);
    offset = offset.wrapping_mul(year ^ offset);
    offset = offset.wrapping_mul(month ^ offset);
    offset = offset.wrapping_mul(offset);
    offset
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = number as i64;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let offset = offset(at);
        let [first, second] = clue.letters(LETTERS);
        sift_first(clue, numbers, passed, |seed| {
            let mut random = Java::new(i64::from(seed).wrapping_add(offset));
            u32::from(random.below_25()) == first && u32::from(random.below_25()) == second
        });
    }
}
