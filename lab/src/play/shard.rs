//! A part of the population with its own queue of events: the bots of one resolver in a simulation, all of them in
//! a live run.
//!
//! Bots meet only in their resolver's cache, so shards of different resolvers never have to wait for each other
//! between two changes of the world. Within a shard events are taken strictly by (time, bot).

use std::hint::black_box;

use resolver_chain::{Answer, Attempt, Bot, Contact, Handshake, Itinerary, Moment, Peer, Question, Step};
use rustc_hash::{FxHashMap, FxHashSet};

use super::lines::{Line, Seen};
use super::model::Heard;
use super::queue::Queue;
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

/// What every event of a bot needs. What only some need stands apart, so that these stay close together in memory.
#[derive(Clone, Debug)]
struct Record {
    number: u32,
    line: u32,
    calls: u32,
    /// Where in the script it is; [`ON_ITS_OWN`] while its [`Bot`] walks the chain.
    position: u32,
    phase: Phase,
    status: Status,
    saw_sinkhole: bool,
    stage: u8,
    online_until: Moment,
    seen: Seen,
}

/// What only bots that walk the chain on their own need.
#[derive(Clone, Debug)]
struct Walker {
    bot: Bot,
    resolver: u32,
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

/// Where a bot is when its time has come.
#[derive(Clone, Copy, Debug)]
pub(super) enum Woken {
    /// At the beginning of a call-back.
    Begins,
    /// On its way through the chain.
    OnItsWay,
    /// Not on its way: its next event is in the queue.
    Rests,
}

/// For how many events to come memory is read at once.
const AHEAD: usize = 16;

const NO_STAGE: u8 = u8::MAX;
const ON_ITS_OWN: u32 = u32::MAX;

/// A part of the population.
#[derive(Debug)]
pub(crate) struct Shard {
    records: Vec<Record>,
    cleaned: Vec<Moment>,
    walkers: Vec<Walker>,
    lines: Vec<Line>,
    queue: Queue,
    /// Events for which memory has been read ahead.
    fetched: usize,
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
            cleaned: Vec::with_capacity(numbers.len()),
            walkers: Vec::with_capacity(numbers.len()),
            lines: Vec::new(),
            queue: Queue::new(machines.start()),
            fetched: 0,
            online: [0; 6],
            infected: 0,
            resolvers_seen: FxHashSet::default(),
            trace: trace.then(Vec::new),
        };
        let mut lines = FxHashMap::default();
        for &number in numbers {
            let key = machines.line(number);
            let line = *lines.entry(key).or_insert_with(|| {
                shard.lines.push(Line::new(key));
                shard.lines.len() as u32 - 1
            });
            let mut record = Record {
                number,
                line,
                calls: 0,
                position: ON_ITS_OWN,
                phase: Phase::Clean,
                status: Status::Waiting,
                saw_sinkhole: false,
                stage: NO_STAGE,
                online_until: Moment::NEVER,
                seen: Seen::default(),
            };
            let cleaned = machines.cleaned(number);
            let bot = Bot::new(handshake, machines.seed(number), number.into());
            let infected = machines.infected(number);
            let next = if number < machines.at_start() {
                shard.infected += 1;
                let session = machines.session(number, infected);
                if session.from <= infected {
                    record.phase = Phase::Idle;
                    record.online_until = session.until.min(cleaned);
                    shard.online[Status::Waiting as usize] += 1;
                    machines.first_call_back(number).min(record.online_until)
                } else {
                    sleep(&mut record, session, cleaned)
                }
            } else {
                infected
            };
            let index = shard.records.len() as u32;
            shard.records.push(record);
            shard.cleaned.push(cleaned);
            shard.walkers.push(Walker { bot, resolver: machines.resolver(number) });
            shard.queue.add(next, index);
        }
        shard
    }

    /// Takes the earliest event before `before`: whose it is, and when.
    #[inline]
    pub(crate) fn due(&mut self, before: Moment) -> Option<(u32, Moment)> {
        self.fetch_ahead();
        self.queue.take(before).map(|(at, index)| (index, at))
    }

    /// Now and then reads what the next bots will need. Read one after the other when each bot's turn comes, they
    /// would be waited for one by one, which in a large shard takes more time than all else.
    #[inline]
    fn fetch_ahead(&mut self) {
        if self.fetched > 0 {
            self.fetched -= 1;
            return;
        }
        self.fetched = AHEAD;
        for index in self.queue.upcoming(AHEAD) {
            black_box(self.records[index as usize].phase);
        }
        for index in self.queue.upcoming(AHEAD) {
            black_box(self.lines[self.records[index as usize].line as usize].key);
        }
    }

    /// Whether an event of another bot comes before `(at, index)`.
    #[inline]
    pub(crate) fn others_before(&self, index: u32, at: Moment) -> bool {
        self.queue.first().is_some_and(|first| first < (at, index))
    }

    /// Comes back to bot `index` at `at`.
    #[inline]
    pub(crate) fn later(&mut self, index: u32, at: Moment) {
        self.queue.add(at, index);
    }

    /// The resolver that serves bot `index`.
    pub(crate) fn resolver(&self, index: u32) -> u32 {
        self.walkers[index as usize].resolver
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
        match self.wake(index, at, machines, tally) {
            Woken::Rests => Turn::Rest,
            Woken::Begins | Woken::OnItsWay => self.step(index, at, machines, itinerary, tally),
        }
    }

    /// Carries out what happens to bot `index` as a machine at `at`.
    #[inline]
    pub(super) fn wake(&mut self, index: u32, at: Moment, machines: &Machines, tally: &mut Tally) -> Woken {
        let record = &mut self.records[index as usize];
        match record.phase {
            Phase::Calling => return Woken::OnItsWay,
            Phase::Clean => {
                self.infected += 1;
                tally.joined += 1;
                let session = machines.session(record.number, at);
                let next = sleep(record, session, self.cleaned[index as usize]).max(at);
                self.queue.add(next, index);
                return Woken::Rests;
            }
            Phase::Leaving => {
                self.infected -= 1;
                tally.left += 1;
                return Woken::Rests;
            }
            Phase::Offline => {
                let session = machines.session(record.number, at);
                record.online_until = session.until.min(self.cleaned[index as usize]);
                record.status = Status::Waiting;
                self.online[Status::Waiting as usize] += 1;
            }
            Phase::Idle if at >= record.online_until => {
                self.switch_off(index, at, machines);
                return Woken::Rests;
            }
            Phase::Idle => {}
        }
        record.phase = Phase::Calling;
        record.position = ON_ITS_OWN;
        record.saw_sinkhole = false;
        record.stage = NO_STAGE;
        Woken::Begins
    }

    /// Lets the [`Bot`] of bot `index` do its next step.
    #[inline]
    fn step(&mut self, index: u32, at: Moment, machines: &Machines, itinerary: &Itinerary, tally: &mut Tally) -> Turn {
        let record = &mut self.records[index as usize];
        match self.walkers[index as usize].bot.poll(itinerary, at) {
            Step::Ask(question) => {
                enter(record, question.stage, tally);
                Turn::Ask(question)
            }
            Step::Connect(attempt) => {
                enter(record, attempt.stage, tally);
                Turn::Connect(attempt)
            }
            Step::Wait { until } => {
                self.queue.add(until, index);
                Turn::Rest
            }
            Step::Found(contact) => {
                self.finish_on_its_own(index, at, Some(&contact), machines, tally);
                Turn::Rest
            }
            Step::Exhausted => {
                self.finish_on_its_own(index, at, None, machines, tally);
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
        tally.question(question.stage, question.name, question.server, heard.answer, heard.from_cache, 1);
        if heard.at_sinkhole {
            tally.sinkhole_questions += 1;
            self.reach_sinkhole(index, tally);
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
            trace.push(TraceLine { bot: self.records[index as usize].number, at, step });
        }
        let then = at + heard.after;
        self.walkers[index as usize].bot.heard(itinerary, heard.answer, then);
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
        tally.connection(attempt.stage, attempt.server, heard.answer, host, 1);
        if heard.answer == Answer::Connected(Peer::Sinkhole) {
            self.records[index as usize].saw_sinkhole = true;
            tally.sinkhole_connections += 1;
            // The sinkhole sees the connection when it is made.
            self.sighted(index, at, machines, tally);
        }
        if let Some(trace) = &mut self.trace {
            let step = Traced::Connection {
                layer: attempt.stage,
                name: attempt.name.map(|name| itinerary.name(name).to_string()),
                address: attempt.address.to_string(),
                route: attempt.server.route(),
                answer: heard.answer,
            };
            trace.push(TraceLine { bot: self.records[index as usize].number, at, step });
        }
        let then = at + heard.after;
        self.walkers[index as usize].bot.heard(itinerary, heard.answer, then);
        then
    }

    /// The resolver of bot `index` asks the sinkhole's DNS.
    pub(super) fn reach_sinkhole(&mut self, index: u32, tally: &mut Tally) {
        let resolver = self.walkers[index as usize].resolver;
        tally.sinkhole_resolvers += u64::from(self.resolvers_seen.insert(resolver));
    }

    /// The sinkhole sees bot `index` with its public address.
    #[inline]
    pub(super) fn sighted(&mut self, index: u32, at: Moment, machines: &Machines, tally: &mut Tally) {
        let record = &mut self.records[index as usize];
        let line = &mut self.lines[record.line as usize];
        let lease = machines.lease(line.key, at);
        let address = line.note(at, lease);
        let bot = record.seen.note(at);
        for (counters, news) in [(&mut tally.sinkhole_addresses, address), (&mut tally.sinkhole_bots, bot)] {
            counters[0] += u64::from(news.this_hour);
            counters[1] += u64::from(news.today);
            counters[2] += u64::from(news.ever);
        }
    }

    fn finish_on_its_own(
        &mut self,
        index: u32,
        at: Moment,
        contact: Option<&Contact>,
        machines: &Machines,
        tally: &mut Tally,
    ) {
        let record = &self.records[index as usize];
        let peer = contact.map(|contact| contact.peer);
        tally.end(contact, record.saw_sinkhole, 1);
        if let Some(trace) = &mut self.trace {
            trace.push(TraceLine { bot: record.number, at, step: Traced::Contact { peer } });
        }
        self.finish(index, at, Status::of(peer, record.saw_sinkhole), machines);
    }

    /// Ends the call-back of bot `index`.
    #[inline]
    pub(super) fn finish(&mut self, index: u32, at: Moment, status: Status, machines: &Machines) {
        let record = &mut self.records[index as usize];
        self.online[record.status as usize] -= 1;
        self.online[status as usize] += 1;
        record.status = status;
        record.phase = Phase::Idle;
        let next = at + machines.interval(record.number, record.calls);
        record.calls += 1;
        let next = next.min(record.online_until);
        if next <= at {
            self.switch_off(index, at, machines);
        } else {
            self.queue.add(next, index);
        }
    }

    fn switch_off(&mut self, index: u32, at: Moment, machines: &Machines) {
        let record = &mut self.records[index as usize];
        let cleaned = self.cleaned[index as usize];
        self.online[record.status as usize] -= 1;
        let next = if at >= cleaned {
            record.phase = Phase::Leaving;
            at
        } else {
            // A call-back may outlast its session and reach into the next.
            sleep(record, machines.session(record.number, at), cleaned).max(at)
        };
        self.queue.add(next, index);
    }

    /// When bot `index` goes offline at the latest.
    #[inline]
    pub(super) fn online_until(&self, index: u32) -> Moment {
        self.records[index as usize].online_until
    }

    /// Where in the script bot `index` is; `None` while it walks on its own.
    #[inline]
    pub(super) fn position(&self, index: u32) -> Option<u32> {
        let position = self.records[index as usize].position;
        (position != ON_ITS_OWN).then_some(position)
    }

    /// Puts bot `index` into the script.
    #[inline]
    pub(super) fn set_position(&mut self, index: u32, position: u32) {
        self.records[index as usize].position = position;
    }

    /// The bots that are on their way by the script.
    pub(super) fn by_script(&self) -> Vec<u32> {
        let by_script = |record: &Record| record.phase == Phase::Calling && record.position != ON_ITS_OWN;
        let records = self.records.iter().enumerate();
        records.filter(|(_, record)| by_script(record)).map(|(index, _)| index as u32).collect()
    }

    /// Takes bot `index` out of the script: it goes on on its own, having come to stage `stage` and perhaps by a
    /// sinkhole. The caller leads the [`Bot`] there.
    pub(super) fn on_its_own(&mut self, index: u32, stage: Option<u8>, saw_sinkhole: bool) -> &mut Bot {
        let record = &mut self.records[index as usize];
        record.position = ON_ITS_OWN;
        record.stage = stage.unwrap_or(NO_STAGE);
        record.saw_sinkhole = saw_sinkhole;
        &mut self.walkers[index as usize].bot
    }
}

impl Status {
    /// The status after a call-back that ended at `peer`.
    pub(super) fn of(peer: Option<Peer>, saw_sinkhole: bool) -> Self {
        match peer {
            Some(Peer::Herder) => Self::Herder,
            Some(Peer::Sinkhole) => Self::Held,
            Some(Peer::Stranger) => Self::Stranger,
            None if saw_sinkhole => Self::Counted,
            None => Self::Stranded,
        }
    }
}

/// Switches a bot off until `session` begins, or until it is cleaned before that; returns when.
fn sleep(record: &mut Record, session: Session, cleaned: Moment) -> Moment {
    if session.from >= cleaned {
        record.phase = Phase::Leaving;
        cleaned
    } else {
        record.phase = Phase::Offline;
        session.from
    }
}

#[inline]
fn enter(record: &mut Record, stage: u8, tally: &mut Tally) {
    if record.stage != stage {
        record.stage = stage;
        tally.enter(stage, 1);
    }
}
