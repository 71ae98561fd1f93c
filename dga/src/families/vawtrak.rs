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

/// Parameters of Vawtrak.
#[derive(Debug, Serialize, Deserialize)]
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

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(self)
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
        // Only letters are drawn with an increment.
        let increment = match self.variant {
            Variant::V1 => None,
            Variant::V2 => Some(2),
            Variant::V3 => Some(0x1895_120F),
        };
        (0..).map(move |_: u64| {
            let mut name = Name::new();
            let length = 7 + random.draw(0) % 5;
            let Some(increment) = increment else {
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
                    name.push(b"cdfghlmnrstw"[number % 12]);
                    consonants -= 1;
                } else {
                    name.push(b"aeiou"[number % 5]);
                    consonants = 1 + random.draw(0) % 2;
                }
            }
            name.push_block(b".com", 4);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(match self.variant {
            Variant::V1 => 96,
            Variant::V2 | Variant::V3 => 150,
        })
    }
}
