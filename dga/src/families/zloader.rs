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
//! - `key`: the configuration's key, ASCII, without default

use super::prelude::*;

/// Parameters of Zloader.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Zloader {
    key: String,
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

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        if !self.key.is_ascii() || !(1..=256).contains(&self.key.len()) {
            return Err(Refusal::value("key", "1 to 256 ASCII characters are needed"));
        }
        Ok(Bound { key: u32::from_le_bytes(key_stream(self.key.as_bytes())) })
    }
}

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
