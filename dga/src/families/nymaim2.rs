//! Nymaim since April 2018: the downloader with a new generator, which joins words.
//!
//! # Names
//!
//! 704 names for a day (treated as UTC): 64 of the day itself, then 64 for each of the ten day numbers before it, in
//! the order in which they are made. Two words, sometimes with a hyphen between them.
//!
//! # Bots
//!
//! A bot tries hard-coded names of the same form first. Addresses in an answer are transformed and carry a checksum,
//! and only such an answer counts. In which order it tries the list, and how often, is not documented; the order here
//! is the specification's.
//!
//! # Pitfalls
//!
//! - A bot recognises a plain sinkhole: an unchanged address in the answer is no contact.
//! - The hard-coded names are in no list here, although they look the same.
//! - A name stays for eleven days within a year. On 1 January all names are new, and the ten day numbers before it are
//!   not the last days of December.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `seed`: text in the sample, by default `3138C81ED54AD5F8E905555A6623C9C9`
//!
//! Word lists: `nymaim2-first`, `nymaim2-second`, `nymaim2-tld`.

use super::prelude::*;
use crate::prim::hash::md5;
use crate::prim::hex;
use crate::prim::md5_lanes::{LANES, Lanes, Messages, words};
use crate::prim::parts::Parts;
use crate::prim::text::Text;
use chrono::Datelike;

/// Parameters of the new Nymaim.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Nymaim2 {
    seed: String,
}

impl Default for Nymaim2 {
    fn default() -> Self {
        Self { seed: "3138C81ED54AD5F8E905555A6623C9C9".into() }
    }
}

const SOURCE: &str = "baderj/domain_generation_algorithms, nymaim2";

const FIRST: WordListId = WordListId {
    id: "nymaim2-first",
    words: 2450,
    sha256: "62fbf338f182ab927a57167b9fdfa3c5139f9b6bc87950e843012be4826502dd",
    source: SOURCE,
};
const SECOND: WordListId = WordListId {
    id: "nymaim2-second",
    words: 4387,
    sha256: "1af280a7a7a6c6a05de40b510ff16c6d25a074ffd5c6d43ea0a1e7e861a7d158",
    source: SOURCE,
};
const ZONES: WordListId = WordListId {
    id: "nymaim2-tld",
    words: 74,
    sha256: "8867f594e87e2a3d9991695eef0b332badb23939bfdf933e7d474a5b69902819",
    source: SOURCE,
};

impl Algorithm for Nymaim2 {
    const INFO: Info = Info {
        name: "nymaim2",
        taxonomy: &[Taxonomy::TDD_W],
        active: (Some(2018), Some(2018)),
        references: &["https://bin.re/blog/the-new-domain-generation-algorithm-of-nymaim/"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn word_lists(&self) -> Vec<WordListId> {
        vec![FIRST, SECOND, ZONES]
    }

    fn bind(self, words: &WordLists) -> Result<impl Ready, Refusal> {
        Refusal::unless_ascii("seed", &self.seed)?;
        Ok(Bound {
            seed: hex::text(&md5(&[self.seed.as_bytes()])),
            first: words.words(&FIRST)?,
            second: words.words(&SECOND)?,
            zones: words.words(&ZONES)?,
        })
    }
}

struct Bound {
    /// MD5 of the sample's text, in hexadecimal.
    seed: String,
    first: Words,
    second: Words,
    zones: Words,
}

/// Names that follow from one day.
const NAMES: usize = 64;

/// Four hexadecimal digits, as characters, of the lower half of a word: each byte's upper half first.
#[inline]
fn digits(word: u32) -> u32 {
    let halves = (word & 0xF0) >> 4 | (word & 0x0F) << 8 | (word & 0xF000) << 4 | (word & 0x0F00) << 16;
    let letters = (halves + 0x0606_0606) >> 4 & 0x0101_0101;
    // From '9' to 'a' it is 39 farther than from 9 to 10.
    halves + 0x3030_3030 + (letters << 5) + (letters << 2) + (letters << 1) + letters
}

/// The generators of several days, side by side: each draws the beginning of a hash, and goes on with the hash of its
/// last digits.
struct Random {
    hashes: [Lanes; 4],
    next: Messages,
}

impl Random {
    fn new(hashes: &[[u32; 4]]) -> Self {
        let mut lanes = [[0; LANES]; 4];
        for (lane, hash) in hashes.iter().enumerate() {
            for (lanes, word) in lanes.iter_mut().zip(hash) {
                lanes[lane] = *word;
            }
        }
        // The seven first digits are left out, so that the eighth is used again.
        Self { hashes: lanes, next: Messages::alike(&[0; 25]) }
    }

    /// What each generator draws.
    #[inline]
    fn draw(&mut self) -> Lanes {
        let [first, second, third, fourth] = &self.hashes;
        let drawn = first.map(u32::swap_bytes);
        let (mut before, mut place) = (first.map(|word| digits(word >> 16) >> 24), 0);
        for word in [second, third, fourth] {
            for half in [word.map(digits), word.map(|word| digits(word >> 16))] {
                self.next.set_lanes(place, |lane| before[lane] | half[lane] << 8);
                before = half.map(|digits| digits >> 24);
                place += 1;
            }
        }
        // The last digit, and the mark of the message's end.
        self.next.set_lanes(place, |lane| before[lane] | 0x8000);
        self.hashes = self.next.hashes();
        drawn
    }
}

impl Parts for Bound {
    /// The year and the number of the day, which may become negative; the year stays.
    type Seed = (u32, i64);
    const SIZE: usize = NAMES;

    fn seeds(&self, at: DateTime<Utc>) -> impl Iterator<Item = (u32, i64)> {
        let year = at.year().cast_unsigned() % 100;
        let day = i64::from(at.ordinal0());
        (0..=10).map(move |back| (year, day - back))
    }

    fn make(&self, seeds: &[(u32, i64)]) -> Vec<Name> {
        let hashes: Vec<_> = seeds
            .iter()
            .map(|(year, day)| {
                let mut text = Text::<8>::new();
                text.push_decimal((*year).into());
                if *day < 0 {
                    text.push(b'-');
                }
                text.push_decimal(day.unsigned_abs());
                words(&md5(&[self.seed.as_bytes(), text.as_bytes()]))
            })
            .collect();
        let mut random = Random::new(&hashes);
        let mut names = vec![Name::new(); seeds.len() * NAMES];
        for number in 0..NAMES {
            let [first, hyphen, second, zone] = std::array::from_fn(|_| random.draw());
            for lane in 0..seeds.len() {
                let name = &mut names[lane * NAMES + number];
                name.push_str(self.first.word(first[lane] as usize % self.first.len()));
                name.push_if(hyphen[lane].is_multiple_of(2), b'-');
                name.push_str(self.second.word(second[lane] as usize % self.second.len()));
                name.push(b'.');
                name.push_str(self.zones.word(zone[lane] as usize % self.zones.len()));
            }
        }
        names
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

#[cfg(test)]
mod tests {
    #[test]
    fn digits_in_the_order_of_bytes() {
        assert_eq!(super::digits(0xFFFF_9A0B).to_le_bytes(), *b"0b9a");
        assert_eq!(super::digits(0xF07C).to_le_bytes(), *b"7cf0");
    }
}
