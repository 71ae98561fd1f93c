//! Logs held against an index: who asked for generated names, and what that says about the one who asked.
//!
//! A [`Scanner`] takes look-ups, hands over those of generated names, and keeps [`Evidence`] about every client.

mod evidence;
mod pending;
mod verdict;

use chrono::{DateTime, Utc};
use dga::{Error, Period, WordLists};

pub use evidence::{Client, Evidence, OfList, Steps};
pub use verdict::Verdict;

use self::evidence::Seen;
use self::pending::Pending;
use crate::asked::Asked;
use crate::identify::Identifier;
use crate::index::Index;
use crate::logs::{Lookup, Part};
use crate::makers::Maker;

/// A look-up of a generated name, or of a name below one.
#[derive(Clone, Debug)]
pub struct Match<'a> {
    /// Where the record begins, in octets of the unpacked log.
    pub offset: u64,
    /// When it was, where the log says.
    pub at: Option<DateTime<Utc>>,
    /// Who asked, where the log says.
    pub client: &'a Client,
    /// The generated name.
    pub name: &'a str,
    /// The name that was asked for, as the log spells it.
    pub asked: &'a str,
    /// Whether the record is of the question or of the answer.
    pub part: Part,
    /// What the answer said (0 `NOERROR`, 3 `NXDOMAIN`), where the record tells it.
    pub rcode: Option<u16>,
    /// Who makes the name; never empty.
    pub makers: &'a [Maker],
}

/// Holds look-ups against an index.
pub struct Scanner<'a> {
    identifier: Identifier<'a>,
    window: Period,
    pending: Pending,
    seen: Seen,
    lookups: u64,
    matches: u64,
}

impl<'a> Scanner<'a> {
    /// Looks for names of `index` that are valid in `window`; generators that need word lists take them from `words`.
    pub fn new(index: &'a Index, words: &'a WordLists, window: Period) -> Self {
        let identifier = Identifier::new(index, words);
        Self { identifier, window, pending: Pending::default(), seen: Seen::default(), lookups: 0, matches: 0 }
    }

    /// Takes a look-up. It is held against the index with others, when there are enough of them or at
    /// [`flush`](Self::flush).
    ///
    /// # Errors
    ///
    /// A generator of the index cannot be bound, for example because a word list is missing.
    pub fn take(&mut self, lookup: &Lookup<'_>, matched: &mut dyn FnMut(&Match<'_>)) -> Result<(), Error> {
        self.pending.add(lookup);
        if self.pending.is_full() { self.flush(matched) } else { Ok(()) }
    }

    /// Holds all that was taken against the index.
    ///
    /// # Errors
    ///
    /// As [`take`](Self::take).
    pub fn flush(&mut self, matched: &mut dyn FnMut(&Match<'_>)) -> Result<(), Error> {
        let pending = std::mem::take(&mut self.pending);
        self.lookups += pending.len() as u64;
        let asked: Vec<Asked<'_>> = pending.names().map(|name| Asked::read(name).unwrap_or_default()).collect();
        for found in self.identifier.identify(&asked)? {
            let valid = |maker: &&Maker| maker.valid.overlaps(self.window);
            let makers: Vec<Maker> = found.makers.iter().filter(valid).copied().collect();
            if makers.is_empty() {
                continue;
            }
            let record = pending.record(found.asked);
            let name = &asked[found.asked].as_str()[found.begin..];
            let one = Match {
                offset: record.offset,
                at: record.at,
                client: &record.client,
                name,
                asked: record.name,
                part: record.part,
                rcode: record.rcode,
                makers: &makers,
            };
            self.matches += 1;
            self.seen.add(&one);
            matched(&one);
        }
        self.pending = pending.emptied();
        Ok(())
    }

    /// How many look-ups have been held against the index, and how many of them were of generated names.
    pub fn counts(&self) -> (u64, u64) {
        (self.lookups, self.matches)
    }

    /// What the look-ups say about each client: who asked for the most names comes first.
    pub fn evidence(&self) -> Vec<Evidence> {
        self.seen.evidence(self.identifier.index())
    }
}
