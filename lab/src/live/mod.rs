//! The live run: the same play with real sockets.
//!
//! hickory-resolver asks for the bots, hickory-server plays the world's name servers, the real sinkhole sinks, and TCP
//! listeners are the controllers, all on loopback. The event queue is the simulation's; virtual time stands still
//! while an answer is outstanding.
//!
//! ```text
//!             question             question on a cache miss
//!   driver ------------> public DNS ----------------------> sinkhole (DNS)
//!     |  \-------------> custom name servers
//!     |   connection
//!     \----------------> controllers, strangers, sinkhole (HTTP), nowhere
//!     ^                          |
//!     \------ silence (meant) ---/
//! ```
//!
//! A server that is to stay silent reports the packet's arrival out of band, so that a meant time-out costs no real
//! waiting; a time-out that nobody meant aborts the run.

mod dns;
mod doors;
mod driver;
mod ground;
mod layout;
mod net;
mod sinkholes;

use std::io;

use resolver_chain::LayerError;
use resolver_chain::resolve::ResolveError;

use crate::play::{Options, Play, Progress};
use crate::scenario::Scenario;

/// A live run that could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    /// A layer of the chain has no candidates for a moment of the play.
    #[error(transparent)]
    Layer(#[from] LayerError),
    /// A socket, a thread or a folder of the lab could not be had.
    #[error("cannot {what}: {error}")]
    Lab {
        /// What was tried.
        what: &'static str,
        /// What the operating system said.
        error: io::Error,
    },
    /// The sinkhole did not start.
    #[error("the lab's sinkhole does not start: {0}")]
    Sinkhole(sinkhole::StartError),
    /// The sinkhole did not end well.
    #[error("the lab's sinkhole did not end well: {0}")]
    SinkholeStop(sinkhole::StopError),
    /// The sinkhole's events cannot be read back.
    #[error("the lab's sinkhole left events that cannot be read: {0}")]
    Events(Box<sinkhole::ReadError>),
    /// A question or a connection failed inside the lab.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// A time-out that nobody meant.
    #[error("no answer from {from} for {what} at {at}, although it was not meant to be silent")]
    UnmeantSilence {
        /// Who did not answer.
        from: String,
        /// What it was asked.
        what: String,
        /// When, in virtual time.
        at: String,
    },
    /// A server of the lab failed.
    #[error("a server of the lab failed: {0}")]
    Broken(String),
}

impl LiveError {
    fn socket(what: &'static str) -> impl Fn(io::Error) -> Self {
        move |error| Self::Lab { what, error }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Lab { .. } | Self::Sinkhole(_) => {
                Some("a live run binds free ports on 127.0.0.0/8, which Linux routes to loopback as a whole")
            }
            Self::UnmeantSilence { .. } => Some("is the machine overloaded? a run with fewer `--bots` asks less of it"),
            _ => None,
        }
    }

    /// Whether the machine is to blame, not the scenario.
    pub fn is_environment(&self) -> bool {
        !matches!(self, Self::Layer(_))
    }
}

/// Plays `scenario` over real sockets on loopback. Blocks until it is over.
///
/// # Errors
///
/// A layer has nothing to say about a moment of the play, the machine does not give what the lab needs, or a time-out
/// occurred that nobody meant.
pub fn run(scenario: &Scenario, options: &Options, progress: &mut (dyn Progress + Send)) -> Result<Play, LiveError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(LiveError::socket("start the lab's threads"))?;
    runtime.block_on(driver::play(scenario, options, progress))
}
