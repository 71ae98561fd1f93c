//! newGOZ: the successor of Gameover Zeus without a peer-to-peer network, from July 2014.
//!
//! # Names
//!
//! `count` names a day (UTC) in the order of their index: MD5 over index, date and key, its four words written in base
//! 36. A bot begins at a random index and goes upwards.
//!
//! # Bots
//!
//! A bot begins at a random index and goes upwards until a name answers. How long it waits between names is not
//! documented.
//!
//! # Pitfalls
//!
//! - The first names of the list are tried no sooner than others.
//! - There are two configurations, and the second has 10000 names a day: prepare for both.
//! - A public script leaves the day out of the hash; its lists are wrong.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `key`: the configuration's constant, by default `0x35190501`
//! - `count`: how many names, by default 1000

use super::prelude::*;
use crate::prim::md5_lanes::{Hashes, LANES, Messages};

/// Parameters of newGOZ.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Newgoz {
    key: u32,
    count: u32,
}

impl Default for Newgoz {
    fn default() -> Self {
        Self { key: 0x3519_0501, count: 1000 }
    }
}

impl Algorithm for Newgoz {
    const INFO: Info = Info {
        name: "newgoz",
        aliases: &["Mapp"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2014), None),
        references: &[
            "https://johannesbader.ch/2014/12/the-dga-of-newgoz/",
            "https://networkingnexus.net/page/3713",
            "https://www.helpnetsecurity.com/2014/08/08/two-gameover-zeus-variants-targeting-europe-and-beyond/",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest { finds: &[("key", "0")], any: Any::Places, ..Quest::NEW }];

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        Ok(Bound { parameters: self, suffixes: Suffixes::fixed(&["com", "org", "biz", "net"]) })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    parameters: Newgoz,
    suffixes: Suffixes,
}

/// A number's digits in base 36, two at a time; the first is the lower byte.
const PAIRS: [u16; 36 * 36] = {
    let digits = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut pairs = [0; 36 * 36];
    let mut number = 0;
    while number < pairs.len() {
        pairs[number] = u16::from_le_bytes([digits[number / 36], digits[number % 36]]);
        number += 1;
    }
    pairs
};

/// Appends a number in base 36, without padding.
#[inline]
fn append_base_36(number: u32, name: &mut Name) {
    let (high, low) = (number / 36_u32.pow(4), number % 36_u32.pow(4));
    // Joined in a register: eight bytes that have just been written in pieces are read back slowly.
    let padded = [low % 1296, low / 1296, high % 1296, high / 1296]
        .iter()
        .fold(0, |digits, pair| digits << 16 | u64::from(PAIRS[*pair as usize]));
    let length = 1 + (1..7).map(|power| usize::from(number >= 36_u32.pow(power))).sum::<usize>();
    let digits = padded >> (8 * (8 - length));
    name.push_block(&digits.to_le_bytes(), length);
}

/// Which zone an index has: by the first of 4, 3 and 2 that divides it.
const ZONES: [usize; 12] = [0, 3, 2, 1, 0, 3, 1, 3, 0, 1, 2, 3];

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut hashes = Hashes::new(Messages::alike(&message(date(at), self.parameters.key)));
        (0..).map(move |index: u32| {
            let hash = hashes.next(|messages| messages.set_word(0, |lane| index.wrapping_add(lane)));
            let mut name = Name::new();
            for word in hash {
                append_base_36(word, &mut name);
            }
            self.suffixes.append(ZONES[(index % 12) as usize], &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.parameters.count as usize)
    }
}

/// What is hashed: an index, which is 0 here, and the parts of the date with the key behind each.
fn message((year, month, day): (u32, u32, u32), key: u32) -> [u8; 22] {
    let mut message = [0; 22];
    for (part, field) in [year, month, day].into_iter().zip(message[4..].chunks_exact_mut(6)) {
        field[..2].copy_from_slice(&(part as u16).to_le_bytes());
        field[2..].copy_from_slice(&key.to_le_bytes());
    }
    message
}

/// The numbers that, written in base 36, a label can begin with.
fn beginnings(label: &[u8]) -> Vec<u32> {
    let numbers = (1..=label.len().min(7)).filter_map(|length| {
        let digits = std::str::from_utf8(&label[..length]).ok()?;
        let number = u32::from_str_radix(digits, 36).ok()?;
        let mut written = Name::new();
        append_base_36(number, &mut written);
        (written.as_str() == digits).then_some(number)
    });
    numbers.collect()
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.parameters.key = number as u32;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let beginnings = beginnings(clue.label());
        let (year, month, day) = date(at);
        let mut messages = Messages::alike(&message((year, month, day), 0));
        messages.set_word(0, |_| clue.place() as u32);
        for start in numbers.clone().step_by(LANES) {
            // The key stands at three places, at two of them across words.
            let key = |lane: u32| (start as u32).wrapping_add(lane);
            messages.set_word(1, |lane| key(lane) << 16 | year);
            messages.set_word(2, |lane| month << 16 | key(lane) >> 16);
            messages.set_word(3, key);
            messages.set_word(4, |lane| key(lane) << 16 | day);
            // Behind the message its end is marked.
            messages.set_word(5, |lane| 0x80 << 16 | key(lane) >> 16);
            let [words, ..] = messages.hashes();
            for (key, word) in (start..numbers.end).zip(words) {
                if beginnings.contains(&word) {
                    passed(key);
                }
            }
        }
    }
}
