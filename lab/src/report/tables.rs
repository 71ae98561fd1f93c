//! The tables that the text and the page share; their cells are harmless already.

use super::figures::{count, moment, percent, ratio};
use super::shares::Standing;
use super::{notable, visible};
use crate::outcome::{Outcome, SinkholeDay};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words, on the left; a narrow terminal may cut them.
    Words,
    /// Moments and marks, on the left, always whole.
    Mark,
    /// Figures, on the right, always whole.
    Figure,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    /// Headings.
    pub(super) columns: Vec<(&'static str, Kind)>,
    /// Rows, each with one cell for every column.
    pub(super) rows: Vec<Vec<String>>,
}

impl Sheet {
    fn new(columns: &[(&'static str, Kind)]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Whether a column holds figures.
    pub(super) fn is_figure(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|&(_, kind)| kind == Kind::Figure)
    }

    /// Leaves out columns of figures in which every row has nothing.
    fn without_empty_columns(mut self) -> Self {
        let nothing = |cell: &String| matches!(cell.as_str(), "" | "0" | "-" | "0.0 %");
        for column in (0..self.columns.len()).rev() {
            if self.columns[column].1 == Kind::Figure && self.rows.iter().all(|row| nothing(&row[column])) {
                self.columns.remove(column);
                for row in &mut self.rows {
                    row.remove(column);
                }
            }
        }
        self
    }
}

/// The hours around what happened.
pub(super) fn hours(outcome: &Outcome) -> Sheet {
    let mut columns = vec![("hour", Kind::Mark), ("#", Kind::Mark), ("online", Kind::Figure)];
    columns.extend(Standing::ALL.iter().map(|standing| (standing.name(), Kind::Figure)));
    columns.extend([("call-backs", Kind::Figure), ("at sinkhole", Kind::Figure)]);
    let mut sheet = Sheet::new(&columns);
    for notable in notable::hours(outcome) {
        let hour = &outcome.hours[notable.hour];
        let mut row = vec![moment(&hour.at), numbers(&notable.happenings), count(hour.online)];
        row.extend(Standing::ALL.iter().map(|standing| standing.share(hour).map_or_else(|| "-".to_owned(), percent)));
        row.extend([count(hour.call_backs), count(hour.sinkhole_bots)]);
        sheet.rows.push(row);
    }
    sheet.without_empty_columns()
}

/// `1,2` or, for a run, `1-4`; counted from one.
fn numbers(happenings: &[usize]) -> String {
    match happenings {
        [] => String::new(),
        [one] => (one + 1).to_string(),
        [first, .., last] if last - first + 1 == happenings.len() => format!("{}-{}", first + 1, last + 1),
        several => several.iter().map(|number| (number + 1).to_string()).collect::<Vec<_>>().join(","),
    }
}

/// Layer by layer: what was asked and answered.
pub(super) fn answers(outcome: &Outcome) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("layer", Kind::Words),
        ("route", Kind::Words),
        ("entered", Kind::Figure),
        ("addresses", Kind::Figure),
        ("nxdomain", Kind::Figure),
        ("timed out", Kind::Figure),
        ("nodata", Kind::Figure),
        ("servfail", Kind::Figure),
        ("refused", Kind::Figure),
    ]);
    for (place, layer) in outcome.layers.iter().enumerate() {
        for (number, route) in layer.routes.iter().enumerate() {
            let entered = if number == 0 { count(layer.entered) } else { String::new() };
            let told = &route.answers;
            let mut row = vec![labelled(place, &layer.about), visible::line(&route.route), entered];
            row.extend(
                [told.addresses, told.nxdomain, told.timed_out, told.nodata, told.servfail, told.refused].map(count),
            );
            sheet.rows.push(row);
        }
    }
    sheet.without_empty_columns()
}

/// Layer by layer: who was met.
pub(super) fn connections(outcome: &Outcome) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("layer", Kind::Words),
        ("route", Kind::Words),
        ("herder", Kind::Figure),
        ("sinkhole", Kind::Figure),
        ("stranger", Kind::Figure),
        ("refused", Kind::Figure),
        ("timed out", Kind::Figure),
    ]);
    for (place, layer) in outcome.layers.iter().enumerate() {
        for route in &layer.routes {
            let met = &route.connections;
            let mut row = vec![labelled(place, &layer.about), visible::line(&route.route)];
            row.extend([met.herder, met.sinkhole, met.stranger, met.refused, met.timed_out].map(count));
            sheet.rows.push(row);
        }
    }
    sheet.without_empty_columns()
}

fn labelled(place: usize, about: &str) -> String {
    format!("{} {}", place + 1, visible::line(about))
}

/// The most asked names.
pub(super) fn names(outcome: &Outcome) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("name", Kind::Words),
        ("origin", Kind::Words),
        ("questions", Kind::Figure),
        ("held at the end by", Kind::Words),
    ]);
    for name in &outcome.names {
        sheet.rows.push(vec![
            visible::line(&name.name),
            visible::line(&name.origin),
            count(name.questions),
            visible::line(&name.holder_at_end),
        ]);
    }
    sheet
}

/// Who was asked.
pub(super) fn servers(outcome: &Outcome) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("server", Kind::Words),
        ("questions", Kind::Figure),
        ("from cache", Kind::Figure),
        ("timed out", Kind::Figure),
    ]);
    for server in &outcome.servers {
        let mut row = vec![visible::line(&server.server)];
        row.extend([server.questions, server.from_cache, server.timed_out].map(count));
        sheet.rows.push(row);
    }
    sheet
}

/// Who was called.
pub(super) fn hosts(outcome: &Outcome) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("host", Kind::Words),
        ("address", Kind::Words),
        ("run by", Kind::Words),
        ("accepted", Kind::Figure),
        ("at the end", Kind::Words),
    ]);
    for host in &outcome.hosts {
        sheet.rows.push(vec![
            visible::line(&host.host),
            visible::line(&host.address),
            visible::line(&host.operator),
            count(host.accepted),
            visible::line(&host.state_at_end),
        ]);
    }
    sheet
}

/// Whether anything reached the sinkhole on a day.
fn is_busy(day: &SinkholeDay) -> bool {
    day.questions > 0 || day.connections > 0
}

/// How many days nothing reached the sinkhole.
pub(super) fn quiet_days(outcome: &Outcome) -> usize {
    let days = &outcome.sinkhole.days;
    days.len() - days.iter().filter(|day| is_busy(day)).count()
}

/// The days on which anything reached the sinkhole: what it saw, and what was true.
pub(super) fn days(outcome: &Outcome) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("day", Kind::Mark),
        ("addresses", Kind::Figure),
        ("bots", Kind::Figure),
        ("ratio", Kind::Figure),
        ("connections", Kind::Figure),
        ("questions", Kind::Figure),
    ]);
    for day in outcome.sinkhole.days.iter().filter(|day| is_busy(day)) {
        sheet.rows.push(vec![
            visible::line(&day.day),
            count(day.addresses),
            count(day.bots),
            ratio(day.addresses, day.bots),
            count(day.connections),
            count(day.questions),
        ]);
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn columns_of_nothing_are_left_out() {
        let (_, outcome) = sample::play();
        let heads = |sheet: &Sheet| sheet.columns.iter().map(|&(head, _)| head).collect::<Vec<_>>();
        let sheet = answers(&outcome);
        assert_eq!(heads(&sheet), ["layer", "route", "entered", "addresses", "nxdomain", "timed out"]);
        assert!(sheet.rows.iter().all(|row| row.len() == 6));
    }

    #[test]
    fn runs_of_happenings_are_shortened() {
        assert_eq!([numbers(&[]), numbers(&[3]), numbers(&[0, 1, 2]), numbers(&[0, 2])], ["", "4", "1-3", "1,3"]);
    }
}
