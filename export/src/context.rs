//! [`Context`]: what an export knows besides the names.

use chrono::{DateTime, Utc};
use ipnet::IpNet;
use name_files::Head;
use serde::Serialize;

use crate::settings::Settings;

/// What an export knows besides the names.
#[derive(Clone, Debug)]
pub struct Context {
    /// Which tool makes it, from what.
    pub head: Head,
    /// The moment for which the names are made: the date of the request or the beginning of its range. Whatever needs a
    /// date or a serial number takes it from here, so that the same request gives the same bytes.
    pub at: DateTime<Utc>,
    /// What was set for this format.
    pub settings: Settings,
    /// Custom name servers that bots ask directly, in the order given.
    pub addresses: Vec<IpNet>,
    /// Processes that betray an infected host.
    pub processes: Vec<Process>,
}

/// A process that betrays an infected host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Process {
    /// The image's name, as a list of processes shows it: `mask_svc.exe`.
    pub image: String,
    /// The program it belongs to; empty where nobody says.
    pub program: String,
}
