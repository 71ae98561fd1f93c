//! From what a file says to what it means. Everything that has no meaning is reported, and the rest is read on.

mod bots;
mod chain;
mod expect;
mod hosts;
mod names;
mod processes;
mod quantity;
mod time;
mod timeline;
mod world;

use std::ops::Range;

use dga::WordLists;
use resolver_chain::{Moment, Span};

use self::hosts::Hosts;
use super::place::Place;
use super::problem::Problem;
use super::spec::v1;
use super::{Herder, Move, Scenario};

/// So many problems of a file get hints that are costly to find.
const HINTED: usize = 200;

/// The scenario that `spec` means; without one there is at least one problem.
pub(super) fn scenario(
    spec: &v1::Spec,
    root: Place<'_>,
    hash: String,
    words: &WordLists,
    problems: &mut Vec<Problem>,
) -> Option<Scenario> {
    if spec.name.trim().is_empty() {
        problems.push(Problem::at(root.key("name").caret(), "`name` is empty").hint("reports show the scenario by it"));
    }
    one_line(&spec.name, root.key("name").caret(), "`name`", problems);
    one_line(&spec.about, root.key("about").caret(), "`about`", problems);
    let clock = clock(&spec.clock, root.key("clock"), problems);
    let bots = bots::bots(&spec.bots, root.key("bots"), problems);
    let hosts = Hosts::new(&spec.world.hosts);
    let world = world::world(&spec.world, root.key("world"), &hosts, problems);
    let servers = name_servers(&spec.name_servers, root.key("name-servers"), &hosts, problems);
    let listed = names::Known::of(spec);
    let chain = chain::chain(&spec.chain, root.key("chain"), spec.name_servers.len(), clock, words, problems);
    let timeline = timeline::timeline(spec, root.key("timeline"), clock, &hosts, &listed, problems);
    let herder = herder(&spec.herder, root.key("herder"), problems);
    let expect = expect::expectations(&spec.expect, root.key("expect"), clock, problems);
    let processes = processes::processes(&spec.processes, root.key("processes"), problems);
    let (start, end) = clock?;
    Some(Scenario {
        name: spec.name.clone(),
        about: spec.about.clone(),
        seed: spec.seed,
        hash,
        start,
        end,
        bots,
        chain: chain?,
        name_servers: servers,
        world,
        timeline,
        herder,
        expect,
        processes,
    })
}

/// Refuses text that would not stay on its line of a report.
fn one_line(text: &str, caret: Range<usize>, what: &str, problems: &mut Vec<Problem>) {
    if text.chars().any(char::is_control) {
        problems.push(
            Problem::at(caret, format!("{what} holds a line break or another control character"))
                .hint("write it as plain text on one line"),
        );
    }
}

/// First moment of the play, and first moment after it.
type Window = (Moment, Moment);

fn clock(spec: &v1::Clock, place: Place<'_>, problems: &mut Vec<Problem>) -> Option<Window> {
    let start = time::instant(&spec.start, place.key("start"), problems);
    let days = quantity::whole(spec.days, 1..=3660, place.key("days"), "days", problems);
    let start = start.filter(|_| days == spec.days && days > 0)?;
    Some((start, start + Span::days(i64::from(days))))
}

fn name_servers(
    spec: &[String],
    place: Place<'_>,
    hosts: &Hosts<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<super::HostId> {
    /// A bot's chain counts its servers in one byte.
    const MOST: usize = 255;
    if spec.len() > MOST {
        let message = format!("{} custom name servers are more than {MOST}", spec.len());
        problems.push(Problem::at(place.key_caret(), message));
    }
    hosts.distinct(spec, place, problems, |name, host, place, problems| {
        if host.serves.is_none() {
            problems.push(
                Problem::at(place.caret(), format!("host `{name}` does not serve DNS"))
                    .hint(format!("write `serves: dns` at `{name}` in `world: hosts:`, or name another host")),
            );
        }
    })
}

fn herder(spec: &v1::Herder, place: Place<'_>, problems: &mut Vec<Problem>) -> Herder {
    let below = place.key("notices-below");
    let after = place.key("reacts-after");
    for (index, action) in spec.may.iter().enumerate() {
        if let Some(first) = spec.may[..index].iter().position(|earlier| earlier == action) {
            let may = place.key("may");
            problems.push(
                Problem::at(may.index(index).caret(), "this move is listed twice")
                    .also(may.index(first).caret(), "first listed here")
                    .hint("he goes through the list again each time he reacts; list a move once"),
            );
        }
    }
    Herder {
        notices_below: quantity::fraction(spec.notices_below, below, "notices-below", problems),
        reacts_after: time::length(&spec.reacts_after, Span(0), Span::days(3660), after, "reacts-after", problems),
        may: spec
            .may
            .iter()
            .map(|action| match action {
                v1::Move::RegisterSpare => Move::RegisterSpare,
                v1::Move::RegisterGenerated => Move::RegisterGenerated,
                v1::Move::RaiseHost => Move::RaiseHost,
            })
            .collect(),
    }
}
