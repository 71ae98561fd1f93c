//! A part of the population with its own queue of events: the bots of one resolver in a simulation, all of them in
//! a live run.
//!
//! Bots meet only in their resolver's cache, so shards of different resolvers never have to wait for each other
//! between two changes of the world. Within a shard events are taken strictly by (time, bot).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use resolver_chain::{Answer, Attempt, Bot, Contact, Handshake, Itinerary, Moment, Peer, Question, Step};
use rustc_hash::{FxHashMap, FxHashSet};

use super::lines::{Line, Seen};
use super::model::Heard;
use super::tally::Tally;
use super::trace::{TraceLine, Traced};
use crate::population::{Machines, Session};
use crate::scenario::HostId;

/// Where an online bot's last call-back ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Waiting,
    Herder,
    Held,
    Counted,
    Stranded,
    Stranger,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Not infected before its next event.
    Clean,
    /// Infected, switched off until its next event.
    Offline,
    /// Online, at rest until its next event.
    Idle,
    /// On its way through the chain.
    Calling,
    /// Cleaned at its next event.
    Leaving,
}

#[derive(Clone, Debug)]
struct Record {
    bot: Bot,
    number: u32,
    resolver: u32,
    line: u32,
    calls: u32,
    phase: Phase,
    status: Status,
    saw_sinkhole: bool,
    stage: u8,
    online_until: Moment,
    cleaned: Moment,
    seen: Seen,
}

/// What a bot needs from the world before its time can go on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Turn {
    /// An answer to a question.
    Ask(Question),
    /// The outcome of a connection attempt.
    Connect(Attempt),
    /// Nothing: its next event is in the queue.
    Rest,
}

const NO_STAGE: u8 = u8::MAX;

/// A part of the population.
#[derive(Debug)]
pub(crate) struct Shard {
    records: Vec<Record>,
    lines: Vec<Line>,
    queue: BinaryHeap<Reverse<(Moment, u32)>>,
    online: [u64; 6],
    infected: u64,
    resolvers_seen: FxHashSet<u32>,
    trace: Option<Vec<TraceLine>>,
}

impl Shard {
    /// The bots with these numbers (in rising order), before the play begins.
    pub(crate) fn new(machines: &Machines, numbers: &[u32], handshake: Handshake, trace: bool) -> Self {
        let mut shard = Self {
            records: Vec::with_capacity(numbers.len()),
            lines: Vec::new(),
            queue: BinaryHeap::with_capacity(numbers.len()),
            online: [0; 6],
            infected: 0,
            resolvers_seen: FxHashSet::default(),
            trace: trace.then(Vec::new),
        };
        let mut lines = FxHashMap::default();
        for &number in numbers {
            let key = machines.line(number);
            let line = *lines.entry(key).or_insert_with(|| {
                shard.lines.push(Line { key, seen: Seen::default() });
                shard.lines.len() as u32 - 1
            });
            let mut record = Record {
                bot: Bot::new(handshake, machines.seed(number), number.into()),
                number,
                resolver: machines.resolver(number),
                line,
                calls: 0,
                phase: Phase::Clean,
                status: Status::Waiting,
                saw_sinkhole: false,
                stage: NO_STAGE,
                online_until: Moment::NEVER,
                cleaned: machines.cleaned(number),
                seen: Seen::default(),
            };
            let infected = machines.infected(number);
            let next = if number < machines.at_start() {
                shard.infected += 1;
                let session = machines.session(number, infected);
                if session.from <= infected {
                    record.phase = Phase::Idle;
                    record.online_until = session.until.min(record.cleaned);
                    shard.online[Status::Waiting as usize] += 1;
                    machines.first_call_back(number).min(record.online_until)
                } else {
                    sleep(&mut record, session)
                }
            } else {
                infected
            };
            let index = shard.records.len() as u32;
            shard.records.push(record);
            shard.queue.push(Reverse((next, index)));
        }
        shard
    }

    /// Takes the earliest event before `before`: whose it is, and when.
    pub(crate) fn due(&mut self, before: Moment) -> Option<(u32, Moment)> {
        let Reverse((at, _)) = self.queue.peek()?;
        if *at >= before {
            return None;
        }
        self.queue.pop().map(|Reverse((at, index))| (index, at))
    }

    /// Whether an event of another bot comes before `(at, index)`.
    pub(crate) fn others_before(&self, index: u32, at: Moment) -> bool {
        self.queue.peek().is_some_and(|Reverse(first)| *first < (at, index))
    }

    /// Comes back to bot `index` at `at`.
    pub(crate) fn later(&mut self, index: u32, at: Moment) {
        self.queue.push(Reverse((at, index)));
    }

    /// The resolver that serves bot `index`.
    pub(crate) fn resolver(&self, index: u32) -> u32 {
        self.records[index as usize].resolver
    }

    /// Whether bot `index` stands with others behind one public address.
    pub(crate) fn shares_line(&self, index: u32) -> bool {
        self.lines[self.records[index as usize].line as usize].key & 1 == 1
    }

    /// The number of the subscriber line of bot `index`, and of its lease at `at`: together its public address.
    pub(crate) fn address(&self, machines: &Machines, index: u32, at: Moment) -> (u64, i64) {
        let key = self.lines[self.records[index as usize].line as usize].key;
        (key, machines.lease(key, at))
    }

    /// Infected bots, and bots online by the end of their last call-back.
    pub(crate) fn census(&self) -> (u64, [u64; 6]) {
        (self.infected, self.online)
    }

    /// What was recorded, if it was asked for.
    pub(crate) fn into_trace(self) -> Vec<TraceLine> {
        self.trace.unwrap_or_default()
    }

    /// Lets bot `index` do what it does at `at`.
    #[inline]
    pub(crate) fn turn(
        &mut self,
        index: u32,
        at: Moment,
        machines: &Machines,
        itinerary: &Itinerary,
        tally: &mut Tally,
    ) -> Turn {
        let record = &mut self.records[index as usize];
        match record.phase {
            Phase::Calling => {}
            Phase::Clean => {
                self.infected += 1;
                tally.joined += 1;
                let session = machines.session(record.number, at);
                let next = sleep(record, session).max(at);
                self.queue.push(Reverse((next, index)));
                return Turn::Rest;
            }
            Phase::Leaving => {
                self.infected -= 1;
                tally.left += 1;
                return Turn::Rest;
            }
            Phase::Offline => {
                let session = machines.session(record.number, at);
                record.online_until = session.until.min(record.cleaned);
                record.status = Status::Waiting;
                self.online[Status::Waiting as usize] += 1;
                begin(record);
            }
            Phase::Idle if at >= record.online_until => {
                self.switch_off(index, at, machines);
                return Turn::Rest;
            }
            Phase::Idle => begin(record),
        }
        let record = &mut self.records[index as usize];
        match record.bot.poll(itinerary, at) {
            Step::Ask(question) => {
                enter(record, question.stage, tally);
                Turn::Ask(question)
            }
            Step::Connect(attempt) => {
                enter(record, attempt.stage, tally);
                Turn::Connect(attempt)
            }
            Step::Wait { until } => {
                self.queue.push(Reverse((until, index)));
                Turn::Rest
            }
            Step::Found(contact) => {
                self.finish(index, at, Some(&contact), machines, tally);
                Turn::Rest
            }
            Step::Exhausted => {
                self.finish(index, at, None, machines, tally);
                Turn::Rest
            }
        }
    }

    /// Tells bot `index` the answer to what it asked at `at`; returns when it has heard it.
    #[inline]
    pub(crate) fn answered(
        &mut self,
        index: u32,
        question: &Question,
        heard: &Heard,
        at: Moment,
        itinerary: &Itinerary,
        tally: &mut Tally,
    ) -> Moment {
        tally.question(question.stage, question.name, question.server, heard.answer, heard.from_cache);
        let record = &mut self.records[index as usize];
        if heard.at_sinkhole {
            tally.sinkhole_questions += 1;
            tally.sinkhole_resolvers += u64::from(self.resolvers_seen.insert(record.resolver));
        }
        if let Some(trace) = &mut self.trace {
            let server = question.server;
            let step = Traced::Question {
                layer: question.stage,
                name: itinerary.name(question.name).to_string(),
                route: server.route(),
                server: if let resolver_chain::Server::NameServer(index) = server { Some(index) } else { None },
                answer: heard.answer,
            };
            trace.push(TraceLine { bot: record.number, at, step });
        }
        let then = at + heard.after;
        record.bot.heard(itinerary, heard.answer, then);
        then
    }

    /// Tells bot `index` what came of the connection it tried at `at`; returns when it knows.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "the world's parts are borrowed one by one")]
    pub(crate) fn connected(
        &mut self,
        index: u32,
        attempt: &Attempt,
        heard: &Heard,
        host: Option<HostId>,
        at: Moment,
        machines: &Machines,
        itinerary: &Itinerary,
        tally: &mut Tally,
    ) -> Moment {
        tally.connection(attempt.stage, attempt.server, heard.answer, host);
        let record = &mut self.records[index as usize];
        let then = at + heard.after;
        if heard.answer == Answer::Connected(Peer::Sinkhole) {
            record.saw_sinkhole = true;
            tally.sinkhole_connections += 1;
            // The sinkhole sees the connection when it is made.
            let line = &mut self.lines[record.line as usize];
            let lease = machines.lease(line.key, at);
            let address = line.seen.note(at, lease);
            let bot = record.seen.note(at, 0);
            for (counters, news) in [(&mut tally.sinkhole_addresses, address), (&mut tally.sinkhole_bots, bot)] {
                counters[0] += u64::from(news.this_hour);
                counters[1] += u64::from(news.today);
                counters[2] += u64::from(news.ever);
            }
        }
        if let Some(trace) = &mut self.trace {
            let step = Traced::Connection {
                layer: attempt.stage,
                name: attempt.name.map(|name| itinerary.name(name).to_string()),
                address: attempt.address.to_string(),
                route: attempt.server.route(),
                answer: heard.answer,
            };
            trace.push(TraceLine { bot: record.number, at, step });
        }
        record.bot.heard(itinerary, heard.answer, then);
        then
    }

    fn finish(&mut self, index: u32, at: Moment, contact: Option<&Contact>, machines: &Machines, tally: &mut Tally) {
        let record = &mut self.records[index as usize];
        tally.end(contact, record.saw_sinkhole);
        let status = match contact.map(|contact| contact.peer) {
            Some(Peer::Herder) => Status::Herder,
            Some(Peer::Sinkhole) => Status::Held,
            Some(Peer::Stranger) => Status::Stranger,
            None if record.saw_sinkhole => Status::Counted,
            None => Status::Stranded,
        };
        self.online[record.status as usize] -= 1;
        self.online[status as usize] += 1;
        record.status = status;
        if let Some(trace) = &mut self.trace {
            let step = Traced::Contact { peer: contact.map(|contact| contact.peer) };
            trace.push(TraceLine { bot: record.number, at, step });
        }
        record.phase = Phase::Idle;
        let next = at + machines.interval(record.number, record.calls);
        record.calls += 1;
        let next = next.min(record.online_until);
        if next <= at {
            self.switch_off(index, at, machines);
        } else {
            self.queue.push(Reverse((next, index)));
        }
    }

    fn switch_off(&mut self, index: u32, at: Moment, machines: &Machines) {
        let record = &mut self.records[index as usize];
        self.online[record.status as usize] -= 1;
        let next = if at >= record.cleaned {
            record.phase = Phase::Leaving;
            at
        } else {
            sleep(record, machines.session(record.number, at))
        };
        self.queue.push(Reverse((next, index)));
    }
}

/// Switches a bot off until `session` begins, or until it is cleaned before that; returns when.
fn sleep(record: &mut Record, session: Session) -> Moment {
    if session.from >= record.cleaned {
        record.phase = Phase::Leaving;
        record.cleaned
    } else {
        record.phase = Phase::Offline;
        session.from
    }
}

fn begin(record: &mut Record) {
    record.phase = Phase::Calling;
    record.saw_sinkhole = false;
    record.stage = NO_STAGE;
}

#[inline]
fn enter(record: &mut Record, stage: u8, tally: &mut Tally) {
    if record.stage != stage {
        record.stage = stage;
        tally.enter(stage);
    }
}
