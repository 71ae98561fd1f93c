//! Vawtrak (NeverQuest): a Windows banking trojan; three versions of its generator, 2016 and 2017.
//!
//! # Names
//!
//! 96 names under `top` in variant `v1`, 150 under `com` in `v2` and `v3`, in the order in which they are made, with
//! labels of 7 to 11 letters, which can be pronounced in the later versions. The sequences themselves have no end.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - The known seeds explain 4 of 196 names in a feed of April 2018: expect others.
//! - No seed of `v1` is published.
//!
//! # Parameters
//!
//! - `variant`: `v1`, `v2` or `v3`
//! - `seed`: the sample's 32-bit number, without default

use super::prelude::*;
use crate::prim::lcg::inverse;

/// Parameters of Vawtrak.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vawtrak {
    #[serde(default)]
    variant: Variant,
    seed: u32,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    V1,
    V2,
    #[default]
    V3,
}

impl Algorithm for Vawtrak {
    const INFO: Info = Info {
        name: "vawtrak",
        aliases: &["NeverQuest"],
        taxonomy: &[Taxonomy::TID_A],
        active: (Some(2016), Some(2018)),
        variants: &["v3", "v1", "v2"],
        references: &["http://www.threatgeek.com/2016/11/vawtrak-dga-round-2.html"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        numbers: 1 << 31,
        any: Any::State,
        note: "the highest bit has no effect and is given as 0",
        ..Quest::NEW
    }];

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

struct Random(u32);

impl Random {
    #[inline]
    fn draw(&mut self, increment: u32) -> u32 {
        let sum = self.0.wrapping_add(increment);
        self.0 = sum.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7FFF_FFFF;
        self.0
    }
}

impl Ready for Vawtrak {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut random = Random(self.seed);
        (0..).map(move |_: u64| self.name(&mut random))
    }

    fn length(&self) -> Option<usize> {
        Some(match self.variant {
            Variant::V1 => 96,
            Variant::V2 | Variant::V3 => 150,
        })
    }
}

/// The letters of the later versions.
const CONSONANTS: &[u8; 12] = b"cdfghlmnrstw";
const VOWELS: &[u8; 5] = b"aeiou";

impl Vawtrak {
    /// What is added when a letter is drawn; the first version has nothing else to draw.
    #[inline]
    fn increment(&self) -> Option<u32> {
        match self.variant {
            Variant::V1 => None,
            Variant::V2 => Some(2),
            Variant::V3 => Some(0x1895_120F),
        }
    }

    /// Draws a name.
    fn name(&self, random: &mut Random) -> Name {
        let mut name = Name::new();
        let length = 7 + random.draw(0) % 5;
        let Some(increment) = self.increment() else {
            for _ in 0..length {
                name.push(b'a' + (random.draw(0) % 26) as u8);
            }
            name.push_block(b".top", 4);
            return name;
        };
        let mut consonants = random.draw(0) % 2;
        for _ in 0..length {
            let number = random.draw(increment) as usize;
            if consonants > 0 {
                name.push(CONSONANTS[number % 12]);
                consonants -= 1;
            } else {
                name.push(VOWELS[number % 5]);
                consonants = 1 + random.draw(0) % 2;
            }
        }
        name.push_block(b".com", 4);
        name
    }

    /// The state from which a name is drawn that leaves `after`, among those from which `letters` letters and what
    /// belongs to them lead to it: each is a draw, or a vowel's two.
    fn starts(&self, after: u32, state: u32, letters: u32, found: &mut Vec<u64>) {
        if letters >= 7 {
            // The number of letters, and in the later versions whether the first is a consonant.
            let head = if self.increment().is_some() { before(before(state, 0), 0) } else { before(state, 0) };
            let mut random = Random(head);
            self.name(&mut random);
            if random.0 == after {
                found.push(head.into());
            }
        }
        if letters == 11 {
            return;
        }
        self.starts(after, before(state, self.increment().unwrap_or(0)), letters + 1, found);
        if let Some(increment) = self.increment() {
            self.starts(after, before(before(state, 0), increment), letters + 1, found);
        }
    }
}

/// Undoes a draw; only the lower 31 bits matter.
fn before(state: u32, increment: u32) -> u32 {
    let sum = state.wrapping_sub(12_345).wrapping_mul(const { inverse(1_103_515_245) });
    sum.wrapping_sub(increment) & 0x7FFF_FFFF
}

impl Seeded for Vawtrak {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = number as u32;
    }

    fn sift(&self, _: &Quest, _: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let length = clue.label().len() as u32;
        let [letter] = clue.letters(LETTERS);
        let Some(increment) = self.increment() else {
            return sift_first(clue, numbers, passed, |seed| {
                let mut random = Random(seed);
                7 + random.draw(0) % 5 == length && random.draw(0) % 26 == letter
            });
        };
        let ([consonant], [vowel]) = (clue.letters(CONSONANTS), clue.letters(VOWELS));
        sift_first(clue, numbers, passed, |seed| {
            let mut random = Random(seed);
            if 7 + random.draw(0) % 5 != length {
                return false;
            }
            let begins_with_consonant = random.draw(0) % 2 == 1;
            let number = random.draw(increment);
            if begins_with_consonant { number % 12 == consonant } else { number % 5 == vowel }
        });
    }

    fn before(&self, _: DateTime<Utc>, number: u64) -> Option<Vec<u64>> {
        let mut found = Vec::new();
        self.starts(number as u32, number as u32, 0, &mut found);
        found.sort_unstable();
        found.dedup();
        Some(found)
    }
}
