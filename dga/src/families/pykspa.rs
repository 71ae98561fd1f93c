//! Pykspa (Skyper): a worm in Skype with a generator since about October 2013; infected hosts were still seen in 2019.
//!
//! # Names
//!
//! - `improved`, set 1: 200 names for every 20 days
//! - `improved`, set 2: 800 names a day
//! - `precursor`: 5000 names for every 2 days
//!
//! Periods are counted from 1970-01-01 (UTC). Names stand in the order in which they are made, and the sequences
//! themselves have no end.
//!
//! # Bots
//!
//! A bot takes the date from a web server. It asks for the names of both sets of `improved`, mixed; only those of set 1
//! lead to real servers. How many names it tries and how often is not documented.
//!
//! # Pitfalls
//!
//! - Set 2 is noise: a take-down needs set 1 alone, but whoever looks for victims sees both.
//! - 200 and 800 are the numbers of a public feed, not of a sample.
//! - UNCONFIRMED: about one list in seven of set 2 depends on whether a real bot wraps a sum at 32 bits.
//! - Other lists say pykspa_v1 for `precursor`, pykspa_v2_real for set 1 and pykspa_v2_fake for set 2.
//! - A build of 2019 that asks only for some of the names is not covered.
//!
//! # Parameters
//!
//! - `variant`: `improved` or `precursor`
//! - `set`: `improved` only: 1 or 2, by default 1

use super::prelude::*;
use crate::prim::hex;
use crate::prim::md6::md6;

/// Parameters of Pykspa.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Pykspa {
    variant: Variant,
    set: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    Improved,
    Precursor,
}

impl Pykspa {
    /// How long a list is valid, in seconds, and how many names it has.
    fn period_and_count(&self) -> (i64, usize) {
        match (self.variant, self.set) {
            (Variant::Precursor, _) => (172_800, 5000),
            (Variant::Improved, Some(2)) => (86_400, 800),
            (Variant::Improved, _) => (1_728_000, 200),
        }
    }
}

impl Algorithm for Pykspa {
    const INFO: Info = Info {
        name: "pykspa",
        aliases: &["Pykse", "Skyper", "SkypeBot"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2013), Some(2019)),
        variants: &["improved", "precursor"],
        references: &[
            "https://bin.re/blog/the-dga-of-pykspa/",
            "https://bin.re/blog/pykspas-inferior-dga-version/",
            "https://www.akamai.com/blog/security/pykspa-v2-dga-updated-to-become-selective",
        ],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::Every { seconds: self.period_and_count().0, since: 0 }
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        match (self.variant, self.set) {
            (Variant::Improved, None | Some(1 | 2)) | (Variant::Precursor, None) => {}
            (Variant::Improved, Some(_)) => return Err(Refusal::value("set", "must be 1 or 2")),
            (Variant::Precursor, Some(_)) => return Err(Refusal::value("set", "variant `precursor` has none")),
        }
        let suffixes = Suffixes::fixed(match self.variant {
            Variant::Improved => &["com", "net", "org", "info"],
            Variant::Precursor => &["biz", "com", "net", "org", "info", "cc"],
        });
        Ok(Bound { parameters: self, suffixes })
    }
}

struct Bound {
    parameters: Pykspa,
    suffixes: Suffixes,
}

/// How many seeds are computed side by side: each is one long chain of rotations.
const LANES: usize = 4;

/// 128 generators that step in turn and feed one accumulator; several of these mixers side by side.
struct Mixers<const LANES: usize> {
    words: [[u32; LANES]; 128],
    sums: [u32; LANES],
}

impl<const LANES: usize> Mixers<LANES> {
    /// Mixers of the big-endian pairs of these bytes; missing ones are 0.
    fn new(bytes: &[[u8; LANES]]) -> Self {
        let mut words = [[0; LANES]; 128];
        for (words, pair) in words.iter_mut().zip(bytes.chunks(2)) {
            for bytes in pair {
                for (word, byte) in words.iter_mut().zip(bytes) {
                    *word = *word << 8 | u32::from(*byte);
                }
            }
        }
        let mut mixers = Self { words, sums: [0; LANES] };
        for index in 0..128 {
            for _ in 0..=index {
                mixers.words[index] = mixers.words[index].map(step);
                mixers.add(index);
            }
        }
        mixers
    }

    /// Adds what the generator with this number has drawn.
    #[inline]
    fn add(&mut self, index: usize) {
        for (sum, word) in self.sums.iter_mut().zip(self.words[index]) {
            *sum = sum.wrapping_add(word >> 16 & 0x7FFF).rotate_left(*sum & 15);
        }
    }

    fn keys(&mut self, bytes: [u8; LANES]) -> [u8; LANES] {
        // The generators do not wait for the sums, so they can step all at once.
        for word in self.words.as_flattened_mut() {
            *word = step(*word);
        }
        for index in 0..128 {
            self.add(index);
        }
        let mut mixed = bytes;
        for lane in 0..LANES {
            mixed[lane] ^= self.sums[lane] as u8;
            self.sums[lane] = self.sums[lane].wrapping_add(bytes[lane].into());
            self.words[127][lane] = self.words[127][lane].wrapping_add(bytes[lane].into());
        }
        mixed
    }
}

#[inline]
fn step(word: u32) -> u32 {
    word.wrapping_mul(22_695_477).wrapping_add(1)
}

/// The seeds of periods of the improved generator: they cost far more than the names.
fn seeds<const LANES: usize>(periods: [u32; LANES]) -> [u32; LANES] {
    let mut texts = [[0; LANES]; 64];
    for (lane, period) in periods.iter().enumerate() {
        for (text, byte) in texts.iter_mut().zip(hex::text(&md6(&period.to_le_bytes())).bytes()) {
            text[lane] = byte;
        }
    }
    let mut mixers = Mixers::new(&texts);
    let mut bytes = [[0; LANES]; 256];
    bytes[..64].copy_from_slice(&texts);
    // The last place comes twice in a row: at the end of the first pass and at the beginning of the others.
    for place in (0..256).chain([255]).chain((0..256).cycle().take(2_569)) {
        let keys = mixers.keys(bytes[place]);
        for (byte, key) in bytes[place].iter_mut().zip(keys) {
            *byte ^= key;
        }
    }
    let mut mixers = Mixers::new(&bytes);
    let mut seeds = [[0; 4]; LANES];
    for number in 0..4 {
        let letters = std::array::from_fn(|lane| texts[periods[lane] as usize % 50 + number][lane]);
        for (seed, key) in seeds.iter_mut().zip(mixers.keys(letters)) {
            seed[number] = key;
        }
    }
    seeds.map(u32::from_le_bytes)
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let period = self.period(at);
        self.after(if self.is_improved() { seeds([period])[0] } else { period })
    }

    fn length(&self) -> Option<usize> {
        Some(self.parameters.period_and_count().1)
    }

    fn lists(&self, at: &[DateTime<Utc>], limit: usize, out: &mut [Vec<Name>]) {
        for (at, out) in at.chunks(LANES).zip(out.chunks_mut(LANES)) {
            let mut states = [0; LANES];
            for (state, at) in states.iter_mut().zip(at) {
                *state = self.period(*at);
            }
            if self.is_improved() {
                states = seeds(states);
            }
            for ((state, out), _) in states.into_iter().zip(out).zip(at) {
                out.extend(self.after(state).take(limit));
            }
        }
    }
}

impl Bound {
    fn is_improved(&self) -> bool {
        self.parameters.variant == Variant::Improved
    }

    fn period(&self, at: DateTime<Utc>) -> u32 {
        at.timestamp().div_euclid(self.parameters.period_and_count().0) as u32
    }

    /// The names that follow from a seed.
    fn after(&self, seed: u32) -> impl Iterator<Item = Name> + Send + '_ {
        let improved = self.is_improved();
        let mut state = u64::from(seed);
        (0..).map(
            move |number: u32| {
                if improved { self.improved(&mut state, number) } else { self.precursor(&mut state, number) }
            },
        )
    }

    fn improved(&self, state: &mut u64, number: u32) -> Name {
        *state += *state % (u64::from(number) + 1) + 1;
        let mut value = *state;
        let length = (value + u64::from(number)) % 7 + 6;
        let modulus = 541 * length + 4;
        let mut offset = length * length;
        let mut name = Name::new();
        for place in 0..length {
            let factor = value % 5 + value % 123_456 + place * ((value & 1) + value % 4_567);
            let product = u64::from(value.wrapping_mul(factor) as u32);
            name.push(b'a' + ((offset + product) % 26) as u8);
            offset += length;
            // The product wraps at 32 bits, the sum does not.
            value += (u64::from((7_837_632 * length).wrapping_mul(value) as u32) + 82_344) % modulus;
        }
        self.suffixes.append((*state & 3) as usize, &mut name);
        name
    }

    fn precursor(&self, state: &mut u64, number: u32) -> Name {
        let start = (*state as u32).wrapping_mul(*state as u32).wrapping_add(number);
        *state = start.into();
        let length = start % 10 + 6;
        let mut value = start;
        let mut offset = length * length;
        let mut name = Name::new();
        for place in 0..length {
            let factor =
                place.wrapping_mul(value % 4_567 + value % 19).wrapping_add(value % 123_456).wrapping_add(value % 5);
            name.push(b'a' + (offset.wrapping_add(value.wrapping_mul(factor)) % 26) as u8);
            value = value.wrapping_add(place) >> ((place * place) & 31);
            offset += length;
        }
        self.suffixes.append(start as usize % 6, &mut name);
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_as_published() {
        assert_eq!(seeds([769, 15_399]), [0x39CE_5B0D, 0xF8F3_946F]);
    }

    #[test]
    fn side_by_side_as_alone() {
        for parameters in [Pykspa::default(), Pykspa { variant: Variant::Precursor, set: None }] {
            let bound = parameters.bind(&WordLists::none()).expect("known parameters");
            let moments: Vec<DateTime<Utc>> =
                (0..6).filter_map(|period| DateTime::from_timestamp(period * 1_728_000, 0)).collect();
            let mut lists = vec![Vec::new(); moments.len()];
            bound.lists(&moments, 7, &mut lists);
            for (at, list) in moments.iter().zip(&lists) {
                assert_eq!(*list, bound.names(*at).take(7).collect::<Vec<_>>());
            }
        }
    }
}
