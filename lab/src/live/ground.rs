//! What the lab's servers stand on: the world as it is now, whose turn it is, and what was said in this turn.
//!
//! The driver lets one bot act at a time, so there is always exactly one question or connection outstanding: a turn.
//! Servers answer out of the world of that turn, and report deliberate silence out of band under its number.

use std::sync::{Mutex, MutexGuard, PoisonError};

use resolver_chain::{Answer, Moment, NameId};
use rustc_hash::FxHashMap;
use tokio::sync::mpsc;

use crate::play::{Cache, Director};
use crate::scenario::{HostId, Operator};
use crate::world::{Holding, Reach, World};

/// What the hosts' resolvers said in a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) answer: Answer,
    pub(super) from_cache: bool,
    pub(super) at_sinkhole: bool,
}

/// What a host's resolver has to do with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LookUp {
    /// Say this.
    Say(Answer),
    /// Ask the sinkhole on this host, which is the name's authority.
    AskSinkhole { host: HostId, name: NameId, resolver: u32, turn: u64 },
}

#[derive(Debug)]
struct State {
    world: World,
    numbers: FxHashMap<String, NameId>,
    names_known: usize,
    cache: Cache,
    turn: u64,
    resolver: u32,
    now: Moment,
    told: Option<Told>,
    broken: Option<String>,
}

/// The ground; shared by the driver and all servers.
#[derive(Debug)]
pub(super) struct Ground {
    state: Mutex<State>,
    silence: mpsc::UnboundedSender<u64>,
}

impl Ground {
    /// The ground of the world as `director` has it; deliberate silence is reported to `silence`.
    pub(super) fn new(director: &Director<'_>, silence: mpsc::UnboundedSender<u64>) -> Self {
        let state = State {
            world: director.world.clone(),
            numbers: FxHashMap::default(),
            names_known: 0,
            cache: Cache::default(),
            turn: 0,
            resolver: 0,
            now: director.now,
            told: None,
            broken: None,
        };
        let ground = Self { state: Mutex::new(state), silence };
        ground.publish(director);
        ground
    }

    /// Takes over the world after a change.
    pub(super) fn publish(&self, director: &Director<'_>) {
        let mut state = self.state();
        state.world = director.world.clone();
        let names = director.itinerary.names();
        for (index, name) in names.iter().enumerate().skip(state.names_known) {
            state.numbers.insert(name.as_str().to_ascii_lowercase(), NameId(index as u32));
        }
        state.names_known = names.len();
    }

    /// Begins a turn of a bot behind `resolver`; returns its number.
    pub(super) fn begin(&self, resolver: u32, now: Moment) -> u64 {
        let mut state = self.state();
        state.turn += 1;
        state.resolver = resolver;
        state.now = now;
        state.told = None;
        state.turn
    }

    /// What the hosts' resolvers said in this turn.
    pub(super) fn told(&self) -> Option<Told> {
        self.state().told
    }

    /// The first thing that went wrong inside a server, if anything did.
    pub(super) fn broken(&self) -> Option<String> {
        self.state().broken.clone()
    }

    /// Reports that something went wrong inside a server.
    pub(super) fn break_down(&self, what: String) {
        self.state().broken.get_or_insert(what);
    }

    /// A question that the host's resolver of this turn was asked. Asked again in the same turn, it says the same.
    pub(super) fn look_up(&self, name: &str) -> LookUp {
        let mut state = self.state();
        let state = &mut *state;
        if let Some(told) = state.told {
            return LookUp::Say(told.answer);
        }
        let Some(name) = state.numbers.get(name).copied() else {
            return LookUp::Say(Answer::NxDomain);
        };
        if let Some(answer) = state.cache.look_up(state.resolver, name, state.now) {
            state.told = Some(Told { answer, from_cache: true, at_sinkhole: false });
            return LookUp::Say(answer);
        }
        if let Holding::Held { operator: Operator::Sinkhole, points_to } = state.world.names.holding(name)
            && let Some(host) = points_to.first()
        {
            return LookUp::AskSinkhole { host: *host, name, resolver: state.resolver, turn: state.turn };
        }
        let (answer, ttl) = state.world.public(name);
        state.cache.keep(state.resolver, name, answer, ttl, state.now);
        state.told = Some(Told { answer, from_cache: false, at_sinkhole: false });
        LookUp::Say(answer)
    }

    /// The sinkhole's answer to a question that was passed on to it. A late answer to an earlier turn is forgotten.
    pub(super) fn learn(&self, turn: u64, name: NameId, answer: Answer) {
        let mut state = self.state();
        let state = &mut *state;
        if state.turn == turn && state.told.is_none() {
            let ttl = if let Answer::Addresses { ttl, .. } = answer { ttl } else { state.world.public(name).1 };
            state.cache.keep(state.resolver, name, answer, ttl, state.now);
            state.told = Some(Told { answer, from_cache: false, at_sinkhole: true });
        }
    }

    /// What the custom name server with this index says; `None` is silence, which is reported.
    pub(super) fn private(&self, server: u8, name: &str) -> Option<Answer> {
        let state = self.state();
        let host = state.world.name_servers()[usize::from(server)];
        if state.world.reach(host) != Reach::Up {
            self.stay_silent(state.turn);
            return None;
        }
        let name = state.numbers.get(name).copied();
        Some(name.map_or(Answer::Refused, |name| state.world.private(server, name)))
    }

    /// Whether a host accepts a connection; silence is reported.
    pub(super) fn accepts(&self, host: HostId) -> bool {
        let state = self.state();
        let silent = state.world.reach(host) == Reach::Silent;
        if silent {
            self.stay_silent(state.turn);
        }
        !silent
    }

    /// Reports that a packet of this turn has arrived where nobody answers.
    pub(super) fn swallow(&self) {
        self.stay_silent(self.state().turn);
    }

    fn stay_silent(&self, turn: u64) {
        // The driver is gone only when the run is over.
        let _ = self.silence.send(turn);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
