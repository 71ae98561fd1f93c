//! The scenario's expectations against what was seen.
//!
//! Shares are taken at full hours. A moment between two hours is judged by the hour before it, a window by all
//! full hours in it (both ends included), and the worst one is named.

use resolver_chain::Moment;

use super::director::Director;
use crate::outcome::{Hour, Verdict};
use crate::scenario::{Bounds, Expectation, Share};

const HOUR: i64 = 3_600_000;

/// One verdict for each expectation, in the file's order.
pub(crate) fn verdicts(director: &Director<'_>, days_until_return: Option<f64>) -> Vec<Verdict> {
    let judge = |expectation: &Expectation| match expectation {
        Expectation::At { at, share, bounds } => {
            let hour = Moment(at.0.div_euclid(HOUR) * HOUR);
            let expected = format!("share {} {} at {at}", name(*share), in_words(*bounds));
            of_window(director, hour, hour, *share, *bounds, expected)
        }
        Expectation::Between { from, until, share, bounds } => {
            let expected = format!("share {} {} from {from} to {until}", name(*share), in_words(*bounds));
            of_window(director, *from, *until, *share, *bounds, expected)
        }
        Expectation::DaysUntilReturn { bounds } => {
            let seen = days_until_return.map_or("not within the play".to_owned(), |days| format!("{days:.1}"));
            Verdict {
                expected: format!("days until the herder is back {}", in_words(*bounds)),
                seen,
                holds: within(*bounds, days_until_return.unwrap_or(f64::INFINITY)),
            }
        }
    };
    director.scenario.expect.iter().map(judge).collect()
}

fn of_window(
    director: &Director<'_>,
    from: Moment,
    until: Moment,
    share: Share,
    bounds: Bounds,
    expected: String,
) -> Verdict {
    let start = director.scenario.start;
    // The first entry is the play's start; each further one is the next full hour.
    let moment = |index: usize| {
        if index == 0 { start } else { Moment((start.0.div_euclid(HOUR) + index as i64) * HOUR) }
    };
    let hours = director.hours.iter().enumerate().map(|(index, hour)| (moment(index), hour));
    let seen =
        hours.filter(|(at, _)| from <= *at && *at <= until).filter_map(|(at, hour)| Some((at, of(hour, share)?)));
    let mut worst: Option<(Moment, f64, f64)> = None;
    for (at, value) in seen {
        let margin = margin(bounds, value);
        if worst.is_none_or(|(_, _, least)| margin < least) {
            worst = Some((at, value, margin));
        }
    }
    match worst {
        Some((at, value, _)) => Verdict { expected, seen: format!("{value:.4} at {at}"), holds: within(bounds, value) },
        None => Verdict { expected, seen: "no bot had called back".to_owned(), holds: false },
    }
}

/// A share of the bots that are online and have finished a call-back; `None` if there is none.
pub(crate) fn of(hour: &Hour, share: Share) -> Option<f64> {
    let all = hour.online - hour.waiting;
    let part = match share {
        Share::Herder => hour.herder,
        Share::Held => hour.held,
        Share::Counted => hour.counted,
        Share::Stranded => hour.stranded,
    };
    (all > 0).then(|| part as f64 / all as f64)
}

fn within(bounds: Bounds, value: f64) -> bool {
    bounds.above.is_none_or(|above| value > above) && bounds.below.is_none_or(|below| value < below)
}

/// How far a value lies inside its bounds; negative outside.
fn margin(bounds: Bounds, value: f64) -> f64 {
    let above = bounds.above.map_or(f64::INFINITY, |above| value - above);
    above.min(bounds.below.map_or(f64::INFINITY, |below| below - value))
}

fn in_words(bounds: Bounds) -> String {
    match (bounds.above, bounds.below) {
        (Some(above), Some(below)) => format!("above {above} and below {below}"),
        (Some(above), None) => format!("above {above}"),
        (None, Some(below)) => format!("below {below}"),
        (None, None) => "whatever it is".to_owned(),
    }
}

fn name(share: Share) -> &'static str {
    match share {
        Share::Herder => "herder",
        Share::Held => "held",
        Share::Counted => "counted",
        Share::Stranded => "stranded",
    }
}
