//! The names that a configuration holds: from lists, and from rules about families. They are taken one by one, so that
//! nothing grows with their number but the table that they go into.

mod list;
mod rule;
mod spelling;

use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use name_files::Row;

use crate::config::held_names::{HeldNames, Luring};
use crate::names::{Collector, Described, TextId, TooManyTexts};

pub(super) use rule::Rule;
use spelling::{Objection, Wire};

/// Names, each of them once.
#[derive(Debug)]
pub(super) struct Collected {
    collector: Collector,
    luring: Vec<Luring>,
    left_out: u64,
    /// What is answered for the names of the present source: a place in `luring`.
    zone: u16,
    /// The texts of the last row, with their places: most rows have the same.
    family: (String, TextId),
    preset: (String, TextId),
    wire: Wire,
}

/// Why no more names can be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Full {
    /// Too many families and presets.
    #[error(transparent)]
    Texts(#[from] TooManyTexts),
    /// Too many different answers.
    #[error("more than 65,535 different answers")]
    Answers,
}

impl Default for Collected {
    fn default() -> Self {
        Self {
            collector: Collector::default(),
            luring: vec![Luring::GENERAL],
            left_out: 0,
            zone: 0,
            family: Default::default(),
            preset: Default::default(),
            wire: Wire::new(),
        }
    }
}

impl Collected {
    /// What is added from now on comes from another source, for whose names this is answered.
    pub(super) fn next_source(
        &mut self,
        a: Option<Vec<Ipv4Addr>>,
        aaaa: Option<Vec<Ipv6Addr>>,
        lured: bool,
    ) -> Result<(), Full> {
        self.collector.next_source();
        let luring = Luring { a, aaaa, lured };
        let place = self.luring.iter().position(|known| *known == luring).unwrap_or(self.luring.len());
        self.zone = u16::try_from(place).map_err(|_| Full::Answers)?;
        if place == self.luring.len() {
            self.luring.push(luring);
        }
        Ok(())
    }

    /// All names.
    pub(super) fn finish(self) -> HeldNames {
        HeldNames { collection: self.collector.finish(), luring: self.luring.into(), left_out: self.left_out }
    }

    /// Adds the name of a row under `family`; says what speaks against it.
    fn add(&mut self, row: &Row<'_>, family: &str) -> Result<Result<(), Objection>, TooManyTexts> {
        let place = |last: &mut (String, TextId), text: &str, collector: &mut Collector| {
            if last.0 != text {
                *last = (text.to_owned(), collector.text(text)?);
            }
            Ok::<_, TooManyTexts>(last.1)
        };
        let label = place(&mut self.family, family, &mut self.collector)?;
        let preset = place(&mut self.preset, row.preset, &mut self.collector)?;
        let held_for = Described { label, preset, period: minute(row.valid.from), zone: self.zone };
        let index = u32::try_from(row.index).unwrap_or(u32::MAX);
        Ok(self.wire.read(row.name).map(|octets| self.collector.add(octets, held_for, index)))
    }
}

/// The path that a configuration means: relative ones start at its folder.
pub(super) fn beside(config: &Path, path: &Path) -> PathBuf {
    config.parent().map_or_else(|| path.to_owned(), |folder| folder.join(path))
}

/// Minutes since 1970; 0 for what has no beginning.
fn minute(from: Option<DateTime<Utc>>) -> u32 {
    from.map_or(0, |from| u32::try_from(from.timestamp().max(0) / 60).unwrap_or(u32::MAX))
}
