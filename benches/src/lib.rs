//! Measurements of the workspace, beside peers in the same run: what is measured here, and the tables that are made
//! from criterion's estimates.
#![forbid(unsafe_code)]

mod estimates;
mod machine;
mod mean;
mod peers;
mod table;
mod word_lists;
mod workload;

pub use estimates::{Estimates, Measured};
pub use machine::Machine;
pub use peers::{PEERS, Peer, PeerError};
pub use table::{TableError, generators, replace};
pub use word_lists::word_lists;
pub use workload::Workload;

/// Criterion's group of our own generators.
pub const NAMES: &str = "names";
/// Criterion's group of the peers.
pub const PYTHON: &str = "python";
