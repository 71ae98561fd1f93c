//! Ngioweb: a proxy botnet, on Windows in 2018 and on Linux devices in 2019 and 2020.
//!
//! # Names
//!
//! 1024 names for each seed in the order in which they are made; the sequence itself has no end. One to three parts
//! with hyphens between them, each a prefix, some letters and an ending.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - 1024 is the public script's number of names, not one that was observed.
//! - Two endings occur twice and one (`etn`) looks like a misprint: ports that tidy them up give other names.
//!
//! # Parameters
//!
//! - `seed`: a number in the sample, without default

use super::prelude::*;
use crate::prim::lcg::inverse;

/// Parameters of Ngioweb.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ngioweb {
    seed: u32,
}

impl Algorithm for Ngioweb {
    const INFO: Info = Info {
        name: "ngioweb",
        taxonomy: &[Taxonomy::TID_W],
        active: (Some(2018), Some(2020)),
        references: &[
            "https://blog.netlab.360.com/an-analysis-of-linux-ngioweb-botnet-en/",
            "https://blog.netlab.360.com/linux-ngioweb-v2-going-after-iot-devices-en/",
        ],
        ..Info::NEW
    };

    const QUESTS: &'static [Quest] = &[Quest { any: Any::State, ..Quest::NEW }];

    fn schedule(&self) -> Schedule {
        Schedule::Always
    }

    fn bind(self, _: &WordLists) -> Result<Bound, Refusal> {
        let suffixes = Suffixes::fixed(&["net", "info", "com", "biz", "org", "name"]);
        Ok(Bound { seed: self.seed, suffixes })
    }

    fn seek(self, quest: &'static Quest, at: DateTime<Utc>, words: &WordLists) -> Sought {
        Ok(Searching::sought(self.bind(words)?, quest, at))
    }
}

#[derive(Clone)]
struct Bound {
    seed: u32,
    suffixes: Suffixes,
}

const VOWELS: &[u8] = b"aeiou";
const CONSONANTS: &[u8] = b"bcdfghklmnprstvxz";
const PREFIXES: [&str; 30] = [
    "un", "under", "re", "in", "im", "il", "ir", "en", "em", "over", "mis", "dis", "pre", "post", "anti", "inter",
    "sub", "ultra", "non", "de", "pro", "trans", "ex", "macro", "micro", "mini", "mono", "multi", "semi", "co",
];
/// Endings after a consonant; two of them stand there twice.
const VOWEL_ENDINGS: [&str; 35] = [
    "able", "ant", "ate", "age", "ance", "ancy", "an", "ary", "al", "en", "ency", "er", "etn", "ed", "ese", "ern",
    "ize", "ify", "ing", "ish", "ity", "ion", "ian", "ism", "ist", "ic", "ical", "ible", "ive", "ite", "ish", "ian",
    "or", "ous", "ure",
];
/// Endings after a vowel.
const CONSONANT_ENDINGS: [&str; 16] = [
    "dom", "hood", "less", "like", "ly", "fy", "ful", "ness", "ment", "sion", "ssion", "ship", "ty", "th", "tion",
    "ward",
];

struct Random(u32);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        self.0 as usize % count
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

impl Ready for Bound {
    fn names(&self, _: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut random = Random(self.seed);
        (0..).map(move |_: u64| self.name(&mut random))
    }

    fn length(&self) -> Option<usize> {
        Some(1024)
    }
}

impl Bound {
    /// Draws a name.
    fn name(&self, random: &mut Random) -> Name {
        let mut name = Name::new();
        for left in (0..=random.below(3)).rev() {
            let prefix = random.pick(&PREFIXES);
            name.push_str(prefix);
            let mut after_vowel = prefix.ends_with(['a', 'e', 'i', 'o', 'u']);
            for _ in 0..random.below(3) + 4 {
                name.push(random.pick(if after_vowel { CONSONANTS } else { VOWELS }));
                after_vowel = !after_vowel;
            }
            name.push_str(if after_vowel { random.pick(&CONSONANT_ENDINGS) } else { random.pick(&VOWEL_ENDINGS) });
            if left > 0 {
                name.push(b'-');
            }
        }
        self.suffixes.append(random.below(self.suffixes.len()), &mut name);
        name
    }
}

impl Seeded for Bound {
    fn reseed(&mut self, _: &Quest, number: u64) {
        self.seed = number as u32;
    }

    fn sift(&self, _: &Quest, _: DateTime<Utc>, clue: &Clue, numbers: Range<u64>, passed: &mut dyn FnMut(u64)) {
        // The first number says how many words there are, the second with which prefix they begin.
        let hyphens = clue.label().split(|byte| *byte == b'-').count() - 1;
        let begins = PREFIXES.map(|prefix| clue.label().starts_with(prefix.as_bytes()));
        sift_first(clue, numbers, passed, |seed| {
            let mut random = Random(seed);
            random.below(3) == hyphens && begins[random.below(30)]
        });
    }

    fn before(&self, _: DateTime<Utc>, number: u64) -> Option<Vec<u64>> {
        let back = |state: u32| [state.wrapping_sub(12_345).wrapping_mul(const { inverse(1_103_515_245) })];
        // One to three words of 7 to 9 draws, their number, and the zone.
        let starts = rewind(number as u32, 9..=29, back, |state| {
            let mut random = Random(state);
            self.name(&mut random);
            random.0
        });
        Some(starts.into_iter().map(u64::from).collect())
    }
}
