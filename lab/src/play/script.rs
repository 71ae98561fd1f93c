//! The script: one pass through the chain, written down once and followed by every bot.
//!
//! Between two changes of the world and of the candidate lists, every bot meets the same answers in the same order.
//! Only its resolver's cache makes a difference: a name that is known is answered sooner. So a [`Script`] holds the
//! steps that a [`Bot`] does against the world at hand, and a bot on its way is a position in it. Steps between two
//! *stops* take a fixed time and only have to be counted; [`Counts`] are multiplied out when a window of time is over.
//!
//! This is exact, for these reasons:
//!
//! * A cached answer stays what it is until it expires, whoever asks for it. A question that comes before then may be
//!   answered at once, even if other bots have not lived that far. Any other question waits for its turn, in the
//!   order of (moment, bot), as do sightings of subscriber lines that several bots share.
//! * Where a bot meets something else than the script says, its own [`Bot`] takes over, led there by the script's
//!   answers: when the cache holds an older answer, and when the world has changed under way.
//! * While bots would pause between two attempts, for a time that each draws by itself, or come to a list from which
//!   each picks its own names, there is no script.
//! * A call-back that may last longer than the candidate lists, or than the bot's session, is done without the script
//!   from the beginning. The bot's next session may begin before the end of such a call-back: then it matters how far
//!   the other bots are by that time, and what the cache has thrown out.

use resolver_chain::{
    Answer, Attempt, Bot, Chain, Contact, Handshake, Itinerary, Moment, Peer, Question, Server, Span, Step,
};

use super::cache::Cache;
use super::model::latency;
use super::shard::{Shard, Status, Woken};
use super::tally::Tally;
use crate::population::Machines;
use crate::scenario::{HostId, Operator};
use crate::world::{Holding, World};

/// Steps beyond which no script is written: each resolver keeps a number for each question of it.
const LONGEST: usize = 4_096;

/// One step with what comes of it.
#[derive(Clone, Debug, PartialEq)]
struct Scene {
    step: Doing,
    answer: Answer,
}

#[derive(Clone, Debug, PartialEq)]
enum Doing {
    /// A question; for one to the host's resolver, how long the resolver keeps the answer, and whether it has it from
    /// the sinkhole.
    Ask {
        question: Question,
        ttl: u32,
        at_sinkhole: bool,
    },
    Connect {
        attempt: Attempt,
        host: Option<HostId>,
    },
}

/// A position at which a bot meets what it shares with others, or the script's end.
#[derive(Clone, Copy, Debug)]
struct Stop {
    position: u32,
    /// Time to here from the end of the step at the stop before.
    lead: i64,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// A question to the resolver: the index of its name among those of the script, the time that an answer from
    /// the cache takes, and that of another.
    Resolver {
        slot: u32,
        cached: i64,
        resolved: i64,
    },
    /// A connection to a sinkhole, and the time it takes.
    Sinkhole {
        takes: i64,
    },
    End,
}

/// One pass through the chain, as the world is from `made` on.
#[derive(Debug)]
pub(super) struct Script {
    scenes: Vec<Scene>,
    contact: Option<Contact>,
    made: Moment,
    /// When a candidate list changes.
    until: Moment,
    saw_sinkhole: bool,
    stops: Vec<Stop>,
    /// For each position, the index of the next stop at or after it.
    next_stop: Vec<u32>,
    /// For each position, the time to there from the beginning, without that of the stops.
    offsets: Vec<i64>,
    /// The most time that a pass can take.
    longest: Span,
}

/// A resolver as its bots know it: its cache, and of that what agrees with the script.
#[derive(Clone, Debug, Default)]
pub(super) struct Resolver {
    pub(super) cache: Cache,
    /// By the script's slots: until when the cache is known to hold the script's answer.
    agrees_until: Vec<Moment>,
}

impl Resolver {
    /// A new script begins.
    pub(super) fn forget_script(&mut self) {
        self.agrees_until.clear();
    }

    #[inline]
    fn agrees_until(&self, slot: u32) -> Moment {
        self.agrees_until.get(slot as usize).copied().unwrap_or(Moment(i64::MIN))
    }

    fn agree(&mut self, slot: u32, until: Moment) {
        let slot = slot as usize;
        if slot >= self.agrees_until.len() {
            self.agrees_until.resize(slot + 1, Moment(i64::MIN));
        }
        self.agrees_until[slot] = until;
    }
}

/// How often the script's positions were walked in a window.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    /// Bots that came to a position, less those that left at it.
    flow: Vec<i64>,
    /// Questions that the resolver's cache could not answer.
    missed: Vec<u64>,
    /// Call-backs that ended with the script.
    ended: u64,
}

impl Counts {
    fn walked(&mut self, from: u32, to: u32) {
        self.flow[from as usize] += 1;
        self.flow[to as usize] -= 1;
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.flow.iter_mut().zip(&other.flow).for_each(|(own, other)| *own += other);
        self.missed.iter_mut().zip(&other.missed).for_each(|(own, other)| *own += other);
        self.ended += other.ended;
    }
}

/// What surrounds the bots in a window of time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window<'a> {
    pub(super) from: Moment,
    pub(super) until: Moment,
    pub(super) world: &'a World,
    pub(super) machines: &'a Machines,
    pub(super) itinerary: &'a Itinerary,
}

/// What became of a bot that was let go.
#[derive(Clone, Copy, Debug)]
pub(super) enum Went {
    /// Its next event is in the queue.
    Ahead,
    /// It goes on on its own, from this moment.
    OnItsOwn(Moment),
}

impl Script {
    /// Writes down what a bot does that begins at `now`, if that is the same for all bots.
    pub(super) fn write(
        chain: &Chain,
        handshake: Handshake,
        world: &World,
        itinerary: &Itinerary,
        now: Moment,
    ) -> Option<Self> {
        let mut bot = Bot::new(handshake, 0, 0);
        let mut scenes: Vec<Scene> = Vec::new();
        let contact = loop {
            if scenes.len() == LONGEST {
                return None;
            }
            let scene = match bot.poll(itinerary, now) {
                Step::Ask(question) => ask(world, question),
                Step::Connect(attempt) => {
                    let (address, host) = (attempt.address.ip(), world.host_at(attempt.address.ip()));
                    Scene { step: Doing::Connect { attempt, host }, answer: world.connect(address) }
                }
                Step::Found(contact) => break Some(contact),
                Step::Exhausted => break None,
                Step::Wait { .. } => return None,
            };
            let stage = &chain.stages()[usize::from(scene.stage())];
            if stage.layer.tries().is_some() {
                return None;
            }
            let timed_out = matches!(scene.answer, Answer::TimedOut | Answer::ConnectionTimedOut);
            if timed_out && stage.patience.attempts > 1 {
                return None;
            }
            bot.heard(itinerary, scene.answer, now);
            scenes.push(scene);
        };
        Some(Self::from_scenes(scenes, contact, now, itinerary.constant_until(now)))
    }

    fn from_scenes(scenes: Vec<Scene>, contact: Option<Contact>, made: Moment, until: Moment) -> Self {
        let (mut stops, mut next_stop, mut offsets) = (Vec::new(), Vec::new(), Vec::new());
        let (mut offset, mut last, mut at_stops, mut slot) = (0, 0, 0, 0);
        for (position, scene) in scenes.iter().enumerate() {
            offsets.push(offset);
            next_stop.push(stops.len() as u32);
            let kind = match scene.kind(slot) {
                Ok(kind) => kind,
                Err(takes) => {
                    offset += takes;
                    continue;
                }
            };
            at_stops += match kind {
                Kind::Resolver { cached, resolved, .. } => {
                    slot += 1;
                    cached.max(resolved)
                }
                Kind::Sinkhole { takes } => takes,
                Kind::End => 0,
            };
            stops.push(Stop { position: position as u32, lead: offset - last, kind });
            last = offset;
        }
        offsets.push(offset);
        next_stop.push(stops.len() as u32);
        stops.push(Stop { position: scenes.len() as u32, lead: offset - last, kind: Kind::End });
        let saw_sinkhole = scenes.iter().any(Scene::meets_sinkhole);
        let longest = Span(offset + at_stops);
        Self { scenes, contact, made, until, saw_sinkhole, stops, next_stop, offsets, longest }
    }

    /// Whether bots that follow `self` may as well follow `other`.
    pub(super) fn says_the_same_as(&self, other: &Self) -> bool {
        self.until == other.until && self.contact == other.contact && self.scenes == other.scenes
    }

    /// Counts of nothing yet.
    pub(super) fn counts(&self) -> Counts {
        let positions = self.scenes.len() + 1;
        Counts { flow: vec![0; positions], missed: vec![0; positions], ended: 0 }
    }

    /// Lets bot `index` do what it does at `at`, and as much after that as it can.
    #[inline]
    pub(super) fn lead(
        &self,
        shard: &mut Shard,
        resolver: &mut Resolver,
        (index, at): (u32, Moment),
        window: &Window<'_>,
        counts: &mut Counts,
        tally: &mut Tally,
    ) -> Went {
        match shard.wake(index, at, window.machines, tally) {
            Woken::Rests => Went::Ahead,
            Woken::Begins if self.serves(shard.online_until(index), at, resolver, window) => {
                self.follow(shard, resolver, (index, 0, at), window, counts, tally)
            }
            Woken::Begins => Went::OnItsOwn(at),
            Woken::OnItsWay => match shard.position(index) {
                Some(position) => self.follow(shard, resolver, (index, position, at), window, counts, tally),
                None => Went::OnItsOwn(at),
            },
        }
    }

    /// Whether a call-back that begins at `at` can follow the script.
    #[inline]
    fn serves(&self, online_until: Moment, at: Moment, resolver: &Resolver, window: &Window<'_>) -> bool {
        at >= window.from.max(resolver.cache.swept_at()) && at + self.longest < online_until.min(self.until)
    }

    /// Lets bot `index` follow the script from `position` on, where it is at `at`.
    fn follow(
        &self,
        shard: &mut Shard,
        resolver: &mut Resolver,
        (index, position, at): (u32, u32, Moment),
        window: &Window<'_>,
        counts: &mut Counts,
        tally: &mut Tally,
    ) -> Went {
        let (mut here, mut at) = (position, at);
        let first = self.next_stop[position as usize] as usize;
        let mut lead = self.offsets[self.stops[first].position as usize] - self.offsets[position as usize];
        for (number, stop) in self.stops[first..].iter().enumerate() {
            if number > 0 {
                lead = stop.lead;
            }
            let then = at + Span(lead);
            if then >= window.until {
                let (there, then) = self.first_after(here, at, window.until);
                counts.walked(position, there);
                return wait(shard, (index, there, then));
            }
            (here, at) = (stop.position, then);
            match stop.kind {
                Kind::Resolver { slot, cached, resolved } => {
                    if at < resolver.agrees_until(slot) {
                        at += Span(cached);
                    } else if shard.others_before(index, at) {
                        counts.walked(position, here);
                        return wait(shard, (index, here, at));
                    } else {
                        match self.look_up(shard, resolver, (index, here, at), slot, counts, tally) {
                            Found::Cached => at += Span(cached),
                            Found::Nothing => at += Span(resolved),
                            Found::Older => {
                                counts.walked(position, here);
                                self.let_go(shard, (index, here), window.itinerary);
                                return Went::OnItsOwn(at);
                            }
                        }
                    }
                }
                Kind::Sinkhole { takes } => {
                    if shard.shares_line(index) && shard.others_before(index, at) {
                        counts.walked(position, here);
                        return wait(shard, (index, here, at));
                    }
                    shard.sighted(index, at, window.machines, tally);
                    at += Span(takes);
                }
                Kind::End => break,
            }
            here += 1;
        }
        counts.walked(position, here);
        counts.ended += 1;
        let status = Status::of(self.contact.map(|contact| contact.peer), self.saw_sinkhole);
        shard.finish(index, at, status, window.machines);
        Went::Ahead
    }

    /// The first position from `here` on to which a bot comes no earlier than at `horizon`, and when. There is one
    /// no later than the next stop.
    fn first_after(&self, here: u32, at: Moment, horizon: Moment) -> (u32, Moment) {
        let mut there = here as usize;
        let when = |there: usize| at + Span(self.offsets[there] - self.offsets[here as usize]);
        while when(there) < horizon {
            there += 1;
        }
        (there as u32, when(there))
    }

    /// What the resolver knows of the name that bot `index` asks at `here`, its turn having come.
    fn look_up(
        &self,
        shard: &mut Shard,
        resolver: &mut Resolver,
        (index, here, at): (u32, u32, Moment),
        slot: u32,
        counts: &mut Counts,
        tally: &mut Tally,
    ) -> Found {
        let Scene { step: Doing::Ask { question, ttl, at_sinkhole }, answer } = &self.scenes[here as usize] else {
            return Found::Older;
        };
        let number = shard.resolver(index);
        match resolver.cache.held(number, question.name, at) {
            Some((held, expires)) if means_the_same(held, *answer) => {
                resolver.agree(slot, expires);
                Found::Cached
            }
            Some(_) => Found::Older,
            None => {
                let expires = resolver.cache.keep(number, question.name, *answer, *ttl, at);
                resolver.agree(slot, expires);
                counts.missed[here as usize] += 1;
                if *at_sinkhole {
                    shard.reach_sinkhole(index, tally);
                }
                Found::Nothing
            }
        }
    }

    /// Lets bot `index` go on on its own from `position`.
    fn let_go(&self, shard: &mut Shard, (index, position): (u32, u32), itinerary: &Itinerary) {
        let walked = &self.scenes[..position as usize];
        let saw_sinkhole = walked.iter().any(Scene::meets_sinkhole);
        let bot = shard.on_its_own(index, walked.last().map(Scene::stage), saw_sinkhole);
        // The moment only decides about lists, which have not changed since.
        for scene in walked {
            bot.poll(itinerary, self.made);
            bot.heard(itinerary, scene.answer, self.made);
        }
    }

    /// Lets all bots of `shard` that follow the script go on on their own.
    pub(super) fn let_all_go(&self, shard: &mut Shard, itinerary: &Itinerary) {
        for index in shard.by_script() {
            if let Some(position) = shard.position(index) {
                self.let_go(shard, (index, position), itinerary);
            }
        }
    }

    /// Adds what `counts` stand for to `tally`.
    pub(super) fn multiply_out(&self, counts: &Counts, tally: &mut Tally) {
        let (mut times, mut stage) = (0, None);
        for (position, scene) in self.scenes.iter().enumerate() {
            times += counts.flow[position];
            let came_to = (stage != Some(scene.stage())).then_some(scene.stage());
            stage = Some(scene.stage());
            if times == 0 {
                continue;
            }
            let times = times as u64;
            if let Some(stage) = came_to {
                tally.enter(stage, times);
            }
            match &scene.step {
                Doing::Ask { question, at_sinkhole, .. } => {
                    let Question { stage, name, server, .. } = *question;
                    let missed = if server == Server::Host { counts.missed[position] } else { times };
                    tally.question(stage, name, server, scene.answer, false, missed);
                    tally.question(stage, name, server, scene.answer, true, times - missed);
                    tally.sinkhole_questions += if *at_sinkhole { missed } else { 0 };
                }
                Doing::Connect { attempt, host } => {
                    tally.connection(attempt.stage, attempt.server, scene.answer, *host, times);
                    tally.sinkhole_connections += if scene.meets_sinkhole() { times } else { 0 };
                }
            }
        }
        if counts.ended > 0 {
            tally.end(self.contact.as_ref(), self.saw_sinkhole, counts.ended);
        }
    }
}

/// What a resolver finds in its cache.
#[derive(Clone, Copy, Debug)]
enum Found {
    /// The script's answer.
    Cached,
    /// Another answer, from before a change of the world.
    Older,
    /// None.
    Nothing,
}

impl Scene {
    fn stage(&self) -> u8 {
        match &self.step {
            Doing::Ask { question, .. } => question.stage,
            Doing::Connect { attempt, .. } => attempt.stage,
        }
    }

    fn meets_sinkhole(&self) -> bool {
        self.answer == Answer::Connected(Peer::Sinkhole)
    }

    /// What kind of stop this is; if it is none, the time that it takes.
    fn kind(&self, slot: u32) -> Result<Kind, i64> {
        match &self.step {
            Doing::Ask { question, .. } => {
                let takes = |from_cache| latency(question.server, self.answer, from_cache, question.time_out).0;
                if question.server == Server::Host {
                    Ok(Kind::Resolver { slot, cached: takes(true), resolved: takes(false) })
                } else {
                    Err(takes(false))
                }
            }
            Doing::Connect { attempt, .. } => {
                let takes = latency(attempt.server, self.answer, false, attempt.time_out).0;
                if self.meets_sinkhole() { Ok(Kind::Sinkhole { takes }) } else { Err(takes) }
            }
        }
    }
}

fn ask(world: &World, question: Question) -> Scene {
    let (answer, ttl) = match question.server {
        Server::Host => world.public(question.name),
        Server::NameServer(index) => (world.private(index, question.name), 0),
        Server::Direct => (Answer::TimedOut, 0),
    };
    let at_sinkhole = question.server == Server::Host
        && matches!(world.names.holding(question.name), Holding::Held { operator: Operator::Sinkhole, .. });
    Scene { step: Doing::Ask { question, ttl, at_sinkhole }, answer }
}

/// Whether a bot does the same after either answer: it keeps nothing of the time to live.
fn means_the_same(one: Answer, other: Answer) -> bool {
    match (one, other) {
        (Answer::Addresses { addresses, .. }, Answer::Addresses { addresses: others, .. }) => addresses == others,
        _ => one == other,
    }
}

/// Comes back to bot `index` at `position` when its turn has come.
fn wait(shard: &mut Shard, (index, position, at): (u32, u32, Moment)) -> Went {
    shard.set_position(index, position);
    shard.later(index, at);
    Went::Ahead
}
