//! [`Span`]: the time for which names are wanted.

use chrono::{DateTime, Datelike, SecondsFormat, TimeDelta, Utc};
use dga::{Error, Generate, Range, Schedule};

/// The time for which names are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// One moment: its list as the bot makes it, with repetitions.
    Moment {
        /// The moment.
        at: DateTime<Utc>,
        /// By how much the list's period is widened.
        margin: TimeDelta,
    },
    /// A range: each name once for every interval.
    Range(Range),
}

impl Span {
    /// Its beginning.
    pub fn begin(&self) -> DateTime<Utc> {
        match self {
            Self::Moment { at, .. } => *at,
            Self::Range(range) => range.from,
        }
    }

    /// By how much intervals are widened at both ends.
    pub fn margin(&self) -> TimeDelta {
        match self {
            Self::Moment { margin, .. } => *margin,
            Self::Range(range) => range.margin,
        }
    }

    /// Its last moment.
    fn last(&self) -> DateTime<Utc> {
        match self {
            Self::Moment { at, .. } => *at,
            Self::Range(range) => range.until - TimeDelta::nanoseconds(1),
        }
    }

    /// Fails if the family is not defined for all of this time.
    ///
    /// # Errors
    ///
    /// [`Error::Date`].
    pub fn check(&self, generator: &dyn Generate) -> Result<(), Error> {
        generator.period(self.begin())?;
        generator.period(self.last())?;
        Ok(())
    }

    /// Whether all of it lies before the year in which the generator's family was first seen. A list that never changes
    /// belongs to no time.
    pub fn is_too_early(&self, generator: &dyn Generate) -> bool {
        let first = generator.info().active.0;
        !matches!(generator.schedule(), Schedule::Always)
            && first.is_some_and(|first| self.last().year() < i32::from(first))
    }

    /// The same as options of a command line, without anything relative.
    pub fn described(&self) -> Vec<(&'static str, String)> {
        let mut options = match self {
            Self::Moment { at, .. } => vec![("date", written(*at))],
            Self::Range(range) => vec![("from", written(range.from)), ("to", written(range.until))],
        };
        if !self.margin().is_zero() {
            options.push(("margin", format!("{}s", self.margin().num_seconds())));
        }
        options
    }
}

/// A moment in RFC 3339, UTC.
pub fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
