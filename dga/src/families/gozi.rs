//! Gozi (ISFB, Ursnif): a Windows banking trojan; this generator takes words from public texts and was seen in 2016.
//!
//! # Names
//!
//! Up to 12 names for every 3, 4 or 5 days, counted from 2015-01-01 (treated as UTC), in the order in which they are
//! made. Labels have 12 to 24 letters: words of the configuration's text, or the first halves of words.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Other generators of this malware, such as that of 2018, are not covered.
//! - The public script always makes 12 names; `rfc4343` and `gpl` are said to use 10, the same first ones.
//! - Repeated words and their order matter: a sorted word list gives other names.
//! - The time zone is not documented: around the change of a list prepare for both.
//!
//! # Parameters
//!
//! - `wordlist`: the configuration: `luther`, `rfc4343`, `nasa` or `gpl`, by default `luther`; it decides about the
//!   period, the zone, and the word list `gozi-<wordlist>`
//! - `count`: how many names, at most 12, by default 12 (`luther`, `nasa`) or 10 (`rfc4343`, `gpl`)

use super::prelude::*;
use crate::prim::lcg::Recipes;

/// Parameters of Gozi.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Gozi {
    wordlist: WordList,
    count: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WordList {
    #[default]
    Luther,
    Rfc4343,
    Nasa,
    Gpl,
}

/// What a configuration decides.
struct Configuration {
    list: WordListId,
    days: i64,
    zone: &'static str,
    count: u32,
}

impl WordList {
    fn configuration(self) -> Configuration {
        let (id, words, sha256, source, days, zone, count) = match self {
            Self::Luther => (
                "gozi-luther",
                1537,
                "addaeaee8b6c856a9bacbc8ed3a84fdb3df4078fe5747f9a1d96ebce495be143",
                "words of Luther's theses",
                4,
                "com",
                12,
            ),
            Self::Rfc4343 => (
                "gozi-rfc4343",
                2460,
                "732072cf91deb55538130f2e2008a834871d71a63a288609e4a4668d17365d5b",
                "words of RFC 4343",
                3,
                "com",
                10,
            ),
            Self::Nasa => (
                "gozi-nasa",
                558,
                "56d1bdfe282baa842706184187ea1ddc41d7e809ec1dc6173821af7a1033f910",
                "words of a press release of NASA",
                5,
                "com",
                12,
            ),
            Self::Gpl => (
                "gozi-gpl",
                4379,
                "0b8b7393d74f7157e4c9a09dd128dfc8ace34554dce80d2bfffd1ed60d77f1df",
                "words of the GNU General Public License",
                5,
                "ru",
                10,
            ),
        };
        Configuration { list: WordListId { id, words, sha256, source }, days, zone, count }
    }
}

/// 2015-01-01, in days since 1970-01-01.
const START: i64 = 16_436;
/// The most names of a list, and the most letters of a label.
const MOST_NAMES: u32 = 12;
const MOST_LETTERS: usize = 24;

impl Algorithm for Gozi {
    const INFO: Info = Info {
        name: "gozi",
        aliases: &["ISFB", "Ursnif", "Papras"],
        taxonomy: &[Taxonomy::TDD_W],
        active: (Some(2015), Some(2016)),
        references: &["http://www.govcert.admin.ch/blog/18/gozi-isfb-when-a-bug-really-is-a-feature"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::Every { seconds: 86_400 * self.wordlist.configuration().days, since: START * 86_400 }
    }

    fn word_lists(&self) -> Vec<WordListId> {
        vec![self.wordlist.configuration().list]
    }

    fn bind(self, words: &WordLists) -> Result<impl Ready, Refusal> {
        let Configuration { list, days, zone, count } = self.wordlist.configuration();
        let count = self.count.unwrap_or(count);
        if count > MOST_NAMES {
            return Err(Refusal::value("count", format!("a list has at most {MOST_NAMES} names")));
        }
        Ok(Bound { words: words.words(&list)?, days, suffix: Suffixes::fixed(&[zone]), count })
    }
}

struct Bound {
    words: Words,
    days: i64,
    suffix: Suffixes,
    count: u32,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let period = (unix_day(at) - START).div_euclid(self.days);
        let mut random = Recipes((65_536 + period - 306_607_824) as u32);
        (0..MOST_NAMES).map(move |_| {
            random.draw();
            let least = 12 + random.draw() as usize % 12;
            let mut name = Name::new();
            while name.len() < least {
                let word = self.words.word(random.draw() as usize % self.words.len());
                let part = if random.draw().is_multiple_of(3) { &word[..word.len() / 2] } else { word };
                if name.len() + part.len() <= MOST_LETTERS {
                    name.push_str(part);
                }
            }
            self.suffix.append(0, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}
