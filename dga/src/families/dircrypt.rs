//! DirCrypt (Dirty Decrypt): Windows ransomware of 2013 and 2014; a sample was still met in 2016.
//!
//! # Names
//!
//! `count` names in the order in which they are made, with labels of 8 to 20 letters under `com`; the sequence itself
//! has no end.
//!
//! # Bots
//!
//! Six threads of a bot walk the list at once, each taking the next name, until the common number of names is used up.
//! A thread ends when it has reached a server. How long they wait is not documented.
//!
//! # Pitfalls
//!
//! - How many names are used is a setting of the sample: 30 by default, 50 in one of the known ones.
//! - Ports that compute with signed numbers give other names, for both known seeds have their highest bit set.
//!
//! # Parameters
//!
//! - `seed`: a 32-bit number from the sample's resources, by default `0xF2113C2A`
//! - `count`: how many names a sample uses, by default 30

use super::prelude::*;
use crate::prim::schrage::Schrage;

/// Parameters of DirCrypt.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Dircrypt {
    seed: u32,
    count: u32,
}

impl Default for Dircrypt {
    fn default() -> Self {
        Self { seed: 0xF211_3C2A, count: 30 }
    }
}

impl Algorithm for Dircrypt {
    const INFO: Info = Info {
        name: "dircrypt",
        aliases: &["Dirty Decrypt"],
        taxonomy: &[Taxonomy::TID_A],
        active: (Some(2013), Some(2016)),
        references: &[
            "https://johannesbader.ch/blog/the-dga-of-dircrypt/",
            "https://github.com/360netlab/DGA/issues/12",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest { any: Any::State, ..Quest::NEW }];

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<Self, Refusal> {
        Ok(self)
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

impl Ready for Dircrypt {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut random = Schrage(self.seed);
        (0..).map(move |_: u64| {
            let mut name = label(&mut random);
            name.push_block(b".com", 4);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}

/// Draws a label.
#[inline]
fn label(random: &mut Schrage) -> Name {
    let mut name = Name::new();
    for _ in 0..8 + random.draw(13) {
        name.push(b'a' + random.draw(26) as u8);
    }
    name
}

impl Seeded for Dircrypt {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = number as u32;
    }

    fn sift(&self, _: &Quest, _: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let length = clue.label().len() as u32;
        let [first] = clue.letters(LETTERS);
        sift_first(clue, numbers, passed, |seed| {
            let mut random = Schrage(seed);
            8 + random.draw(13) == length && random.draw(26) == first
        });
    }

    fn before(&self, _: DateTime<Utc>, number: u64) -> Option<Vec<u64>> {
        let starts = rewind(
            number as u32,
            9..=21,
            |state| Schrage(state).before(),
            |state| {
                let mut random = Schrage(state);
                label(&mut random);
                random.0
            },
        );
        Some(starts.into_iter().map(u64::from).collect())
    }
}
