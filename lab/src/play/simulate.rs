//! The simulation: every resolver with its bots by itself, on all cores, from one change of the world to the next.

use rayon::prelude::*;
use resolver_chain::{Moment, Server};

use super::director::Director;
use super::script::{Counts, Resolver, Script, Went, Window};
use super::shard::{Shard, Turn};
use super::tally::Tally;
use super::{Options, Play, PlayError, Progress, model, summarise};
use crate::population::Machines;
use crate::scenario::Scenario;

/// Plays `scenario` in virtual time. The outcome is the same for any number of threads.
///
/// # Errors
///
/// A layer of the chain has nothing to say about a moment of the play, or the threads cannot be started.
pub fn simulate(
    scenario: &Scenario,
    options: &Options,
    progress: &mut (dyn Progress + Send),
) -> Result<Play, PlayError> {
    let threads = options.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| PlayError::Threads { threads, reason: error.to_string() })?;
    pool.install(|| play(scenario, options, progress))
}

fn play(scenario: &Scenario, options: &Options, progress: &mut (dyn Progress + Send)) -> Result<Play, PlayError> {
    let machines = Machines::new(scenario, options.bots.unwrap_or(scenario.bots.count));
    let mut shards = shards(scenario, &machines, options.trace);
    let mut resolvers = vec![Resolver::default(); shards.len()];
    let mut director = Director::new(scenario, &shards)?;
    // What is recorded step by step is done step by step.
    let mut script = None;
    let length = (scenario.end - scenario.start).0.max(1) as f64;
    while !director.over() {
        if !options.trace {
            rewrite(&mut script, &mut shards, &mut resolvers, &director);
        }
        let window = Window {
            from: director.now,
            until: director.until(),
            world: &director.world,
            machines: &machines,
            itinerary: &director.itinerary,
        };
        let Harvest { mut tally, counts } = shards
            .par_iter_mut()
            .zip(resolvers.par_iter_mut())
            .fold(
                || Harvest::new(script.as_ref()),
                |mut harvest, (shard, resolver)| {
                    live_through(shard, resolver, &window, script.as_ref(), &mut harvest);
                    harvest
                },
            )
            .reduce(|| Harvest::new(script.as_ref()), Harvest::with);
        if let (Some(script), Some(counts)) = (&script, &counts) {
            script.multiply_out(counts, &mut tally);
        }
        director.close(&tally, &shards)?;
        progress.at((director.now - scenario.start).0 as f64 / length, director.total.call_backs);
    }
    let outcome = summarise(&director, &machines);
    let mut trace: Vec<_> = shards.into_iter().flat_map(Shard::into_trace).collect();
    trace.sort_by_key(|line| line.bot);
    Ok(Play { outcome, trace })
}

/// What bots did in a window: what was counted one by one, and what the script stands for.
struct Harvest {
    tally: Tally,
    counts: Option<Counts>,
}

impl Harvest {
    fn new(script: Option<&Script>) -> Self {
        Self { tally: Tally::default(), counts: script.map(Script::counts) }
    }

    fn with(mut self, other: Self) -> Self {
        self.tally.add(&other.tally);
        if let (Some(own), Some(others)) = (&mut self.counts, other.counts) {
            own.add(&others);
        }
        self
    }
}

/// Writes a new script if the world or a list is no longer what it was.
fn rewrite(script: &mut Option<Script>, shards: &mut [Shard], resolvers: &mut [Resolver], director: &Director<'_>) {
    let Director { scenario, world, itinerary, now, .. } = director;
    let new = Script::write(&scenario.chain, scenario.bots.handshake, world, itinerary, *now);
    if let Some(old) = script {
        if new.as_ref().is_some_and(|new| old.says_the_same_as(new)) {
            return;
        }
        shards.par_iter_mut().for_each(|shard| old.let_all_go(shard, itinerary));
        resolvers.iter_mut().for_each(Resolver::forget_script);
    }
    *script = new;
}

/// One shard a resolver, the largest first.
fn shards(scenario: &Scenario, machines: &Machines, trace: bool) -> Vec<Shard> {
    let mut numbers = vec![Vec::new(); scenario.bots.resolvers as usize];
    for number in 0..machines.total() {
        numbers[machines.resolver(number) as usize].push(number);
    }
    numbers.retain(|numbers| !numbers.is_empty());
    numbers.sort_by_key(|numbers| std::cmp::Reverse(numbers.len()));
    let handshake = scenario.bots.handshake;
    numbers.par_iter().map(|numbers| Shard::new(machines, numbers, handshake, trace)).collect()
}

/// Lets a shard live through a window.
fn live_through(
    shard: &mut Shard,
    resolver: &mut Resolver,
    window: &Window<'_>,
    script: Option<&Script>,
    harvest: &mut Harvest,
) {
    let Harvest { tally, counts } = harvest;
    while let Some((index, mut at)) = shard.due(window.until) {
        if let (Some(script), Some(counts)) = (script, counts.as_mut()) {
            match script.lead(shard, resolver, (index, at), window, counts, tally) {
                Went::Ahead => continue,
                Went::OnItsOwn(from) => at = from,
            }
        }
        go_on_its_own(shard, resolver, (index, at), window, tally);
    }
}

/// Lets bot `index` walk from `at` until it has to wait.
fn go_on_its_own(
    shard: &mut Shard,
    resolver: &mut Resolver,
    (index, mut at): (u32, Moment),
    window: &Window<'_>,
    tally: &mut Tally,
) {
    let Window { until, world, machines, itinerary, .. } = *window;
    loop {
        match shard.turn(index, at, machines, itinerary, tally) {
            Turn::Rest => return,
            // What other bots do earlier must come first where they share something: the resolver's cache, or the
            // line whose addresses the sinkhole counts.
            Turn::Ask(question) if question.server == Server::Host && shard.others_before(index, at) => {
                return shard.later(index, at);
            }
            Turn::Connect(_) if shard.shares_line(index) && shard.others_before(index, at) => {
                return shard.later(index, at);
            }
            Turn::Ask(question) => {
                let heard = model::ask(world, &mut resolver.cache, shard.resolver(index), &question, at);
                at = shard.answered(index, &question, &heard, at, itinerary, tally);
            }
            Turn::Connect(attempt) => {
                let heard = model::connect(world, &attempt);
                let host = world.host_at(attempt.address.ip());
                at = shard.connected(index, &attempt, &heard, host, at, machines, itinerary, tally);
            }
        }
        if at >= until {
            return shard.later(index, at);
        }
    }
}
