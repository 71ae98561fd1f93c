//! Reports: one play's [`Outcome`](crate::outcome::Outcome), written for a terminal, for programs and for a browser.
//!
//! A report says nothing that depends on the machine or on the time of day, so the same scenario, seed and arguments
//! give the same bytes. What comes from a file is made harmless in [`visible`] before anybody looks at it.

mod figures;
mod headline;
pub mod html;
pub mod json;
mod notable;
mod shares;
mod tables;
pub mod text;
pub mod visible;

use std::fmt;

use resolver_chain::{Moment, Span};

/// What was played: everything that a report says beside the outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The scenario's name.
    pub scenario: String,
    /// What the scenario shows, in a sentence; may be empty.
    pub about: String,
    /// Seed of every random stream.
    pub seed: u64,
    /// SHA-256 of the scenario file, in lower-case hexadecimal.
    pub hash: String,
    /// How it was played.
    pub mode: Mode,
    /// Bots on the first day, as played.
    pub bots: u64,
    /// First moment of the play.
    pub start: Moment,
    /// First moment after it.
    pub end: Moment,
    /// Version of Hydrabane.
    pub tool_version: String,
    /// Version of the catalogue of families.
    pub catalogue_version: String,
}

impl Subject {
    /// Length of the play in days.
    pub fn days(&self) -> f64 {
        Span::as_days(self.end - self.start)
    }
}

/// How a scenario was played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// In virtual time only.
    Simulation,
    /// Over real sockets on loopback.
    Live,
}

impl fmt::Display for Mode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Simulation => "simulation",
            Self::Live => "live",
        })
    }
}

#[cfg(test)]
pub(crate) mod sample;
