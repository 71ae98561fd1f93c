//! The lab: a scenario file becomes a play, in virtual time or live over real sockets on loopback, and the play
//! becomes a report.
//!
//! ```text
//!   file --scenario::parse--> Scenario --play::simulate / live::run--> Outcome --report--> text, JSON, HTML
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod draw;
pub mod live;
pub mod outcome;
pub mod play;
mod population;
pub mod report;
pub mod scenario;
mod world;
