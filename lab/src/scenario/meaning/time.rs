//! Instants and lengths of time.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use resolver_chain::{Moment, Span};

use super::super::place::Place;
use super::super::problem::Problem;
use super::super::spec::v1;

/// The years for which the catalogue's calendars are defined.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2100;

/// Units of a length of time in milliseconds, the longest first.
const UNITS: [(&str, i64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// An instant (RFC 3339).
pub(super) fn instant(text: &v1::Instant, place: Place<'_>, problems: &mut Vec<Problem>) -> Option<Moment> {
    let Ok(instant) = DateTime::parse_from_rfc3339(&text.0) else {
        problems.push(not_an_instant(&text.0, place));
        return None;
    };
    of_calendar(instant.to_utc(), place, problems)
}

/// A day, or an instant.
pub(super) fn day(text: &v1::Day, place: Place<'_>, problems: &mut Vec<Problem>) -> Option<Moment> {
    match text.0.parse::<NaiveDate>() {
        Ok(date) => of_calendar(date.and_time(chrono::NaiveTime::MIN).and_utc(), place, problems),
        Err(_) => instant(&v1::Instant(text.0.clone()), place, problems),
    }
}

fn of_calendar(instant: DateTime<Utc>, place: Place<'_>, problems: &mut Vec<Problem>) -> Option<Moment> {
    if YEARS.contains(&instant.year()) {
        return Some(instant.into());
    }
    let message = format!("the year {} is outside {} to {}", instant.year(), YEARS.start(), YEARS.end());
    problems.push(Problem::at(place.caret(), message).hint("generators' calendars are defined for these years"));
    None
}

fn not_an_instant(text: &str, place: Place<'_>) -> Problem {
    let problem = Problem::at(place.caret(), format!("`{text}` is not an instant"));
    if text.parse::<NaiveDateTime>().is_ok() {
        return problem.hint(format!("add the zone: `{text}Z`"));
    }
    if text.parse::<NaiveDate>().is_ok() {
        return problem.hint(format!("add the time of day: `{text}T00:00:00Z`"));
    }
    problem.hint("write date, time and zone, such as `2009-11-05T22:00:00Z`")
}

/// A length of time from `least` to `most`; `name` is its key.
pub(super) fn length(
    text: &v1::Length,
    least: Span,
    most: Span,
    place: Place<'_>,
    name: &str,
    problems: &mut Vec<Problem>,
) -> Span {
    match span(&text.0) {
        Some(span) if (least..=most).contains(&span) => span,
        Some(_) => {
            let (least, most) = (Shown(least), Shown(most));
            let message = format!("`{name}` must be from {least} to {most}, not {}", text.0);
            problems.push(Problem::at(place.caret(), message));
            least.0
        }
        None => {
            let problem = Problem::at(place.caret(), format!("`{}` is not a length of time", text.0));
            problems.push(if text.0.parse::<f64>().is_ok() {
                problem.hint(format!("add the unit, such as `{}s`", text.0))
            } else {
                problem.hint("write a whole number with its unit: `500ms`, `5s`, `30m`, `36h`, `9d`")
            });
            least
        }
    }
}

fn span(text: &str) -> Option<Span> {
    let unit_at = text.find(|char: char| !char.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let (_, milliseconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
    // A number too long for a machine word is longer than every range.
    let number = number.parse::<u64>().ok().or_else(|| (!number.is_empty()).then_some(u64::MAX))?;
    Some(Span(i64::try_from(number).unwrap_or(i64::MAX).saturating_mul(*milliseconds)))
}

/// A length of time in the longest unit that fits it evenly.
struct Shown(Span);

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = self.0.0;
        match UNITS.iter().find(|(_, unit)| milliseconds >= *unit && milliseconds % unit == 0) {
            Some((name, unit)) => write!(formatter, "{}{name}", milliseconds / unit),
            None => formatter.write_str("0s"),
        }
    }
}

/// A moment of the play: within the window, or a problem. Its end belongs to it where `end_included` says so.
pub(super) fn within(
    moment: Moment,
    window: Option<super::Window>,
    end_included: bool,
    place: Place<'_>,
    problems: &mut Vec<Problem>,
) {
    let Some((start, end)) = window else { return };
    if moment < start || moment > end || (moment == end && !end_included) {
        problems.push(
            Problem::at(place.caret(), "this moment is outside the play")
                .hint(format!("the play lasts from {start} to {end}, as `clock` says")),
        );
    }
}
