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
use crate::prim::md5_lanes::{Hashes, Messages};

/// Parameters of newGOZ.
#[derive(Debug, Serialize, Deserialize)]
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

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        Ok(Bound { parameters: self, suffixes: Suffixes::fixed(&["com", "org", "biz", "net"]) })
    }
}

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
        let (year, month, day) = date(at);
        let key = self.parameters.key.to_le_bytes();
        // The index comes first.
        let mut message = [0; 22];
        for (part, field) in [year, month, day].into_iter().zip(message[4..].chunks_exact_mut(6)) {
            field[..2].copy_from_slice(&(part as u16).to_le_bytes());
            field[2..].copy_from_slice(&key);
        }
        let mut hashes = Hashes::new(Messages::alike(&message));
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
