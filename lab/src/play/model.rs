//! The answers of the simulated world, and the virtual time that each kind of answer takes.

use resolver_chain::Moment;
use resolver_chain::{Answer, Attempt, Question, Server, Span};

use super::cache::Cache;
use crate::scenario::Operator;
use crate::world::{Holding, World};

/// What a bot hears, and what it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    /// The answer.
    pub(crate) answer: Answer,
    /// Virtual time from asking to hearing.
    pub(crate) after: Span,
    /// The host's resolver knew it already.
    pub(crate) from_cache: bool,
    /// The question went on to the sinkhole's DNS.
    pub(crate) at_sinkhole: bool,
}

/// A host's resolver answers from its cache. Chosen: a neighbour in the provider's net.
const CACHED: Span = Span(2);
/// A host's resolver has to ask further. Chosen: one question abroad.
const RESOLVED: Span = Span(60);
/// A custom name server answers, or a connection stands or is refused. Chosen: one round trip abroad.
const ROUND_TRIP: Span = Span(80);

/// The virtual time that `answer` takes to arrive.
pub(crate) fn latency(server: Server, answer: Answer, from_cache: bool, time_out: Span) -> Span {
    match answer {
        Answer::TimedOut | Answer::ConnectionTimedOut => time_out,
        Answer::Connected(_) | Answer::ConnectionRefused => ROUND_TRIP,
        _ if from_cache => CACHED,
        _ if server == Server::Host => RESOLVED,
        _ => ROUND_TRIP,
    }
}

/// Answers a question of a bot behind `resolver`.
pub(crate) fn ask(world: &World, cache: &mut Cache, resolver: u32, question: &Question, now: Moment) -> Heard {
    let Question { name, server, time_out, .. } = *question;
    let mut heard = Heard { answer: Answer::TimedOut, after: Span(0), from_cache: false, at_sinkhole: false };
    match server {
        Server::Host => {
            if let Some(answer) = cache.look_up(resolver, name, now) {
                heard.answer = answer;
                heard.from_cache = true;
            } else {
                let (answer, ttl) = world.public(name);
                cache.keep(resolver, name, answer, ttl, now);
                heard.answer = answer;
                heard.at_sinkhole =
                    matches!(world.names.holding(name), Holding::Held { operator: Operator::Sinkhole, .. });
            }
        }
        Server::NameServer(index) => heard.answer = world.private(index, name),
        Server::Direct => {}
    }
    heard.after = latency(server, heard.answer, heard.from_cache, time_out);
    heard
}

/// Answers a connection attempt.
pub(crate) fn connect(world: &World, attempt: &Attempt) -> Heard {
    let answer = world.connect(attempt.address.ip());
    let after = latency(attempt.server, answer, false, attempt.time_out);
    Heard { answer, after, from_cache: false, at_sinkhole: false }
}
