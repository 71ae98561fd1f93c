//! What is measured of a family: the lists of a year, made as callers make them.

use std::hint::black_box;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use dga::{Error, Family, Generate, Name, Schedule, Selection, WordLists};

/// The year begins here: within the dates of every family.
const YEAR: &str = "2025-01-01T00:00:00Z";
/// A family with many names has enough of them long before the year ends.
const ENOUGH: usize = 1 << 16;
/// Names made in one go, at most: as many as stay in the processor's nearer caches, half a megabyte.
const BATCH: usize = 4096;
/// Lists asked for at once, at most: as many as the catalogue itself asks for when it follows a range.
const LISTS: usize = 16;

/// A family's first preset and the lists to be made of it.
pub struct Workload {
    generator: Arc<dyn Generate>,
    moments: Vec<DateTime<Utc>>,
    /// How many lists are made at once; nothing if a single one is longer than a batch.
    at_once: Option<usize>,
    buffers: Vec<Vec<Name>>,
}

impl Workload {
    /// The lists of a year, or fewer if these have many names; one list if it never changes.
    ///
    /// # Errors
    ///
    /// A word list is missing or altered.
    ///
    /// # Panics
    ///
    /// The family is not defined in the year that is measured.
    pub fn new(family: &Family, words: &WordLists) -> Result<Self, Error> {
        let generator = family.bind(&Selection::default(), words)?;
        let begin: DateTime<Utc> = YEAR.parse().expect("a date");
        let end = begin + TimeDelta::days(365);
        let length = generator.names(begin)?.len().max(1);
        let mut moments = vec![begin];
        if !matches!(generator.schedule(), Schedule::Always) {
            let mut next = generator.period(begin)?.until;
            while let Some(moment) = next
                && moment < end
                && moments.len() * length < ENOUGH
            {
                moments.push(moment);
                next = generator.period(moment)?.until;
            }
        }
        let at_once = (length < BATCH).then(|| (BATCH / length).min(LISTS));
        Ok(Self { generator, moments, at_once, buffers: vec![Vec::new(); at_once.unwrap_or(1)] })
    }

    /// Makes all lists; returns how many names they have.
    ///
    /// # Panics
    ///
    /// The family is not defined in the year that is measured.
    pub fn run(&mut self) -> u64 {
        match self.at_once {
            Some(at_once) => self.side_by_side(at_once),
            None => self.in_batches(),
        }
    }

    fn side_by_side(&mut self, at_once: usize) -> u64 {
        let mut made = 0;
        for moments in self.moments.chunks(at_once) {
            self.buffers.iter_mut().for_each(Vec::clear);
            self.generator.lists(moments, None, &mut self.buffers).expect("defined in this year");
            made += black_box(&self.buffers).iter().map(|names| names.len() as u64).sum::<u64>();
        }
        made
    }

    fn in_batches(&mut self) -> u64 {
        let mut made = 0;
        let batch = &mut self.buffers[0];
        for moment in &self.moments {
            let mut list = self.generator.list(*moment).expect("defined in this year");
            let mut wanted = self.generator.length().unwrap_or(usize::MAX);
            while wanted > 0 {
                batch.clear();
                let filled = list.fill(wanted.min(BATCH), batch);
                if filled == 0 {
                    break;
                }
                made += black_box(&batch).len() as u64;
                wanted -= filled;
            }
        }
        made
    }
}
