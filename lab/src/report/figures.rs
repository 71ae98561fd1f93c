//! How reports write figures: counts, shares, days, moments.

use chrono::{DateTime, Utc};

use super::visible;

/// A count with a comma after every three digits.
pub(super) fn count(figure: u64) -> String {
    let digits = figure.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// A share of 1 as a percentage with one decimal. What is not quite nothing or everything does not read as such.
pub(super) fn percent(share: f64) -> String {
    match share {
        share if share > 0.0 && share < 0.001 => "<0.1 %".to_owned(),
        share if share < 1.0 && share > 0.999 => ">99.9 %".to_owned(),
        share => format!("{:.1} %", share * 100.0),
    }
}

/// How many of one there are for each of the other; a dash when there are none of the other.
pub(super) fn ratio(one: u64, other: u64) -> String {
    if other == 0 { "-".to_owned() } else { format!("{:.2}", one as f64 / other as f64) }
}

/// A number of days.
pub(super) fn days(days: f64) -> String {
    if days > 0.0 && days < 1.0 {
        let hours = days * 24.0;
        return format!("{hours:.1} hours");
    }
    format!("{days:.1} days")
}

/// An RFC 3339 moment to the minute, without the zone: `2009-11-06 02:00`.
pub(super) fn moment(rfc3339: &str) -> String {
    instant(rfc3339).map_or_else(|| visible::line(rfc3339), |instant| instant.format("%Y-%m-%d %H:%M").to_string())
}

/// An RFC 3339 moment.
pub(super) fn instant(rfc3339: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(rfc3339).ok().map(|instant| instant.to_utc())
}

/// `one thing`, `2 things`.
pub(super) fn plural(figure: usize, one: &str, many: &str) -> String {
    if figure == 1 { format!("one {one}") } else { format!("{} {many}", count(figure as u64)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        assert_eq!([count(0), count(999), count(1_000), count(264_784_000)], ["0", "999", "1,000", "264,784,000"]);
        assert_eq!(
            [percent(0.0), percent(0.0004), percent(0.5), percent(0.9996), percent(1.0)],
            ["0.0 %", "<0.1 %", "50.0 %", ">99.9 %", "100.0 %"]
        );
        assert_eq!([ratio(196, 100), ratio(1, 0)], ["1.96", "-"]);
        assert_eq!([days(0.25), days(16.04)], ["6.0 hours", "16.0 days"]);
        assert_eq!(moment("2009-11-06T02:00:00Z"), "2009-11-06 02:00");
        assert_eq!(moment("\u{1b}["), "\\u{1b}[");
    }
}
