//! Murofet (LICAT): Zeus with a generator, from October 2010; keys of the second variant were seen until 2018.
//!
//! # Names
//!
//! `count` names in the order of their index; each index is computed by itself. Labels come from the bytes of MD5 over
//! date and index. Variants `v1` (14 to 32 letters) and `v3` (32 to 46 letters and digits) have a list for days 1 to 6,
//! 7 to 13, 14 to 20, 21 to 27 and the rest of each month (UTC); `v2` has one a day, in which two neighbours share a
//! label of 9 to 16 letters.
//!
//! # Bots
//!
//! A bot begins at 17 times the minute of the hour, goes upwards, starts over at 1020 and tries at most 800 names. With
//! key `0xA4D7EE01` it presumably begins at 17 times a number from 0 to 59, does not start over and tries 256, so that
//! the list has 1259 names. With key `0x78E4A3C0` it begins at 17 times the second of the minute.
//!
//! # Pitfalls
//!
//! - The first names of the list are tried no sooner than others: where a bot begins depends on the time.
//! - Published names of key `0x78E4A3C0` are dated by the clock of China (UTC+8) and belong to the day before in UTC.
//! - Not all published names fit: one of key `0xA4D7EE01` belongs to no day around, and those of key `0x8811EEA2` dated
//!   2016-09-09 are of 2016-09-07.
//! - The names of `v1` are also those of family `gameover` (other lists call it `goz`); a name in both is no sign of
//!   two botnets.
//!
//! # Parameters
//!
//! - `variant`: `v1`, `v2` or `v3`
//! - `key`: `v2` only: a 32-bit key, by default 0, which means none
//! - `count`: how many names, by default 1020 or (`v3`) 1000

use super::prelude::*;
use crate::prim::md5_lanes::bytes;
use crate::prim::zeus;

/// Parameters of Murofet; what is not given has the variant's default.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Murofet {
    variant: Variant,
    key: Option<u32>,
    count: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    V1,
    V2,
    V3,
}

impl Algorithm for Murofet {
    const INFO: Info = Info {
        name: "murofet",
        aliases: &["LICAT"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2010), Some(2018)),
        variants: &["v1", "v2", "v3"],
        references: &[
            "https://johannesbader.ch/2015/09/three-variants-of-murofets-dga/",
            "https://github.com/360netlab/DGA/issues/11",
            "https://github.com/360netlab/DGA/issues/30",
            "https://github.com/360netlab/DGA/issues/43",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] =
        &[Quest { finds: &[("key", "0")], variants: &["v2"], any: Any::Places, ..Quest::NEW }];

    fn schedule(&self) -> Schedule {
        match self.variant {
            Variant::V1 | Variant::V3 => Schedule::DaysOfMonth(zeus::WEEKS),
            Variant::V2 => Schedule::DAY,
        }
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        if self.key.is_some() && self.variant != Variant::V2 {
            return Err(Refusal::value("key", "only variant `v2` has one"));
        }
        let (zones, count): (&[&str], _) = match self.variant {
            Variant::V1 => (&["ru", "biz", "info", "org", "net", "com"], 1020),
            Variant::V2 => (&["biz", "info", "org", "net", "com"], 1020),
            Variant::V3 => (&["ru", "biz", "info", "org", "net", "com"], 1000),
        };
        Ok(Bound {
            variant: self.variant,
            key: self.key.unwrap_or(0),
            count: self.count.unwrap_or(count),
            suffixes: Suffixes::fixed(zones),
        })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    variant: Variant,
    key: u32,
    count: u32,
    suffixes: Suffixes,
}

/// The third variant's letters and digits of each byte.
fn append_letters_and_digits(hash: &[u8; 16], name: &mut Name) {
    for byte in hash {
        let letter = b'a' + (byte & 15);
        name.push(letter);
        let high = byte >> 4;
        let digits = high > 9;
        name.push(if digits { b'1' + high - 10 } else { b'q' + high });
        name.push_if(digits, b'0' + letter % 10);
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut of_week = zeus::HashesOfWeek::new(date(at));
        let mut of_day = zeus::HashesOfDay::new(date(at), self.key);
        let mut pair = Name::new();
        (0..).map(move |index: u32| {
            let mut name = Name::new();
            match self.variant {
                Variant::V1 => zeus::append_five_bits(&bytes(of_week.next(index)), &mut name),
                Variant::V2 => {
                    if index.is_multiple_of(2) {
                        pair.truncate(0);
                        zeus::append_sums(&bytes(of_day.next(index)), &mut pair);
                    }
                    name = pair;
                }
                Variant::V3 => append_letters_and_digits(&bytes(of_week.next(index)), &mut name),
            }
            self.suffixes.append(zeus::zone(index, self.suffixes.len() as u32), &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.key = number as u32;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        zeus::HashesOfDay::sift(date(at), clue.place() as u32 & !1, clue.label(), numbers, passed);
    }
}
