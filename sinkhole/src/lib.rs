//! A sinkhole: DNS, HTTP and TCP servers that stand where a botnet's controller used to be, answer nothing of use, and
//! keep a record of everybody who called.
//!
//! ```text
//! transport/batch ─┐                                                      ┌─> store (the event is written first)
//! transport/tcp   ─┼─> pipeline: access -> cookies -> rate limit -> EDNS ─┤
//!                  ┘             -> lookup -> answer -> event             └─> transport (then the answer leaves)
//! transport/http  ──> event ──> store ──> 200, empty body
//! transport/plain ──> event ──> store ──> transport/tls: what it sends first ──> event ──> store ──> closed
//! ```
//!
//! The pipeline does no I/O and has no clock: it takes octets, a source and a time, and gives octets and a record. DNS
//! messages are read and written in one module, `wire`; what is answered with what stands in `docs/wire.md`.
//!
//! **Contract.** An answer for a held name leaves only after its event has been written to the file, so that it
//! survives a killed process; the file is synced every `store.fsync`, so that it survives a power cut.
#![deny(unsafe_code)]

pub mod client_hello;
pub mod clock;
pub mod config;
pub mod event;
pub mod event_formats;
pub mod event_pseudonyms;
pub mod framing;
#[doc(hidden)]
pub mod fuzzing;
pub mod name;
mod names;
pub mod notice;
mod open_files;
pub mod pipeline;
pub mod report;
mod sinkhole;
pub mod store;
pub mod system_clock;
mod system_random;
mod transport;
mod wire;

pub use clock::Clock;
pub use config::{Config, ConfigError, HeldName, HeldNames};
pub use event::Event;
pub use name::Name;
pub use notice::{Notice, Notify};
pub use report::Report;
pub use sinkhole::{ReloadError, Reloaded, Sinkhole, StartError, StopError, Summary};
pub use store::{ReadError, Reader, Recorded, read_events, read_stores, verify};
pub use system_clock::SystemClock;
