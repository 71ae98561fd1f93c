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

/// The longest length of time that [`duration`] reads, in days.
const LONGEST: i64 = 366;

/// A length of time as people write it: `1d`, `12h`, `30m` or `90s`, at most 366 days.
///
/// # Errors
///
/// What is wrong with the text, and how to write it.
pub fn duration(text: &str) -> Result<TimeDelta, String> {
    let wrong = || format!("`{}` is no length of time; write `1d`, `12h`, `30m` or `90s`", text.escape_debug());
    let unit = text.chars().last().ok_or_else(wrong)?;
    let number: u32 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| wrong())?;
    let seconds = match unit {
        'd' => 86_400,
        'h' => 3_600,
        'm' => 60,
        's' => 1,
        _ => return Err(wrong()),
    };
    TimeDelta::try_seconds(i64::from(number) * seconds)
        .filter(|delta| *delta <= TimeDelta::days(LONGEST))
        .ok_or_else(|| format!("`{text}` is longer than {LONGEST} days"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        assert_eq!(duration("24h"), Ok(TimeDelta::days(1)));
        assert_eq!(duration("1d"), Ok(TimeDelta::days(1)));
        assert_eq!(duration("90s"), Ok(TimeDelta::seconds(90)));
        for wrong in ["", "d", "24", "-1h", "1w", "1.5h", "367d", "4294967295d", "1é"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
