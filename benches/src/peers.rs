//! The peers: plain Python generators, each of which has to make our names before it is measured.

use std::num::ParseIntError;
use std::path::Path;
use std::process::Command;
use std::string::FromUtf8Error;
use std::time::Duration;
use std::{fmt, io};

use chrono::{DateTime, Utc};
use dga::{Name, Selection, WordLists};
use thiserror::Error;

/// A Python generator of one family, in the default configuration of ours.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// The family; `peers/<family>.py` is the generator.
    pub family: &'static str,
    /// How many names of its list are made in one go.
    pub names: usize,
    /// Names per second of the public Python generator, as seen on one core of a machine of the same kind.
    pub public: f64,
}

/// All peers, in alphabetical order.
pub const PEERS: &[Peer] = &[
    Peer { family: "banjori", names: 15_372, public: 419_000.0 },
    // A whole list would take a second.
    Peer { family: "necurs", names: 128, public: 1_900.0 },
    Peer { family: "newgoz", names: 1_000, public: 82_000.0 },
    Peer { family: "tinba", names: 1_001, public: 78_000.0 },
];

/// The day whose list is made.
const DAY: &str = "2025-01-01";

/// Why there is nothing to measure.
#[derive(Debug, Error)]
pub enum PeerError {
    /// Python is not there.
    #[error("cannot start `python3`")]
    Start(#[source] io::Error),
    /// It ended with an error.
    #[error("`{script}` failed: {said}")]
    Failed {
        /// The generator.
        script: String,
        /// What it wrote to its standard error.
        said: String,
    },
    /// It wrote something else than asked for.
    #[error("`{0}` wrote no text")]
    Text(String, #[source] FromUtf8Error),
    /// It wrote something else than a time.
    #[error("`{0}` wrote no time")]
    Time(String, #[source] ParseIntError),
    /// A peer that computes something else is no peer.
    #[error("`{script}` makes {theirs} where name {place} of ours is {ours}")]
    Different {
        /// The generator.
        script: String,
        /// The first name that differs, counted from 0.
        place: usize,
        /// The peer's name.
        theirs: String,
        /// Our name.
        ours: String,
    },
    /// Our own generator refused.
    #[error(transparent)]
    Ours(#[from] dga::Error),
}

impl Peer {
    /// How long the peer takes to make its names so many times over, by its own clock, without its start.
    ///
    /// # Errors
    ///
    /// The peer cannot be run.
    pub fn time(&self, repeats: u64) -> Result<Duration, PeerError> {
        let text = self.run("time", &[&repeats])?;
        let nanoseconds = text.trim().parse().map_err(|error| PeerError::Time(self.script(), error))?;
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Makes sure that the peer makes the same names as our generator.
    ///
    /// # Errors
    ///
    /// The peer cannot be run, or it makes other names.
    ///
    /// # Panics
    ///
    /// The day is none.
    pub fn check(&self) -> Result<(), PeerError> {
        let theirs = self.run("print", &[])?;
        let day: DateTime<Utc> = format!("{DAY}T00:00:00Z").parse().expect("a date");
        let ours = dga::find(self.family)?.bind(&Selection::default(), &WordLists::none())?.first(day, self.names)?;
        let mut lines = theirs.lines();
        for (place, name) in ours.iter().map(Name::as_str).map(Some).chain([None]).enumerate() {
            let line = lines.next();
            if line != name {
                let written = |name: Option<&str>| name.map_or("nothing".to_owned(), |name| format!("`{name}`"));
                let (theirs, ours) = (written(line), written(name));
                return Err(PeerError::Different { script: self.script(), place, theirs, ours });
            }
        }
        Ok(())
    }

    fn script(&self) -> String {
        format!("peers/{}.py", self.family)
    }

    fn run(&self, what: &str, more: &[&dyn fmt::Display]) -> Result<String, PeerError> {
        let output = Command::new("python3")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(self.script()))
            .args([what, DAY, &self.names.to_string()])
            .args(more.iter().map(ToString::to_string))
            .output()
            .map_err(PeerError::Start)?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(PeerError::Failed { script: self.script(), said });
        }
        String::from_utf8(output.stdout).map_err(|error| PeerError::Text(self.script(), error))
    }
}
