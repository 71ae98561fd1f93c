//! Ranbyus: a banking trojan known since 2012, with a generator since April 2015; the last new seed is of January 2019.
//!
//! # Names
//!
//! 40 names a day (treated as UTC) in the order in which they are made: 14 letters `a` to `y` in variant `may`, 17 in
//! `september`. Eight zones take turns, beginning with the one that the day of the month says.
//!
//! # Bots
//!
//! A bot takes the day from the victim's clock. It tries the 40 names of today, then those of yesterday and so on, up
//! to 30 days back.
//!
//! # Pitfalls
//!
//! - For a take-down on one day ask for a range of that day and the 30 before it.
//! - The victim's clock may be wrong or in another time zone: prepare for tomorrow's names too.
//! - Which order of zones the later samples of `september` use is stated for one seed only: prepare for both orders.
//! - Some days have the same labels, under the same or other zones.
//!
//! # Parameters
//!
//! - `variant`: `may` or `september`
//! - `seed`: the campaign's 32-bit number, without default
//! - `tld_order`: `september` only: `a` or `b`, the order of the zones, by default `a`
//! - `count`: names a day, by default 40

use super::prelude::*;

/// Parameters of Ranbyus.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ranbyus {
    #[serde(default)]
    variant: Variant,
    seed: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tld_order: Option<Order>,
    #[serde(default = "usual_count")]
    count: u32,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    May,
    #[default]
    September,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    A,
    B,
}

fn usual_count() -> u32 {
    40
}

impl Algorithm for Ranbyus {
    const INFO: Info = Info {
        name: "ranbyus",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2012), Some(2019)),
        variants: &["september", "may"],
        references: &[
            "https://johannesbader.ch/2015/05/the-dga-of-ranbyus/",
            "https://johannesbader.ch/2015/09/ranbyuss-dga-revisited/",
            "https://github.com/360netlab/DGA/issues/27",
            "https://github.com/360netlab/DGA/issues/56",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[
        Quest { variants: &["september"], any: Any::Places, ..Quest::NEW },
        Quest { variants: &["may"], ..Quest::NEW },
    ];

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        let zones = match (self.variant, self.tld_order) {
            (Variant::May, Some(_)) => return Err(Refusal::value("tld_order", "variant `may` has none")),
            (_, None | Some(Order::A)) => ["in", "me", "cc", "su", "tw", "net", "com", "pw"],
            (_, Some(Order::B)) => ["in", "net", "org", "com", "me", "su", "tw", "cc"],
        };
        Ok(Bound { variant: self.variant, seed: self.seed, count: self.count, suffixes: Suffixes::fixed(&zones) })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    variant: Variant,
    seed: u32,
    count: u32,
    suffixes: Suffixes,
}

enum State {
    /// Four words that shift and feed each other: day, month, year and seed.
    May([u32; 4]),
    /// One linear congruential generator.
    September(u64),
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let mut state = match self.variant {
            Variant::May => State::May([day, month, year, self.seed]),
            Variant::September => State::September(u64::from((day * month * year) ^ self.seed)),
        };
        (day as usize..).map(move |number| {
            let mut name = Name::new();
            match &mut state {
                State::May(words) => {
                    for _ in 0..14 {
                        name.push(b'a' + may(words));
                    }
                }
                State::September(state) => {
                    let bytes = [september(state), september(state)];
                    for byte in bytes.as_flattened().iter().take(17) {
                        name.push(b'a' + byte % 25);
                    }
                }
            }
            self.suffixes.append(number % 8, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}

/// Steps the words and gives the number of a letter; each word uses what the ones before it have become.
#[inline]
fn may([day, month, year, seed]: &mut [u32; 4]) -> u8 {
    *day = *day >> 15 ^ (*day & 0x1FFF ^ (*seed ^ *day).wrapping_mul(4)).wrapping_mul(16);
    *year = (*year & 0xFFFF_FFF0) << 17 ^ (*year ^ year.wrapping_mul(7)) >> 11;
    *month = (*month & 0xFFFF_FFFE).wrapping_mul(14) ^ (*month ^ month.wrapping_mul(4)) >> 8;
    *seed = *seed >> 6 ^ (day.wrapping_add(seed.wrapping_mul(8)) << 8) & 0x03FF_FF00;
    ((*day ^ *month ^ *year) % 25) as u8
}

/// Steps the generator three times and gives 16 bytes of the states.
#[inline]
fn september(state: &mut u64) -> [u8; 16] {
    let mut step = || {
        *state = followed(*state);
        *state
    };
    let [first, second, third] = [step(), step(), step()];
    let words = [
        second as u32 & 0xFFF0_0000 | (third >> 24) as u32 & 0x000F_FFFF,
        (second >> 32) as u32,
        first as u32 & 0xFFF0_0000 | (third >> 44) as u32,
        (first >> 32) as u32,
    ];
    let mut bytes = [0; 16];
    for (bytes, word) in bytes.chunks_exact_mut(4).zip(words) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}

#[inline]
fn followed(state: u64) -> u64 {
    state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F)
}

/// Steps of the later generator for each name.
const STEPS: usize = 6;

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = number as u32;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let (year, month, day) = date(at);
        let [first, second] = clue.letters(LETTERS);
        match self.variant {
            Variant::May => sift_first(clue, numbers, passed, |seed| {
                let mut words = [day, month, year, seed];
                u32::from(may(&mut words)) == first && u32::from(may(&mut words)) == second
            }),
            Variant::September => {
                // The third state from a name's beginning gives its first two letters; many steps are one linear step.
                let steps = STEPS * clue.place() + 3;
                let added = (0..steps).fold(0, |state, _| followed(state));
                let factor = (0..steps).fold(1, |state, _| followed(state)).wrapping_sub(added);
                let product = day * month * year;
                sift(numbers, passed, |seed| {
                    let state = u64::from(product ^ seed).wrapping_mul(factor).wrapping_add(added) >> 24;
                    (state & 255) as u32 % 25 == first && (state >> 8 & 255) as u32 % 25 == second
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::prim::hex;

    #[test]
    fn a_block_as_published() {
        let mut state = 0x0F0B_B105;
        assert_eq!(hex::text(&super::september(&mut state)), "b8dfc903ad687c4945f435ed349fe19c");
        assert_eq!(state, 0x5F44_59DF_B804_B2E2);
    }
}
