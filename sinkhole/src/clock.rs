//! Time as the sinkhole sees it: an argument, so that a laboratory can run it in virtual time.

use std::fmt::Debug;

use chrono::{DateTime, Utc};

/// Tells the time of every event that the sinkhole records.
pub trait Clock: Debug + Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> DateTime<Utc>;
}
