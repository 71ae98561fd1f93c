//! Fobber: a Windows banking trojan of 2015 from the Tinba lineage.
//!
//! # Names
//!
//! `count` names in the order in which they are made; they never change. Variant `v1` has 17 letters under `net`, `v2`
//! 10 letters under `com`.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Only one configuration of each variant is known; other samples may have other parameters.
//! - Ports that mask with `0x1FFF` instead of `0x17FF` give other names.
//!
//! # Parameters
//!
//! - `variant`: `v1` or `v2`
//! - `seed`: where the generator starts, by default `0xC87C8A78` or `0x851A3E59`
//! - `increment`: its additive constant, by default `0x9983F4AA` or `0x8DC47B21`
//! - `length`: letters of a label, by default 17 or 10
//! - `count`: how many names, by default 300

use super::prelude::*;
use crate::prim::lcg::inverse;

/// Parameters of Fobber; what is not given has the variant's default.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Fobber {
    variant: Variant,
    seed: Option<u32>,
    increment: Option<u32>,
    length: Option<u32>,
    count: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    V1,
    V2,
}

impl Algorithm for Fobber {
    const INFO: Info = Info {
        name: "fobber",
        aliases: &["Tinba v3"],
        taxonomy: &[Taxonomy::TID_A],
        active: (Some(2015), Some(2015)),
        variants: &["v1", "v2"],
        references: &[
            "https://www.govcert.admin.ch/blog/analysing-a-new-ebanking-trojan-called-fobber/",
            "https://malpedia.caad.fkie.fraunhofer.de/details/win.fobber",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] =
        &[Quest { any: Any::State, ..Quest::NEW }, Quest { finds: &[("increment", "0")], ..Quest::NEW }];

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        let (seed, increment, length, zone) = match self.variant {
            Variant::V1 => (0xC87C_8A78, 0x9983_F4AA, 17, *b".net"),
            Variant::V2 => (0x851A_3E59, 0x8DC4_7B21, 10, *b".com"),
        };
        let length = self.length.unwrap_or(length);
        if !(1..=63).contains(&length) {
            return Err(Refusal::value("length", "a label has 1 to 63 letters"));
        }
        Ok(Bound {
            seed: self.seed.unwrap_or(seed),
            increment: self.increment.unwrap_or(increment),
            length,
            count: self.count.unwrap_or(300),
            zone,
        })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    seed: u32,
    increment: u32,
    length: u32,
    count: u32,
    zone: [u8; 4],
}

impl Ready for Bound {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut state = self.seed;
        (0..).map(move |_: u64| {
            let mut name = Name::new();
            for _ in 0..self.length {
                state = step(state, self.increment);
                name.push(b'a' + number(state) as u8);
            }
            name.push_block(&self.zone, 4);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}

const FACTOR: u32 = 321_167;

#[inline]
fn step(state: u32, increment: u32) -> u32 {
    state.wrapping_mul(FACTOR).wrapping_add(increment).rotate_left(16)
}

/// The number of the letter that a state gives.
#[inline]
fn number(state: u32) -> u32 {
    (state & 0x17FF) % 26
}

impl Seeded for Bound {
    fn reseed(&mut self, quest: &Quest, number: u64) {
        if quest.parameter() == "seed" {
            self.seed = number as u32;
        } else {
            self.increment = number as u32;
        }
    }

    fn sift(&self, quest: &Quest, _: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let [first] = clue.letters(LETTERS);
        if quest.parameter() == "seed" {
            sift_first(clue, numbers, passed, |seed| number(step(seed, self.increment)) == first);
        } else {
            sift_first(clue, numbers, passed, |increment| number(step(self.seed, increment)) == first);
        }
    }

    fn before(&self, _: DateTime<Utc>, number: u64) -> Option<Vec<u64>> {
        let back =
            |state: u32, _| state.rotate_right(16).wrapping_sub(self.increment).wrapping_mul(const { inverse(FACTOR) });
        Some(vec![(0..self.length).fold(number as u32, back).into()])
    }
}
