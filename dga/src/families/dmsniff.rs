//! DMSniff: malware for point-of-sale terminals, seen since 2016 and reported in 2019.
//!
//! # Names
//!
//! 50 names in the order of a counter, with repetitions. A label is the prefix and six letters `a` to `y`.
//!
//! # Bots
//!
//! How many names a bot tries and how long it waits between them is not documented; the order here is the
//! specification's.
//!
//! # Pitfalls
//!
//! - Both known lists have only 35 different names; lists that were freed of repetitions are that long.
//! - Eleven variants are said to exist, of which two are public: expect other prefixes and orders of the multipliers.
//!
//! # Parameters
//!
//! - `prefix`: lower-case letters, two in all known samples, without default
//! - `multipliers`: six numbers, by default 1, 3, 5, 7, 11, 13

use super::prelude::*;

/// Parameters of DMSniff.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dmsniff {
    prefix: String,
    #[serde(default = "usual_multipliers")]
    multipliers: [u32; 6],
}

fn usual_multipliers() -> [u32; 6] {
    [1, 3, 5, 7, 11, 13]
}

impl Algorithm for Dmsniff {
    const INFO: Info = Info {
        name: "dmsniff",
        taxonomy: &[Taxonomy::TID_A],
        active: (Some(2016), Some(2019)),
        references: &["https://cyware.com/news/point-of-sale-malware-dmsniff-targets-credit-card-information-4553affe"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        if self.prefix.len() > 57 || !self.prefix.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Err(Refusal::value("prefix", "at most 57 letters `a` to `z` are needed"));
        }
        Ok(Bound { parameters: self, suffixes: Suffixes::fixed(&["com", "org", "net", "ru", "in"]) })
    }
}

struct Bound {
    parameters: Dmsniff,
    suffixes: Suffixes,
}

/// Halves a number until it is at most 24.
fn fold(number: u32) -> u32 {
    // A number of six bits or more is above 31; of the five bits that are left, 25 to 31 need one more step.
    let five_bits = number >> (32 - number.leading_zeros()).saturating_sub(5);
    if five_bits > 24 { five_bits / 2 } else { five_bits }
}

impl Ready for Bound {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        (1..).map(|counter: u32| {
            let mut name = Name::new();
            name.push_str(&self.parameters.prefix);
            for multiplier in self.parameters.multipliers {
                name.push(b'a' + fold(multiplier.wrapping_mul(counter)) as u8);
            }
            self.suffixes.append(fold(counter) as usize / 5, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(50)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn folding() {
        for number in (0..5_000).chain(u32::MAX - 5..=u32::MAX) {
            let mut slowly = number;
            while slowly > 24 {
                slowly /= 2;
            }
            assert_eq!(super::fold(number), slowly, "{number}");
        }
    }
}
