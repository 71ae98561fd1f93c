//! The sections of the report for a terminal.

use super::super::figures::{moment, plural};
use super::super::headline::{self, Ending};
use super::super::{Subject, tables, visible};
use super::paint::{Ink, Page};
use super::table;
use crate::outcome::Outcome;

/// The answer, and what was played.
pub(super) fn headline(page: &mut Page, subject: &Subject, outcome: &Outcome) {
    page.paragraph(&[], Ink::Bold, &visible::line(&subject.scenario));
    if !subject.about.trim().is_empty() {
        page.paragraph(&[], Ink::Plain, &visible::line(&subject.about));
    }
    page.paragraph(&[], Ink::Faint, &headline::played(subject));
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

/// The hours around what happened; layer by layer; the most asked names, who was asked and who was called.
pub(super) fn sheets(page: &mut Page, outcome: &Outcome) {
    let sheets = [
        ("Hours around what happened (shares of the online bots; # as numbered above)", tables::hours(outcome)),
        ("Layer by layer: answers to questions", tables::answers(outcome)),
        ("Layer by layer: who was met", tables::connections(outcome)),
        ("Servers that were asked", tables::servers(outcome)),
        ("Hosts that were called", tables::hosts(outcome)),
        ("Names by questions", tables::names(outcome)),
    ];
    for (heading, sheet) in sheets.iter().filter(|(_, sheet)| !sheet.rows.is_empty()) {
        page.heading(heading);
        table::write(sheet, page);
    }
    if outcome.names_left_out > 0 {
        let left_out = usize::try_from(outcome.names_left_out).unwrap_or(usize::MAX);
        page.line(&format!("  and {}", plural(left_out, "more generated name", "more generated names")));
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
    page.paragraph(&[(Ink::Plain, "  ")], Ink::Plain, &headline::sinkhole(outcome));
    table::write(&tables::days(outcome), page);
    let quiet = tables::quiet_days(outcome);
    if quiet > 0 {
        page.line(&format!("  on {} nothing reached it", plural(quiet, "other day", "other days")));
    }
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
