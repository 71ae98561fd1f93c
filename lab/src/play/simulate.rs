//! The simulation: every resolver with its bots by itself, on all cores, from one change of the world to the next.

use rayon::prelude::*;
use resolver_chain::{Itinerary, Moment, Server};

use super::cache::Cache;
use super::director::Director;
use super::shard::{Shard, Turn};
use super::tally::Tally;
use super::{Options, Play, PlayError, Progress, model, summarise};
use crate::population::Machines;
use crate::scenario::Scenario;
use crate::world::World;

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
    let mut caches = vec![Cache::default(); shards.len()];
    let mut director = Director::new(scenario, &shards)?;
    let length = (scenario.end - scenario.start).0.max(1) as f64;
    while !director.over() {
        let until = director.until();
        let (world, itinerary) = (&director.world, &director.itinerary);
        let window = shards
            .par_iter_mut()
            .zip(caches.par_iter_mut())
            .fold(Tally::default, |mut tally, (shard, cache)| {
                live_through(shard, cache, until, world, &machines, itinerary, &mut tally);
                tally
            })
            .reduce(Tally::default, |mut sum, tally| {
                sum.add(&tally);
                sum
            });
        director.close(&window, &shards)?;
        progress.at((director.now - scenario.start).0 as f64 / length, director.total.call_backs);
    }
    let outcome = summarise(&director, &machines);
    let mut trace: Vec<_> = shards.into_iter().flat_map(Shard::into_trace).collect();
    trace.sort_by_key(|line| line.bot);
    Ok(Play { outcome, trace })
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

/// Lets a shard live until `until`.
fn live_through(
    shard: &mut Shard,
    cache: &mut Cache,
    until: Moment,
    world: &World,
    machines: &Machines,
    itinerary: &Itinerary,
    tally: &mut Tally,
) {
    while let Some((index, mut at)) = shard.due(until) {
        loop {
            match shard.turn(index, at, machines, itinerary, tally) {
                Turn::Rest => break,
                // What other bots do earlier must come first where they share something: the resolver's cache, or the
                // line whose addresses the sinkhole counts.
                Turn::Ask(question) if question.server == Server::Host && shard.others_before(index, at) => {
                    shard.later(index, at);
                    break;
                }
                Turn::Connect(_) if shard.shares_line(index) && shard.others_before(index, at) => {
                    shard.later(index, at);
                    break;
                }
                Turn::Ask(question) => {
                    let heard = model::ask(world, cache, shard.resolver(index), &question, at);
                    at = shard.answered(index, &question, &heard, at, itinerary, tally);
                }
                Turn::Connect(attempt) => {
                    let heard = model::connect(world, &attempt);
                    let host = world.host_at(attempt.address.ip());
                    at = shard.connected(index, &attempt, &heard, host, at, machines, itinerary, tally);
                }
            }
            if at >= until {
                shard.later(index, at);
                break;
            }
        }
    }
}
