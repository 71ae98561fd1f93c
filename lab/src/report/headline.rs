//! The first sentences of a report: whether the herder lost his bots, and when he had them back.

use std::fmt::Write;

use super::figures::{count, days, instant, moment, percent, plural, ratio};
use super::shares::Standing;
use super::{Subject, visible};
use crate::outcome::Outcome;

/// How the play ended for the herder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// He lost his bots and did not get them back.
    Lost,
    /// He lost his bots and got them back.
    Back,
    /// He never lost them.
    Kept,
}

/// The first sentences of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Headline {
    /// How the play ended for the herder.
    pub(super) ending: Ending,
    /// The answer in one sentence.
    pub(super) answer: String,
    /// The dates behind it.
    pub(super) detail: String,
}

/// The headline of a play.
pub(super) fn of(subject: &Subject, outcome: &Outcome) -> Headline {
    let control = &outcome.control;
    let Some(lost) = &control.lost else { return kept(outcome) };
    let mut detail = match &control.first_act {
        Some(act) => format!(
            "The defenders first acted at {}; the herder's share fell below his threshold by {}.",
            moment(act),
            moment(lost)
        ),
        None => {
            format!("The herder's share fell below his threshold by {} without an act of a defender.", moment(lost))
        }
    };
    let end = subject.end.utc();
    let first = control.first_act.as_deref().unwrap_or(lost);
    if let Some(back) = &control.back {
        let through = control.came_back_through.as_deref().map(visible::line);
        let through = through.map(|layer| format!(", through {layer}")).unwrap_or_default();
        let answer = match control.days_until_return {
            Some(until) => format!("The herder is back after {}{through}.", days(until)),
            None => format!("The herder is back at {}{through}.", moment(back)),
        };
        if let Some(acts) = &control.acts {
            write!(detail, " He acted at {}.", moment(acts)).unwrap_or_default();
        }
        write!(detail, " His share reached the threshold again by {}.", moment(back)).unwrap_or_default();
        return Headline { ending: Ending::Back, answer, detail };
    }
    let watched = instant(first).map_or(0.0, |first| (end - first).num_milliseconds() as f64 / 86_400_000.0);
    let answer = format!("The herder lost his bots and is not back within the {} that were played on.", days(watched));
    if let Some(acts) = &control.acts {
        write!(detail, " He acted at {}, without success.", moment(acts)).unwrap_or_default();
    }
    Headline { ending: Ending::Lost, answer, detail }
}

/// What was played, in a line.
pub(super) fn played(subject: &Subject) -> String {
    format!(
        "{}, {}, {} from {} UTC",
        subject.mode,
        plural(usize::try_from(subject.bots).unwrap_or(usize::MAX), "bot", "bots"),
        days(subject.days()),
        moment(&subject.start.to_string()),
    )
}

/// What the sinkhole counted beside what was true, in a paragraph.
pub(super) fn sinkhole(outcome: &Outcome) -> String {
    let tally = &outcome.sinkhole;
    format!(
        "{} addresses connected over the play; they were {} bots ({} addresses a bot). {} DNS questions came from {} \
         resolvers, which are evidence of resolvers and say nothing on the number of bots.",
        count(tally.addresses),
        count(tally.bots),
        ratio(tally.addresses, tally.bots),
        count(tally.questions),
        count(tally.resolvers),
    )
}

fn kept(outcome: &Outcome) -> Headline {
    let lowest = outcome
        .hours
        .iter()
        .filter_map(|hour| Some((Standing::Herder.share(hour)?, &hour.at)))
        .min_by(|one, other| one.0.total_cmp(&other.0));
    let detail = match (&outcome.control.first_act, lowest) {
        (None, _) => "No defender acted.".to_owned(),
        (Some(act), Some((share, at))) => format!(
            "The defenders first acted at {}; his lowest share was {} at {}.",
            moment(act),
            percent(share),
            moment(at)
        ),
        (Some(act), None) => format!("The defenders first acted at {}; no bot was online.", moment(act)),
    };
    let detail = match main_layer(outcome) {
        Some(layer) => format!("{detail} At the end, most contacts are made through {layer}."),
        None => detail,
    };
    Headline { ending: Ending::Kept, answer: "The herder never lost his bots.".to_owned(), detail }
}

/// The layer on which most contacts were made in the last hour, in words.
fn main_layer(outcome: &Outcome) -> Option<String> {
    let made = &outcome.hours.last()?.by_layer;
    let (layer, contacts) = made.iter().enumerate().max_by_key(|&(layer, contacts)| (contacts, usize::MAX - layer))?;
    let about = &outcome.layers.get(layer)?.about;
    (*contacts > 0).then(|| visible::line(about))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_return_is_told_with_its_days_and_layer() {
        let (subject, outcome) = sample::play();
        let headline = of(&subject, &outcome);
        assert_eq!(headline.ending, Ending::Back);
        assert_eq!(headline.answer, "The herder is back after 9.1 days, through dga ozdok/model.");
        assert!(headline.detail.contains("2009-11-05 22:00"), "{}", headline.detail);
    }

    #[test]
    fn a_loss_is_told_with_the_days_that_were_watched() {
        let (subject, mut outcome) = sample::play();
        outcome.control.back = None;
        outcome.control.days_until_return = None;
        let headline = of(&subject, &outcome);
        assert_eq!(headline.ending, Ending::Lost);
        assert_eq!(
            headline.answer,
            "The herder lost his bots and is not back within the 15.1 days that were played on."
        );
    }

    #[test]
    fn control_that_was_never_lost_is_told_with_its_lowest_share() {
        let (subject, mut outcome) = sample::play();
        outcome.control.lost = None;
        let headline = of(&subject, &outcome);
        assert_eq!(headline.ending, Ending::Kept);
        assert!(headline.detail.contains("his lowest share was"), "{}", headline.detail);
        assert!(headline.detail.ends_with("most contacts are made through domains, 12 names."), "{}", headline.detail);
    }
}
