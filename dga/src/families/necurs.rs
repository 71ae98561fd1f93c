//! Necurs: a Windows rootkit, backdoor and spam botnet; its generator was described in 2015.
//!
//! # Names
//!
//! 2048 names for each third or fourth day, in the order of their number: the periods of a month (UTC) begin on days 1,
//! 4, 8, 12, 16, 20, 24 and 28. Labels have 7 to 21 letters `a` to `y`.
//!
//! # Bots
//!
//! A bot takes the date from time servers. It tries all 2048 names, in another order than that of the list, within
//! about 75 seconds.
//!
//! # Pitfalls
//!
//! - The first names of the list are tried no sooner than others.
//! - Names by which it detects sandboxes (four under `com`, drawn at random) and a hard-coded `bit` name are not
//!   covered.
//! - Only `magic` 9 is public; others may be in use.
//!
//! # Parameters
//!
//! - `magic`: the botnet's constant, by default 9

use super::prelude::*;

/// Parameters of Necurs.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Necurs {
    magic: u32,
}

impl Default for Necurs {
    fn default() -> Self {
        Self { magic: 9 }
    }
}

impl Algorithm for Necurs {
    const INFO: Info = Info {
        name: "necurs",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2013), Some(2020)),
        references: &["https://johannesbader.ch/2015/02/the-dgas-of-necurs/"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest { finds: &[("magic", "0")], any: Any::Places, ..Quest::NEW }];

    fn schedule(&self) -> Schedule {
        Schedule::DaysOfMonth(&[1, 4, 8, 12, 16, 20, 24, 28])
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        let suffixes = Suffixes::fixed(&[
            "tj", "in", "jp", "tw", "ac", "cm", "la", "mn", "so", "sh", "sc", "nu", "nf", "mu", "ms", "mx", "ki", "im",
            "cx", "cc", "tv", "bz", "me", "eu", "de", "ru", "co", "su", "pw", "kz", "sx", "us", "ug", "ir", "to", "ga",
            "com", "net", "org", "biz", "xxx", "pro", "bit",
        ]);
        Ok(Bound { magic: self.magic.into(), suffixes })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    magic: u64,
    suffixes: Suffixes,
}

/// How many rounds the mixing of a number takes at most; the least is 21.
const ROUNDS: usize = 148;
/// How many names are made in one go: each is one long chain of rounds, but no name waits for another.
const BLOCK: usize = 256;
/// Names in a list.
const COUNT: u64 = 2048;

/// How many rounds the mixing of a number takes, as the number itself decides.
#[inline]
fn rounds(number: u64) -> usize {
    (number & 127) as usize + 21
}

/// One round; `offset` is eight times its number.
#[inline]
fn round(number: u64, offset: u64) -> u64 {
    // Seven times the number, without a multiplication, which vectors do not have.
    let seven = (number << 3).wrapping_sub(number);
    number.wrapping_add(seven ^ (number << 15)).wrapping_add(offset).wrapping_sub(number >> 5)
}

fn mix(number: u64) -> u64 {
    (0..rounds(number)).fold(number, |mixed, index| round(mixed, 8 * index as u64))
}

/// The numbers of several names that are being made.
struct Block {
    numbers: [u64; BLOCK],
    /// Which name each number belongs to.
    names: [u16; BLOCK],
    /// How many of them are not yet complete.
    count: usize,
}

impl Block {
    /// The names with this number and the following ones.
    fn new(first: u64) -> Self {
        let numbers = std::array::from_fn(|name| first.wrapping_add(name as u64));
        Self { numbers, names: std::array::from_fn(|name| name as u16), count: BLOCK }
    }

    /// Adds to all numbers and mixes them.
    fn mix(&mut self, added: u64) {
        let (numbers, names) = (&mut self.numbers[..self.count], &mut self.names[..self.count]);
        // How many numbers take more rounds than so many: there begin, in descending order, those that take as many.
        let mut more = [0_u16; ROUNDS + 1];
        for number in &mut *numbers {
            *number = number.wrapping_add(added);
            more[rounds(*number) - 1] += 1;
        }
        for count in (0..ROUNDS).rev() {
            more[count] += more[count + 1];
        }
        let (mut sorted, mut names_of_sorted) = ([0; BLOCK], [0; BLOCK]);
        let mut places = more;
        for (number, name) in numbers.iter().zip(&*names) {
            let place = &mut places[rounds(*number)];
            sorted[usize::from(*place)] = *number;
            names_of_sorted[usize::from(*place)] = *name;
            *place += 1;
        }
        for (index, active) in more[..ROUNDS].iter().enumerate() {
            for number in &mut sorted[..usize::from(*active)] {
                *number = round(*number, 8 * index as u64);
            }
        }
        numbers.copy_from_slice(&sorted[..numbers.len()]);
        names.copy_from_slice(&names_of_sorted[..names.len()]);
    }

    /// Keeps what `wanted` wants: it sees each number with its name.
    fn retain(&mut self, mut wanted: impl FnMut(u64, usize) -> bool) {
        let mut kept = 0;
        for place in 0..self.count {
            let (number, name) = (self.numbers[place], self.names[place]);
            (self.numbers[kept], self.names[kept]) = (number, name);
            kept += usize::from(wanted(number, name.into()));
        }
        self.count = kept;
    }
}

impl Bound {
    /// The names with these numbers and the following ones.
    fn block(&self, period: u64, first: u64) -> Vec<Name> {
        let mut names = vec![Name::new(); BLOCK];
        let mut lengths = [0; BLOCK];
        let mut block = Block::new(period.wrapping_add(first));
        block.mix(0);
        block.mix(self.magic);
        block.retain(|number, name| {
            lengths[name] = number % 15 + 7;
            true
        });
        let mut place = 0;
        while block.count > 0 {
            block.mix(place);
            block.retain(|number, name| {
                names[name].push(b'a' + (number % 25) as u8);
                true
            });
            block.mix(AFTER_LETTER);
            place += 1;
            block.retain(|number, name| {
                let more = place < lengths[name];
                if !more {
                    self.suffixes.append((number % 43) as usize, &mut names[name]);
                }
                more
            });
        }
        names
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let period = period(at);
        (0..COUNT).step_by(BLOCK).flat_map(move |first| self.block(period, first))
    }
}

/// What a period's names begin with, apart from their number.
fn period(at: DateTime<Utc>) -> u64 {
    let (year, month, day) = date(at);
    let mut period = mix(year.into());
    period = mix(period.wrapping_add(u64::from(month) + 43_690));
    mix(period.wrapping_add(u64::from(day / 4)))
}

/// Whether these letters follow from the number that gives a name's length.
fn has_letters(mut number: u64, letters: &[u8]) -> bool {
    letters.iter().zip(0..).all(|(letter, place)| {
        number = mix(number.wrapping_add(place));
        let drawn = b'a' + (number % 25) as u8;
        number = mix(number.wrapping_add(AFTER_LETTER));
        drawn == *letter
    })
}

/// What is added behind each letter.
const AFTER_LETTER: u64 = 0x00AB_BEDF;

/// How many numbers a search mixes side by side.
const LANES: usize = 16;

/// Numbers so far apart take as many rounds.
const SAME: usize = 128;

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.magic = number;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let number = mix(period(at).wrapping_add(clue.place() as u64));
        let (label, length) = (clue.label(), clue.label().len() as u64);
        let mut fitting = Vec::new();
        for start in numbers.clone().step_by(SAME * LANES) {
            // How many rounds a number takes is decided by its lowest bits: numbers that share these go side by side.
            for low in 0..SAME as u64 {
                let magic = |lane: usize| start + low + (SAME * lane) as u64;
                let mut lanes: [u64; LANES] = std::array::from_fn(|lane| number.wrapping_add(magic(lane)));
                for index in 0..rounds(lanes[0]) {
                    for lane in &mut lanes {
                        *lane = round(*lane, 8 * index as u64);
                    }
                }
                for (lane, mixed) in lanes.into_iter().enumerate() {
                    if mixed % 15 + 7 == length && has_letters(mixed, label) && magic(lane) < numbers.end {
                        fitting.push(magic(lane));
                    }
                }
            }
            fitting.sort_unstable();
            fitting.drain(..).for_each(&mut *passed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mix;

    #[test]
    fn numbers_as_published() {
        let mut mixed = mix(2015);
        for (added, expected) in [
            (8 + 43_690, 0x2536_75E1_8065_1AFB),
            (28 / 4, 0xB103_4786_B1DF_15F8),
            (0, 0x2279_ACB7_FB8B_876D),
            (9, 0x9210_6E5A_DE5D_A606),
        ] {
            mixed = mix(mixed.wrapping_add(added));
            assert_eq!(mixed, expected);
        }
    }
}
