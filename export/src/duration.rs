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
            .filter(|delta| *delta <= TimeDelta::days(366))
            .map(Self)
            .ok_or_else(|| format!("`{text}` is longer than 366 days"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        let read = |text: &str| Duration::try_from(text.to_owned());
        assert_eq!(read("24h"), Ok(Duration::hours(24)));
        assert_eq!(read("1d"), Ok(Duration::hours(24)));
        assert_eq!(read("90s").map(Duration::delta), Ok(TimeDelta::seconds(90)));
        for wrong in ["", "h", "24", "-1h", "1w", "1.5h", "367d", "4294967295d", "1é"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
