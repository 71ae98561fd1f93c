//! Counters of a window of time. Sums only, so that the order in which shards are added does not matter.

use resolver_chain::{Answer, Contact, NameId, Peer, Route, Server};

use crate::outcome::{AnswerTally, ConnectionTally, Ends, RouteTally};
use crate::scenario::HostId;

/// Counters of one layer.
#[derive(Clone, Debug, Default)]
pub(crate) struct StageTally {
    pub(crate) entered: u64,
    pub(crate) contacts: u64,
    pub(crate) answers: [AnswerTally; 3],
    pub(crate) connections: [ConnectionTally; 3],
}

/// Counters of one server.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AskedTally {
    pub(crate) questions: u64,
    pub(crate) from_cache: u64,
    pub(crate) timed_out: u64,
}

/// Where bots met the herder, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Came {
    pub(crate) stage: u8,
    pub(crate) server: Server,
    pub(crate) name: Option<NameId>,
}

/// Counters of a window of time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) call_backs: u64,
    pub(crate) ended: Ends,
    pub(crate) stages: Vec<StageTally>,
    pub(crate) names: Vec<u64>,
    /// The hosts' resolvers, then each custom name server.
    pub(crate) servers: Vec<AskedTally>,
    pub(crate) accepted: Vec<u64>,
    pub(crate) came: Vec<(Came, u64)>,
    pub(crate) joined: u64,
    pub(crate) left: u64,
    pub(crate) sinkhole_questions: u64,
    pub(crate) sinkhole_resolvers: u64,
    pub(crate) sinkhole_connections: u64,
    /// Distinct addresses and bots at the sinkhole: new in the hour, on the day, ever.
    pub(crate) sinkhole_addresses: [u64; 3],
    pub(crate) sinkhole_bots: [u64; 3],
}

fn grow<T: Clone + Default>(items: &mut Vec<T>, index: usize) -> &mut T {
    if index >= items.len() {
        items.resize(index + 1, T::default());
    }
    &mut items[index]
}

pub(crate) fn route_index(route: Route) -> usize {
    match route {
        Route::Host => 0,
        Route::NameServers => 1,
        Route::Direct => 2,
    }
}

impl Tally {
    /// Bots came to a stage.
    pub(crate) fn enter(&mut self, stage: u8, times: u64) {
        grow(&mut self.stages, stage.into()).entered += times;
    }

    /// Questions with the same answer.
    pub(crate) fn question(
        &mut self,
        stage: u8,
        name: NameId,
        server: Server,
        answer: Answer,
        from_cache: bool,
        times: u64,
    ) {
        let route = route_index(server.route());
        let answers = &mut grow(&mut self.stages, stage.into()).answers[route];
        match answer {
            Answer::Addresses { .. } => answers.addresses += times,
            Answer::NxDomain => answers.nxdomain += times,
            Answer::NoData => answers.nodata += times,
            Answer::ServFail => answers.servfail += times,
            Answer::Refused => answers.refused += times,
            _ => answers.timed_out += times,
        }
        *grow(&mut self.names, name.0 as usize) += times;
        let index = if let Server::NameServer(index) = server { usize::from(index) + 1 } else { 0 };
        let asked = grow(&mut self.servers, index);
        asked.questions += times;
        asked.from_cache += if from_cache { times } else { 0 };
        asked.timed_out += if answer == Answer::TimedOut { times } else { 0 };
    }

    /// Connection attempts with the same outcome.
    pub(crate) fn connection(&mut self, stage: u8, server: Server, answer: Answer, host: Option<HostId>, times: u64) {
        let connections = &mut grow(&mut self.stages, stage.into()).connections[route_index(server.route())];
        match answer {
            Answer::Connected(peer) => {
                match peer {
                    Peer::Herder => connections.herder += times,
                    Peer::Sinkhole => connections.sinkhole += times,
                    Peer::Stranger => connections.stranger += times,
                }
                if let Some(host) = host {
                    *grow(&mut self.accepted, host.0.into()) += times;
                }
            }
            Answer::ConnectionRefused => connections.refused += times,
            _ => connections.timed_out += times,
        }
    }

    /// Call-backs that ended in the same way.
    pub(crate) fn end(&mut self, contact: Option<&Contact>, saw_sinkhole: bool, times: u64) {
        self.call_backs += times;
        let Some(contact) = contact else {
            let counter = if saw_sinkhole { &mut self.ended.counted } else { &mut self.ended.stranded };
            *counter += times;
            return;
        };
        grow(&mut self.stages, contact.stage.into()).contacts += times;
        match contact.peer {
            Peer::Herder => {
                self.ended.herder += times;
                let came = Came { stage: contact.stage, server: contact.server, name: contact.name };
                self.came(came, times);
            }
            Peer::Sinkhole => self.ended.held += times,
            Peer::Stranger => self.ended.stranger += times,
        }
    }

    fn came(&mut self, came: Came, count: u64) {
        match self.came.iter_mut().find(|(known, _)| *known == came) {
            Some((_, total)) => *total += count,
            None => self.came.push((came, count)),
        }
    }

    /// Adds the counters of `other`.
    pub(crate) fn add(&mut self, other: &Self) {
        self.call_backs += other.call_backs;
        add_ends(&mut self.ended, &other.ended);
        for (index, stage) in other.stages.iter().enumerate() {
            let own = grow(&mut self.stages, index);
            own.entered += stage.entered;
            own.contacts += stage.contacts;
            for route in 0..3 {
                add_answers(&mut own.answers[route], &stage.answers[route]);
                add_connections(&mut own.connections[route], &stage.connections[route]);
            }
        }
        for (index, count) in other.names.iter().enumerate().filter(|(_, count)| **count > 0) {
            *grow(&mut self.names, index) += count;
        }
        for (index, asked) in other.servers.iter().enumerate() {
            let own = grow(&mut self.servers, index);
            own.questions += asked.questions;
            own.from_cache += asked.from_cache;
            own.timed_out += asked.timed_out;
        }
        for (index, count) in other.accepted.iter().enumerate() {
            *grow(&mut self.accepted, index) += count;
        }
        for (came, count) in &other.came {
            self.came(*came, *count);
        }
        self.joined += other.joined;
        self.left += other.left;
        self.sinkhole_questions += other.sinkhole_questions;
        self.sinkhole_resolvers += other.sinkhole_resolvers;
        self.sinkhole_connections += other.sinkhole_connections;
        for scale in 0..3 {
            self.sinkhole_addresses[scale] += other.sinkhole_addresses[scale];
            self.sinkhole_bots[scale] += other.sinkhole_bots[scale];
        }
    }

    /// The counters of one route of one layer, for a report.
    pub(crate) fn route(&self, stage: usize, route: Route, name: &str) -> RouteTally {
        let index = route_index(route);
        let (answers, connections) =
            self.stages.get(stage).map(|stage| (stage.answers[index], stage.connections[index])).unwrap_or_default();
        RouteTally { route: name.to_owned(), answers, connections }
    }
}

fn add_ends(own: &mut Ends, other: &Ends) {
    own.herder += other.herder;
    own.held += other.held;
    own.counted += other.counted;
    own.stranded += other.stranded;
    own.stranger += other.stranger;
}

fn add_answers(own: &mut AnswerTally, other: &AnswerTally) {
    own.addresses += other.addresses;
    own.nxdomain += other.nxdomain;
    own.nodata += other.nodata;
    own.servfail += other.servfail;
    own.refused += other.refused;
    own.timed_out += other.timed_out;
}

fn add_connections(own: &mut ConnectionTally, other: &ConnectionTally) {
    own.herder += other.herder;
    own.sinkhole += other.sinkhole;
    own.stranger += other.stranger;
    own.refused += other.refused;
    own.timed_out += other.timed_out;
}
