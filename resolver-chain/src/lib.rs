//! How a bot finds its controller: layers of candidates over routes, walked by a state machine without sockets
//! and without a clock.
//!
//! ```text
//!   Chain (data) --extend--> Itinerary (candidates of a window) --poll--> Bot --Step--> the caller
//!                                                                   ^                      |
//!                                                                   +------ Answer --------+
//! ```
//!
//! The caller is a model of the world or an adapter over real sockets. [`resolve`] holds the one real adapter:
//! names through hickory-resolver, connections over TCP, both only to addresses that the run bound itself.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod answer;
mod bot;
mod chain;
mod itinerary;
mod layer;
pub mod layers;
mod pick;
pub mod resolve;
mod stage;
mod time;

pub use answer::{Addresses, Answer, Handshake, Peer};
pub use bot::{Attempt, Bot, Contact, Question, Server, Step};
pub use chain::{Chain, ChainError, Stage};
pub use itinerary::{Itinerary, NameId};
pub use layer::{Candidate, Candidates, Layer, LayerError};
pub use stage::{Backoff, Order, Patience, Route};
pub use time::{Moment, Span};
