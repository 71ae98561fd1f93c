//! A bot that looks for its controller: a state machine without sockets and without a clock.
//!
//! The caller asks [`Bot::poll`] what the bot does next, carries it out (over real sockets or in a model of the
//! world), and tells it the result with [`Bot::heard`]. One pass through the chain, from waking to
//! [`Step::Found`] or [`Step::Exhausted`], is a call-back.

use std::net::SocketAddr;

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use crate::answer::{Addresses, Answer, Handshake, Peer};
use crate::itinerary::{Itinerary, Leg, ListId, NameId, Target};
use crate::pick::Pick;
use crate::stage::{Order, Route};
use crate::time::{Moment, Span};

/// Whom a question goes to, or over which way an address came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Server {
    /// The machine's own resolver.
    Host,
    /// The custom name server with this index on the bot's list.
    NameServer(u8),
    /// Nobody: the address was on the bot's list.
    Direct,
}

impl Server {
    /// The route that this server belongs to.
    pub fn route(self) -> Route {
        match self {
            Self::Host => Route::Host,
            Self::NameServer(_) => Route::NameServers,
            Self::Direct => Route::Direct,
        }
    }
}

/// One question: the addresses of `name`, of `server`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Index of the stage on the chain.
    pub stage: u8,
    /// The name.
    pub name: NameId,
    /// Whom it is asked of.
    pub server: Server,
    /// How long the bot waits.
    pub time_out: Span,
}

/// One connection attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Index of the stage on the chain.
    pub stage: u8,
    /// The name that led here, if one did.
    pub name: Option<NameId>,
    /// Who gave the address.
    pub server: Server,
    /// Where to.
    pub address: SocketAddr,
    /// How long the bot waits.
    pub time_out: Span,
}

/// What a bot does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Asks for a name's addresses; the answer is due through [`Bot::heard`].
    Ask(Question),
    /// Connects; the outcome is due through [`Bot::heard`].
    Connect(Attempt),
    /// Does nothing before this moment; then [`Bot::poll`] again.
    Wait {
        /// The moment.
        until: Moment,
    },
    /// The call-back ended at a peer. The next [`Bot::poll`] begins a new one.
    Found(Contact),
    /// The call-back ended without one. The next [`Bot::poll`] begins a new one.
    Exhausted,
}

/// Where a call-back ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Who accepted the connection.
    pub peer: Peer,
    /// Index of the stage on which it was found.
    pub stage: u8,
    /// The name that led there, if one did.
    pub name: Option<NameId>,
    /// Who gave the address.
    pub server: Server,
    /// The address.
    pub address: SocketAddr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Resting,
    Asking,
    Connecting,
    Pausing { until: Moment, connecting: bool },
    Ended(Option<Contact>),
}

/// A bot.
#[derive(Clone, Debug)]
pub struct Bot {
    state: State,
    handshake: Handshake,
    random: Pcg32,
    // Where on the chain it is.
    stage: u8,
    route: u8,
    server: u8,
    attempt: u8,
    candidate: u32,
    list: ListId,
    // In which order it takes a list of which it tries only some.
    pick: Pick,
    // What the last answer gave it.
    addresses: Addresses,
    address: u8,
    port: u8,
}

impl Bot {
    /// A bot at rest. `seed` and `stream` choose its own random stream (PCG XSH RR 64/32, "pcg32"), which only the
    /// pauses between attempts and the picks from long lists draw from.
    pub fn new(handshake: Handshake, seed: u64, stream: u64) -> Self {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..].copy_from_slice(&stream.to_le_bytes());
        Self {
            state: State::Resting,
            handshake,
            random: Pcg32::from_seed(bytes),
            stage: 0,
            route: 0,
            server: 0,
            attempt: 0,
            candidate: 0,
            list: ListId::NONE,
            pick: Pick::default(),
            addresses: Addresses::default(),
            address: 0,
            port: 0,
        }
    }

    /// What the bot does at `now`. Asking again without [`Bot::heard`] in between gives the same question.
    pub fn poll(&mut self, itinerary: &Itinerary, now: Moment) -> Step {
        loop {
            match self.state {
                State::Resting => {
                    self.stage = 0;
                    self.enter(itinerary, now);
                }
                State::Asking => return self.question(itinerary),
                State::Connecting => return self.connection(itinerary),
                State::Pausing { until, .. } if now < until => return Step::Wait { until },
                State::Pausing { connecting, .. } => {
                    self.state = if connecting { State::Connecting } else { State::Asking };
                }
                State::Ended(contact) => {
                    self.state = State::Resting;
                    return contact.map_or(Step::Exhausted, Step::Found);
                }
            }
        }
    }

    /// Tells the bot what came of its last question or connection attempt. Answers that it does not wait for are
    /// ignored, as a host ignores a late packet.
    pub fn heard(&mut self, itinerary: &Itinerary, answer: Answer, now: Moment) {
        match (self.state, answer) {
            (State::Asking, Answer::Addresses { addresses, .. }) if !addresses.as_slice().is_empty() => {
                self.addresses = addresses;
                self.address = 0;
                self.port = 0;
                self.attempt = 0;
                self.state = State::Connecting;
            }
            (State::Asking, Answer::TimedOut) => self.retry(itinerary, now),
            (
                State::Asking,
                Answer::Addresses { .. } | Answer::NxDomain | Answer::NoData | Answer::ServFail | Answer::Refused,
            ) => self.advance(itinerary, now),
            (State::Connecting, Answer::Connected(peer)) => match self.handshake {
                Handshake::Keyed if peer != Peer::Herder => self.next_address(itinerary, now),
                Handshake::Keyed | Handshake::None => {
                    let Step::Connect(attempt) = self.connection(itinerary) else { return };
                    let Attempt { stage, name, server, address, .. } = attempt;
                    self.state = State::Ended(Some(Contact { peer, stage, name, server, address }));
                }
            },
            (State::Connecting, Answer::ConnectionRefused) => self.next_address(itinerary, now),
            (State::Connecting, Answer::ConnectionTimedOut) => self.retry(itinerary, now),
            _ => {}
        }
    }

    fn question(&self, itinerary: &Itinerary) -> Step {
        let (Some(leg), Some(Target::Name(name))) = (itinerary.leg(self.stage), self.target(itinerary)) else {
            return Step::Exhausted;
        };
        Step::Ask(Question { stage: self.stage, name, server: self.server(leg), time_out: leg.patience.time_out })
    }

    fn connection(&self, itinerary: &Itinerary) -> Step {
        let (Some(leg), Some(target)) = (itinerary.leg(self.stage), self.target(itinerary)) else {
            return Step::Exhausted;
        };
        let (name, server, address) = match target {
            Target::Name(name) => {
                let address = self.addresses.as_slice()[usize::from(self.address)];
                (Some(name), self.server(leg), SocketAddr::new(address, leg.ports[usize::from(self.port)]))
            }
            Target::Address(address) => (None, Server::Direct, address),
        };
        Step::Connect(Attempt { stage: self.stage, name, server, address, time_out: leg.patience.time_out })
    }

    fn target(&self, itinerary: &Itinerary) -> Option<Target> {
        let list = itinerary.list(self.list);
        let length = list.len() as u32;
        let place = match itinerary.leg(self.stage)?.tries {
            Some(_) if self.candidate < length => self.pick.place(self.candidate, length),
            _ => self.candidate,
        };
        list.get(place as usize).copied()
    }

    fn server(&self, leg: &Leg) -> Server {
        match leg.routes[usize::from(self.route)] {
            Route::Host => Server::Host,
            Route::NameServers => Server::NameServer(self.server),
            Route::Direct => Server::Direct,
        }
    }

    /// Comes to stage `self.stage`, or to a later one that has something to try.
    fn enter(&mut self, itinerary: &Itinerary, now: Moment) {
        while let Some(leg) = itinerary.leg(self.stage) {
            let list = itinerary.current(usize::from(self.stage), now);
            if let Some(list) = list.filter(|list| !itinerary.list(*list).is_empty()) {
                self.list = list;
                self.candidate = 0;
                self.route = 0;
                self.server = 0;
                if leg.tries.is_some() {
                    self.pick = Pick::new(self.random.next_u64());
                }
                if self.reachable(itinerary, leg) || self.step(itinerary, leg) {
                    self.begin(itinerary);
                    return;
                }
            }
            self.stage += 1;
        }
        self.state = State::Ended(None);
    }

    /// Begins with the candidate, route and server at hand.
    fn begin(&mut self, itinerary: &Itinerary) {
        self.attempt = 0;
        self.state = match self.target(itinerary) {
            Some(Target::Name(_)) => State::Asking,
            _ => State::Connecting,
        };
    }

    /// A further attempt at the same thing, or on to the next.
    fn retry(&mut self, itinerary: &Itinerary, now: Moment) {
        let Some(leg) = itinerary.leg(self.stage) else { return };
        let connecting = self.state == State::Connecting;
        self.attempt += 1;
        if self.attempt < leg.patience.attempts {
            let pause = leg.patience.backoff.pause(self.attempt, &mut self.random);
            self.state = State::Pausing { until: now + pause, connecting };
        } else if connecting {
            self.next_address(itinerary, now);
        } else {
            self.advance(itinerary, now);
        }
    }

    /// The next port of the address, the next address of the answer, or on along the chain.
    fn next_address(&mut self, itinerary: &Itinerary, now: Moment) {
        self.attempt = 0;
        if let (Some(leg), Some(Target::Name(_))) = (itinerary.leg(self.stage), self.target(itinerary)) {
            self.port += 1;
            if usize::from(self.port) == leg.ports.len() {
                self.port = 0;
                self.address += 1;
            }
            if usize::from(self.address) < self.addresses.as_slice().len() {
                return;
            }
        }
        self.advance(itinerary, now);
    }

    /// On to the next question or address of the stage, or to the next stage.
    fn advance(&mut self, itinerary: &Itinerary, now: Moment) {
        if let Some(leg) = itinerary.leg(self.stage)
            && self.step(itinerary, leg)
        {
            self.begin(itinerary);
            return;
        }
        self.stage += 1;
        self.enter(itinerary, now);
    }

    /// Whether the position at hand leads to anybody: the route over custom name servers may have none.
    fn reachable(&self, itinerary: &Itinerary, leg: &Leg) -> bool {
        leg.routes[usize::from(self.route)] != Route::NameServers || self.server < itinerary.servers()
    }

    /// Moves to the stage's next reachable position; false at its end.
    fn step(&mut self, itinerary: &Itinerary, leg: &Leg) -> bool {
        loop {
            let over_servers = leg.routes[usize::from(self.route)] == Route::NameServers;
            if over_servers && self.server + 1 < itinerary.servers() {
                self.server += 1;
                return true;
            }
            self.server = 0;
            let routes = leg.routes.len();
            let candidates = leg.candidates(itinerary.list(self.list).len());
            match leg.order {
                Order::PerName => {
                    self.route += 1;
                    if usize::from(self.route) == routes {
                        self.route = 0;
                        self.candidate += 1;
                    }
                }
                Order::PerRoute => {
                    self.candidate += 1;
                    if self.candidate as usize == candidates {
                        self.candidate = 0;
                        self.route += 1;
                    }
                }
            }
            if self.candidate as usize >= candidates || usize::from(self.route) >= routes {
                return false;
            }
            if self.reachable(itinerary, leg) {
                return true;
            }
        }
    }
}
