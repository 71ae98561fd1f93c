//! When the list changes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::algorithm::Refusal;
use crate::schedule::Schedule;
use crate::vectors::moment;

/// When the list changes, as it is written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Calendar {
    /// Never.
    Always,
    /// At 00:00 UTC.
    #[default]
    Day,
    /// On Mondays at 00:00 UTC.
    Week,
    /// On the first of a month at 00:00 UTC.
    Month,
    /// After a number of hours and days.
    Every(Every),
}

/// Windows of equal length.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Every {
    #[serde(default)]
    hours: u32,
    #[serde(default)]
    days: u32,
    since: Since,
}

/// A moment at which one of the windows begins: a date or an instant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Since {
    written: String,
    at: DateTime<Utc>,
}

impl TryFrom<String> for Since {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        let at = moment(&written).ok_or_else(|| format!("since: `{written}` is neither a date nor an instant"))?;
        Ok(Self { written, at })
    }
}

impl From<Since> for String {
    fn from(since: Since) -> Self {
        since.written
    }
}

const HOUR: i64 = 3_600;
/// 1970-01-05, a Monday.
const MONDAY: i64 = 4 * 24 * HOUR;
/// The longest window: a leap year.
const LONGEST: i64 = 366 * 24 * HOUR;

impl Every {
    fn seconds(&self) -> i64 {
        (24 * i64::from(self.days) + i64::from(self.hours)) * HOUR
    }
}

impl Calendar {
    /// Refuses windows that are empty or longer than a year.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Every(every) if !(HOUR..=LONGEST).contains(&every.seconds()) => {
                Err(Refusal::value("schedule", "`hours` and `days` together must be 1 hour to 366 days"))
            }
            _ => Ok(()),
        }
    }

    /// The same as the catalogue says it.
    pub(crate) fn schedule(&self) -> Schedule {
        match self {
            Self::Always => Schedule::Always,
            Self::Day => Schedule::DAY,
            Self::Week => Schedule::Every { seconds: 7 * 24 * HOUR, since: MONDAY },
            Self::Month => Schedule::MONTH,
            // What `check` refuses must not divide by zero before.
            Self::Every(every) => {
                Schedule::Every { seconds: every.seconds().clamp(HOUR, LONGEST), since: every.since.at.timestamp() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(calendar: &str, at: &str) -> Option<String> {
        let calendar: Calendar =
            serde_yaml::with::singleton_map_recursive::deserialize(serde_yaml::Deserializer::from_str(calendar))
                .expect("a calendar");
        calendar.check().expect("allowed");
        let from = calendar.schedule().period(moment(at).expect("a moment")).from;
        from.map(|from| from.format("%FT%H").to_string())
    }

    #[test]
    fn windows_begin_where_they_should() {
        assert_eq!(starts("always", "2021-01-03"), None);
        assert_eq!(starts("week", "2021-01-03").as_deref(), Some("2020-12-28T00"));
        assert_eq!(starts("month", "2020-02-29").as_deref(), Some("2020-02-01T00"));
        let every = "every: { days: 1, hours: 12, since: 2020-01-01T06:00:00Z }";
        assert_eq!(starts(every, "2020-01-04").as_deref(), Some("2020-01-02T18"));
        assert_eq!(starts(every, "2019-12-31").as_deref(), Some("2019-12-30T18"));
    }
}
