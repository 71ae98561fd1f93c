//! Locky: Windows ransomware of 2016 and 2017.
//!
//! # Names
//!
//! 6 to 12 names for every two days (treated as UTC): days 2 and 3 of a month share a list, 4 and 5, and so on; day 1
//! stands alone. Labels have letters `a` to `y`: 5 to 15 in variant `v2`, 7 to 17 in `v3`.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Names are asked for after their time: those of 2017-04-24 and 25 were observed on the 26th and 27th.
//! - The public script prints 8 names for the earliest configuration, which has 6; the last two repeat.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `variant`: `v2` or `v3`
//! - `seed`: the campaign's number, without default; 0 is the earliest form of `v2`, which had none
//! - `shift`: by how much words are rotated, 1 to 31, by default 7
//! - `modulus`: `v2` only: names in a list, by default 8
//! - `count`: `v3` only: names in a list, by default 12

use super::prelude::*;

/// Parameters of Locky; what is not given has the variant's default.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Locky {
    #[serde(default)]
    variant: Variant,
    seed: u32,
    #[serde(default = "usual_shift")]
    shift: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    modulus: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
}

fn usual_shift() -> u32 {
    7
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    V2,
    #[default]
    V3,
}

impl Algorithm for Locky {
    const INFO: Info = Info {
        name: "locky",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2016), Some(2017)),
        variants: &["v3", "v2"],
        references: &[
            "https://www.forcepoint.com/blog/x-labs/lockys-new-dga-seeding-new-domains-russia-update-26feb16",
            "https://www.fireeye.com/blog/threat-research/2016/04/new_downloader_forl.html",
            "http://nominum.com/tech-blog/comings-goings-comings-locky/",
        ],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DaysOfMonth(&[1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30])
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        if !(1..=31).contains(&self.shift) {
            return Err(Refusal::value("shift", "must be 1 to 31"));
        }
        let (count, zones): (_, &[&str]) = match (self.variant, self.modulus, self.count) {
            (Variant::V2, _, Some(_)) => return Err(Refusal::value("count", "variant `v2` has `modulus` instead")),
            (Variant::V3, Some(_), _) => return Err(Refusal::value("modulus", "variant `v3` has `count` instead")),
            (Variant::V2, Some(0), _) => return Err(Refusal::value("modulus", "must not be 0")),
            (Variant::V2, modulus, _) => (
                modulus.unwrap_or(8),
                &["ru", "pw", "eu", "in", "yt", "pm", "us", "fr", "de", "it", "be", "uk", "nl", "tf"],
            ),
            (Variant::V3, _, count) => {
                (count.unwrap_or(12), &["ru", "info", "biz", "click", "su", "work", "pl", "org", "pw", "xyz"])
            }
        };
        Ok(Bound { variant: self.variant, seed: self.seed, shift: self.shift, count, suffixes: Suffixes::fixed(zones) })
    }
}

struct Bound {
    variant: Variant,
    seed: u32,
    shift: u32,
    count: u32,
    suffixes: Suffixes,
}

const ADD: u32 = 0x2710_0001;

impl Bound {
    #[inline]
    fn mix(&self, number: u32) -> u32 {
        number.wrapping_mul(0xB119_24E1).rotate_right(self.shift)
    }

    /// What the second version knows of the date.
    fn second_day(&self, (year, month, day): (u32, u32, u32)) -> u32 {
        let mut mixed = self.mix(year.wrapping_add(0x1BF5));
        if self.seed != 0 {
            mixed = self.mix(mixed.wrapping_add(self.seed).wrapping_add(ADD));
        }
        mixed = self.mix(mixed.wrapping_add(day / 2).wrapping_add(ADD));
        self.mix(mixed.wrapping_add(month).wrapping_add(0x2709_A354))
    }

    fn second(&self, day: u32, index: u32) -> u32 {
        let sum = index.rotate_left(21).wrapping_add(day).wrapping_add(self.seed.rotate_left(17)).wrapping_add(ADD);
        self.mix(sum).wrapping_add(ADD)
    }

    fn third(&self, (year, month, day): (u32, u32, u32), index: u32) -> u32 {
        let (half, mut key) = (day / 2, 0_u32);
        for year in year..year + 7 {
            let b = self.mix(year.wrapping_add(key).wrapping_add(0x1BF5)).wrapping_add(ADD) ^ key;
            let e = self.mix(b.wrapping_add(self.seed)).wrapping_add(ADD) ^ b;
            let g = 0xD8EF_FFFF_u32.wrapping_sub(self.mix(half.wrapping_add(e))).wrapping_add(e);
            let u = g.wrapping_add(self.mix(month.wrapping_add(g).wrapping_sub(0x0006_5CAD))).wrapping_add(ADD);
            let sum = u.wrapping_add(self.seed.rotate_left(17)).wrapping_add(index.rotate_left(21));
            key = self.mix(sum).wrapping_add(ADD) ^ u;
        }
        key
    }

    fn name(&self, mut state: u32, shortest: u32) -> Name {
        let mut name = Name::new();
        for place in 0..state % 11 + shortest {
            state = self.mix(state.rotate_left(place)).wrapping_add(ADD);
            name.push(b'a' + (state % 25) as u8);
        }
        let zone = self.mix(state).wrapping_add(ADD) as usize % self.suffixes.len();
        self.suffixes.append(zone, &mut name);
        name
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let date = date(at);
        let day = self.second_day(date);
        let end = match self.variant {
            Variant::V2 => self.count,
            Variant::V3 => u32::MAX,
        };
        (0..end).map(move |index| match self.variant {
            Variant::V2 => self.name(self.second(day, index), 5),
            Variant::V3 => self.name(self.third(date, index), 7),
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}
