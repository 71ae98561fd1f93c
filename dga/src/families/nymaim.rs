//! Nymaim: a downloader and dropper of ransomware, 2013 to 2018, also as GozNym; this is its generator before that of
//! 2018, which is family `nymaim2`.
//!
//! # Names
//!
//! 128 names a day (treated as UTC) in the order in which they are made; the sequence itself has no end. Labels have 6
//! to 11 letters, and the last but one chooses the zone. Only the sums of year and weekday and of month and day matter.
//!
//! # Bots
//!
//! Answers to a bot carry a checksum and transformed addresses, and only such an answer counts. How many names it
//! tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - A bot recognises a plain sinkhole: an unchanged address in the answer is no contact.
//! - Different days can have the same list.
//! - 128 is the public script's number of names, not one that was observed.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! None.

use super::prelude::*;
use chrono::Datelike;

/// Nymaim has no parameters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Nymaim {}

impl Algorithm for Nymaim {
    const INFO: Info = Info {
        name: "nymaim",
        aliases: &["GozNym"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2013), Some(2018)),
        references: &["https://bin.re/blog/the-new-domain-generation-algorithm-of-nymaim/"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(Bound(Suffixes::fixed(&["com", "org", "biz", "net", "info"])))
    }
}

struct Bound(Suffixes);

struct Random([u32; 4]);

impl Random {
    fn new(at: DateTime<Utc>) -> Self {
        let (year, month, day) = date(at);
        let start = year + 65_536 * (month + day) + at.weekday().num_days_from_sunday();
        Self([0x5245_5641, 0x4948_4F4C, 0x5955_4820, 0x4D41_5620].map(|word: u32| word.wrapping_add(start)))
    }

    #[inline]
    fn below(&mut self, count: u32) -> u32 {
        let [first, second, third, fourth] = self.0;
        let mixed = first ^ (first << 11);
        let last = fourth ^ (fourth >> 19) ^ mixed ^ (mixed >> 8);
        self.0 = [first.wrapping_add(second), second.wrapping_add(third), third.wrapping_add(fourth), last];
        third.wrapping_add(last) / 100 % count
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut random = Random::new(at);
        (0..).map(move |_: u64| {
            let mut name = Name::new();
            let mut letters = [0, 0];
            for _ in 0..random.below(6) + 6 {
                letters = [letters[1], random.below(26) as u8];
                name.push(b'a' + letters[1]);
            }
            let zone = match letters[0] {
                0..=8 => 0,
                9..=12 => 1,
                13..=16 => 2,
                17..=20 => 3,
                _ => 4,
            };
            self.0.append(zone, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(128)
    }
}
