//! MyDoom (Novarg): the Windows mail worm; this generator was observed in samples of 2019.
//!
//! # Names
//!
//! 51 names a day (UTC) in the order in which they are made, with labels of ten letters out of `asnhreqwpm`. The first
//! 50 depend on the sum of year, month and day; the 51st and all that can be asked for beyond it never change.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Different days can have the same list, such as 2004-07-30 and 2004-08-29.
//! - The public script prints 99 names, of which the last 49 are the same every day.
//!
//! # Parameters
//!
//! - `magic`: a 32-bit number, by default `0xFA8`
//! - `count`: how many names, by default 51

use super::prelude::*;
use crate::prim::lcg::Recipes;

/// Parameters of MyDoom.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Mydoom {
    magic: u32,
    count: u32,
}

impl Default for Mydoom {
    fn default() -> Self {
        Self { magic: 0xFA8, count: 51 }
    }
}

impl Algorithm for Mydoom {
    const INFO: Info = Info {
        name: "mydoom",
        aliases: &["Novarg", "Mimail.R", "Shimgapi"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2019), Some(2019)),
        references: &["https://github.com/360netlab/DGA/issues/49"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest { finds: &[("magic", "0")], any: Any::Places, ..Quest::NEW }];

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        let suffixes = Suffixes::fixed(&["com", "biz", "us", "net", "org", "ws", "info", "in", "in", "in"]);
        Ok(Bound { parameters: self, suffixes })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    parameters: Mydoom,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let magic = self.parameters.magic;
        let mut random = Recipes((year + month + day).wrapping_add(magic));
        (1..).map(move |number: u64| {
            if number == AGAIN {
                random = Recipes(magic);
            }
            let mut rest = random.draw();
            let zone = rest as usize % 10;
            let mut name = Name::new();
            for _ in 0..10 {
                name.push(DIGITS[(rest % 10) as usize]);
                rest /= 10;
            }
            self.suffixes.append(zone, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.parameters.count as usize)
    }
}

/// The letters that stand for digits.
const DIGITS: &[u8; 10] = b"asnhreqwpm";

/// The number of the name, counted from 1, with which the generator begins again without the date.
const AGAIN: u64 = 51;

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.parameters.magic = number as u32;
    }

    /// A label is a drawn number in decimal, from which the draws can be undone.
    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let digits: [u32; 10] = clue.letters(DIGITS);
        if digits.contains(&u32::MAX) || clue.label().len() != digits.len() {
            return;
        }
        let number = digits.iter().rev().fold(0, |sum, digit| 10 * sum + u64::from(*digit));
        let Ok(state) = u32::try_from(number) else { return };
        let (year, month, day) = date(at);
        let again = AGAIN as usize - 1;
        let (draws, added) =
            if clue.place() < again { (clue.place() + 1, year + month + day) } else { (clue.place() - again + 1, 0) };
        let start = (0..draws).fold(state, |state, _| Recipes(state).before());
        let magic = u64::from(start.wrapping_sub(added));
        if numbers.contains(&magic) {
            passed(magic);
        }
    }
}
