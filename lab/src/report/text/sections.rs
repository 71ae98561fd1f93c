//! The sections of the report for a terminal.

use super::super::figures::{count, days, moment, percent, plural, ratio};
use super::super::headline::{self, Ending};
use super::super::shares::Standing;
use super::super::{Subject, notable, visible};
use super::paint::{Ink, Page};
use super::table::{Kind, Table};
use crate::outcome::Outcome;

/// The answer, and what was played.
pub(super) fn headline(page: &mut Page, subject: &Subject, outcome: &Outcome) {
    page.paragraph(&[], Ink::Bold, &visible::line(&subject.scenario));
    if !subject.about.trim().is_empty() {
        page.paragraph(&[], Ink::Plain, &visible::line(&subject.about));
    }
    let played = format!(
        "{}, {}, {} from {} UTC",
        subject.mode,
        plural(usize::try_from(subject.bots).unwrap_or(usize::MAX), "bot", "bots"),
        days(subject.days()),
        moment(&subject.start.to_string()),
    );
    page.paragraph(&[], Ink::Faint, &played);
    page.line("");

    let headline = headline::of(subject, outcome);
    let (mark, ink) = match headline.ending {
        Ending::Lost => ("+ ", Ink::Good),
        Ending::Back | Ending::Kept => ("! ", Ink::Bad),
    };
    page.paragraph(&[(ink, mark)], Ink::Bold, &headline.answer);
    page.paragraph(&[(Ink::Plain, "  ")], Ink::Plain, &headline.detail);
    let failed = outcome.verdicts.iter().filter(|verdict| !verdict.holds).count();
    let (ink, told) = match (outcome.verdicts.len(), failed) {
        (0, _) => (Ink::Faint, "The scenario expects nothing in particular.".to_owned()),
        (all, 0) => (Ink::Good, format!("All of the scenario's {} hold.", plural(all, "expectation", "expectations"))),
        (all, failed) => {
            (Ink::Bad, format!("{failed} of the scenario's {} failed.", plural(all, "expectation", "expectations")))
        }
    };
    page.paragraph(&[(Ink::Plain, "  ")], ink, &told);
}

/// What happened, with what had no effect.
pub(super) fn happenings(page: &mut Page, outcome: &Outcome) {
    page.heading("What happened (UTC)");
    if outcome.happenings.is_empty() {
        page.line("  Nobody acted.");
    }
    for (number, happening) in outcome.happenings.iter().enumerate() {
        let by = visible::line(&happening.by);
        let number = format!("{:>4}", number + 1);
        let who = format!("  {}  {by:<8}  ", moment(&happening.at));
        let begin = [(Ink::Faint, number.as_str()), (Ink::Plain, who.as_str())];
        page.paragraph(&begin, Ink::Plain, &visible::line(&happening.what));
        for reason in &happening.without_effect {
            let begin = [(Ink::Plain, "      "), (Ink::Notice, "without effect: ")];
            page.paragraph(&begin, Ink::Notice, &visible::line(reason));
        }
    }
}

/// The hours around what happened.
pub(super) fn hours(page: &mut Page, outcome: &Outcome) {
    let notable = notable::hours(outcome);
    if notable.is_empty() {
        return;
    }
    page.heading("Hours around what happened (shares of the online bots; # as numbered above)");
    let figures = [("online", Kind::Figure)].into_iter();
    let figures = figures.chain(Standing::ALL.iter().map(|standing| (standing.name(), Kind::Figure)));
    let columns: Vec<_> = [("hour", Kind::Mark), ("#", Kind::Mark)]
        .into_iter()
        .chain(figures)
        .chain([("call-backs", Kind::Figure), ("at sinkhole", Kind::Figure)])
        .collect();
    let mut table = Table::new(&columns);
    for notable in notable {
        let hour = &outcome.hours[notable.hour];
        let mut row = vec![moment(&hour.at), numbers(&notable.happenings), count(hour.online)];
        row.extend(Standing::ALL.iter().map(|standing| standing.share(hour).map_or_else(|| "-".to_owned(), percent)));
        row.extend([count(hour.call_backs), count(hour.sinkhole_bots)]);
        table.row(row);
    }
    table.without_empty_columns().write(page);
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

/// Layer by layer: what was asked and answered, who was met.
pub(super) fn layers(page: &mut Page, outcome: &Outcome) {
    if outcome.layers.is_empty() {
        return;
    }
    page.heading("Layer by layer: answers to questions");
    let mut questions = Table::new(&[
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
    let mut connections = Table::new(&[
        ("layer", Kind::Words),
        ("route", Kind::Words),
        ("herder", Kind::Figure),
        ("sinkhole", Kind::Figure),
        ("stranger", Kind::Figure),
        ("refused", Kind::Figure),
        ("timed out", Kind::Figure),
    ]);
    for (place, layer) in outcome.layers.iter().enumerate() {
        for (first, route) in layer.routes.iter().enumerate().map(|(number, route)| (number == 0, route)) {
            let label = if first { format!("{} {}", place + 1, visible::line(&layer.about)) } else { String::new() };
            let entered = if first { count(layer.entered) } else { String::new() };
            let answers = &route.answers;
            let met = &route.connections;
            let mut row = vec![label.clone(), visible::line(&route.route), entered];
            row.extend(
                [
                    answers.addresses,
                    answers.nxdomain,
                    answers.timed_out,
                    answers.nodata,
                    answers.servfail,
                    answers.refused,
                ]
                .map(count),
            );
            questions.row(row);
            let mut row = vec![label, visible::line(&route.route)];
            row.extend([met.herder, met.sinkhole, met.stranger, met.refused, met.timed_out].map(count));
            connections.row(row);
        }
    }
    questions.without_empty_columns().write(page);
    page.heading("Layer by layer: who was met");
    connections.without_empty_columns().write(page);
}

/// The most asked names, who was asked, and who was called.
pub(super) fn names_and_servers(page: &mut Page, outcome: &Outcome) {
    if !outcome.names.is_empty() {
        page.heading("Names by questions");
        let mut table = Table::new(&[
            ("name", Kind::Words),
            ("origin", Kind::Words),
            ("questions", Kind::Figure),
            ("at the end held by", Kind::Words),
        ]);
        for name in &outcome.names {
            table.row(vec![
                visible::line(&name.name),
                visible::line(&name.origin),
                count(name.questions),
                visible::line(&name.holder_at_end),
            ]);
        }
        table.write(page);
        if outcome.names_left_out > 0 {
            let left_out = usize::try_from(outcome.names_left_out).unwrap_or(usize::MAX);
            page.line(&format!("  and {}", plural(left_out, "more generated name", "more generated names")));
        }
    }
    if !outcome.servers.is_empty() {
        page.heading("Servers that were asked");
        let mut table = Table::new(&[
            ("server", Kind::Words),
            ("questions", Kind::Figure),
            ("from cache", Kind::Figure),
            ("timed out", Kind::Figure),
        ]);
        for server in &outcome.servers {
            table.row(vec![
                visible::line(&server.server),
                count(server.questions),
                count(server.from_cache),
                count(server.timed_out),
            ]);
        }
        table.write(page);
    }
    if !outcome.hosts.is_empty() {
        page.heading("Hosts that were called");
        let mut table = Table::new(&[
            ("host", Kind::Words),
            ("address", Kind::Words),
            ("run by", Kind::Words),
            ("accepted", Kind::Figure),
            ("at the end", Kind::Words),
        ]);
        for host in &outcome.hosts {
            table.row(vec![
                visible::line(&host.host),
                visible::line(&host.address),
                visible::line(&host.operator),
                count(host.accepted),
                visible::line(&host.state_at_end),
            ]);
        }
        table.write(page);
    }
}

/// What the sinkhole counted, beside what was true.
pub(super) fn sinkhole(page: &mut Page, outcome: &Outcome) {
    let tally = &outcome.sinkhole;
    page.heading("The sinkhole's count beside the truth");
    if tally.connections == 0 && tally.questions == 0 {
        page.line("  Nothing reached the sinkhole.");
        return;
    }
    let told = format!(
        "{} addresses connected over the play; they were {} bots ({} addresses a bot). {} DNS questions came from {} \
         resolvers, which are evidence of resolvers and say nothing on the number of bots.",
        count(tally.addresses),
        count(tally.bots),
        ratio(tally.addresses, tally.bots),
        count(tally.questions),
        count(tally.resolvers),
    );
    page.paragraph(&[(Ink::Plain, "  ")], Ink::Plain, &told);
    let mut table = Table::new(&[
        ("day", Kind::Mark),
        ("addresses", Kind::Figure),
        ("bots", Kind::Figure),
        ("ratio", Kind::Figure),
        ("connections", Kind::Figure),
        ("questions", Kind::Figure),
    ]);
    for day in &tally.days {
        table.row(vec![
            visible::line(&day.day),
            count(day.addresses),
            count(day.bots),
            ratio(day.addresses, day.bots),
            count(day.connections),
            count(day.questions),
        ]);
    }
    table.write(page);
}

/// The scenario's expectations.
pub(super) fn expectations(page: &mut Page, outcome: &Outcome) {
    if outcome.verdicts.is_empty() {
        return;
    }
    page.heading("Expectations");
    for verdict in &outcome.verdicts {
        let (word, ink) = if verdict.holds { ("holds ", Ink::Good) } else { ("FAILED", Ink::Bad) };
        let begin = [(Ink::Plain, "  "), (ink, word), (Ink::Plain, "  ")];
        page.paragraph(&begin, Ink::Plain, &visible::line(&verdict.expected));
        page.paragraph(&[(Ink::Plain, "          ")], Ink::Faint, &format!("seen: {}", visible::line(&verdict.seen)));
    }
}

/// Where the figures come from, so that they can be had again.
pub(super) fn origin(page: &mut Page, subject: &Subject) {
    page.line("");
    let origin = format!(
        "hydrabane {}, catalogue {}, seed {}, scenario sha256:{}",
        visible::line(&subject.tool_version),
        visible::line(&subject.catalogue_version),
        subject.seed,
        visible::line(&subject.hash),
    );
    page.paragraph(&[], Ink::Faint, &origin);
}
