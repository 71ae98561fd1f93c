//! Pitou: a rootkit and spam bot, 2014 to 2019, the successor of Srizbi.
//!
//! # Names
//!
//! 20 numbers a day (treated as UTC). Each gives one name of eight letters, or 21 candidates of nine: their last letter
//! comes from memory that was never set. So a list has 20 to 420 names. Defined from 1900 on.
//!
//! # Bots
//!
//! A bot tries the 20 numbers in order without a pause. Of 21 candidates it uses one. When it starts over is not
//! documented.
//!
//! # Pitfalls
//!
//! - UNPREDICTABLE in part: which of 21 candidates a bot uses cannot be known, so all of them have to be prepared for.
//! - Most names stay for about ten days (9 to 13, sometimes one around the end of a month); every day about a tenth of
//!   the numbers changes.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `magic`: a 32-bit number, by default `0x0DAFE02C`

use super::prelude::*;
use chrono::{Datelike, Months};

/// Parameters of Pitou.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Pitou {
    magic: u32,
}

impl Default for Pitou {
    fn default() -> Self {
        Self { magic: 0x0DAF_E02C }
    }
}

impl Algorithm for Pitou {
    const INFO: Info = Info {
        name: "pitou",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2014), Some(2019)),
        references: &[
            "https://bin.re/blog/the-dga-of-pitou/",
            "https://isc.sans.edu/diary/rss/25068",
            "http://www.tgsoft.it/english/news_archivio_eng.asp?id=884",
        ],
        dates: (1900, 2100),
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        finds: &[("magic", "0")],
        numbers: 9 << 16,
        note: "of the upper 16 bits only the remainder by 9 has an effect; it is given instead of them",
        ..Quest::NEW
    }];

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        let suffixes = Suffixes::fixed(&["com", "org", "biz", "net", "info", "mobi", "us", "name", "me"]);
        Ok(Bound { magic: self.magic, suffixes })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    magic: u32,
    suffixes: Suffixes,
}

const VOWELS: &[u8; 5] = b"aeiou";
const CONSONANTS: &[u8; 21] = b"bcdfghjklmnpqrstvwxyz";
const LETTERS: usize = 8;

/// The date as the bot counts days: it takes the month for the one after.
fn day_number(at: DateTime<Utc>) -> i64 {
    let date = at.date_naive();
    let first = date.with_day(1).unwrap_or(date) + Months::new(1);
    unix_day(crate::schedule::midnight(first)) + i64::from(date.day()) - 1
}

impl Bound {
    /// The label of eight letters, or the first eight of nine; and whether a ninth follows.
    fn label(&self, year: i64, rounded: i64, number: i64) -> (Name, bool) {
        let (low, high) = (rounded & 255, rounded >> 8 & 255);
        let mut bytes = [0_u8; 9];
        for (half, bytes) in bytes[..8].chunks_exact_mut(4).enumerate() {
            let magic = i64::from(self.magic >> (8 * half) & 255);
            let factors = [year >> half, year << half, high << half ^ low >> half, low << half ^ high >> half];
            for (place, (byte, factor)) in bytes.iter_mut().zip(factors).enumerate() {
                let nibble = if place % 2 == 0 { magic >> 4 } else { magic & 15 };
                // Reduced to a byte twice, which is the same as once at the end.
                *byte = (nibble * factor * (number + 1)) as u8;
            }
        }
        let mut name = Name::new();
        let mut next = 0;
        let mut take = || {
            next += 1;
            bytes[next - 1]
        };
        let vowel = |byte: u8| VOWELS[usize::from(byte % 5)];
        let consonant = |byte: u8| CONSONANTS[usize::from(byte % 21)];
        let mut ahead = None;
        while name.len() < LETTERS {
            let byte = ahead.take().unwrap_or_else(&mut take);
            if byte < 128 {
                name.push(vowel(byte));
                if name.len() == LETTERS {
                    return (name, true);
                }
                name.push(consonant(take()));
                continue;
            }
            name.push(consonant(byte));
            if name.len() == LETTERS {
                break;
            }
            name.push(vowel(take()));
            if name.len() == LETTERS {
                break;
            }
            // A second vowel, if the following number says so; otherwise that number begins the next pair.
            let following = take();
            if following & 64 == 0 {
                ahead = Some(following);
            } else {
                name.push(vowel(following));
            }
        }
        (name, false)
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let day = day_number(at);
        let year = i64::from(at.year()) - 1900;
        (0..20_i64).flat_map(move |number| {
            let rounded = 10 * (day + number / 3).div_euclid(10);
            let zone = ((number ^ rounded) as u32 ^ self.magic) as usize % 9;
            let (label, open) = self.label(year, rounded, number);
            (0..if open { CONSONANTS.len() } else { 1 }).map(move |candidate| {
                let mut name = label;
                if open {
                    name.push(CONSONANTS[candidate]);
                }
                self.suffixes.append(zone, &mut name);
                name
            })
        })
    }
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.magic = number as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_numbers_as_published() {
        for (date, number) in [
            ("2019-03-28", 0x465E),
            ("2019-03-31", 0x4661),
            ("2019-01-31", 0x4626),
            ("2020-01-31", 0x4793),
            ("2019-12-06", 0x475B),
        ] {
            let at = crate::vectors::moment(date).expect("a date");
            assert_eq!(day_number(at), number, "{date}");
        }
    }
}
