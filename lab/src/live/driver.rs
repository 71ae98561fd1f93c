//! The play's loop over real sockets: one shard with all bots, one step at a time, strictly by (time, bot).

use super::LiveError;
use super::layout::PublicAddresses;
use super::net::{Actor, Net};
use crate::play::{Director, Options, Play, Progress, Shard, Tally, Turn, summarise};
use crate::population::Machines;
use crate::scenario::Scenario;

pub(super) async fn play(
    scenario: &Scenario,
    options: &Options,
    progress: &mut (dyn Progress + Send),
) -> Result<Play, LiveError> {
    let machines = Machines::new(scenario, options.bots.unwrap_or(scenario.bots.count));
    let numbers: Vec<u32> = (0..machines.total()).collect();
    let mut shard = Shard::new(&machines, &numbers, scenario.bots.handshake, options.trace);
    let mut director = Director::new(scenario, std::slice::from_ref(&shard))?;
    let mut net = Net::start(&director).await?;
    let mut addresses = PublicAddresses::default();
    let length = (scenario.end - scenario.start).0.max(1) as f64;
    while !director.over() {
        let window = live_through(&mut shard, &director, &machines, &mut net, &mut addresses).await?;
        director.close(&window, std::slice::from_ref(&shard))?;
        net.publish(&director)?;
        progress.at((director.now - scenario.start).0 as f64 / length, director.total.call_backs);
    }
    let mut outcome = summarise(&director, &machines);
    net.close(&mut outcome).await?;
    let mut trace = shard.into_trace();
    trace.sort_by_key(|line| line.bot);
    Ok(Play { outcome, trace })
}

/// Lets the bots live until the next change of the world.
async fn live_through(
    shard: &mut Shard,
    director: &Director<'_>,
    machines: &Machines,
    net: &mut Net,
    addresses: &mut PublicAddresses,
) -> Result<Tally, LiveError> {
    let (until, itinerary) = (director.until(), &director.itinerary);
    let mut tally = Tally::default();
    while let Some((index, at)) = shard.due(until) {
        let (line, lease) = shard.address(machines, index, at);
        let actor = Actor { index, resolver: shard.resolver(index), public: addresses.of(line, lease) };
        let then = match shard.turn(index, at, machines, itinerary, &mut tally) {
            Turn::Rest => continue,
            Turn::Ask(question) => {
                let name = itinerary.name(question.name);
                let heard = net.ask(actor, &question, name.as_str(), at).await?;
                shard.answered(index, &question, &heard, at, itinerary, &mut tally)
            }
            Turn::Connect(attempt) => {
                let host = director.world.host_at(attempt.address.ip());
                let name = attempt.name.map(|name| itinerary.name(name));
                let name = name.as_ref().map(dga::Name::as_str);
                let heard = net.connect(actor, &attempt, host, name, at).await?;
                shard.connected(index, &attempt, &heard, host, at, machines, itinerary, &mut tally)
            }
        };
        shard.later(index, then);
    }
    Ok(tally)
}
