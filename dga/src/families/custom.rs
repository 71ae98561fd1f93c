//! A generator that its parameters define: a family without Rust, for a new one or for a model.
//!
//! # Names
//!
//! `core` gives numbers, `seed` says what they begin with, `label` turns them into characters or words, and `tlds` with
//! `tld_rule` gives the ending. A seed with the field `index` is computed anew for each name; without it all names of a
//! list come from one sequence. Parts of the date are those of the first moment (UTC) of the window that `schedule`
//! says, so that a list never changes within it.
//!
//! # Bots
//!
//! That depends on what is modelled: with `tries` a bot picks so many names of the list at random, anew for each
//! call-back; without it a bot tries all names in the order in which they are made.
//!
//! # Pitfalls
//!
//! - `conficker-c-model` and `srizbi-model` are MODELS for exercises: the real generators of Conficker.C and Srizbi are
//!   not specified, only how many names they make is known. No bot ever asked for these names, so they are for no
//!   take-down or block list.
//! - Many labels of `conficker-c-model` are short and can be real domains of others.
//!
//! # Parameters
//!
//! - `core`: `lcg: {multiplier, increment, modulus_bits: 32, shift: 0, output_bits, takes: new|old}`, `xorshift:
//!   {shifts: [13, 17, 5]}`, `md5: {bits: 8, little_endian: false}` or `sha256: {…}`, where `bits` (4, 8, 16 or 32)
//!   cuts the hash into draws and the hash of the hash follows when it is used up
//! - `seed`: `text: "{year}-{month:02}-{day:02}{secret}{index}"` for the hashes; `number: [{of: year, times: 1, by:
//!   add}, …]` for the others, joined from left to right by `add`, `subtract`, `multiply` or `xor`. Fields are `year`,
//!   `month`, `day`, `hour`, `week`, `week_year`, `days` and `seconds` (since 1970), `index` (from 0), `key`, and in
//!   texts `secret`
//! - `secret`: a text that the seed uses, without default
//! - `key`: a number that the seed uses, without default
//! - `label`: `letters: {alphabet: a to z, modulus, shift: 0, length}` makes each character from a draw: shifted, then
//!   modulo the alphabet's length or `modulus`. `length` is `fixed: 12` or `drawn: {min, max, shared: false}`, where
//!   `shared` uses one draw for the length and the first character. `words: {tables: [[…], …], between: "", shift: 0}`
//!   joins one word from each table
//! - `tlds`: the endings
//! - `tld_rule`: `cycle` by index, `drawn` after the label, or `date: day` (or another field); by default `cycle`
//! - `schedule`: `always`, `day`, `week` (from Monday), `month`, or `every: {hours: 72, since: 2008-11-01}`, also with
//!   `days`; by default `day`
//! - `count`: how many names, by default 1; the sequence itself has no end
//! - `tries`: how many names of the list a bot picks at random for a call-back, by default all in order; the list stays
//!   the same

use super::prelude::*;
use crate::custom::{Calendar, Core, Label, Rule, Seed, Start, Window};
use serde_yaml::with::singleton_map_recursive;

/// Parameters of a generator.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Custom {
    #[serde(with = "singleton_map_recursive")]
    core: Core,
    #[serde(with = "singleton_map_recursive")]
    seed: Seed,
    #[serde(default)]
    secret: Option<String>,
    #[serde(default)]
    key: Option<u64>,
    #[serde(with = "singleton_map_recursive")]
    label: Label,
    tlds: Vec<String>,
    #[serde(default, with = "singleton_map_recursive")]
    tld_rule: Rule,
    #[serde(default, with = "singleton_map_recursive")]
    schedule: Calendar,
    #[serde(default = "one")]
    count: u32,
    #[serde(default)]
    tries: Option<u32>,
}

fn one() -> u32 {
    1
}

impl Algorithm for Custom {
    const INFO: Info =
        Info { name: "custom", taxonomy: &[Taxonomy::TDD_A], references: &["docs/families/custom.md"], ..Info::NEW };

    fn schedule(&self) -> Schedule {
        self.schedule.schedule()
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        self.schedule.check()?;
        let schedule = self.schedule.schedule();
        let dated = !matches!(schedule, Schedule::Always);
        if self.count == 0 {
            return Err(Refusal::value("count", "must be at least 1"));
        }
        if self.tries.is_some_and(|tries| !(1..=self.count).contains(&tries)) {
            return Err(Refusal::value("tries", format!("must be 1 to {}, the `count`", self.count)));
        }
        let longest = self.label.longest()?;
        self.tld_rule.check(&self.tlds, dated)?;
        Ok(Bound {
            schedule,
            start: self.seed.bind(self.core, self.secret, self.key, dated)?,
            label: self.label,
            suffixes: Suffixes::new("tlds", &self.tlds, longest)?,
            tld_rule: self.tld_rule,
            count: self.count as usize,
            tries: self.tries,
        })
    }
}

struct Bound {
    schedule: Schedule,
    start: Start,
    label: Label,
    suffixes: Suffixes,
    tld_rule: Rule,
    count: usize,
    tries: Option<u32>,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let window = Window::from(self.schedule.period(at).from.unwrap_or(at));
        let mut text = Vec::new();
        let mut source = self.start.source(window, 0, &mut text);
        (0..).map(move |index: u64| {
            if self.start.is_of_each_name() {
                source = self.start.source(window, index, &mut text);
            }
            let mut name = Name::new();
            self.label.append(&mut source, &mut name);
            self.suffixes.append(self.tld_rule.choose(self.suffixes.len(), window, index, &mut source), &mut name);
            name
        })
    }

    fn tries(&self) -> Option<u32> {
        self.tries
    }

    fn length(&self) -> Option<usize> {
        Some(self.count)
    }
}
