//! Banjori (MultiBanker 2, BankPatch): a Windows banking trojan, most active in 2013, with further samples in 2016 and
//! 2017.
//!
//! # Names
//!
//! A chain that begins with a hard-coded domain and only ever changes its first four letters. After one or no step it
//! runs in a circle of 15372 or 2196 names, so the list is as long as there are different names; asked for more, it
//! goes round again.
//!
//! # Bots
//!
//! A bot first waits until `www.google.de` resolves, which it tests every five seconds. Then it walks the chain in
//! order, beginning with the hard-coded domain. It moves on when a name does not resolve or its reply does not end in
//! `chek`.
//!
//! # Pitfalls
//!
//! - The hard-coded domain is itself the first name of the list; a list without it misses what a bot asks for first.
//! - Most known seeds lie outside their circle: their first name never comes back, and the list has one name more than
//!   the circle.
//! - Of eleven older seeds only the part after the fourth letter is known. Any four letters can stand before it, so
//!   their names can be blocked by their ending only.
//!
//! # Parameters
//!
//! - `seed`: the hard-coded domain; its first label has at least four characters

use super::prelude::*;
use crate::parameter::Parameters;
use crate::search::{NAME, parameter};
use rustc_hash::FxHashSet;

/// Parameters of Banjori.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Banjori {
    seed: String,
}

impl Default for Banjori {
    fn default() -> Self {
        Self { seed: "earnestnessbiophysicalohax.com".into() }
    }
}

impl Algorithm for Banjori {
    const INFO: Info = Info {
        name: "banjori",
        aliases: &["MultiBanker 2", "BankPatch", "BankPatcher", "BackPatcher"],
        taxonomy: &[Taxonomy::TID_A],
        active: (Some(2013), Some(2017)),
        references: &[
            "https://johannesbader.ch/blog/the-dga-of-banjori/",
            "https://blog.kleissner.org/?p=69",
            "https://blog.kleissner.org/?p=192",
            "https://github.com/360netlab/DGA/issues/25",
            "https://github.com/360netlab/DGA/issues/28",
            "https://github.com/360netlab/DGA/issues/39",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        finds: &[("seed", NAME)],
        numbers: 1,
        any: Any::State,
        note: "the chain from the first captured name on; what stood before it cannot be known",
        ..Quest::NEW
    }];

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        let label = self.seed.split('.').next().unwrap_or_default();
        if !self.seed.is_ascii() || label.len() < 4 || !self.seed.contains('.') {
            return Err(Refusal::value(
                "seed",
                "a domain whose first label has at least four ASCII characters is needed",
            ));
        }
        let start = Name::parse(&self.seed).ok_or_else(|| Refusal::value("seed", "the domain is too long"))?;
        let mut letters = Letters::of(&start);
        let mut seen = FxHashSet::default();
        while seen.insert(letters.written) {
            letters.step();
        }
        Ok(Bound { start, distinct: seen.len() })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

/// The name's first four letters, which are all that changes.
#[derive(Clone, Copy)]
struct Letters {
    written: [u8; 4],
    /// Counted from 'a', modulo 26.
    numbers: [usize; 4],
}

/// The remainder of each sum modulo 26.
const REMAINDERS: [u8; 512] = {
    let mut remainders = [0; 512];
    let mut sum = 0;
    while sum < remainders.len() {
        remainders[sum] = (sum % 26) as u8;
        sum += 1;
    }
    remainders
};

#[inline]
fn remainder(sum: usize) -> usize {
    REMAINDERS[sum % REMAINDERS.len()].into()
}

impl Letters {
    fn of(name: &Name) -> Self {
        let bytes = name.as_bytes();
        let written = [bytes[0], bytes[1], bytes[2], bytes[3]];
        // A seed may begin with other characters than lower-case letters; 'a' is 97, which 7 more make a multiple of 26.
        Self { written, numbers: written.map(|letter| remainder(usize::from(letter) + 7)) }
    }

    /// The letters that follow. Each takes those before it as they have become; here the sums are written out, so that
    /// no letter waits for another's remainder.
    #[inline]
    fn step(&mut self) {
        let [first, second, third, fourth] = self.numbers;
        let first = first + fourth + 19;
        let second = first + 2 * second + 12;
        let third = first + third + 18;
        let fourth = second + third + fourth + 12;
        self.numbers = [first, second, third, fourth].map(remainder);
        self.written = self.numbers.map(|number| b'a' + number as u8);
    }
}

#[derive(Clone)]
struct Bound {
    start: Name,
    distinct: usize,
}

impl Ready for Bound {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut letters = Letters::of(&self.start);
        (0..).map(move |_: u64| {
            let mut name = self.start;
            name.replace_start(letters.written);
            letters.step();
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.distinct)
    }
}

/// The first captured name is the seed of what follows it: there is nothing else to find.
impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, _: u64) {}

    fn parameters(&self, _: &Quest, _: u64) -> Option<Parameters> {
        Some(parameter("seed", self.start.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_as_long_as_it_has_different_names() {
        for (seed, distinct) in [
            ("earnestnessbiophysicalohax.com", 15372),
            ("antisemitismgavenuteq.com", 15373),
            ("snapplefrostbitecycz.com", 2197),
        ] {
            let bound = Banjori { seed: seed.into() }.bind(&WordLists::none()).expect("a seed");
            assert_eq!(bound.length(), Some(distinct), "{seed}");
        }
    }
}
