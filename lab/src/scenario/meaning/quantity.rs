//! Numbers within their ranges.

use std::ops::RangeInclusive;

use super::super::place::Place;
use super::super::problem::Problem;

/// A whole number within `range`.
pub(super) fn whole(
    number: u32,
    range: RangeInclusive<u32>,
    place: Place<'_>,
    name: &str,
    problems: &mut Vec<Problem>,
) -> u32 {
    if !range.contains(&number) {
        let message = format!("`{name}` must be from {} to {}, not {number}", range.start(), range.end());
        problems.push(Problem::at(place.caret(), message));
    }
    number
}

/// A number within `range`.
pub(super) fn number(
    number: f64,
    range: RangeInclusive<f64>,
    place: Place<'_>,
    name: &str,
    problems: &mut Vec<Problem>,
) -> f64 {
    if !range.contains(&number) {
        let message = format!("`{name}` must be from {} to {}, not {number}", range.start(), range.end());
        problems.push(Problem::at(place.caret(), message));
    }
    number
}

/// A share, 0 to 1.
pub(super) fn fraction(share: f64, place: Place<'_>, name: &str, problems: &mut Vec<Problem>) -> f64 {
    if !(0.0..=1.0).contains(&share) {
        let problem = Problem::at(place.caret(), format!("`{name}` must be from 0 to 1, not {share}"));
        problems.push(if share > 1.0 && share <= 100.0 {
            problem.hint(format!("it is a share: {share} % is written {}", share / 100.0))
        } else {
            problem
        });
    }
    share
}
