//! The timeline.

use resolver_chain::{Moment, Span};

use super::super::nearest::suggestion;
use super::super::place::Place;
use super::super::problem::Problem;
use super::super::spec::v1;
use super::super::{Act, Entry, Party};
use super::hosts::Hosts;
use super::names::Known;
use super::{Window, quantity, time};

/// The entries that mean something, in the file's order.
pub(super) fn timeline(
    spec: &v1::Spec,
    place: Place<'_>,
    clock: Option<Window>,
    hosts: &Hosts<'_>,
    names: &Known,
    problems: &mut Vec<Problem>,
) -> Vec<Entry> {
    let mut last: Option<(Moment, usize)> = None;
    let mut entries = Vec::with_capacity(spec.timeline.len());
    for (index, entry) in spec.timeline.iter().enumerate() {
        let here = place.index(index);
        let at = time::instant(&entry.at, here.key("at"), problems);
        if let Some(at) = at {
            time::within(at, clock, false, here.key("at"), problems);
            match last {
                Some((before, above)) if at < before => problems.push(
                    Problem::at(here.key("at").caret(), "this entry is dated before the one above it")
                        .also(place.index(above).key("at").caret(), "the one above")
                        .hint("put the entries in the order of time"),
                ),
                _ => last = Some((at, index)),
            }
        }
        let by = by(entry, here, problems);
        let act = act(&entry.act, here.key("act"), &spec.chain, hosts, names, problems);
        entries.extend(at.zip(act).map(|(at, act)| Entry { at, by, act }));
    }
    entries
}

/// Who acts; a problem if the act is not his.
fn by(entry: &v1::Entry, place: Place<'_>, problems: &mut Vec<Problem>) -> Party {
    let by = match entry.by {
        v1::Party::Defender => Party::Defender,
        v1::Party::Herder => Party::Herder,
    };
    let act = name(&entry.act);
    let (actor, hint) = match (by, &entry.act) {
        (Party::Defender, v1::Act::Register(_) | v1::Act::Raise(_)) => ("a defender", "this is an act of `by: herder`"),
        (Party::Herder, v1::Act::Register(_) | v1::Act::Raise(_)) | (Party::Defender, _) => return by,
        (Party::Herder, _) => ("the herder", "this is an act of `by: defender`"),
    };
    problems.push(Problem::at(place.key("by").caret(), format!("{actor} cannot `{act}`")).hint(hint));
    by
}

fn name(act: &v1::Act) -> &'static str {
    match act {
        v1::Act::NullRoute(_) => "null-route",
        v1::Act::CutNameServers(_) => "cut-name-servers",
        v1::Act::Suspend(_) => "suspend",
        v1::Act::Sinkhole(_) => "sinkhole",
        v1::Act::PreRegister(_) => "pre-register",
        v1::Act::Register(_) => "register",
        v1::Act::Raise(_) => "raise",
    }
}

fn act(
    spec: &v1::Act,
    place: Place<'_>,
    chain: &[v1::Layer],
    hosts: &Hosts<'_>,
    names: &Known,
    problems: &mut Vec<Problem>,
) -> Option<Act> {
    let place = place.key(name(spec));
    let host_list = place.key("hosts");
    Some(match spec {
        v1::Act::NullRoute(act) => Act::NullRoute { hosts: hosts.switched(&act.hosts, host_list, problems) },
        v1::Act::CutNameServers(act) => {
            let cut = hosts.some(&act.hosts, host_list, problems);
            for (index, name) in act.hosts.iter().enumerate() {
                let serves = hosts.find(name, host_list.index(index), &mut Vec::new());
                if serves.is_some_and(|(_, host)| host.serves.is_none()) {
                    problems.push(
                        Problem::at(host_list.index(index).caret(), format!("host `{name}` is no name server"))
                            .hint("to take a host off the net, use `null-route`"),
                    );
                }
            }
            let lasts = act.lasts.as_ref().map(|lasts| {
                time::length(lasts, Span::seconds(1), Span::days(3660), place.key("lasts"), "lasts", problems)
            });
            Act::CutNameServers { hosts: cut, lasts }
        }
        v1::Act::Suspend(act) => Act::Suspend { names: names.act(&act.names, place.key("names"), problems) },
        v1::Act::Sinkhole(act) => {
            let names = names.act(&act.names, place.key("names"), problems);
            Act::Sinkhole { names, host: hosts.sinkhole(&act.host, place.key("host"), problems)? }
        }
        v1::Act::PreRegister(act) => {
            let stage = stage(&act.layer, place.key("layer"), chain, problems);
            let from = time::day(&act.from, place.key("from"), problems);
            let days = quantity::whole(act.days, 1..=3660, place.key("days"), "days", problems);
            let host = hosts.sinkhole(&act.host, place.key("host"), problems);
            let from = from?;
            Act::PreRegister { stage: stage?, from, until: from + Span::days(i64::from(days)), host: host? }
        }
        v1::Act::Register(act) => {
            let names = names.act(&act.names, place.key("names"), problems);
            Act::Register { names, points_to: hosts.some(&act.points_to, place.key("points-to"), problems) }
        }
        v1::Act::Raise(act) => Act::Raise { hosts: hosts.switched(&act.hosts, host_list, problems) },
    })
}

/// The index on the chain of the `dga` layer called `name`: `dga`, or `dga-2` for the second of several.
fn stage(name: &str, place: Place<'_>, chain: &[v1::Layer], problems: &mut Vec<Problem>) -> Option<usize> {
    let generated: Vec<usize> = (0..chain.len()).filter(|index| matches!(chain[*index], v1::Layer::Dga(_))).collect();
    let known: Vec<String> = match generated.len() {
        1 => vec!["dga".into()],
        count => (1..=count).map(|number| format!("dga-{number}")).collect(),
    };
    if let Some(position) = known.iter().position(|known| known == name) {
        return Some(generated[position]);
    }
    let problem = Problem::at(place.caret(), format!("no layer that generates names is called `{name}`"));
    problems.push(match name {
        _ if known.is_empty() => {
            problem.hint("the chain has no `dga` layer; names of other layers are taken by `sinkhole`")
        }
        "dga" => problem.hint(format!("the chain has several; write one of {}", known.join(", "))),
        _ => problem.hint(suggestion(name, known.iter().map(String::as_str), "layers that generate names")),
    });
    None
}
