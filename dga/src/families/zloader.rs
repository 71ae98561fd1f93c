//! Zloader (Silent Night, DELoader): a Windows banking trojan and loader, with a generator since the end of 2019.
//!
//! # Names
//!
//! 32 names a day (UTC) and key, in the order in which they are made; the sequence itself has no end. Labels have 20
//! letters `a` to `y`.
//!
//! # Bots
//!
//! The names are a fallback for when the configured servers do not answer. How many of them a bot tries, in which order
//! and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Every key has a list of its own: prepare for all known ones, and expect others.
//! - Ports that add a letter's place in the alphabet instead of its character code give other names.
//!
//! # Parameters
//!
//! - `key`: the configuration's key, ASCII
//! - `stream`: the first 32 bits that RC4 makes of the key, for configurations whose key is not known; one of the two is
//!   needed

use super::prelude::*;
use crate::search::ABSENT;

/// Parameters of Zloader.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Zloader {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stream: Option<u32>,
}

impl Algorithm for Zloader {
    const INFO: Info = Info {
        name: "zloader",
        aliases: &["Silent Night", "DELoader"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2019), None),
        references: &["https://johannesbader.ch/blog/the-dga-of-zloader/"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        finds: &[("stream", "0"), ("key", ABSENT)],
        note: "what the key makes of a date, from which all names follow; the key itself cannot be found",
        ..Quest::NEW
    }];

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        match (self.stream, self.key) {
            (Some(key), None) => Ok(Bound { key }),
            (None, None) => Err(Refusal::Missing("key")),
            (Some(_), Some(_)) => Err(Refusal::value("stream", "it stands for `key`, which is given, too")),
            (None, Some(key)) if !key.is_ascii() || !(1..=256).contains(&key.len()) => {
                Err(Refusal::value("key", "1 to 256 ASCII characters are needed"))
            }
            (None, Some(key)) => Ok(Bound { key: u32::from_le_bytes(key_stream(key.as_bytes())) }),
        }
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    /// What the key makes of a date.
    key: u32,
}

/// The first four bytes of RC4's key stream.
fn key_stream(key: &[u8]) -> [u8; 4] {
    let mut state: [u8; 256] = std::array::from_fn(|place| place as u8);
    let mut other = 0_u8;
    for place in 0..256 {
        other = other.wrapping_add(state[place]).wrapping_add(key[place % key.len()]);
        state.swap(place, usize::from(other));
    }
    other = 0;
    std::array::from_fn(|number| {
        let place = number + 1;
        other = other.wrapping_add(state[place]);
        state.swap(place, usize::from(other));
        state[usize::from(state[place].wrapping_add(state[usize::from(other)]))]
    })
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let midnight = (unix_day(at) * 86_400) as u32;
        let start = midnight ^ self.key;
        let mut state = start;
        (0..).map(move |_: u64| {
            let mut name = Name::new();
            for _ in 0..20 {
                let letter = b'a' + (state % 25) as u8;
                name.push(letter);
                state = start ^ state.wrapping_add(letter.into());
            }
            name.push_block(b".com", 4);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(32)
    }
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.key = number as u32;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let midnight = (unix_day(at) * 86_400) as u32;
        let [first, second] = clue.letters(LETTERS);
        let character = u32::from(b'a').wrapping_add(first);
        sift_first(clue, numbers, passed, |key| {
            let start = midnight ^ key;
            start % 25 == first && (start ^ start.wrapping_add(character)) % 25 == second
        });
    }
}
