//! From counters to the figures of a report.

use resolver_chain::{NameId, Route, Server};

use super::director::Director;
use super::expect;
use super::tally::{AskedTally, Came};
use crate::outcome::{Control, HostTally, LayerTally, NameTally, Outcome, Population, ServerTally, SinkholeTally};
use crate::population::Machines;
use crate::scenario::Operator;
use crate::world::{Holding, Reach};

/// Generated names that a report shows; the others are only counted.
const NAMES_SHOWN: usize = 50;

/// What came out of a play that is over.
pub(crate) fn summarise(director: &Director<'_>, machines: &Machines) -> Outcome {
    let (names, names_left_out) = names(director);
    let total = &director.total;
    let questions = total.servers.iter().map(|server| server.questions).sum();
    let control = control(director);
    let verdicts = expect::verdicts(director, control.days_until_return);
    Outcome {
        hours: director.hours.clone(),
        happenings: director.happenings.clone(),
        layers: layers(director),
        names,
        names_left_out,
        servers: servers(director),
        hosts: hosts(director),
        sinkhole: SinkholeTally {
            questions: total.sinkhole_questions,
            resolvers: total.sinkhole_resolvers,
            connections: total.sinkhole_connections,
            addresses: total.sinkhole_addresses[2],
            bots: total.sinkhole_bots[2],
            days: director.days.clone(),
        },
        population: Population {
            at_start: machines.at_start().into(),
            joined: total.joined,
            left: total.left,
            call_backs: total.call_backs,
            questions,
            connections: total.stages.iter().flat_map(|stage| stage.connections).map(|tally| tally.sum()).sum(),
        },
        control,
        verdicts,
    }
}

fn layers(director: &Director<'_>) -> Vec<LayerTally> {
    let stages = director.scenario.chain.stages().iter().enumerate();
    let layers = stages.map(|(index, stage)| LayerTally {
        kind: stage.layer.kind().to_owned(),
        about: stage.layer.about(),
        entered: director.total.stages.get(index).map_or(0, |stage| stage.entered),
        routes: stage.routes.iter().map(|route| director.total.route(index, *route, route_name(*route))).collect(),
    });
    layers.collect()
}

fn names(director: &Director<'_>) -> (Vec<NameTally>, u64) {
    let itinerary = &director.itinerary;
    let listed: Vec<NameId> = (0..director.scenario.chain.stages().len())
        .filter(|stage| director.scenario.chain.stages()[*stage].layer.kind() == "domains")
        .flat_map(|stage| itinerary.names_at(stage, director.scenario.start))
        .collect();
    let mut asked: Vec<(NameId, u64, bool)> = (0..itinerary.names().len())
        .map(|index| {
            let id = NameId(index as u32);
            let questions = director.total.names.get(index).copied().unwrap_or_default();
            (id, questions, listed.contains(&id))
        })
        .filter(|(_, questions, listed)| *listed || *questions > 0)
        .collect();
    asked.sort_by_key(|(id, questions, listed)| (!*listed, std::cmp::Reverse(*questions), *id));
    let shown = listed.len().max(asked.iter().filter(|(_, _, listed)| *listed).count()) + NAMES_SHOWN;
    let left_out = asked.len().saturating_sub(shown) as u64;
    asked.truncate(shown);
    asked.sort_by_key(|(id, questions, _)| (std::cmp::Reverse(*questions), *id));
    let tallies = asked.into_iter().map(|(id, questions, listed)| NameTally {
        name: itinerary.name(id).to_string(),
        origin: if listed { "listed" } else { "generated" }.to_owned(),
        questions,
        holder_at_end: match director.world.names.holding(id) {
            Holding::Free => "nobody",
            Holding::Suspended => "suspended",
            Holding::Held { operator, .. } => operator_name(*operator),
        }
        .to_owned(),
    });
    (tallies.collect(), left_out)
}

fn servers(director: &Director<'_>) -> Vec<ServerTally> {
    let names = director.world.name_servers().iter().map(|id| director.world.host(*id).name.clone());
    let names = std::iter::once("host resolvers".to_owned()).chain(names);
    let servers = names.enumerate().map(|(index, server)| {
        let AskedTally { questions, from_cache, timed_out } =
            director.total.servers.get(index).copied().unwrap_or_default();
        ServerTally { server, questions, from_cache, timed_out }
    });
    servers.collect()
}

fn hosts(director: &Director<'_>) -> Vec<HostTally> {
    let world = &director.world;
    let hosts = world.host_ids().map(|id| {
        let host = world.host(id);
        HostTally {
            host: host.name.clone(),
            address: host.address.to_string(),
            operator: operator_name(host.operator).to_owned(),
            accepted: director.total.accepted.get(usize::from(id.0)).copied().unwrap_or_default(),
            state_at_end: match world.reach(id) {
                Reach::Up => "up",
                Reach::Down => "down",
                Reach::Silent => "null-routed",
            }
            .to_owned(),
        }
    });
    hosts.collect()
}

fn control(director: &Director<'_>) -> Control {
    let text = |moment: resolver_chain::Moment| moment.to_string();
    let days = match (director.first_act.or(director.lost), director.back) {
        (Some(first), Some(back)) => Some((back - first).as_days()),
        _ => None,
    };
    Control {
        first_act: director.first_act.map(text),
        lost: director.lost.map(text),
        acts: director.acts.map(text),
        back: director.back.map(text),
        days_until_return: days,
        came_back_through: director.came_back_through.map(|came| came_in_words(director, came)),
    }
}

fn came_in_words(director: &Director<'_>, came: Came) -> String {
    let layer = director.scenario.chain.stages()[usize::from(came.stage)].layer.kind();
    let name = came.name.map_or(String::new(), |name| format!(" ({})", director.itinerary.name(name)));
    match came.server {
        Server::Host => format!("layer `{layer}` over the hosts' resolvers{name}"),
        Server::NameServer(index) => {
            let host = director.world.name_servers()[usize::from(index)];
            format!("layer `{layer}` over custom name server {}{name}", director.world.host(host).name)
        }
        Server::Direct => format!("layer `{layer}`, with no name asked"),
    }
}

fn route_name(route: Route) -> &'static str {
    match route {
        Route::Host => "host",
        Route::NameServers => "name-servers",
        Route::Direct => "direct",
    }
}

fn operator_name(operator: Operator) -> &'static str {
    match operator {
        Operator::Herder => "herder",
        Operator::Sinkhole => "sinkhole",
        Operator::Stranger => "stranger",
    }
}
