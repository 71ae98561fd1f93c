//! Real sockets under a bot, shut in by a [`Perimeter`].

mod connect;
mod hickory;
mod perimeter;

pub use connect::{Caller, Proof};
pub use hickory::Questioner;
pub use perimeter::{Outside, Perimeter};

use std::io;
use std::net::SocketAddr;

/// Something that a lab must not have: not an answer, but a hole in the lab itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// The address is outside the lab.
    #[error(transparent)]
    Outside(#[from] Outside),
    /// The name cannot be asked over DNS.
    #[error("`{name}` cannot be asked over DNS: {reason}")]
    Name {
        /// The name.
        name: String,
        /// Why not.
        reason: String,
    },
    /// The server's answer is none that a bot can understand.
    #[error("{server} gave no usable answer: {reason}")]
    Answer {
        /// The server.
        server: SocketAddr,
        /// What it was.
        reason: String,
    },
    /// A socket of the lab failed.
    #[error("cannot talk to {address}: {error}")]
    Socket {
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        error: io::Error,
    },
}
