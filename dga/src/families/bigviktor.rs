//! Bigviktor: a Linux botnet of 2020 on DrayTek Vigor routers, made for denial-of-service attacks.
//!
//! # Names
//!
//! 1000 names a month (treated as UTC), in the order in which they are made, with repetitions: a verb, an adjective and
//! a noun, sometimes with hyphens between them, and in one name of five a host label before them.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Where a host label stands first, what can be registered or blocked is the part behind its dot.
//! - The public script takes the month in local time: around the turn of a month prepare for both months.
//!
//! # Parameters
//!
//! None. Word lists: `bigviktor-prefixes`, `bigviktor-verbs`, `bigviktor-adjectives`, `bigviktor-nouns`.

use super::prelude::*;
use crate::prim::calendar::MONTHS;
use crate::prim::hash::sha256;
use crate::prim::text::Text;
use crate::prim::xorshift::Xorshift;

/// Bigviktor has no parameters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Bigviktor {}

const SOURCE: &str = "360netlab/DGA, code/bigviktor";

const LISTS: [WordListId; 4] = [
    WordListId {
        id: "bigviktor-prefixes",
        words: 40,
        sha256: "6829228d14a21eb9b42d301b1b2eda48012716b933c892c2ca5277c66de2ec86",
        source: SOURCE,
    },
    WordListId {
        id: "bigviktor-verbs",
        words: 100,
        sha256: "aef9e69c40e190905a487857f99709e8cf430a8e80705c9ac715cf614b8efbf1",
        source: SOURCE,
    },
    WordListId {
        id: "bigviktor-adjectives",
        words: 525,
        sha256: "5a794f0757a054a71bac2446cd495b6f6eb1d06ea326b47e5a7bcbdc1754f1e2",
        source: SOURCE,
    },
    WordListId {
        id: "bigviktor-nouns",
        words: 1522,
        sha256: "3ef73fce56f7b2551ddc4d4604ce01ffce7e5d597a75afa578caaef853b9576d",
        source: SOURCE,
    },
];

impl Algorithm for Bigviktor {
    const INFO: Info = Info {
        name: "bigviktor",
        taxonomy: &[Taxonomy::TDD_W],
        active: (Some(2020), Some(2020)),
        references: &[
            "https://blog.netlab.360.com/bigviktor-dga-botnet-cn/",
            "https://github.com/360netlab/DGA/issues/55",
        ],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::MONTH
    }

    fn word_lists(&self) -> Vec<WordListId> {
        LISTS.to_vec()
    }

    fn bind(self, words: &WordLists) -> Result<impl Ready, Refusal> {
        let [prefixes, verbs, adjectives, nouns] = &LISTS;
        Ok(Bound {
            prefixes: words.words(prefixes)?,
            verbs: words.words(verbs)?,
            adjectives: words.words(adjectives)?,
            nouns: words.words(nouns)?,
            suffixes: Suffixes::fixed(&[
                "art", "click", "club", "com", "fans", "futbol", "in", "info", "link", "net", "nl", "observer", "one",
                "org", "pictures", "realty", "rocks", "tel", "top", "xyz",
            ]),
        })
    }
}

struct Bound {
    prefixes: Words,
    verbs: Words,
    adjectives: Words,
    nouns: Words,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, _) = date(at);
        let mut text = Text::<16>::new();
        let [first, rest @ ..] = MONTHS[month as usize - 1].as_bytes() else { unreachable!("months have names") };
        text.push(first.to_ascii_uppercase());
        text.push_bytes(rest);
        text.push(b' ');
        text.push_padded(year, 4);
        text.push_bytes(b" 00:00");
        let hash = sha256(&[text.as_bytes()]);
        let mut random = Xorshift(u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]));
        (0..1000).map(move |_| {
            let mut draw = |modulus: usize| random.draw() as usize % modulus;
            let mut name = Name::new();
            if draw(5) == 0 {
                name.push_str(self.prefixes.word(draw(self.prefixes.len())));
                name.push(b'.');
            }
            name.push_str(self.verbs.word(draw(self.verbs.len())));
            if draw(10) < 2 {
                name.push(b'-');
            }
            name.push_str(self.adjectives.word(draw(self.adjectives.len())));
            if draw(10) < 2 {
                name.push(b'-');
            }
            name.push_str(self.nouns.word(draw(self.nouns.len())));
            self.suffixes.append(draw(self.suffixes.len()), &mut name);
            name
        })
    }
}
