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
use crate::parameter::Parameters;
use crate::search::parameter;
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

    const QUESTS: &'static [Quest] = &[Quest {
        finds: &[("magic", "A")],
        variants: &["static"],
        any: Any::State,
        note: "a text that gives the same names; one of about four thousand million equal ones is the true one",
        ..Quest::NEW
    }];

    fn schedule(&self) -> Schedule {
        match self.variant {
            Variant::Static => Schedule::Always,
            Variant::Timed => Schedule::Every { seconds: 1, since: 0 },
        }
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
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

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
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
#[derive(Clone)]
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
            Variant::Static => OFFSET,
            Variant::Timed => 256 * (255 + u64::from(month)) + u64::from(at.second()) + u64::from(year),
        });
        (0..).map(move |_: u64| {
            let mut name = Name::new();
            for _ in 0..self.length {
                state = self.shifted.of(state.wrapping_mul(FACTOR).wrapping_add(INCREMENT));
                name.push(CHARACTERS[(state % 36) as usize]);
            }
            self.suffix.append(0, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}

const CHARACTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// What the static variant adds to its text, as a number.
const OFFSET: u64 = 0x1148B;

const FACTOR: u64 = 1_664_525;
const INCREMENT: u64 = 1_013_904_223;

/// What undoes a multiplication by [`FACTOR`], modulo 2^64.
const INVERSE: u64 = {
    let mut inverse = FACTOR;
    let mut round = 0;
    while round < 5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(FACTOR.wrapping_mul(inverse)));
        round += 1;
    }
    inverse
};

impl Bound {
    /// The text, as a number, after whose first step the state is `state`, where the lower half before the shifts is `low`.
    fn magic(&self, state: u64, low: u64) -> u64 {
        let before = (state ^ self.shifted.of(low)) << 32 | low;
        before.wrapping_sub(INCREMENT).wrapping_mul(INVERSE).wrapping_sub(OFFSET)
    }
}

/// All names follow from the state that gives the first character. It has 32 bits, whatever the text was.
impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.magic = self.magic(number, 0);
    }

    fn sift(&self, _: &Quest, _: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let [first, second] = clue.letters(CHARACTERS);
        let single = self.length == 1;
        sift_first(clue, numbers, passed, |state| {
            let next = || self.shifted.of(u64::from(state).wrapping_mul(FACTOR).wrapping_add(INCREMENT));
            state % 36 == first && (single || next() % 36 == u64::from(second))
        });
    }

    /// A text of eight letters and digits.
    fn parameters(&self, _: &Quest, number: u64) -> Option<Parameters> {
        let texts = (0..1 << 32).map(|low| self.magic(number, low).to_le_bytes());
        let text = texts.into_iter().find(|text| text.iter().all(u8::is_ascii_alphanumeric))?;
        Some(parameter("magic", String::from_utf8(text.to_vec()).ok()?))
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
