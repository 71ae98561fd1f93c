//! Simda (Shiz): a backdoor and stealer that installed others for pay; known since 2009, taken down in April 2015.
//!
//! # Names
//!
//! `count` names in the order in which they are made, with repetitions; the sequence itself has no end. Labels have a
//! fixed length, consonants and vowels in turn.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Five of the seven known configurations are as collected in public copies, two of them without their key.
//! - With five letters names repeat: the preset for `eu` with that length has 923 different ones among its 1000.
//!
//! # Parameters
//!
//! - `key`: text of the sample, of which only the sum of the bytes is used
//! - `step`: that sum, for configurations whose key is not known; one of the two is needed
//! - `base`: where the generator starts, by default `0x45AE94B2`
//! - `length`: letters of a label, by default 7
//! - `tld`: the zone, by default `com`
//! - `count`: how many names, by default 1000

use super::prelude::*;
use crate::search::ABSENT;

/// Parameters of Simda.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Simda {
    key: Option<String>,
    step: Option<u32>,
    base: u32,
    length: u32,
    tld: String,
    count: u32,
}

impl Default for Simda {
    fn default() -> Self {
        Self { key: None, step: None, base: 0x45AE_94B2, length: 7, tld: "com".into(), count: 1000 }
    }
}

impl Algorithm for Simda {
    const INFO: Info = Info {
        name: "simda",
        aliases: &["Shiz", "iBank", "Simda.Shiz"],
        taxonomy: &[Taxonomy::TID_A],
        active: (Some(2009), Some(2016)),
        references: &[
            "http://johannesbader.ch/2015/03/the-dga-of-simda-shiz/",
            "https://github.com/360netlab/DGA/issues/3",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[
        Quest {
            finds: &[("step", "0"), ("key", ABSENT)],
            any: Any::Places,
            note: "the sum of the key's bytes; `base` is the usual one unless it is given",
            ..Quest::NEW
        },
        Quest { finds: &[("base", "0")], any: Any::Places, ..Quest::NEW },
    ];

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        Refusal::unless_ascii("key", self.key.as_deref().unwrap_or_default())?;
        let sum = |key: String| key.bytes().map(u32::from).sum();
        let step = self.step.or(self.key.map(sum)).ok_or(Refusal::Missing("key"))?;
        if !(1..=63).contains(&self.length) {
            return Err(Refusal::value("length", "a label has 1 to 63 letters"));
        }
        let suffix = Suffixes::new("tld", &[self.tld], self.length as usize)?;
        Ok(Bound { step, base: self.base, length: self.length, suffix, count: self.count })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    step: u32,
    base: u32,
    length: u32,
    suffix: Suffixes,
    count: u32,
}

impl Ready for Bound {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut state = self.base;
        (0..).map(move |_: u64| {
            state = state.wrapping_add(self.step);
            let mut name = Name::new();
            for place in 0..self.length {
                let number = (state / (3 + 2 * place)) as usize;
                name.push(if place % 2 == 0 { CONSONANTS[number % 20] } else { VOWELS[number % 6] });
            }
            self.suffix.append(0, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}

const CONSONANTS: &[u8; 20] = b"qwrtpsdfghjklzxcvbnm";
const VOWELS: &[u8; 6] = b"eyuioa";

impl Seeded for Bound {
    fn reseed(&mut self, quest: &Quest, number: u64) {
        if quest.parameter() == "step" {
            self.step = number as u32;
        } else {
            self.base = number as u32;
        }
    }

    fn sift(&self, quest: &Quest, _: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        // The last letters see the coarsest part of the state, so the first ones reject most.
        let [first] = clue.letters(CONSONANTS);
        let [_, second] = clue.letters(VOWELS);
        let single = self.length == 1;
        let begins = |state: u32| state / 3 % 20 == first && (single || state / 5 % 6 == second);
        let steps = clue.place() as u32 + 1;
        if quest.parameter() == "step" {
            sift(numbers, passed, |step| begins(self.base.wrapping_add(step.wrapping_mul(steps))));
        } else {
            let added = self.step.wrapping_mul(steps);
            sift(numbers, passed, |base| begins(base.wrapping_add(added)));
        }
    }
}
