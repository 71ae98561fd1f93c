//! Qakbot (Qbot, Pinkslipbot): a banking trojan and loader; with a generator from 2013 to about 2018.
//!
//! # Names
//!
//! `count` names for days 1 to 10, 11 to 20 and the rest of each month (UTC), in the order in which they are made; the
//! sequence itself has no end. Labels have 8 to 25 letters.
//!
//! # Bots
//!
//! A bot takes the date from well-known web sites, not from its own clock. It tries up to 5000 names in batches of
//! five. One that believes to be watched tries those of the decoy list instead.
//!
//! # Pitfalls
//!
//! - Names from a sandbox may be of the decoy list, which `sandbox` gives.
//! - `org` stands twice among the zones: ports that name it once give other names.
//! - The last period of a month has 8 to 11 days.
//!
//! # Parameters
//!
//! - `seed`: the campaign's number, by default 0
//! - `sandbox`: whether the decoy list is meant, by default not
//! - `tlds`: zones, by default `com`, `net`, `org`, `info`, `biz`, `org`
//! - `count`: how many names, by default 5000

use super::prelude::*;
use crate::prim::calendar::MONTHS;
use crate::prim::crc32;
use crate::prim::hex;
use crate::prim::mt19937::{self, MersenneTwister};

/// Parameters of Qakbot.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Qakbot {
    seed: u32,
    sandbox: bool,
    tlds: Vec<String>,
    count: u32,
}

impl Default for Qakbot {
    fn default() -> Self {
        let tlds = ["com", "net", "org", "info", "biz", "org"].map(str::to_owned).into();
        Self { seed: 0, sandbox: false, tlds, count: 5000 }
    }
}

impl Algorithm for Qakbot {
    const INFO: Info = Info {
        name: "qakbot",
        aliases: &["Qbot", "QuakBot", "Pinkslipbot", "Akbot"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2013), Some(2018)),
        references: &["https://johannesbader.ch/2016/02/the-dga-of-qakbot/", "https://github.com/ange1987/QakBot"],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest::NEW];

    fn schedule(&self) -> Schedule {
        Schedule::DaysOfMonth(&[1, 11, 21])
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        let suffixes = Suffixes::new("tlds", &self.tlds, 25)?;
        Ok(Bound { parameters: self, suffixes })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    parameters: Qakbot,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let Qakbot { seed, sandbox, .. } = self.parameters;
        let mut random = MersenneTwister::new(start(crc32_of(at), seed, sandbox));
        let zones = self.suffixes.len();
        (0..).map(move |_: u64| {
            // Of each number only 28 bits count; they are scaled, not reduced.
            let mut below = |count: usize| scaled(random.draw(), count);
            let zone = below(zones);
            let length = 8 + below(18);
            let mut name = Name::new();
            for _ in 0..length {
                name.push(b'a' + below(26) as u8);
            }
            self.suffixes.append(zone, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.parameters.count as usize)
    }
}

/// Of a drawn number only 28 bits count; they are scaled, not reduced.
#[inline]
fn scaled(drawn: u32, count: usize) -> usize {
    ((u64::from(drawn & 0x0FFF_FFFF) * count as u64) >> 28) as usize
}

/// The register of the checksum behind the date.
fn crc32_of(at: DateTime<Utc>) -> u32 {
    let (year, month, day) = date(at);
    let third = ((day - 1) / 10).min(2);
    let text = format!("{third}.{}.{year:04}.", MONTHS[month as usize - 1]);
    text.bytes().fold(crc32::START, crc32::with)
}

/// What seeds the generator: the checksum of the date and the campaign's number in hexadecimal, or the one after it.
#[inline]
fn start(register: u32, seed: u32, sandbox: bool) -> u32 {
    let digits = (0..8).rev().map(|place| hex::DIGITS[(seed >> (4 * place) & 15) as usize]);
    (!digits.fold(register, crc32::with)).wrapping_add(sandbox.into())
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.parameters.seed = number as u32;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        if clue.place() > 0 {
            return numbers.for_each(passed);
        }
        let (register, sandbox) = (crc32_of(at), self.parameters.sandbox);
        let (length, [first]) = (clue.label().len(), clue.letters::<1>(LETTERS));
        let seed = |number| start(register, number, sandbox);
        // The zone is drawn first.
        mt19937::sift(numbers, 0, passed, seed, |[_, drawn, letter]| {
            8 + scaled(drawn, 18) == length && scaled(letter, 26) == first as usize
        });
    }
}
