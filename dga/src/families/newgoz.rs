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
use crate::prim::hash::md5;

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

/// Appends a number in base 36, without padding.
fn append_base_36(mut number: u32, name: &mut Name) {
    let mut digits = [0; 7];
    let mut length = 0;
    loop {
        digits[length] = b"0123456789abcdefghijklmnopqrstuvwxyz"[(number % 36) as usize];
        length += 1;
        number /= 36;
        if number == 0 {
            break;
        }
    }
    for digit in digits[..length].iter().rev() {
        name.push(*digit);
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let key = self.parameters.key.to_le_bytes();
        (0..).map(move |index: u32| {
            let mut message = [0; 22];
            message[..4].copy_from_slice(&index.to_le_bytes());
            for (part, field) in [year, month, day].into_iter().zip(message[4..].chunks_exact_mut(6)) {
                field[..2].copy_from_slice(&(part as u16).to_le_bytes());
                field[2..].copy_from_slice(&key);
            }
            let hash = md5(&[&message]);
            let mut name = Name::new();
            for word in hash.as_chunks::<4>().0 {
                append_base_36(u32::from_le_bytes(*word), &mut name);
            }
            let zone = match index {
                index if index.is_multiple_of(4) => 0,
                index if index.is_multiple_of(3) => 1,
                index if index.is_multiple_of(2) => 2,
                _ => 3,
            };
            self.suffixes.append(zone, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.parameters.count as usize)
    }
}
