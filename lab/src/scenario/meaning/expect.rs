//! What must come out of the play.

use super::super::place::Place;
use super::super::problem::Problem;
use super::super::spec::v1;
use super::super::{Bounds, Expectation, Share};
use super::{Window, quantity, time};

/// The lines that mean something.
pub(super) fn expectations(
    spec: &[v1::Expectation],
    place: Place<'_>,
    clock: Option<Window>,
    problems: &mut Vec<Problem>,
) -> Vec<Expectation> {
    let lines = spec.iter().enumerate();
    lines.filter_map(|(index, line)| expectation(line, place.index(index), clock, problems)).collect()
}

fn expectation(
    spec: &v1::Expectation,
    place: Place<'_>,
    clock: Option<Window>,
    problems: &mut Vec<Problem>,
) -> Option<Expectation> {
    if let Some(days) = &spec.days_until_return {
        for key in ["at", "between", "share", "above", "below"] {
            if place.has(key) {
                problems.push(
                    Problem::at(
                        place.key(key).key_caret(),
                        format!("`{key}` does not belong beside `days-until-return`"),
                    )
                    .hint("its bounds stand inside: `days-until-return: { above: 15 }`; a share has a line of its own"),
                );
            }
        }
        let place = place.key("days-until-return");
        let bounds = bounds(days.above, days.below, Of::Days, place, problems)?;
        return Some(Expectation::DaysUntilReturn { bounds });
    }
    let bounds = bounds(spec.above, spec.below, Of::Share, place, problems);
    let share = match spec.share {
        Some(v1::Share::Herder) => Some(Share::Herder),
        Some(v1::Share::Held) => Some(Share::Held),
        Some(v1::Share::Counted) => Some(Share::Counted),
        Some(v1::Share::Stranded) => Some(Share::Stranded),
        None if spec.at.is_some() || spec.between.is_some() => {
            problems.push(
                Problem::at(place.caret(), "this line does not say which share is looked at")
                    .hint("add `share: herder`, `held`, `counted` or `stranded`"),
            );
            None
        }
        None => None,
    };
    let moment = |text: &v1::Instant, place: Place<'_>, problems: &mut Vec<Problem>| {
        let moment = time::instant(text, place, problems)?;
        time::within(moment, clock, true, place, problems);
        Some(moment)
    };
    match (&spec.at, &spec.between) {
        (Some(at), None) => {
            let at = moment(at, place.key("at"), problems);
            Some(Expectation::At { at: at?, share: share?, bounds: bounds? })
        }
        (None, Some([from, until])) => {
            let between = place.key("between");
            let from = moment(from, between.index(0), problems);
            let until = moment(until, between.index(1), problems);
            if from.zip(until).is_some_and(|(from, until)| until < from) {
                problems.push(
                    Problem::at(between.index(1).caret(), "this window ends before it begins")
                        .also(between.index(0).caret(), "its beginning")
                        .hint("write the earlier moment first"),
                );
            }
            Some(Expectation::Between { from: from?, until: until?, share: share?, bounds: bounds? })
        }
        (Some(_), Some(_)) => {
            problems.push(
                Problem::at(place.key("between").key_caret(), "`between` does not belong beside `at`")
                    .hint("write two lines, or keep one of the two"),
            );
            None
        }
        (None, None) => {
            problems.push(
                Problem::at(place.caret(), "this line does not say when")
                    .hint("add `at: …` or `between: [ …, … ]`, or expect `days-until-return: { … }`"),
            );
            None
        }
    }
}

/// What bounds are of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Share,
    Days,
}

/// The bounds of one line.
fn bounds(
    above: Option<f64>,
    below: Option<f64>,
    of: Of,
    place: Place<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Bounds> {
    for (name, bound) in [("above", above), ("below", below)] {
        let Some(bound) = bound else { continue };
        if of == Of::Share {
            quantity::fraction(bound, place.key(name), name, problems);
        } else if !(0.0..=f64::MAX).contains(&bound) {
            let message = format!("`{name}` must be 0 or more days, not {bound}");
            problems.push(Problem::at(place.key(name).caret(), message));
        }
    }
    match (above, below) {
        (None, None) => {
            problems
                .push(Problem::at(place.caret(), "this line has no bound").hint("add `above: …`, `below: …` or both"));
            None
        }
        (Some(above), Some(below)) if above >= below => {
            problems.push(
                Problem::at(place.key("below").caret(), format!("nothing lies above {above} and below {below}"))
                    .hint("are the two bounds swapped?"),
            );
            None
        }
        _ => Some(Bounds { above, below }),
    }
}
