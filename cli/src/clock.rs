//! The one place of the product's commands that asks what time it is.
#![allow(clippy::disallowed_methods)]

use chrono::{DateTime, Utc};

/// Now, in UTC.
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}
