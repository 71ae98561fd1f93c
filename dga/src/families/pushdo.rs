//! Pushdo (Cutwail's loader): downloads a spam bot; its generator was seen from 2013 on, with a new set of letters in
//! 2025.
//!
//! # Names
//!
//! A day number gives a block of 30 names of 9 to 12 letters, put together of syllables. A list has the 45 blocks that
//! can be used on a day (treated as UTC): that of the day, of the 30 numbers before it and of the 14 after it, in this
//! order.
//!
//! # Bots
//!
//! The generator is a fallback for when no hard-coded host answers. Any of the 45 blocks can be used on a day; in which
//! order a bot walks them and how often is not documented.
//!
//! # Pitfalls
//!
//! - The numbers of neighbouring days are not always neighbours, because months are added up wrongly: take `full`
//!   lists, and do not put a window together of the days around.
//! - UNRESOLVED: a second public script counts days rightly, which shifts lists by a day in months of 30 days and by
//!   two or three in February.
//! - A report of 2013 says 1380 names, which are 46 blocks; the list has 45.
//! - The public script writes `kz` for every configuration; that of `com_v1` is `com`.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `variant`: `kz_v1`, `com_v1`, `kz_v2` or `kz_v3`, which decides about letters and zone
//! - `window`: `full` for all 45 blocks or `day` for the first, by default `full`

use super::prelude::*;
use crate::prim::md5_lanes::{LANES, Messages, bytes, of_lane};
use crate::prim::parts::Parts;

/// Parameters of Pushdo.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Pushdo {
    variant: Variant,
    window: Window,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Variant {
    #[default]
    KzV1,
    ComV1,
    KzV2,
    KzV3,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Window {
    #[default]
    Full,
    Day,
}

impl Algorithm for Pushdo {
    const INFO: Info = Info {
        name: "pushdo",
        taxonomy: &[Taxonomy::TDD_H],
        active: (Some(2013), Some(2025)),
        variants: &["kz_v1", "com_v1", "kz_v2", "kz_v3"],
        references: &[
            "http://www.seculert.com/blog/2013/05/pushdo-malware-domain-generation-adaptation.html",
            "https://github.com/baderj/domain_generation_algorithms/tree/master/pushdo",
        ],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        let first = Letters { starts: b"bcdfghjklmnpqrstvwx", ends: b"zxtsrqpnmlkgfdc", after_e: 7, after_others: 1 };
        let second = Letters { starts: b"kqbhcndjfwglpmzxrsv", ends: b"qzlbtgrnkxsfdcm", after_e: 8, after_others: 2 };
        let third = Letters { starts: b"zhjntdwmqbglpxrsfc", ends: b"rlngbtkszpfdcmx", ..second };
        let (letters, zone) = match self.variant {
            Variant::KzV1 => (first, "kz"),
            Variant::ComV1 => (first, "com"),
            Variant::KzV2 => (second, "kz"),
            Variant::KzV3 => (third, "kz"),
        };
        let syllables = std::array::from_fn(|byte| letters.syllable(byte));
        Ok(Bound { window: self.window, syllables: Box::new(syllables), suffix: Suffixes::fixed(&[zone]) })
    }
}

/// What a variant's syllables are made of.
#[derive(Clone, Copy)]
struct Letters {
    starts: &'static [u8],
    ends: &'static [u8; 15],
    /// Bits that decide whether a syllable has a third letter.
    after_e: usize,
    after_others: usize,
}

impl Letters {
    fn syllable(self, byte: usize) -> ([u8; 3], usize) {
        let vowel = b"aeiou"[(byte + 1) % 256 % 5];
        let mut letters = [self.starts[byte % self.starts.len()], vowel, 0];
        if vowel == b'e' && (byte + 2) & self.after_e != 0 {
            letters[2] = b"aio"[(byte + 2) % 3];
        } else if (byte + 2) & self.after_others != 0 {
            letters[2] = self.ends[(byte + 3) % 15];
        }
        (letters, if letters[2] == 0 { 2 } else { 3 })
    }
}

struct Bound {
    window: Window,
    syllables: Box<[([u8; 3], usize); 256]>,
    suffix: Suffixes,
}

/// The bot's number of a day: it adds up the months from February to the present one.
fn day_number((year, month, day): (u32, u32, u32)) -> u32 {
    let february = if year.is_multiple_of(4) { 29 } else { 28 };
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let of_year: u32 = months[1..month as usize].iter().sum();
    let leap_years = year / 4;
    day + of_year + 365 * (year - leap_years) + 366 * leap_years
}

/// Names that follow from one day.
const NAMES: usize = 30;

impl Parts for Bound {
    /// The number of a day.
    type Seed = u32;
    const SIZE: usize = NAMES;

    fn seeds(&self, at: DateTime<Utc>) -> impl Iterator<Item = u32> {
        let today = day_number(date(at)).cast_signed();
        let (before, after) = match self.window {
            Window::Full => (30, 14),
            Window::Day => (0, 0),
        };
        let offsets = (0..=before).map(|days: i32| -days).chain(1..=after);
        offsets.map(move |offset| (today + offset).cast_unsigned())
    }

    fn make(&self, seeds: &[u32]) -> Vec<Name> {
        let mut states = [0; LANES];
        states[..seeds.len()].copy_from_slice(seeds);
        let mut messages = Messages::alike(&[0; 4]);
        let mut names = vec![Name::new(); seeds.len() * NAMES];
        for number in 0..NAMES {
            messages.set_lanes(0, |lane| states[lane]);
            let hashes = messages.hashes();
            for lane in 0..seeds.len() {
                self.write(bytes(of_lane(&hashes, lane)), &mut names[lane * NAMES + number]);
            }
            states = hashes[0].map(|word| word.wrapping_add(1));
        }
        names
    }
}

impl Bound {
    /// Writes the name that follows from a hash.
    #[inline]
    fn write(&self, hash: [u8; 16], name: &mut Name) {
        let length = usize::from(hash[0] & 3) + 9;
        for byte in hash {
            let (letters, size) = &self.syllables[usize::from(byte)];
            name.push_block(letters, *size);
            if name.len() >= length {
                break;
            }
        }
        name.truncate(length);
        self.suffix.append(0, name);
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        self.parts(at)
    }

    fn lists(&self, at: &[DateTime<Utc>], limit: usize, out: &mut [Vec<Name>]) {
        self.lists_of_parts(at, limit, out);
    }
}
