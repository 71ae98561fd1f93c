//! A play: bots, world and time together. The simulation and the live run drive the same shards through the
//! same director; they differ only in who answers a bot's questions.

mod cache;
mod director;
mod expect;
mod lines;
mod model;
mod queue;
mod script;
mod shard;
mod simulate;
mod summary;
mod tally;
mod trace;

pub use simulate::simulate;
pub use trace::{TraceLine, Traced};

pub(crate) use cache::Cache;
pub(crate) use director::Director;
pub(crate) use model::{Heard, latency};
pub(crate) use shard::{Shard, Turn};
pub(crate) use summary::summarise;
pub(crate) use tally::Tally;

use resolver_chain::LayerError;

use crate::outcome::Outcome;

/// How to play a scenario.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Bots on the first day, instead of the scenario's number.
    pub bots: Option<u32>,
    /// Threads of the simulation; `None` is one per core. The outcome does not depend on it.
    pub threads: Option<usize>,
    /// Whether to record what each bot did, step by step.
    pub trace: bool,
}

/// A play that has been played.
#[derive(Clone, Debug)]
pub struct Play {
    /// Its figures.
    pub outcome: Outcome,
    /// What each bot did, in the order of bot and time; empty unless asked for.
    pub trace: Vec<TraceLine>,
}

/// A play that could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlayError {
    /// A layer of the chain has no candidates for a moment of the play.
    #[error(transparent)]
    Layer(#[from] LayerError),
    /// The threads of the simulation could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// Why not.
        reason: String,
    },
}

/// Tells how far a play is: share of the play's time from 0 to 1, and call-backs so far.
pub trait Progress {
    /// Called at every full hour of virtual time.
    fn at(&mut self, share: f64, call_backs: u64);
}

impl Progress for () {
    fn at(&mut self, _share: f64, _call_backs: u64) {}
}
