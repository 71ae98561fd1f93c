//! CharBot: no malware but a generator of 2019, made to deceive classifiers; useful as a hard case for detectors.
//!
//! # Names
//!
//! Real domains with two characters of the label replaced and another zone. Any number of names can be made; 1000 is
//! the usual one.
//!
//! # Bots
//!
//! No bot walks this list, for no botnet is known to use the generator. The order is that in which the published script
//! makes the names.
//!
//! # Pitfalls
//!
//! - UNPREDICTABLE: the published design draws at random, so no list can be foreseen without the seed and the list of
//!   real domains.
//! - A name may be somebody's real domain: a replacement can be the character that was there before, and the published
//!   script's check against DNS is left out. Block nothing unseen.
//! - A label may begin or end with a hyphen, which makes it no legal host name.
//! - The published script takes its domains from a list of one million that is not part of `charbot-base40`, so its
//!   names differ from those here.
//!
//! # Parameters
//!
//! - `rng_seed`: the 32-bit seed, by default 42
//! - `base_list`: which list of domains is used; only `charbot-base40`, a short list for tests, is known here
//! - `base_len`: only so many domains from the start of the list, by default all

use super::prelude::*;
use crate::prim::mt19937::MersenneTwister;

/// Parameters of CharBot.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Charbot {
    #[serde(default = "usual_seed")]
    rng_seed: u32,
    base_list: String,
    #[serde(default)]
    base_len: Option<u32>,
}

fn usual_seed() -> u32 {
    42
}

const BASE: WordListId = WordListId {
    id: "charbot-base40",
    words: 40,
    sha256: "7dda05364fcc11daa4362451f6255ff975cd69672e2b730142052d55f62820be",
    source: "forty well-known domains, for tests",
};

/// The shortest label that is changed.
const SHORTEST: usize = 6;

impl Algorithm for Charbot {
    const INFO: Info = Info {
        name: "charbot",
        taxonomy: &[Taxonomy::TIN_W],
        active: (Some(2019), None),
        references: &["https://arxiv.org/abs/1905.01078"],
        illegal_names: true,
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest { finds: &[("rng_seed", "0")], ..Quest::NEW }];

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn word_lists(&self) -> Vec<WordListId> {
        vec![BASE]
    }

    fn bind(self, words: &WordLists) -> Result<Bound, Refusal> {
        if self.base_list != BASE.id {
            let reason = format!("`{}` is not known; the only list is `{}`", self.base_list, BASE.id);
            return Err(Refusal::value("base_list", reason));
        }
        let words = words.words(&BASE)?;
        let wanted = self.base_len.map_or(words.len(), |length| length as usize);
        if wanted > words.len() {
            return Err(Refusal::value("base_len", format!("the list has only {} domains", words.len())));
        }
        let labels: Vec<String> =
            words.iter().take(wanted).map(|domain| domain.split('.').next().unwrap_or_default().to_owned()).collect();
        if !labels.iter().any(|label| label.len() >= SHORTEST) {
            return Err(Refusal::value("base_len", "none of these domains has a label of six characters or more"));
        }
        let suffixes = Suffixes::fixed(&[
            "com", "at", "uk", "pl", "be", "biz", "co", "jp", "cz", "de", "eu", "fr", "info", "it", "ru", "lv", "me",
            "name", "net", "nz", "org", "us",
        ]);
        Ok(Bound { seed: self.rng_seed, labels, suffixes })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    seed: u32,
    labels: Vec<String>,
    suffixes: Suffixes,
}

/// A number from 0 to `most`, by rejection.
fn below(random: &mut MersenneTwister, most: usize) -> usize {
    let Some(bits) = most.checked_ilog2() else { return 0 };
    let mask = (2_usize << bits) - 1;
    loop {
        let number = random.draw() as usize & mask;
        if number <= most {
            return number;
        }
    }
}

impl Ready for Bound {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut random = MersenneTwister::new(self.seed);
        let mut order: Vec<usize> = vec![0; self.labels.len()];
        (0..).map(move |_: u64| {
            let label = loop {
                // Every choice shuffles the whole list anew and takes what comes first.
                order.iter_mut().enumerate().for_each(|(place, entry)| *entry = place);
                for place in (1..order.len()).rev() {
                    order.swap(place, below(&mut random, place));
                }
                let label = &self.labels[order[0]];
                if label.len() >= SHORTEST {
                    break label;
                }
            };
            let mut draw = |most| below(&mut random, most);
            let places = [draw(label.len() - 1), draw(label.len() - 1)];
            let characters = [draw(36), draw(36)].map(|index| b"abcdefghijklmnopqrstuvwxyz0123456789-"[index]);
            let suffix = draw(21);
            let mut name = Name::new();
            for (place, byte) in label.bytes().enumerate() {
                name.push(match places {
                    [_, second] if second == place => characters[1],
                    [first, _] if first == place => characters[0],
                    _ => byte,
                });
            }
            self.suffixes.append(suffix, &mut name);
            name
        })
    }

    fn length(&self) -> Option<usize> {
        Some(1000)
    }
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = number as u32;
    }
}
