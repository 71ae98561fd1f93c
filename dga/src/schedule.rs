//! When a family's list changes.

use std::fmt;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

/// A window of time, from `from` (inclusive) to `until` (exclusive); `None` is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first moment.
    pub from: Option<DateTime<Utc>>,
    /// The first moment after it.
    pub until: Option<DateTime<Utc>>,
}

impl Period {
    /// All time.
    pub const ALWAYS: Self = Self { from: None, until: None };

    /// Whether `at` lies in the window.
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }

    /// Whether the two windows have a moment in common.
    pub fn overlaps(&self, other: Self) -> bool {
        let begins_before_end = |one: Self, other: Self| match (one.from, other.until) {
            (Some(from), Some(until)) => from < until,
            _ => true,
        };
        begins_before_end(*self, other) && begins_before_end(other, *self)
    }

    /// The time that both windows share; they must overlap.
    fn intersection(self, other: Self) -> Self {
        Self {
            from: self.from.max(other.from),
            until: match (self.until, other.until) {
                (Some(one), Some(another)) => Some(one.min(another)),
                (one, another) => one.or(another),
            },
        }
    }
}

/// Which windows of time share one list.
#[derive(Clone, Debug)]
pub enum Schedule {
    /// One list for all time.
    Always,
    /// Windows of equal length, counted from a moment in both directions.
    Every {
        /// Length in seconds.
        seconds: i64,
        /// Unix time at which one of the windows begins.
        since: i64,
    },
    /// Windows begin at 00:00 UTC on these days of each month, of which the first is 1.
    DaysOfMonth(&'static [u32]),
    /// Neighbouring days (UTC) with the same key share a list.
    DaysAlike {
        /// What is compared.
        key: fn(NaiveDate) -> i64,
        /// When the list changes, in words.
        about: &'static str,
    },
    /// The list changes whenever one of these schedules changes.
    Any(Vec<Schedule>),
}

impl Schedule {
    /// A list for each day, UTC.
    pub const DAY: Self = Self::Every { seconds: 86_400, since: 0 };
    /// A list for each month, UTC.
    pub const MONTH: Self = Self::DaysOfMonth(&[1]);

    /// The window that contains `at`.
    pub fn period(&self, at: DateTime<Utc>) -> Period {
        match self {
            Self::Always => Period::ALWAYS,
            Self::Every { seconds, since } => {
                let from = at.timestamp() - (at.timestamp() - since).rem_euclid(*seconds);
                Period { from: instant(from), until: instant(from + seconds) }
            }
            Self::DaysOfMonth(starts) => {
                let date = at.date_naive();
                let from = starts.iter().rev().find(|start| **start <= date.day()).copied().unwrap_or(1);
                let until = starts
                    .iter()
                    .find(|start| **start > date.day())
                    .and_then(|start| date.with_day(*start))
                    .unwrap_or_else(|| first_of_next_month(date));
                Period { from: date.with_day(from).map(midnight), until: Some(midnight(until)) }
            }
            Self::DaysAlike { key, .. } => {
                let date = at.date_naive();
                let alike = |day: &NaiveDate| key(*day) == key(date);
                let first = std::iter::successors(Some(date), |day| day.checked_sub_days(Days::new(1)))
                    .take_while(alike)
                    .last();
                let after =
                    std::iter::successors(Some(date), |day| day.checked_add_days(Days::new(1))).find(|day| !alike(day));
                Period { from: first.map(midnight), until: after.map(midnight) }
            }
            Self::Any(schedules) => {
                schedules.iter().map(|schedule| schedule.period(at)).fold(Period::ALWAYS, Period::intersection)
            }
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => formatter.write_str("never changes"),
            Self::Every { seconds: 86_400, since: 0 } => formatter.write_str("changes every day"),
            Self::Every { seconds, .. } if seconds % 86_400 == 0 => {
                write!(formatter, "changes every {} days", seconds / 86_400)
            }
            Self::Every { seconds: 1, .. } => formatter.write_str("changes every second"),
            Self::Every { seconds, .. } => write!(formatter, "changes every {seconds} seconds"),
            Self::DaysOfMonth([1]) => formatter.write_str("changes every month"),
            Self::DaysOfMonth(days) => {
                let days: Vec<_> = days.iter().map(u32::to_string).collect();
                write!(formatter, "changes on days {} of each month", days.join(", "))
            }
            Self::DaysAlike { about, .. } => write!(formatter, "changes {about}"),
            Self::Any(schedules) => {
                for (index, schedule) in schedules.iter().enumerate() {
                    write!(formatter, "{}{schedule}", if index == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
        }
    }
}

/// 00:00 UTC of `date`.
pub(crate) fn midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc()
}

fn instant(unix: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(unix, 0)
}

fn first_of_next_month(date: NaiveDate) -> NaiveDate {
    // The 28th exists in every month, and four days after it the next month has begun.
    let next = date.with_day(28).map_or(date, |day| day + TimeDelta::days(4));
    next.with_day(1).unwrap_or(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn period(schedule: &Schedule, moment: &str) -> (String, String) {
        let period = schedule.period(at(moment));
        assert!(period.contains(at(moment)));
        (period.from.expect("closed").to_rfc3339(), period.until.expect("closed").to_rfc3339())
    }

    #[test]
    fn days_and_months() {
        let (from, until) = period(&Schedule::DAY, "2016-02-29T23:59:59Z");
        assert_eq!((from.as_str(), until.as_str()), ("2016-02-29T00:00:00+00:00", "2016-03-01T00:00:00+00:00"));
        let (from, until) = period(&Schedule::DAY, "1969-12-31T12:00:00Z");
        assert_eq!((from.as_str(), until.as_str()), ("1969-12-31T00:00:00+00:00", "1970-01-01T00:00:00+00:00"));
        let (from, until) = period(&Schedule::MONTH, "2099-12-31T23:59:59Z");
        assert_eq!((from.as_str(), until.as_str()), ("2099-12-01T00:00:00+00:00", "2100-01-01T00:00:00+00:00"));
    }

    #[test]
    fn days_of_the_month() {
        let schedule = Schedule::DaysOfMonth(&[1, 7, 14, 21, 28]);
        let (from, until) = period(&schedule, "2015-02-28T00:00:00Z");
        assert_eq!((from.as_str(), until.as_str()), ("2015-02-28T00:00:00+00:00", "2015-03-01T00:00:00+00:00"));
        let (from, until) = period(&schedule, "2015-03-06T23:00:00Z");
        assert_eq!((from.as_str(), until.as_str()), ("2015-03-01T00:00:00+00:00", "2015-03-07T00:00:00+00:00"));
        // A start that the month does not have.
        let (from, until) = period(&Schedule::DaysOfMonth(&[1, 30]), "2015-02-03T00:00:00Z");
        assert_eq!((from.as_str(), until.as_str()), ("2015-02-01T00:00:00+00:00", "2015-03-01T00:00:00+00:00"));
    }

    #[test]
    fn days_alike() {
        let week = Schedule::DaysAlike { key: |date| i64::from(date.iso_week().week()), about: "every ISO week" };
        let (from, until) = period(&week, "2022-01-01T10:00:00Z");
        assert_eq!((from.as_str(), until.as_str()), ("2021-12-27T00:00:00+00:00", "2022-01-03T00:00:00+00:00"));
    }

    #[test]
    fn the_shortest_window_counts() {
        let both = Schedule::Any(vec![Schedule::DAY, Schedule::Every { seconds: 7_200, since: 0 }]);
        let (from, until) = period(&both, "2022-01-01T03:10:00Z");
        assert_eq!((from.as_str(), until.as_str()), ("2022-01-01T02:00:00+00:00", "2022-01-01T04:00:00+00:00"));
    }
}
