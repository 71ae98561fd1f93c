//! BumbleBee: a Windows loader; its generator became public in September 2023.
//!
//! # Names
//!
//! 100 names in the order in which they are made, with labels of 11 letters and digits. Variant `static` has one list
//! for all time. In `timed`, year, month and the second of the minute (UTC) enter, so that a month has 60 lists, which
//! take turns.
//!
//! # Bots
//!
//! How many names a bot tries and how long it waits between them is not documented; the order here is the
//! specification's.
//!
//! # Pitfalls
//!
//! - One moment gives one of the 60 lists of `timed`; a range of one minute gives all of its month, 6000 names.
//! - `TEST_SEE` looks like the beginning of a test string: expect samples with another `magic`, `count` or `tld`.
//!
//! # Parameters
//!
//! - `variant`: `static` or `timed`
//! - `magic`: 1 to 8 ASCII characters, by default `TEST_SEE`
//! - `count`: names in a list, by default 100
//! - `length`: characters of a label, by default 11
//! - `tld`: the zone, by default `life`

use super::prelude::*;
use chrono::Timelike;

/// Parameters of BumbleBee.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Bumblebee {
    variant: Variant,
    magic: String,
    count: u32,
    length: u32,
    tld: String,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    Static,
    Timed,
}

impl Default for Bumblebee {
    fn default() -> Self {
        Self { variant: Variant::Static, magic: "TEST_SEE".into(), count: 100, length: 11, tld: "life".into() }
    }
}

impl Algorithm for Bumblebee {
    const INFO: Info = Info {
        name: "bumblebee",
        taxonomy: &[Taxonomy::TID_A, Taxonomy::TDD_A],
        active: (Some(2023), None),
        variants: &["static", "timed"],
        references: &["https://github.com/baderj/domain_generation_algorithms/tree/master/bumblebee"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        match self.variant {
            Variant::Static => Schedule::Always,
            Variant::Timed => Schedule::Every { seconds: 1, since: 0 },
        }
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        if !self.magic.is_ascii() || !(1..=8).contains(&self.magic.len()) {
            return Err(Refusal::value("magic", "1 to 8 ASCII characters are needed"));
        }
        if !(1..=63).contains(&self.length) {
            return Err(Refusal::value("length", "a label has 1 to 63 characters"));
        }
        let mut magic = [0; 8];
        magic[..self.magic.len()].copy_from_slice(self.magic.as_bytes());
        Ok(Bound {
            variant: self.variant,
            magic: u64::from_le_bytes(magic),
            count: self.count,
            length: self.length,
            suffix: Suffixes::new("tld", &[self.tld], self.length as usize)?,
            shifted: Shifted::new(),
        })
    }
}

struct Bound {
    variant: Variant,
    magic: u64,
    count: u32,
    length: u32,
    suffix: Suffixes,
    shifted: Box<Shifted>,
}

/// What 32 steps of the shift register make of a number's low 32 bits, byte by byte: the register is linear, so the
/// parts can be looked up and combined.
struct Shifted([[u64; 256]; 4]);

impl Shifted {
    fn new() -> Box<Self> {
        let mut shifted = Box::new(Self([[0; 256]; 4]));
        for (place, table) in shifted.0.iter_mut().enumerate() {
            for (byte, entry) in table.iter_mut().enumerate() {
                *entry = Self::slowly((byte as u64) << (8 * place));
            }
        }
        shifted
    }

    fn slowly(mut number: u64) -> u64 {
        for _ in 0..32 {
            number = (number >> 1) ^ ((number & 1).wrapping_neg() & 0xF500_0000);
        }
        number
    }

    #[inline]
    fn of(&self, number: u64) -> u64 {
        let [a, b, c, d, ..] = number.to_le_bytes();
        let [first, second, third, fourth] = &self.0;
        (number >> 32) ^ first[usize::from(a)] ^ second[usize::from(b)] ^ third[usize::from(c)] ^ fourth[usize::from(d)]
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, _) = date(at);
        let mut state = self.magic.wrapping_add(match self.variant {
            Variant::Static => 0x1148B,
            Variant::Timed => 256 * (255 + u64::from(month)) + u64::from(at.second()) + u64::from(year),
        });
        (0..).map(move |_: u64| {
            let mut name = Name::new();
            for _ in 0..self.length {
                state = self.shifted.of(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
                name.push(b"abcdefghijklmnopqrstuvwxyz0123456789"[(state % 36) as usize]);
            }
            self.suffix.append(0, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::Shifted;

    #[test]
    fn tables_do_what_the_register_does() {
        let shifted = Shifted::new();
        let mut state = 0x4545_535F_5454_59DF_u64;
        for expected in [0xDB61_8C4A, 0x69AD_E800, 0x4B9A_79FC] {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            assert_eq!(shifted.of(state), Shifted::slowly(state));
            state = shifted.of(state);
            assert_eq!(state, expected);
        }
    }
}
