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

    fn schedule(&self) -> Schedule {
        Schedule::DaysOfMonth(&[1, 4, 8, 12, 16, 20, 24, 28])
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        let suffixes = Suffixes::fixed(&[
            "tj", "in", "jp", "tw", "ac", "cm", "la", "mn", "so", "sh", "sc", "nu", "nf", "mu", "ms", "mx", "ki", "im",
            "cx", "cc", "tv", "bz", "me", "eu", "de", "ru", "co", "su", "pw", "kz", "sx", "us", "ug", "ir", "to", "ga",
            "com", "net", "org", "biz", "xxx", "pro", "bit",
        ]);
        Ok(Bound { magic: self.magic.into(), suffixes })
    }
}

struct Bound {
    magic: u64,
    suffixes: Suffixes,
}

/// How many rounds the mixing of a number takes, as the number itself decides: 21 to 148.
#[inline]
fn rounds(number: u64) -> u64 {
    (number & 127) + 21
}

/// One round; `offset` is eight times its number.
#[inline]
fn round(number: u64, offset: u64) -> u64 {
    // Seven times the number, without a multiplication, which vectors do not have.
    let seven = (number << 3).wrapping_sub(number);
    number.wrapping_add(seven ^ (number << 15)).wrapping_add(offset).wrapping_sub(number >> 5)
}

fn mix(number: u64) -> u64 {
    (0..rounds(number)).fold(number, |mixed, index| round(mixed, 8 * index))
}

/// How many names are mixed side by side: each is one long chain of rounds, but no name waits for another.
const LANES: usize = 8;
/// How many names are made in one go.
const BLOCK: usize = 64;
/// Names in a list.
const COUNT: u64 = 2048;

/// What a lane mixes at present.
#[derive(Clone, Copy)]
enum Stage {
    Number,
    Magic,
    /// The letter at this place, of a label of this length.
    Letter(u64, u64),
    AfterLetter(u64, u64),
    Done,
}

/// The lanes, each with the name that it makes.
struct Lanes {
    mixed: [u64; LANES],
    offsets: [u64; LANES],
    left: [u64; LANES],
    stages: [Stage; LANES],
    names: [usize; LANES],
}

impl Bound {
    /// Makes the names with these numbers and the following ones.
    fn block(&self, period: u64, first: u64) -> [Name; BLOCK] {
        let mut names = [Name::new(); BLOCK];
        let mut lanes = Lanes {
            mixed: [0; LANES],
            offsets: [0; LANES],
            left: [0; LANES],
            stages: [Stage::Number; LANES],
            names: [0; LANES],
        };
        for lane in 0..LANES {
            lanes.names[lane] = lane;
            lanes.begin(lane, period.wrapping_add(first + lane as u64), Stage::Number);
        }
        let (mut next, mut missing) = (LANES, BLOCK);
        while missing > 0 {
            // As many rounds as every lane has left; then the next steps of those that are through.
            let together = lanes.left.iter().copied().min().unwrap_or(0);
            for _ in 0..together {
                for (mixed, offset) in lanes.mixed.iter_mut().zip(&mut lanes.offsets) {
                    *mixed = round(*mixed, *offset);
                    *offset += 8;
                }
            }
            for lane in 0..LANES {
                lanes.left[lane] -= together;
                if lanes.left[lane] > 0 {
                    continue;
                }
                let name = &mut names[lanes.names[lane]];
                if !self.advance(&mut lanes, lane, name) {
                    continue;
                }
                missing -= 1;
                lanes.names[lane] = next;
                if next < BLOCK {
                    lanes.begin(lane, period.wrapping_add(first + next as u64), Stage::Number);
                    next += 1;
                } else {
                    lanes.rest(lane);
                }
            }
        }
        names
    }

    /// Goes on after a number has been mixed; tells whether the name is complete.
    fn advance(&self, lanes: &mut Lanes, lane: usize, name: &mut Name) -> bool {
        let mixed = lanes.mixed[lane];
        match lanes.stages[lane] {
            Stage::Number => lanes.begin(lane, mixed.wrapping_add(self.magic), Stage::Magic),
            Stage::Magic => lanes.begin(lane, mixed, Stage::Letter(0, mixed % 15 + 7)),
            Stage::Letter(place, length) => {
                name.push(b'a' + (mixed % 25) as u8);
                lanes.begin(lane, mixed.wrapping_add(0x00AB_BEDF), Stage::AfterLetter(place + 1, length));
            }
            Stage::AfterLetter(place, length) if place < length => {
                lanes.begin(lane, mixed.wrapping_add(place), Stage::Letter(place, length));
            }
            Stage::AfterLetter(..) => {
                self.suffixes.append((mixed % 43) as usize, name);
                return true;
            }
            Stage::Done => lanes.rest(lane),
        }
        false
    }
}

impl Lanes {
    fn begin(&mut self, lane: usize, number: u64, stage: Stage) {
        self.mixed[lane] = number;
        self.offsets[lane] = 0;
        self.left[lane] = rounds(number);
        self.stages[lane] = stage;
    }

    /// Lets a lane idle for so long that it holds up no other.
    fn rest(&mut self, lane: usize) {
        self.left[lane] = u64::MAX;
        self.stages[lane] = Stage::Done;
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let mut period = mix(year.into());
        period = mix(period.wrapping_add(u64::from(month) + 43_690));
        period = mix(period.wrapping_add(u64::from(day / 4)));
        (0..COUNT).step_by(BLOCK).flat_map(move |first| self.block(period, first))
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
