//! The parts of a date as generators use them.

use chrono::{DateTime, Datelike, Utc};

/// Three-letter English names of the months, in lower case.
pub(crate) const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Year, month (1 to 12) and day of the month (1 to 31), UTC.
pub(crate) fn date(at: DateTime<Utc>) -> (u32, u32, u32) {
    (at.year() as u32, at.month(), at.day())
}

/// Days since 1970-01-01.
pub(crate) fn unix_day(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let at = "2012-02-29T23:59:59Z".parse().expect("a time");
        assert_eq!(date(at), (2012, 2, 29));
        assert_eq!(unix_day(at), 15_399);
        assert_eq!(unix_day("1969-12-31T23:00:00Z".parse().expect("a time")), -1);
    }
}
