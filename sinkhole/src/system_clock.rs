//! The machine's clock: the one place of this crate that asks what time it is.
#![allow(clippy::disallowed_methods)]

use std::time::SystemTime;

use chrono::{DateTime, Utc};

use crate::clock::{Clock, ClockSource};

/// The machine's clock. It should be disciplined by NTP: RFC 6302 asks for records that are accurate to the second.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        SystemTime::now().into()
    }

    fn source(&self) -> ClockSource {
        ClockSource::Machine
    }
}
