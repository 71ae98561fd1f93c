//! Time as the sinkhole sees it: an argument, so that a laboratory can run it in virtual time.

use std::fmt::Debug;

use chrono::{DateTime, Utc};

/// Where a clock's time comes from: RFC 6302 asks that the source of a record's time is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockSource {
    /// The machine's clock.
    Machine,
    /// Time of a program's own, as in a laboratory.
    #[default]
    Virtual,
}

/// Tells the time of every event that the sinkhole records.
pub trait Clock: Debug + Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// Where that comes from.
    fn source(&self) -> ClockSource {
        ClockSource::default()
    }
}
