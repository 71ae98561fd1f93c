//! Ramnit (Nimnul): a file infector and worm that became a banking trojan; known since 2010, new seeds up to 2020.
//!
//! # Names
//!
//! `count` names for each seed; the sequence itself has no end. They hold for as long as a campaign runs. Labels have
//! letters `a` to `y` only: 8 to 19 of them in variant `v1`, 9 to 25 in `v2`. The zone follows the name's number
//! cyclically.
//!
//! Variant `v1` is what samples show. `v2` differs in its lengths, zones and count only.
//!
//! # Bots
//!
//! A bot asks for the names one after the other, in rapid succession. When it starts over is not documented.
//!
//! # Pitfalls
//!
//! - How many names are used is a setting of the sample: 300 is a planning value, and 10, 100 and 500 are known.
//! - UNCONFIRMED: no sample is publicly known for `v2`; prefer `v1` where nothing else is known.
//! - For many seeds the zone is not stated, and `com` is assumed.
//! - Some seeds are printed with nine hexadecimal digits: the first is a zero.
//!
//! # Parameters
//!
//! - `variant`: `v1` or `v2`
//! - `seed`: the campaign's 32-bit number, without default
//! - `tlds`: zones, by default `com` (`v1`) or `click`, `com`, `eu`, `bid` (`v2`)
//! - `length_min`, `length_max`: bounds of a label's length
//! - `count`: names for each seed, by default 300 (`v1`, a planning value) or 10 (`v2`)

use super::prelude::*;
use crate::parameter::Parameters;
use crate::prim::folded;
use crate::prim::schrage::Schrage;
use crate::search::parameter;

/// Parameters of Ramnit; what is not given has the variant's default.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ramnit {
    #[serde(default)]
    variant: Variant,
    seed: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tlds: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length_min: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length_max: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    V1,
    V2,
}

impl Algorithm for Ramnit {
    const INFO: Info = Info {
        name: "ramnit",
        aliases: &["Nimnul"],
        taxonomy: &[Taxonomy::TID_A],
        active: (Some(2010), Some(2020)),
        variants: &["v1", "v2"],
        references: &[
            "https://johannesbader.ch/2014/12/the-dga-of-ramnit/",
            "https://www.cert.pl/en/news/single/ramnit-in-depth-analysis/",
            "https://www.symantec.com/content/dam/symantec/docs/security-center/white-papers/w32-ramnit-analysis-15-en.pdf",
            "https://nao-sec.org/2018/01/analyzing-ramnit-used-in-seamless.html",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest { any: Any::State, ..Quest::NEW }];

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        let (shortest, longest, count) = match self.variant {
            Variant::V1 => (8, 19, 300),
            Variant::V2 => (9, 25, 10),
        };
        let tlds = self.zones();
        let shortest = self.length_min.unwrap_or(shortest);
        let longest = self.length_max.unwrap_or(longest);
        if shortest > longest || longest > LONGEST {
            let reason =
                format!("a label's length lies between `length_min` ({shortest}) and {LONGEST}, not {longest}");
            return Err(Refusal::value("length_max", reason));
        }
        let suffixes = Suffixes::new("tlds", &tlds, longest as usize)?;
        Ok(Bound {
            seed: self.seed,
            shortest,
            lengths: longest - shortest + 1,
            suffixes,
            count: self.count.unwrap_or(count),
        })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }

    fn turns(&self) -> usize {
        self.zones().len()
    }

    fn turned(&self, places: usize) -> Parameters {
        let mut zones = self.zones();
        let places = places % zones.len().max(1);
        if places == 0 {
            return Parameters::new();
        }
        zones.rotate_left(places);
        parameter("tlds", zones)
    }
}

/// The longest label that DNS allows.
const LONGEST: u32 = 63;

#[derive(Clone)]
struct Bound {
    seed: u32,
    shortest: u32,
    lengths: u32,
    suffixes: Suffixes,
    count: u32,
}

impl Ready for Bound {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        Names { bound: self, state: self.seed, suffix: 0, ready: [Name::new(); SIDE_BY_SIDE], given: SIDE_BY_SIDE }
    }

    fn length(&self) -> Option<usize> {
        Some(self.count as usize)
    }
}

/// How many names are made at once. The state that starts a name is known before the letters of the one before it, so
/// the letters of several names need not wait for each other.
const SIDE_BY_SIDE: usize = 4;

struct Names<'a> {
    bound: &'a Bound,
    state: u32,
    suffix: usize,
    ready: [Name; SIDE_BY_SIDE],
    given: usize,
}

impl Names<'_> {
    fn refill(&mut self) {
        let mut states = [Schrage(0); SIDE_BY_SIDE];
        let mut lengths = [0; SIDE_BY_SIDE];
        let mut longest = 0;
        for (state, length) in states.iter_mut().zip(&mut lengths) {
            *state = Schrage(self.state);
            *length = (state.draw(self.bound.lengths) + self.bound.shortest) as usize;
            longest = longest.max(*length);
            self.state = folded::product(self.state, state.0);
        }
        let mut letters = [[0; LONGEST as usize]; SIDE_BY_SIDE];
        for place in 0..longest {
            for (state, label) in states.iter_mut().zip(&mut letters) {
                label[place] = b'a' + state.draw(25) as u8;
            }
        }
        for ((name, label), length) in self.ready.iter_mut().zip(&letters).zip(lengths) {
            name.truncate(0);
            name.push_block(label, length);
            self.bound.suffixes.append(self.suffix, name);
            self.suffix += 1;
            if self.suffix == self.bound.suffixes.len() {
                self.suffix = 0;
            }
        }
        self.given = 0;
    }
}

impl Iterator for Names<'_> {
    type Item = Name;

    #[inline]
    fn next(&mut self) -> Option<Name> {
        if self.given == SIDE_BY_SIDE {
            self.refill();
        }
        let name = self.ready[self.given];
        self.given += 1;
        Some(name)
    }
}

impl Ramnit {
    /// The zones that names take in turn.
    fn zones(&self) -> Vec<String> {
        let usual: &[&str] = match self.variant {
            Variant::V1 => &["com"],
            Variant::V2 => &["click", "com", "eu", "bid"],
        };
        self.tlds.clone().unwrap_or_else(|| usual.iter().map(|tld| (*tld).to_owned()).collect())
    }
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = number as u32;
    }

    fn sift(&self, _: &Quest, _: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        let length = clue.label().len() as u32;
        let [first, second] = clue.letters(LETTERS);
        // The letters come first: their modulus is a constant, that of the length is not.
        sift_first(clue, numbers, passed, |seed| {
            let mut random = Schrage(seed);
            random.draw(1);
            let drawn = random.0;
            random.draw(25) == first && random.draw(25) == second && drawn % self.lengths + self.shortest == length
        });
    }

    fn before(&self, _: DateTime<Utc>, number: u64) -> Option<Vec<u64>> {
        Some(folded::before(number as u32).into_iter().map(u64::from).collect())
    }
}
