//! Stamps of time as logs write them. Each function takes the stamp from the beginning of a text and returns what
//! follows it.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};

use super::settings::Settings;

/// Months as C's `strftime` writes them in its own locale.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment, and the text after its stamp.
pub(super) type Stamped<'t> = (DateTime<Utc>, &'t str);

/// ISO 8601 and RFC 3339: `2026-11-22T08:00:00.123Z`, with a space for the `T`, with an offset with or without colon,
/// or without one: then it is in the zone of the settings.
pub(super) fn iso<'t>(text: &'t str, settings: &Settings) -> Option<Stamped<'t>> {
    let (year, text) = digits(text, 4)?;
    let (month, text) = digits(text.strip_prefix('-')?, 2)?;
    let (day, text) = digits(text.strip_prefix('-')?, 2)?;
    let date = NaiveDate::from_ymd_opt(year as i32, month, day)?;
    let (time, text) = time(text.strip_prefix(['T', ' ', 't'])?)?;
    let (zone, text) = match text.as_bytes().first() {
        Some(b'Z' | b'z') => (Some(0), &text[1..]),
        Some(sign @ (b'+' | b'-')) => match digits(&text[1..], 2) {
            Some((hours, rest)) => {
                let (minutes, rest) = digits(rest.strip_prefix(':').unwrap_or(rest), 2).unwrap_or((0, rest));
                let seconds = (hours * 3600 + minutes * 60) as i32;
                (Some(if *sign == b'-' { -seconds } else { seconds }), rest)
            }
            None => (None, text),
        },
        _ => (None, text),
    };
    let zone = match zone {
        Some(seconds) => FixedOffset::east_opt(seconds)?,
        None => settings.zone,
    };
    in_zone(date.and_time(time), zone).map(|at| (at, text))
}

/// BIND's own: `22-Nov-2026 08:00:00.123`, local time of the server.
pub(super) fn bind<'t>(text: &'t str, settings: &Settings) -> Option<Stamped<'t>> {
    let (day, text) = digits(text, 2)?;
    let (month, text) = month(text.strip_prefix('-')?)?;
    let (year, text) = digits(text.strip_prefix('-')?, 4)?;
    let date = NaiveDate::from_ymd_opt(year as i32, month, day)?;
    let (time, text) = time(text.strip_prefix(' ')?)?;
    in_zone(date.and_time(time), settings.zone).map(|at| (at, text))
}

/// That of RFC 3164 section 4.1.2, also dnsmasq's and Unbound's: `Nov 22 08:00:00`, the day with a zero or a space
/// before one digit. The year is the settings' to know.
pub(super) fn yearless<'t>(text: &'t str, settings: &Settings) -> Option<Stamped<'t>> {
    /// Between two leap years lie at most seven others (1896 and 1904).
    const YEARS: i32 = 9;
    let (month, text) = month(text)?;
    let text = text.strip_prefix(' ')?;
    let (day, text) = match text.strip_prefix(' ') {
        Some(text) => digits(text, 1)?,
        None => digits(text, 2)?,
    };
    let (time, text) = time(text.strip_prefix(' ')?)?;
    let latest = settings.reference.with_timezone(&settings.zone).naive_local().checked_add_days(Days::new(1))?;
    // A year later than that of the reference, because a day later may lie in it.
    let years = (0..YEARS).map(|back| settings.reference.year() + 1 - back);
    let local = years
        .filter_map(|year| Some(NaiveDate::from_ymd_opt(year, month, day)?.and_time(time)))
        .find(|local| *local <= latest)?;
    in_zone(local, settings.zone).map(|at| (at, text))
}

/// Seconds since 1970, with or without a fraction: `1795341600.123456`.
pub(super) fn epoch(text: &str) -> Option<Stamped<'_>> {
    let end = text.bytes().position(|octet| !octet.is_ascii_digit()).unwrap_or(text.len());
    let seconds = text[..end].parse().ok()?;
    let (nanoseconds, text) = fraction(&text[end..]);
    Some((DateTime::from_timestamp(seconds, nanoseconds)?, text))
}

/// A moment in whatever form a table has it: any of the above, or a count of milliseconds, microseconds or nanoseconds
/// since 1970, which its size tells from one of seconds.
pub(super) fn any(text: &str, settings: &Settings) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let whole = |stamped: Option<Stamped<'_>>| stamped.filter(|(_, rest)| rest.is_empty()).map(|(at, _)| at);
    if !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit()) {
        let count: i64 = text.parse().ok()?;
        // Twelve digits of seconds would be the year 5138, of milliseconds 1973.
        return match text.len() {
            ..12 => DateTime::from_timestamp(count, 0),
            12..15 => DateTime::from_timestamp_millis(count),
            15..18 => DateTime::from_timestamp_micros(count),
            _ => Some(DateTime::from_timestamp_nanos(count)),
        };
    }
    whole(iso(text, settings))
        .or_else(|| whole(epoch(text)))
        .or_else(|| whole(bind(text, settings)))
        .or_else(|| whole(yearless(text, settings)))
}

/// `08:00:00`, with or without a fraction of up to nanoseconds.
fn time(text: &str) -> Option<(NaiveTime, &str)> {
    let (hour, text) = digits(text, 2)?;
    let (minute, text) = digits(text.strip_prefix(':')?, 2)?;
    let (second, text) = digits(text.strip_prefix(':')?, 2)?;
    let (nanoseconds, text) = fraction(text);
    // A leap second is the last moment of the second before it.
    let (second, nanoseconds) = if second == 60 { (59, 999_999_999) } else { (second, nanoseconds) };
    Some((NaiveTime::from_hms_nano_opt(hour, minute, second, nanoseconds)?, text))
}

/// A number of exactly so many digits.
fn digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let number = text.get(..count)?;
    let value = number.bytes().try_fold(0, |value, octet| match octet {
        b'0'..=b'9' => Some(value * 10 + u32::from(octet - b'0')),
        _ => None,
    })?;
    Some((value, &text[count..]))
}

/// A fraction of a second after a point or, as some write it, a comma; in nanoseconds, 0 if there is none.
fn fraction(text: &str) -> (u32, &str) {
    let Some(after) = text.strip_prefix(['.', ',']) else { return (0, text) };
    let end = after.bytes().position(|octet| !octet.is_ascii_digit()).unwrap_or(after.len());
    if end == 0 {
        return (0, text);
    }
    let nanoseconds = after.bytes().take(end).chain(std::iter::repeat(b'0')).take(9);
    (nanoseconds.fold(0, |value, octet| value * 10 + u32::from(octet - b'0')), &after[end..])
}

/// A month by its three letters.
fn month(text: &str) -> Option<(u32, &str)> {
    let name = text.get(..3)?;
    let position = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?;
    Some((position as u32 + 1, &text[3..]))
}

/// A local time of a zone.
fn in_zone(local: NaiveDateTime, zone: FixedOffset) -> Option<DateTime<Utc>> {
    zone.from_local_datetime(&local).single().map(|at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings::new("2026-11-22T12:00:00Z".parse().unwrap())
    }

    fn written(stamped: Option<Stamped<'_>>) -> Option<(String, &str)> {
        stamped.map(|(at, rest)| (at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true), rest))
    }

    #[test]
    fn iso_with_and_without_a_zone() {
        for (text, expected) in [
            ("2026-11-22T08:00:00.123Z x", Some(("2026-11-22T08:00:00.123Z", " x"))),
            ("2026-11-22 08:00:00", Some(("2026-11-22T08:00:00Z", ""))),
            ("2026-11-22T08:00:00+01:00 x", Some(("2026-11-22T07:00:00Z", " x"))),
            ("2026-11-22T08:00:00.5-0130", Some(("2026-11-22T09:30:00.500Z", ""))),
            ("2026-11-22T08:00:00+02", Some(("2026-11-22T06:00:00Z", ""))),
            ("2026-11-22T08:00:60Z", Some(("2026-11-22T08:00:59.999999999Z", ""))),
            ("2026-02-29T08:00:00Z", None),
            ("2026-11-22T25:00:00Z", None),
            ("2026-11-22T08:00:00+99:00", None),
            ("2026-11-2", None),
            ("é", None),
        ] {
            assert_eq!(written(iso(text, &settings())), expected.map(|(at, rest)| (at.to_owned(), rest)), "{text}");
        }
        let east = Settings { zone: FixedOffset::east_opt(3600).unwrap(), ..settings() };
        assert_eq!(written(iso("2026-11-22T08:00:00", &east)).unwrap().0, "2026-11-22T07:00:00Z");
        assert_eq!(written(bind("22-Nov-2026 08:00:00.123 q", &east)).unwrap().0, "2026-11-22T07:00:00.123Z");
    }

    #[test]
    fn a_stamp_without_a_year_is_the_latest_that_can_be() {
        for (reference, text, expected) in [
            ("2026-11-22T12:00:00Z", "Nov 22 08:00:00", Some("2026-11-22T08:00:00Z")),
            ("2026-11-22T12:00:00Z", "Nov  1 08:00:00", Some("2026-11-01T08:00:00Z")),
            ("2026-11-22T12:00:00Z", "Nov 01 08:00:00", Some("2026-11-01T08:00:00Z")),
            ("2026-11-22T12:00:00Z", "Nov 23 08:00:00", Some("2026-11-23T08:00:00Z")),
            ("2026-11-22T12:00:00Z", "Nov 23 13:00:00", Some("2025-11-23T13:00:00Z")),
            ("2026-12-31T23:00:00Z", "Jan  1 08:00:00", Some("2027-01-01T08:00:00Z")),
            ("2026-01-01T00:10:00Z", "Dec 31 23:59:59", Some("2025-12-31T23:59:59Z")),
            ("2026-11-22T12:00:00Z", "Feb 29 08:00:00", Some("2024-02-29T08:00:00Z")),
            ("2026-11-22T12:00:00Z", "Feb 30 08:00:00", None),
        ] {
            let settings = Settings::new(reference.parse().unwrap());
            assert_eq!(written(yearless(text, &settings)).map(|(at, _)| at).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_table_may_have_any_of_them() {
        for text in [
            "2026-11-22T08:00:00Z",
            "1795334400",
            "1795334400.0",
            "1795334400000",
            "1795334400000000",
            "1795334400000000000",
            "22-Nov-2026 08:00:00.000",
            " Nov 22 08:00:00 ",
        ] {
            let at = any(text, &settings()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(at, "2026-11-22T08:00:00Z".parse::<DateTime<Utc>>().unwrap(), "{text}");
        }
        for text in ["", "yesterday", "2026-11-22T08:00:00Z or so", "99999999999999999999"] {
            assert_eq!(any(text, &settings()), None, "{text}");
        }
    }
}
