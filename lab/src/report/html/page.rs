//! What the page's template shows.

use askama::Template;

use super::super::figures::{count, days, moment, percent, plural, ratio};
use super::super::headline::{self, Ending};
use super::super::shares::Standing;
use super::super::tables::{self, Sheet};
use super::super::{Subject, visible};
use super::{SCRIPTS, STYLES, figures, policy};
use crate::outcome::Outcome;

/// The page. Text that comes from a file is harmless for the eyes already; the template escapes it for HTML.
#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Page {
    policy: String,
    styles: [&'static str; 2],
    scripts: [&'static str; 2],
    tool_version: String,
    scenario: String,
    about: String,
    mode: String,
    played: String,
    ending: &'static str,
    big: String,
    big_meaning: &'static str,
    answer: String,
    detail: String,
    tiles: Vec<Tile>,
    chart_in_words: String,
    last_hour: usize,
    standings: [Standing; 5],
    happenings: Vec<Happening>,
    hours: Sheet,
    layers: Vec<(&'static str, Sheet)>,
    names_left_out: u64,
    left_out: String,
    sinkhole_saw_anything: bool,
    sinkhole_in_words: String,
    days: Sheet,
    verdicts: Vec<Verdict>,
    origin: Vec<(&'static str, String)>,
    play: String,
}

/// A figure that stands out.
struct Tile {
    label: &'static str,
    figure: String,
    note: String,
}

struct Happening {
    at: String,
    by: String,
    what: String,
    without_effect: Vec<String>,
}

struct Verdict {
    expected: String,
    seen: String,
    holds: bool,
}

impl Page {
    /// The page of a play.
    pub(super) fn new(subject: &Subject, outcome: &Outcome) -> Self {
        let headline = headline::of(subject, outcome);
        let tally = &outcome.sinkhole;
        let (big, big_meaning) = match (headline.ending, outcome.control.days_until_return) {
            (Ending::Back, Some(until)) => (days(until), "until the herder is back"),
            (Ending::Back, None) => ("Back".to_owned(), "the herder has his bots again"),
            (Ending::Lost, _) => ("Not back".to_owned(), "when the play ended"),
            (Ending::Kept, _) => ("Not lost".to_owned(), "the herder kept his bots"),
        };
        let left_out = usize::try_from(outcome.names_left_out).unwrap_or(usize::MAX);
        Self {
            policy: policy::naming(&SCRIPTS, &STYLES),
            styles: STYLES,
            scripts: SCRIPTS,
            tool_version: visible::line(&subject.tool_version),
            scenario: visible::line(&subject.scenario),
            about: visible::line(&subject.about),
            mode: subject.mode.to_string(),
            played: headline::played(subject),
            ending: match headline.ending {
                Ending::Lost => "lost",
                Ending::Back => "back",
                Ending::Kept => "kept",
            },
            big,
            big_meaning,
            answer: headline.answer.clone(),
            detail: headline.detail,
            tiles: tiles(outcome),
            chart_in_words: format!(
                "Stacked shares of the online bots per hour. {} The table of hours below has the figures.",
                headline.answer
            ),
            last_hour: outcome.hours.len().saturating_sub(1),
            standings: Standing::ALL,
            happenings: outcome
                .happenings
                .iter()
                .map(|happening| Happening {
                    at: moment(&happening.at),
                    by: visible::line(&happening.by),
                    what: visible::line(&happening.what),
                    without_effect: happening.without_effect.iter().map(|reason| visible::line(reason)).collect(),
                })
                .collect(),
            hours: tables::hours(outcome),
            layers: vec![
                ("Answers to questions", tables::answers(outcome)),
                ("Who was met", tables::connections(outcome)),
                ("Servers that were asked", tables::servers(outcome)),
                ("Hosts that were called", tables::hosts(outcome)),
                ("Names by questions", tables::names(outcome)),
            ],
            names_left_out: outcome.names_left_out,
            left_out: plural(left_out, "more generated name is", "more generated names are"),
            sinkhole_saw_anything: tally.connections > 0 || tally.questions > 0,
            sinkhole_in_words: headline::sinkhole(outcome),
            days: tables::days(outcome),
            verdicts: outcome
                .verdicts
                .iter()
                .map(|verdict| Verdict {
                    expected: visible::line(&verdict.expected),
                    seen: visible::line(&verdict.seen),
                    holds: verdict.holds,
                })
                .collect(),
            origin: vec![
                ("Hydrabane", visible::line(&subject.tool_version)),
                ("Catalogue", visible::line(&subject.catalogue_version)),
                ("Seed", subject.seed.to_string()),
                ("Scenario SHA-256", visible::line(&subject.hash)),
            ],
            play: figures::json(outcome),
        }
    }
}

fn tiles(outcome: &Outcome) -> Vec<Tile> {
    let extreme = |standing: Standing, highest: bool| {
        let shares = outcome.hours.iter().filter_map(|hour| Some((standing.share(hour)?, &hour.at)));
        let ordered = |one: &(f64, _), other: &(f64, _)| one.0.total_cmp(&other.0);
        let found = if highest { shares.max_by(ordered) } else { shares.min_by(ordered) };
        found.map_or(("-".to_owned(), "no bot was online".to_owned()), |(share, at)| {
            (percent(share), format!("at {}", moment(at)))
        })
    };
    let (least, least_at) = extreme(Standing::Herder, false);
    let (most, most_at) = extreme(Standing::Held, true);
    let tally = &outcome.sinkhole;
    let holding = outcome.verdicts.iter().filter(|verdict| verdict.holds).count();
    vec![
        Tile { label: "Herder's lowest share", figure: least, note: least_at },
        Tile { label: "Sinkhole's highest share", figure: most, note: most_at },
        Tile {
            label: "Addresses a bot at the sinkhole",
            figure: ratio(tally.addresses, tally.bots),
            note: format!("{} seen, {} bots", count(tally.addresses), count(tally.bots)),
        },
        Tile {
            label: "Expectations that hold",
            figure: format!("{holding} of {}", outcome.verdicts.len()),
            note: format!("{} call-backs in all", count(outcome.population.call_backs)),
        },
    ]
}
