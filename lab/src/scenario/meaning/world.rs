//! The world on the first day.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use resolver_chain::Span;

use super::super::nearest::suggestion;
use super::super::place::Place;
use super::super::problem::Problem;
use super::super::spec::v1;
use super::super::{Host, Listed, Operator, Provider, World};
use super::hosts::Hosts;
use super::names::listed;
use super::one_line;
use super::time::length;

/// Hosts are numbered in two bytes.
const MOST_HOSTS: usize = 65_535;

pub(super) fn world(spec: &v1::World, place: Place<'_>, hosts: &Hosts<'_>, problems: &mut Vec<Problem>) -> World {
    let providers = place.key("providers");
    for (name, here) in spec.providers.keys().zip(providers.entries()) {
        one_line(name, here.key_caret(), "a provider's name", problems);
    }
    World {
        hosts: world_hosts(spec, place.key("hosts"), problems),
        providers: spec
            .providers
            .iter()
            .map(|(name, provider)| Provider { name: name.clone(), complies: provider.complies })
            .collect(),
        names: names(spec, place.key("names"), hosts, problems),
        ttl: seconds(&spec.ttl, place, "ttl", problems),
        negative_ttl: seconds(&spec.negative_ttl, place, "negative-ttl", problems),
        sinkhole_ttl: seconds(&spec.sinkhole_ttl, place, "sinkhole-ttl", problems),
    }
}

fn world_hosts(spec: &v1::World, place: Place<'_>, problems: &mut Vec<Problem>) -> Vec<Host> {
    if spec.hosts.len() > MOST_HOSTS {
        let message = format!("{} hosts are more than {MOST_HOSTS}", spec.hosts.len());
        problems.push(Problem::at(place.key_caret(), message));
    }
    let mut seen: HashMap<IpAddr, (&str, Place<'_>)> = HashMap::new();
    let mut hosts = Vec::with_capacity(spec.hosts.len());
    for ((name, host), here) in spec.hosts.iter().zip(place.entries()) {
        one_line(name, here.key_caret(), "a host's name", problems);
        let provider = host.provider.as_ref().and_then(|provider| {
            let found = spec.providers.get_index_of(provider);
            if found.is_none() {
                let known = spec.providers.keys().map(String::as_str);
                problems.push(
                    Problem::at(here.key("provider").caret(), format!("no provider is called `{provider}`"))
                        .hint(suggestion(provider, known, "providers in `world: providers:`")),
                );
            }
            found
        });
        let Some(address) = address(&host.address.0, here.key("address"), problems) else { continue };
        if let Some((first, there)) = seen.insert(address, (name, here)) {
            problems.push(
                Problem::at(here.key("address").caret(), format!("address {address} is used twice"))
                    .also(there.key("address").caret(), format!("host `{first}` has it"))
                    .hint("give every host an address of its own"),
            );
        }
        if host.operator == v1::Operator::Sinkhole && (host.serves.is_some() || !host.up) {
            let key = if host.up { "serves" } else { "up" };
            problems.push(
                Problem::at(here.key(key).key_caret(), "a sinkhole answers DNS and HTTP throughout a play")
                    .hint("leave this key out"),
            );
        }
        hosts.push(Host {
            name: name.clone(),
            address,
            operator: match host.operator {
                v1::Operator::Herder => Operator::Herder,
                v1::Operator::Sinkhole => Operator::Sinkhole,
                v1::Operator::Stranger => Operator::Stranger,
            },
            provider,
            serves_dns: host.serves == Some(v1::Service::Dns),
            up: host.up,
        });
    }
    hosts
}

fn names(spec: &v1::World, place: Place<'_>, hosts: &Hosts<'_>, problems: &mut Vec<Problem>) -> Vec<Listed> {
    let mut seen: HashMap<dga::Name, Place<'_>> = HashMap::new();
    let mut names = Vec::with_capacity(spec.names.len());
    for ((text, held), here) in spec.names.iter().zip(place.entries()) {
        let holder = match held.holder {
            v1::Holder::Herder => Some(Operator::Herder),
            v1::Holder::Sinkhole => Some(Operator::Sinkhole),
            v1::Holder::Stranger => Some(Operator::Stranger),
            v1::Holder::None => None,
        };
        let points_to = if holder == Some(Operator::Sinkhole) {
            hosts.of_sinkhole(&held.points_to, here.key("points-to"), problems)
        } else {
            hosts.distinct(&held.points_to, here.key("points-to"), problems, |_, _, _, _| {})
        };
        if holder.is_none() && !held.points_to.is_empty() {
            problems.push(
                Problem::at(
                    here.key("points-to").key_caret(),
                    format!("`{}` is free and cannot point anywhere", text.0),
                )
                .hint("leave `points-to` out, or say who holds the name"),
            );
        }
        let span = here.key_caret();
        let before = problems.len();
        let Some(name) = listed(text, here, problems) else {
            // The name is the key.
            problems[before..].iter_mut().for_each(|problem| problem.span = span.clone());
            continue;
        };
        if let Some(first) = seen.insert(name, here) {
            problems.push(
                Problem::at(span, format!("`{name}` is listed twice"))
                    .also(first.key_caret(), "first listed here")
                    .hint("list it once; names are the same in any letter case"),
            );
        }
        names.push(Listed { name, holder, points_to });
    }
    names
}

/// An address of the ranges that RFC 5737 and RFC 3849 keep for documents.
pub(super) fn address(text: &str, place: Place<'_>, problems: &mut Vec<Problem>) -> Option<IpAddr> {
    let Ok(address) = text.parse::<IpAddr>() else {
        problems.push(
            Problem::at(place.caret(), format!("`{text}` is not an IP address"))
                .hint("write an address such as `198.51.100.10`"),
        );
        return None;
    };
    if !documentation(address) {
        problems
            .push(Problem::at(place.caret(), format!("{address} is not a documentation address")).hint(DOCUMENTATION));
        return None;
    }
    Some(address)
}

pub(super) const DOCUMENTATION: &str = "a scenario's addresses must never be anybody's; take one of 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32";

/// Whether an address is of the ranges kept for documents.
pub(super) fn documentation(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            [Ipv4Addr::new(192, 0, 2, 0), Ipv4Addr::new(198, 51, 100, 0), Ipv4Addr::new(203, 0, 113, 0)]
                .iter()
                .any(|range| address.octets()[..3] == range.octets()[..3])
        }
        IpAddr::V6(address) => {
            address.segments()[..2] == Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0).segments()[..2]
        }
    }
}

/// A time to live in whole seconds.
fn seconds(text: &v1::Length, place: Place<'_>, name: &str, problems: &mut Vec<Problem>) -> u32 {
    let here = place.key(name);
    let span = length(text, Span(0), Span::days(7), here, name, problems);
    if span.0 % 1_000 != 0 {
        problems.push(Problem::at(here.caret(), format!("`{name}` must be whole seconds, not {}", text.0)));
    }
    u32::try_from(span.0 / 1_000).unwrap_or(0)
}
