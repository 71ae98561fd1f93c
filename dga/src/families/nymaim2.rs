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

struct Random([u8; 16]);

impl Random {
    #[inline]
    fn below(&mut self, count: usize) -> usize {
        let [a, b, c, d, ..] = self.0;
        let mut digits = [0; 32];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0) {
            pair[0] = hex::DIGITS[usize::from(byte >> 4)];
            pair[1] = hex::DIGITS[usize::from(byte & 15)];
        }
        // The eighth digit is used again.
        self.0 = md5(&[&digits[7..]]);
        u32::from_be_bytes([a, b, c, d]) as usize % count
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let year = at.year().cast_unsigned() % 100;
        let day = i64::from(at.ordinal0());
        (0..=10).flat_map(move |back| {
            let mut text = Text::<8>::new();
            text.push_decimal(year.into());
            // The number may become negative; the year stays.
            if day < back {
                text.push(b'-');
            }
            text.push_decimal((day - back).unsigned_abs());
            let mut random = Random(md5(&[self.seed.as_bytes(), text.as_bytes()]));
            (0..64).map(move |_| {
                let mut name = Name::new();
                name.push_str(self.first.word(random.below(self.first.len())));
                if random.below(2) == 0 {
                    name.push(b'-');
                }
                name.push_str(self.second.word(random.below(self.second.len())));
                name.push(b'.');
                name.push_str(self.zones.word(random.below(self.zones.len())));
                name
            })
        })
    }
}
