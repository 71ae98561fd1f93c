//! The hours that a reader wants to see out of a thousand: around what happened, where control changed hands, and
//! where shares moved.

use std::collections::BTreeMap;

use super::figures::instant;
use super::shares::Standing;
use crate::outcome::Outcome;

/// An hour worth showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notable {
    /// Index in [`Outcome::hours`].
    pub(super) hour: usize,
    /// What happened in the hour before it: indexes in [`Outcome::happenings`].
    pub(super) happenings: Vec<usize>,
}

/// At most this many hours are shown.
const MOST: usize = 36;
/// A share that moves by this much within an hour makes the hour worth showing.
const LEAP: f64 = 0.1;

/// The hours worth showing, by time.
pub(super) fn hours(outcome: &Outcome) -> Vec<Notable> {
    let hours = &outcome.hours;
    let Some(last) = hours.len().checked_sub(1) else { return Vec::new() };
    let starts: Vec<_> = hours.iter().map(|hour| instant(&hour.at)).collect();
    // The first full hour at or after a moment.
    let hour_of = |moment: &str| {
        let moment = instant(moment)?;
        starts.iter().position(|start| start.is_some_and(|start| start >= moment))
    };

    let mut weights = BTreeMap::<usize, u8>::new();
    let mut weigh = |hour: usize, weight: u8| {
        if hour <= last {
            let held = weights.entry(hour).or_default();
            *held = weight.max(*held);
        }
    };
    weigh(0, 9);
    weigh(last, 9);
    for moment in [&outcome.control.lost, &outcome.control.back].into_iter().flatten() {
        if let Some(hour) = hour_of(moment) {
            weigh(hour, 9);
        }
    }
    let mut happenings = BTreeMap::<usize, Vec<usize>>::new();
    for (number, happening) in outcome.happenings.iter().enumerate() {
        let Some(hour) = hour_of(&happening.at) else { continue };
        happenings.entry(hour).or_default().push(number);
        let weight = if happening.by == "world" { 1 } else { 5 };
        weigh(hour, weight + 1);
        weigh(hour.saturating_sub(1), weight);
        weigh(hour + 1, weight);
        weigh(hour + 6, weight - 1);
        weigh(hour + 24, weight - 1);
    }
    for (hour, pair) in hours.windows(2).enumerate() {
        let leaps = Standing::ALL.iter().any(|standing| {
            let [before, after] = [&pair[0], &pair[1]].map(|hour| standing.share(hour));
            before.zip(after).is_some_and(|(before, after)| (after - before).abs() >= LEAP)
        });
        if leaps {
            weigh(hour + 1, 4);
        }
    }

    let mut weighed: Vec<(usize, u8)> = weights.into_iter().collect();
    weighed.sort_by_key(|&(hour, weight)| (std::cmp::Reverse(weight), hour));
    weighed.truncate(MOST);
    weighed.sort_unstable();
    weighed
        .into_iter()
        .map(|(hour, _)| Notable { hour, happenings: happenings.remove(&hour).unwrap_or_default() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn hours_around_acts_and_changes_of_control_are_shown() {
        let (_, outcome) = sample::play();
        let shown = hours(&outcome);
        assert!(shown.len() <= MOST && shown.is_sorted_by_key(|notable| notable.hour));
        assert_eq!(shown.first().map(|notable| notable.hour), Some(0));
        assert_eq!(shown.last().map(|notable| notable.hour), Some(outcome.hours.len() - 1));
        let moments: Vec<&str> = shown.iter().map(|notable| outcome.hours[notable.hour].at.as_str()).collect();
        for moment in [&outcome.control.lost, &outcome.control.back].into_iter().flatten() {
            assert!(moments.contains(&moment.as_str()), "{moment} is missing in {moments:?}");
        }
        let told: Vec<usize> = shown.iter().flat_map(|notable| notable.happenings.clone()).collect();
        assert_eq!(told, (0..outcome.happenings.len()).collect::<Vec<_>>());
    }

    #[test]
    fn a_play_without_hours_shows_none() {
        let (_, mut outcome) = sample::play();
        outcome.hours.clear();
        assert_eq!(hours(&outcome), []);
    }
}
