//! Tinba (TinyBanker, Zusy): a Windows banking trojan with a generator since 2014.
//!
//! # Names
//!
//! The sample's hard-coded domain, then for each of `rounds` labels of 12 letters one name under every zone; each label
//! comes from the one before it. The list holds for as long as a sample is in use.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Some samples carry further fixed domains, which are in no list here.
//! - The known configurations explain 6 of 233 names in a feed of April 2018: expect others.
//! - The hard-coded domain is itself the first name of the list.
//!
//! # Parameters
//!
//! - `seed`: text of 16 ASCII characters; a shorter one is filled up with zero bytes
//! - `domain`: the hard-coded domain, at least 13 characters
//! - `tlds`: zones in one text with commas, without dots and blanks
//! - `rounds`: how many labels
//!
//! None of them has a default.

use super::prelude::*;
use crate::parameter::Parameters;
use crate::search::parameter;

/// Parameters of Tinba.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tinba {
    seed: String,
    domain: String,
    tlds: String,
    rounds: u32,
}

impl Algorithm for Tinba {
    const INFO: Info = Info {
        name: "tinba",
        aliases: &["TinyBanker", "Zusy"],
        taxonomy: &[Taxonomy::TID_A],
        active: (Some(2014), Some(2018)),
        references: &[
            "http://garage4hackers.com/entry.php?b=3086",
            "http://johannesbader.ch/2015/04/new-top-level-domains-for-tinbas-dga/",
            "https://github.com/360netlab/DGA/issues/9",
            "https://github.com/360netlab/DGA/issues/15",
            "https://github.com/360netlab/DGA/issues/21",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        numbers: 1 << 15,
        note: "a text with the same sum and the same last character, which are all that matters; `domain` must be \
                   given: the first captured name may stand for it, with `--position 1` for those after it",
        ..Quest::NEW
    }];

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        if !self.domain.is_ascii() || self.domain.len() < READ {
            return Err(Refusal::value("domain", format!("at least {READ} ASCII characters are needed")));
        }
        Refusal::unless_ascii("seed", &self.seed)?;
        let first = Name::parse(&self.domain).ok_or_else(|| Refusal::value("domain", "the domain is too long"))?;
        let zones: Vec<&str> = self.tlds.split(',').collect();
        if zones.iter().any(|zone| zone.is_empty()) {
            return Err(Refusal::value("tlds", "zones with commas between them are needed, as in `com,net`"));
        }
        let suffixes = Suffixes::new("tlds", &zones, LETTERS)?;
        let mut seed = [0; 16];
        for (place, byte) in seed.iter_mut().zip(self.seed.bytes()) {
            *place = byte;
        }
        Ok(Bound {
            first,
            sum: seed.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte)),
            last: seed[15],
            suffixes,
            rounds: self.rounds,
        })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

/// Letters of a label, and how many characters of a name the next one is made of.
const LETTERS: usize = 12;
const READ: usize = LETTERS + 1;

#[derive(Clone)]
struct Bound {
    first: Name,
    /// Of the seed: the sum of its bytes, and the last of them.
    sum: u8,
    last: u8,
    suffixes: Suffixes,
    rounds: u32,
}

impl Bound {
    /// The characters that decide about the label after this one: its letters, and the dot.
    fn next(&self, read: [u8; READ]) -> [u8; READ] {
        let (mut key, mut state) = (self.sum, self.last);
        let mut next = [b'.'; READ];
        for (place, letter) in next[..LETTERS].iter_mut().enumerate() {
            // The state is kept with the first character added: then one addition is left for each try.
            let (first, both) = (read[place], read[place].wrapping_add(read[place + 1]));
            let mut sum = state.wrapping_add(first);
            loop {
                sum = (sum ^ key).wrapping_add(both);
                state = sum.wrapping_sub(first);
                if (b'b'..=b'y').contains(&state) {
                    break;
                }
                key = key.wrapping_add(1);
            }
            *letter = state;
        }
        next
    }
}

impl Ready for Bound {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut read = [0; READ];
        read.copy_from_slice(&self.first.as_bytes()[..READ]);
        let labels = (0..self.rounds).map(move |_| {
            read = self.next(read);
            read
        });
        let generated = labels.flat_map(move |label| {
            (0..self.suffixes.len()).map(move |zone| {
                let mut name = Name::new();
                name.push_block(&label, LETTERS);
                self.suffixes.append(zone, &mut name);
                name
            })
        });
        std::iter::once(self.first).chain(generated)
    }
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.sum = number as u8;
        self.last = (number >> 8) as u8;
    }

    /// A text of sixteen characters: letters with the right sum, and the last one.
    fn parameters(&self, _: &Quest, number: u64) -> Option<Parameters> {
        let (sum, last) = (number as u8, (number >> 8) as u8);
        let mut text = [b'a'; 16];
        text[15] = last;
        let mut missing = sum.wrapping_sub(text.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte)));
        for byte in &mut text[..15] {
            let more = missing.min(25);
            *byte += more;
            missing -= more;
        }
        Some(parameter("seed", String::from_utf8(text.to_vec()).ok()?))
    }
}
