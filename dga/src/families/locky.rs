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
use crate::parameter::Parameters;
use crate::search::parameter;

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

    const QUESTS: &'static [Quest] = &[
        Quest { any: Any::Places, ..Quest::NEW },
        Quest {
            finds: &[("shift", "1"), ("seed", "0")],
            numbers: 31 << 16,
            any: Any::Places,
            note: "only seeds below 65536, but with every shift",
            ..Quest::NEW
        },
    ];

    fn schedule(&self) -> Schedule {
        Schedule::DaysOfMonth(&[1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30])
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
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
        let mixer = Mixer { variant: self.variant, seed: self.seed, shift: self.shift };
        Ok(Bound { mixer, count, suffixes: Suffixes::fixed(zones) })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    mixer: Mixer,
    count: u32,
    suffixes: Suffixes,
}

/// What the state of a name follows from, apart from the date.
#[derive(Clone, Copy)]
struct Mixer {
    variant: Variant,
    seed: u32,
    shift: u32,
}

const ADD: u32 = 0x2710_0001;

impl Mixer {
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

    /// The state with which a name begins; `day` is what the second version knows of the date.
    #[inline]
    fn start(&self, date: (u32, u32, u32), day: u32, index: u32) -> u32 {
        match self.variant {
            Variant::V2 => self.second(day, index),
            Variant::V3 => self.third(date, index),
        }
    }

    /// The length of a label.
    #[inline]
    fn length(&self, state: u32) -> u32 {
        let shortest = match self.variant {
            Variant::V2 => 5,
            Variant::V3 => 7,
        };
        state % 11 + shortest
    }
}

impl Bound {
    fn name(&self, mut state: u32) -> Name {
        let mixer = self.mixer;
        let mut name = Name::new();
        for place in 0..mixer.length(state) {
            state = mixer.mix(state.rotate_left(place)).wrapping_add(ADD);
            name.push(b'a' + (state % 25) as u8);
        }
        let zone = mixer.mix(state).wrapping_add(ADD) as usize % self.suffixes.len();
        self.suffixes.append(zone, &mut name);
        name
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let date = date(at);
        let day = self.mixer.second_day(date);
        let end = match self.mixer.variant {
            Variant::V2 => self.count,
            Variant::V3 => u32::MAX,
        };
        (0..end).map(move |index| self.name(self.mixer.start(date, day, index)))
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}

impl Seeded for Bound {
    fn reseed(&mut self, quest: &Quest, number: u64) {
        self.mixer = reseeded(self.mixer, quest, number);
    }

    fn sift(&self, quest: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let (date, index, length) = (date(at), clue.place() as u32, clue.label().len() as u32);
        let [first] = clue.letters(LETTERS);
        let begins = |mixer: Mixer| {
            let day = if matches!(mixer.variant, Variant::V2) { mixer.second_day(date) } else { 0 };
            let state = mixer.start(date, day, index);
            mixer.length(state) == length && mixer.mix(state).wrapping_add(ADD) % 25 == first
        };
        if quest.parameter() == "seed" {
            sift(numbers, passed, |seed| begins(Mixer { seed, ..self.mixer }));
        } else {
            sift(numbers, passed, |number| begins(reseeded(self.mixer, quest, number.into())));
        }
    }

    fn parameters(&self, quest: &Quest, number: u64) -> Option<Parameters> {
        let mut parameters = parameter("seed", reseeded(self.mixer, quest, number).seed);
        if quest.parameter() == "shift" {
            parameters.extend(parameter("shift", reseeded(self.mixer, quest, number).shift));
        }
        Some(parameters)
    }
}

/// The mixer with what a number stands for.
#[inline]
fn reseeded(mixer: Mixer, quest: &Quest, number: u64) -> Mixer {
    if quest.parameter() == "seed" {
        Mixer { seed: number as u32, ..mixer }
    } else {
        Mixer { seed: number as u32 & 0xFFFF, shift: (number >> 16) as u32 + 1, ..mixer }
    }
}
