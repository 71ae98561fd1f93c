//! [`Duration`]: a length of time as a setting says it.

use chrono::TimeDelta;
use serde::Deserialize;

/// A length of time of at most 366 days, written as `1d`, `12h`, `30m` or `90s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Duration(TimeDelta);

impl Duration {
    /// So many hours.
    pub(crate) const fn hours(hours: u16) -> Self {
        Self(TimeDelta::hours(hours as i64))
    }

    /// The same, to add to a moment.
    pub(crate) const fn delta(self) -> TimeDelta {
        self.0
    }
}

impl TryFrom<String> for Duration {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        name_files::duration(&text).map(Self)
    }
}
