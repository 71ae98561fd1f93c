//! What of a search is done and what was hit, in a form that a search can be resumed from.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::plan::Plan;
use super::task::{Error, Task};

/// A number from which the captured names follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hit {
    /// In which pass.
    pub pass: usize,
    /// The number.
    pub number: u64,
    /// The place of the first name in the list of this number.
    pub place: usize,
}

/// What is done, and what was hit.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    task: String,
    block: u64,
    units: u64,
    /// Ranges of units, in order and without overlap: first and last.
    done: Vec<(u64, u64)>,
    hits: Vec<Hit>,
}

/// The version of the form.
const SCHEMA: &str = "hydrabane.recover/1";

/// A ledger as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    schema: String,
    catalogue: String,
    task: String,
    block: u64,
    units: u64,
    done: Vec<(u64, u64)>,
    hits: Vec<Hit>,
    /// SHA-256 of all else, in hexadecimal: it tells a damaged file.
    sha256: String,
}

impl Written {
    fn digest(&self) -> String {
        let Self { schema, catalogue, task, block, units, done, hits, sha256: _ } = self;
        let all = format!("{schema}\n{catalogue}\n{task}\n{block}\n{units}\n{done:?}\n{hits:?}");
        Sha256::digest(all).iter().fold(String::new(), |mut text, byte| {
            // Writing into a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

impl Ledger {
    /// Nothing is done.
    pub fn new(task: &Task, plan: &Plan) -> Self {
        let (block, units) = (plan.block(), plan.units());
        Self { task: task.described(), block, units, done: Vec::new(), hits: Vec::new() }
    }

    /// A ledger as text.
    pub fn written(&self) -> String {
        let mut written = Written {
            schema: SCHEMA.into(),
            catalogue: dga::version(),
            task: self.task.clone(),
            block: self.block,
            units: self.units,
            done: self.done.clone(),
            hits: self.hits.clone(),
            sha256: String::new(),
        };
        written.sha256 = written.digest();
        serde_json::to_string_pretty(&written).unwrap_or_default() + "\n"
    }

    /// Takes over what an earlier run of the same search has done.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if the text is no ledger or was changed, [`Error::Other`] if it is that of another search, or if
    /// the catalogue has changed since.
    pub fn resume(&mut self, text: &str) -> Result<(), Error> {
        let written: Written = serde_json::from_str(text).map_err(|error| Error::Damaged(error.to_string()))?;
        if written.schema != SCHEMA {
            return Err(Error::Damaged(format!("its form is `{}`, not `{SCHEMA}`", written.schema)));
        }
        if written.digest() != written.sha256 {
            return Err(Error::Damaged("its contents do not agree with its checksum".into()));
        }
        if written.task != self.task {
            return Err(Error::Other { theirs: written.task });
        }
        if (written.block, written.units) != (self.block, self.units) {
            return Err(Error::Other { theirs: "another version of hydrabane wrote it".into() });
        }
        if written.catalogue != dga::version() {
            return Err(Error::Other { theirs: format!("it was begun with catalogue {}", written.catalogue) });
        }
        self.done = written.done;
        self.hits = written.hits;
        Ok(())
    }

    /// Takes note of a unit that is done.
    pub fn note(&mut self, unit: u64, hits: Vec<Hit>) {
        self.hits.extend(hits);
        let place = self.done.partition_point(|(first, _)| *first < unit);
        self.done.insert(place, (unit, unit));
        // Joined with its neighbours.
        if place + 1 < self.done.len() && self.done[place].1 + 1 == self.done[place + 1].0 {
            self.done[place].1 = self.done.remove(place + 1).1;
        }
        if place > 0 && self.done[place - 1].1 + 1 == self.done[place].0 {
            self.done[place - 1].1 = self.done.remove(place).1;
        }
    }

    /// Whether a unit is done.
    pub fn has(&self, unit: u64) -> bool {
        let place = self.done.partition_point(|(first, _)| *first <= unit);
        place > 0 && unit <= self.done[place - 1].1
    }

    /// How many units are done.
    pub fn done(&self) -> u64 {
        self.done.iter().map(|(first, last)| last - first + 1).sum()
    }

    /// The share of the work that is done, from 0 to 1.
    pub fn share(&self) -> f64 {
        self.done() as f64 / self.units as f64
    }

    /// What was hit, in the order of the numbers; each once.
    pub fn hits(&self) -> Vec<Hit> {
        let mut hits = self.hits.clone();
        hits.sort_unstable();
        hits.dedup();
        hits
    }
}
