//! Which time is meant by `--date`, `--from`, `--to`, `--days` and `--margin`.

use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, Utc};
use dga::{Range, moment};
use name_files::{Span, duration, written};

use crate::exit::Failure;

/// The options that say which time is meant.
#[derive(Debug, clap::Args)]
pub(crate) struct SpanOptions {
    /// The moment whose list is wanted: a date, an instant (`2021-03-05T13:00:00Z`), or `today`.
    #[arg(long, value_name = "DATE", conflicts_with_all = ["from", "to", "days"])]
    date: Option<String>,

    /// The beginning of a range, as a date, an instant, or `today`.
    #[arg(long, value_name = "DATE")]
    from: Option<String>,

    /// The end of a range: the last day, or an instant.
    #[arg(long, value_name = "DATE", requires = "from", conflicts_with = "days")]
    to: Option<String>,

    /// The length of a range in days, which begins with `--from` or today.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    days: Option<u64>,

    /// Widen every interval at both ends, for bots with wrong clocks or in local time: `1d`, `12h`, `30m`, `90s`.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "0d", hide_default_value = true)]
    margin: TimeDelta,
}

impl SpanOptions {
    /// What the options mean if it is `now`.
    pub(crate) fn meaning(&self, now: DateTime<Utc>) -> Result<Span, Failure> {
        let today = now.date_naive().and_time(NaiveTime::MIN).and_utc();
        let margin = self.margin;
        if self.from.is_none() && self.days.is_none() {
            return Ok(Span::Moment {
                at: self.date.as_ref().map_or(Ok(today), |date| parse("date", date, today))?,
                margin,
            });
        }
        let from = self.from.as_ref().map_or(Ok(today), |from| parse("from", from, today))?;
        let until = match (&self.to, self.days) {
            (Some(to), _) => {
                let until = parse("to", to, today)?;
                // A date means the whole of that day.
                if to.contains('T') { Some(until) } else { until.checked_add_days(Days::new(1)) }
            }
            (None, Some(days)) => from.checked_add_days(Days::new(days)),
            (None, None) => {
                return Err(
                    Failure::usage("`--from` begins a range that does not end").hint("add `--to DATE` or `--days N`")
                );
            }
        };
        let until = until.filter(|until| until.year() < 10_000);
        let until = until.ok_or_else(|| Failure::usage("the range ends beyond all calendars"))?;
        if until <= from {
            let (from, until) = (written(from), written(until));
            return Err(Failure::usage(format_args!("the range ends ({until}) before it begins ({from})")));
        }
        Ok(Span::Range(Range { from, until, margin, limit: None }))
    }
}

impl SpanOptions {
    /// A range from one day to another.
    pub(crate) fn range(from: String, to: String) -> Self {
        Self { date: None, from: Some(from), to: Some(to), days: None, margin: TimeDelta::zero() }
    }

    /// What `--date` says, if it is given.
    pub(crate) fn date(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Failure> {
        let today = now.date_naive().and_time(NaiveTime::MIN).and_utc();
        self.date.as_ref().map(|date| parse("date", date, today)).transpose()
    }
}

/// The moment that an option names.
pub(crate) fn parse(option: &str, text: &str, today: DateTime<Utc>) -> Result<DateTime<Utc>, Failure> {
    if text == "today" {
        return Ok(today);
    }
    moment(text).ok_or_else(|| {
        Failure::usage(format_args!("`--{option} {text}` is no date"))
            .hint("write a date as 2021-03-05, an instant as 2021-03-05T13:00:00Z, or `today`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(date: Option<&str>, from: Option<&str>, to: Option<&str>, days: Option<u64>) -> SpanOptions {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        SpanOptions { date: owned(date), from: owned(from), to: owned(to), days, margin: TimeDelta::zero() }
    }

    fn range(arguments: &SpanOptions) -> (String, String) {
        let now = "2026-11-22T03:04:05Z".parse().expect("a time");
        match arguments.meaning(now) {
            Ok(Span::Range(range)) => (written(range.from), written(range.until)),
            other => panic!("no range: {other:?}"),
        }
    }

    #[test]
    fn the_last_day_is_included_and_an_instant_is_not() {
        let days = range(&arguments(None, Some("2020-02-28"), Some("2020-02-29"), None));
        assert_eq!(days, ("2020-02-28T00:00:00Z".into(), "2020-03-01T00:00:00Z".into()));
        let instants = range(&arguments(None, Some("2020-02-28"), Some("2020-02-28T12:00:00Z"), None));
        assert_eq!(instants.1, "2020-02-28T12:00:00Z");
        assert_eq!(range(&arguments(None, None, None, Some(2))).1, "2026-11-24T00:00:00Z");
    }

    #[test]
    fn without_anything_it_is_today() {
        let now = "2026-11-22T03:04:05Z".parse().expect("a time");
        let today = "2026-11-22T00:00:00Z".parse().expect("a time");
        let expected = Span::Moment { at: today, margin: TimeDelta::zero() };
        assert_eq!(arguments(None, None, None, None).meaning(now).expect("today"), expected);
        assert_eq!(arguments(Some("today"), None, None, None).meaning(now).expect("today"), expected);
    }
}
