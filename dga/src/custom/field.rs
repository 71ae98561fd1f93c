//! What may enter a seed: parts of the date, the number of a name, and the generator's own key.

use std::fmt;

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::{Deserialize, Serialize};

/// Something that has a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Field {
    /// The year.
    Year,
    /// The month, from 1.
    Month,
    /// The day of the month, from 1.
    Day,
    /// The hour, from 0.
    Hour,
    /// The ISO week, from 1.
    Week,
    /// The year to which the ISO week belongs.
    WeekYear,
    /// Days since 1970-01-01.
    Days,
    /// Seconds since 1970-01-01.
    Seconds,
    /// The name's place in the list, from 0.
    Index,
    /// The parameter `key`.
    Key,
}

impl Field {
    const NAMED: [(&'static str, Self); 10] = [
        ("year", Self::Year),
        ("month", Self::Month),
        ("day", Self::Day),
        ("hour", Self::Hour),
        ("week", Self::Week),
        ("week_year", Self::WeekYear),
        ("days", Self::Days),
        ("seconds", Self::Seconds),
        ("index", Self::Index),
        ("key", Self::Key),
    ];

    /// The field that is called so.
    pub(crate) fn called(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(own, _)| *own == name).map(|(_, field)| *field)
    }

    /// The names of all fields.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        Self::NAMED.iter().map(|(name, _)| *name)
    }

    /// Whether it depends on the time.
    pub(crate) fn is_of_the_date(self) -> bool {
        !matches!(self, Self::Index | Self::Key)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::NAMED.iter().find(|(_, field)| field == self).map_or("", |(name, _)| name);
        formatter.write_str(name)
    }
}

/// The first moment of the window of time for which a list is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window(DateTime<Utc>);

impl Window {
    /// The window that begins then.
    pub(crate) fn from(start: DateTime<Utc>) -> Self {
        Self(start)
    }

    /// The number that a field has.
    pub(crate) fn number(self, field: Field, index: u64, key: u64) -> i128 {
        let start = self.0;
        match field {
            Field::Year => start.year().into(),
            Field::Month => start.month().into(),
            Field::Day => start.day().into(),
            Field::Hour => start.hour().into(),
            Field::Week => start.iso_week().week().into(),
            Field::WeekYear => start.iso_week().year().into(),
            Field::Days => start.timestamp().div_euclid(86_400).into(),
            Field::Seconds => start.timestamp().into(),
            Field::Index => index.into(),
            Field::Key => key.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let window = Window::from("2021-01-03T05:59:59Z".parse().expect("a moment"));
        let numbers = Field::NAMED.map(|(_, field)| window.number(field, 7, u64::MAX));
        assert_eq!(numbers, [2021, 1, 3, 5, 53, 2020, 18_630, 1_609_653_599, 7, u64::MAX.into()]);
    }
}
