//! Virtual time: milliseconds since 1970-01-01T00:00:00Z, and spans of it.
//!
//! A bot compares and adds instants millions of times a second, so they are one integer each; calendar
//! questions go through [`Moment::utc`].

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use chrono::{DateTime, SecondsFormat, Utc};

/// An instant, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

/// A length of time, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub i64);

impl Moment {
    /// Later than every other moment.
    pub const NEVER: Self = Self(i64::MAX);

    /// The same instant for the calendar. Instants that chrono cannot hold become its nearest bound.
    pub fn utc(self) -> DateTime<Utc> {
        let bound = if self.0 < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        DateTime::from_timestamp_millis(self.0).unwrap_or(bound)
    }
}

impl From<DateTime<Utc>> for Moment {
    /// Fractions of a millisecond are cut off.
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant.timestamp_millis())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Span {
    /// `seconds` seconds.
    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds * 1_000)
    }

    /// `hours` hours.
    pub const fn hours(hours: i64) -> Self {
        Self(hours * 3_600_000)
    }

    /// `days` days of 24 hours.
    pub const fn days(days: i64) -> Self {
        Self(days * 86_400_000)
    }

    /// In days of 24 hours.
    pub fn as_days(self) -> f64 {
        self.0 as f64 / 86_400_000.0
    }

    /// `factor` times as long, rounded to the nearest millisecond.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self((self.0 as f64 * factor).round() as i64)
    }
}

impl Add<Span> for Moment {
    type Output = Self;

    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Moment {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub for Moment {
    type Output = Span;

    fn sub(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}
