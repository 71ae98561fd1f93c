//! Matsnu (Trustezeb): a Windows downloader and backdoor; its generator joins words, from the middle of 2014.
//!
//! # Names
//!
//! The names of a day (treated as UTC) and of the days before it, the oldest day first, in the order in which they are
//! made, with repetitions: nouns and verbs in turn, some joined by hyphens, under `com`.
//!
//! # Bots
//!
//! Samples carry about ten hard-coded names besides the list. How many names a bot tries, in which order and how often
//! is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Each day's names stay in the lists of the next days: keep them for as many days as `days` says.
//! - The hard-coded names are in no list here.
//! - Names of one noun and several verbs without hyphens, seen in 2018, come from another version, whose seeding is not
//!   public.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `days`: how many days, by default 3
//! - `domains`: names for each of them, by default 10
//! - `const1`, `const2`: constants of the generator, by default `0xEF5EB` and `0x39339`; their lower 16 bits matter
//!
//! Word lists: `matsnu-nouns`, `matsnu-verbs`.

use super::prelude::*;
use crate::parameter::Parameters;
use crate::search::parameter;

/// Parameters of Matsnu.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Matsnu {
    days: u32,
    domains: u32,
    const1: u32,
    const2: u32,
}

impl Default for Matsnu {
    fn default() -> Self {
        Self { days: 3, domains: 10, const1: 0xE_F5EB, const2: 0x3_9339 }
    }
}

const SOURCE: &str = "the reference implementation's dictionaries";

const NOUNS: WordListId = WordListId {
    id: "matsnu-nouns",
    words: 878,
    sha256: "32ea3031d42c67b02267af31d254cc213af0ade4ad0c5061a65b343aadfdf9f5",
    source: SOURCE,
};
const VERBS: WordListId = WordListId {
    id: "matsnu-verbs",
    words: 1008,
    sha256: "897bc1d3329afafd77f9568e13b1cddbddef7d38afabee6448b3dd57eb23e2a2",
    source: SOURCE,
};

impl Algorithm for Matsnu {
    const INFO: Info = Info {
        name: "matsnu",
        aliases: &["Trustezeb"],
        taxonomy: &[Taxonomy::TDD_W],
        active: (Some(2014), Some(2018)),
        references: &[
            "https://blog.checkpoint.com/wp-content/uploads/2015/07/matsnu-malwareid-technical-brief.pdf",
            "http://threatpost.com/matsnu-botnet-dga-discovers-power-of-words/109426",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        finds: &[("const1", "0"), ("const2", "0")],
        note: "the lower 16 bits of both; where `const1` is even, several values of `const2` give the same names",
        ..Quest::NEW
    }];

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn word_lists(&self) -> Vec<WordListId> {
        vec![NOUNS, VERBS]
    }

    fn bind(self, words: &WordLists) -> Result<Bound, Refusal> {
        Ok(Bound { lists: [words.words(&NOUNS)?, words.words(&VERBS)?], parameters: self })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    lists: [Words; 2],
    parameters: Matsnu,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let Matsnu { days, domains, const1, const2 } = self.parameters;
        let today = unix_day(at);
        let first = today - i64::from(days) + 1;
        (first..=today).flat_map(move |day| {
            let factor = const1.wrapping_mul(day as u32).wrapping_mul(const2);
            let mut state = 1_u16;
            (1..=domains).map(move |number| {
                let factor = factor.wrapping_mul(number) as u16;
                let mut name = Name::new();
                let mut word = 0;
                while name.len() <= 12 {
                    state = state.wrapping_mul(factor) ^ const1 as u16;
                    let list = &self.lists[word % 2];
                    name.push_str(list.word(usize::from(state) % list.len()));
                    word += 1;
                    if state % 2 == 1 {
                        name.push(b'-');
                    }
                }
                if name.as_bytes().ends_with(b"-") {
                    name.truncate(name.len() - 1);
                }
                name.push_block(b".com", 4);
                name
            })
        })
    }
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.parameters.const1 = (number >> 16) as u32;
        self.parameters.const2 = number as u32 & 0xFFFF;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        // The first name begins with a noun that the state chooses.
        let [nouns, _] = &self.lists;
        let begins: Vec<bool> = nouns.iter().map(|noun| clue.label().starts_with(noun.as_bytes())).collect();
        let day = (unix_day(at) - i64::from(self.parameters.days) + 1) as u32;
        sift_first(clue, numbers, passed, |number| {
            let (const1, const2) = (number >> 16, number & 0xFFFF);
            let state = (const1.wrapping_mul(day).wrapping_mul(const2) ^ const1) & 0xFFFF;
            begins[state as usize % begins.len()]
        });
    }

    fn parameters(&self, _: &Quest, number: u64) -> Option<Parameters> {
        let mut parameters = parameter("const1", number >> 16);
        parameters.extend(parameter("const2", number & 0xFFFF));
        Some(parameters)
    }
}
