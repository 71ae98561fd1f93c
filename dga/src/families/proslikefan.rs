//! Proslikefan: a worm in JavaScript that spreads by drives, shares and file sharing; analysed in 2016.
//!
//! # Names
//!
//! Ten names for each zone a day (treated as UTC): 100 with the usual ten zones, which are the inner loop. Labels have
//! 6 to 12 letters.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - Family `unnamed_javascript_dga` is an early find of this worm: with the word `OK` and the zones `cc`, `co`, `eu`
//!   the names are the same.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `magic`: the sample's word, ASCII, without default; `prospect` and `OK` are known
//! - `tlds`: zones, by default `eu`, `biz`, `se`, `info`, `com`, `net`, `org`, `ru`, `in`, `name`

use super::prelude::*;
use crate::parameter::Parameters;
use crate::prim::script_hash::{self, append_label, dotted, hash, polynomial};
use crate::search::parameter;

/// Parameters of Proslikefan.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Proslikefan {
    magic: String,
    #[serde(default = "usual_zones")]
    tlds: Vec<String>,
}

fn usual_zones() -> Vec<String> {
    ["eu", "biz", "se", "info", "com", "net", "org", "ru", "in", "name"].map(str::to_owned).into()
}

impl Algorithm for Proslikefan {
    const INFO: Info = Info {
        name: "proslikefan",
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2015), Some(2016)),
        references: &[
            "https://johannesbader.ch/2016/06/proslikefan/",
            "https://www.f-secure.com/v-descs/worm_js_proslikefan.shtml",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest {
        finds: &[("magic", "A")],
        any: Any::Places,
        note: "a word that gives the same names on all days; the true one is another",
        ..Quest::NEW
    }];

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        Refusal::unless_ascii("magic", &self.magic)?;
        let suffixes = Suffixes::new("tlds", &self.tlds, 12)?;
        Ok(Bound { start: polynomial(self.magic.as_bytes()), tlds: self.tlds, suffixes })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    /// What is kept of the word.
    start: u32,
    tlds: Vec<String>,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let middle = dotted(at);
        (0..10).flat_map(move |number| {
            self.tlds.iter().enumerate().map(move |(zone, tld)| {
                let start = hash(self.start, &[middle.as_bytes(), tld.as_bytes()]) + number;
                let mut name = Name::new();
                append_label(start, &mut name);
                self.suffixes.append(zone, &mut name);
                name
            })
        })
    }
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.start = number as u32;
    }

    fn sift(&self, _: &Quest, at: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let (middle, zones) = (dotted(at), self.tlds.len());
        let behind = [middle.as_bytes(), self.tlds[clue.place() % zones].as_bytes()];
        script_hash::sift(&behind, (clue.place() / zones) as u32, clue.letters(LETTERS), numbers, passed);
    }

    fn parameters(&self, quest: &Quest, number: u64) -> Option<Parameters> {
        Some(parameter(quest.parameter(), script_hash::word(number as u32)?))
    }
}
