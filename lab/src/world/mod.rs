//! The world that bots meet: hosts, the public DNS, and the herder's own name servers.
//!
//! It changes only when somebody acts ([`act`]); between two changes every question has one answer, which the
//! simulation reads here and the live run's servers give over real sockets.

mod act;
mod herder;
mod names;

use std::net::IpAddr;

use resolver_chain::{Addresses, Answer, Itinerary, Moment, NameId, Peer};
use rustc_hash::FxHashMap;

pub(crate) use act::Deed;
pub(crate) use herder::Botmaster;
pub(crate) use names::{Holding, Names};

use crate::scenario::{Host, HostId, Operator, Scenario};

/// Whether packets reach a host, and what it does with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It answers.
    Up,
    /// The machine is not in service: connections are refused, questions stay without an answer.
    Down,
    /// Packets to it disappear.
    Silent,
}

#[derive(Clone, Debug)]
struct HostState {
    host: Host,
    up: bool,
    null_routed: bool,
    filtered_until: Option<Moment>,
}

/// The world at one moment.
#[derive(Clone, Debug)]
pub(crate) struct World {
    hosts: Vec<HostState>,
    by_address: FxHashMap<IpAddr, HostId>,
    complies: Vec<(String, bool)>,
    name_servers: Vec<HostId>,
    pub(crate) names: Names,
    ttl: u32,
    negative_ttl: u32,
    sinkhole_ttl: u32,
}

impl World {
    /// The world of the first day. Names that the scenario lists become known to `itinerary`.
    pub(crate) fn new(scenario: &Scenario, itinerary: &mut Itinerary) -> Self {
        let world = &scenario.world;
        let hosts = world.hosts.iter().map(|host| HostState {
            up: host.up,
            host: host.clone(),
            null_routed: false,
            filtered_until: None,
        });
        let by_address = world.hosts.iter().enumerate().map(|(index, host)| (host.address, HostId(index as u16)));
        let mut names = Names::default();
        for listed in &world.names {
            let id = itinerary.number(listed.name);
            let Some(operator) = listed.holder else { continue };
            names.hold(id, operator, &listed.points_to);
            if operator == Operator::Herder {
                names.serve(id, &listed.points_to);
            }
        }
        Self {
            hosts: hosts.collect(),
            by_address: by_address.collect(),
            complies: world.providers.iter().map(|provider| (provider.name.clone(), provider.complies)).collect(),
            name_servers: scenario.name_servers.clone(),
            names,
            ttl: world.ttl,
            negative_ttl: world.negative_ttl,
            sinkhole_ttl: world.sinkhole_ttl,
        }
    }

    /// What the public DNS says of `name`, and for how many seconds a resolver keeps it.
    pub(crate) fn public(&self, name: NameId) -> (Answer, u32) {
        match self.names.holding(name) {
            Holding::Free | Holding::Suspended => (Answer::NxDomain, self.negative_ttl),
            Holding::Held { operator, points_to } => {
                let ttl = if *operator == Operator::Sinkhole { self.sinkhole_ttl } else { self.ttl };
                match self.addresses(points_to, ttl) {
                    Answer::NoData => (Answer::NoData, self.negative_ttl),
                    addresses => (addresses, ttl),
                }
            }
        }
    }

    /// What the bots' custom name server with this index says of `name`.
    pub(crate) fn private(&self, server: u8, name: NameId) -> Answer {
        let host = self.name_servers[usize::from(server)];
        if self.reach(host) != Reach::Up {
            return Answer::TimedOut;
        }
        self.names.served(name).map_or(Answer::Refused, |hosts| self.addresses(hosts, self.ttl))
    }

    /// What comes of a connection to `address`.
    pub(crate) fn connect(&self, address: IpAddr) -> Answer {
        let Some(id) = self.by_address.get(&address) else { return Answer::ConnectionTimedOut };
        let host = &self.hosts[usize::from(id.0)].host;
        match self.reach(*id) {
            Reach::Silent => Answer::ConnectionTimedOut,
            Reach::Down => Answer::ConnectionRefused,
            Reach::Up if host.serves_dns => Answer::ConnectionRefused,
            Reach::Up => Answer::Connected(match host.operator {
                Operator::Herder => Peer::Herder,
                Operator::Sinkhole => Peer::Sinkhole,
                Operator::Stranger => Peer::Stranger,
            }),
        }
    }

    /// The host with this address.
    pub(crate) fn host_at(&self, address: IpAddr) -> Option<HostId> {
        self.by_address.get(&address).copied()
    }

    /// A host as the scenario describes it.
    pub(crate) fn host(&self, id: HostId) -> &Host {
        &self.hosts[usize::from(id.0)].host
    }

    /// All hosts.
    pub(crate) fn host_ids(&self) -> impl Iterator<Item = HostId> + use<> {
        (0..self.hosts.len() as u16).map(HostId)
    }

    /// The hosts of the custom name servers, in the bots' order.
    pub(crate) fn name_servers(&self) -> &[HostId] {
        &self.name_servers
    }

    /// Whether packets reach a host.
    pub(crate) fn reach(&self, id: HostId) -> Reach {
        let state = &self.hosts[usize::from(id.0)];
        if state.null_routed || state.filtered_until.is_some() {
            Reach::Silent
        } else if state.up {
            Reach::Up
        } else {
            Reach::Down
        }
    }

    /// The herder's hosts that accept call-backs at this moment.
    fn live_controllers(&self) -> Vec<HostId> {
        let live = |id: &HostId| {
            let host = self.host(*id);
            host.operator == Operator::Herder && !host.serves_dns && self.reach(*id) == Reach::Up
        };
        self.host_ids().filter(live).collect()
    }

    /// An answer with the IPv4 addresses of `hosts`: bots ask for A records only.
    fn addresses(&self, hosts: &[HostId], ttl: u32) -> Answer {
        let addresses = hosts.iter().map(|id| self.host(*id).address).filter(IpAddr::is_ipv4);
        let addresses: Addresses = addresses.collect();
        if addresses.as_slice().is_empty() { Answer::NoData } else { Answer::Addresses { addresses, ttl } }
    }
}
