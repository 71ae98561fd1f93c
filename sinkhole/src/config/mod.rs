//! What a sinkhole does: where it listens, what it holds, what it answers, where it keeps its events.
//!
//! [`Config`] is the meaning; the file's own shape is [`spec::v1`]. A program builds a `Config` from [`Config::new`] and
//! the public fields; [`read`] makes one from a file.

mod duration;
mod error;
mod file_watch;
mod held_names;
mod names;
mod positions;
mod read;
mod secret;
mod size;
pub mod spec;

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

pub use error::{ConfigError, Problem};
pub use file_watch::FileWatch;
pub use held_names::HeldNames;
pub use read::{events_folder, files, read, read_text};
pub use secret::Secret;

use chrono::TimeDelta;

use crate::name::{Name, NameError};
use crate::pipeline::rate_limit;

/// The commented sample that `hydrabane sinkhole template` prints.
pub const TEMPLATE: &str = include_str!("template.yaml");

/// What a sinkhole does.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// Where it listens.
    pub listen: Listen,
    /// The names that it holds from the start; [`crate::Sinkhole::hold`] adds more while it runs.
    pub names: HeldNames,
    /// What it answers for them.
    pub answer: Answer,
    /// The server's name for itself, sent to who asks for it (NSID, RFC 5001): printable ASCII; empty for none.
    pub nsid: String,
    /// Connections over TCP.
    pub connections: Connections,
    /// How clients show that their addresses are not forged.
    pub cookies: Cookies,
    /// How much a network may ask over UDP.
    pub rate_limit: RateLimit,
    /// The header by which other people's tools know a sinkhole.
    pub mark: Mark,
    /// Where its events are kept.
    pub store: Store,
    /// Whether changed files are read again.
    pub watch: Watch,
}

impl Config {
    /// A sinkhole that listens nowhere, holds nothing, answers with the documentation addresses `192.0.2.53` and
    /// `2001:db8::53`, and keeps its events in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            listen: Listen::default(),
            names: HeldNames::default(),
            answer: Answer::default(),
            nsid: String::new(),
            connections: Connections::default(),
            cookies: Cookies::default(),
            rate_limit: RateLimit::default(),
            mark: Mark::default(),
            store: Store::new(folder),
            watch: Watch { enabled: false, every: DEFAULT_WATCH },
        }
    }
}

/// Where a sinkhole listens. Port 0 takes a free port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listen {
    /// DNS, over UDP and TCP on the same port.
    pub dns: Vec<SocketAddr>,
    /// HTTP/1.1 call-backs.
    pub http: Vec<SocketAddr>,
    /// Connections of any other protocol: accepted, recorded (TLS with its server name), closed.
    pub tcp: Vec<SocketAddr>,
}

/// A name that is held, with everything below it, and what it is held for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldName {
    /// The name.
    pub name: Name,
    /// What its questions are counted under: usually a family. The events keep 255 octets of it.
    pub label: String,
    /// Its place in the list that it comes from, from 0.
    pub index: u32,
}

impl HeldName {
    /// Holds `name` under `label`; `index` is its place in its list.
    ///
    /// # Errors
    ///
    /// `name` is no domain name.
    pub fn new(name: &str, label: &str, index: u32) -> Result<Self, NameError> {
        Ok(Self { name: name.parse()?, label: label.to_owned(), index })
    }
}

/// What is answered for held names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// IPv4 addresses of the sinkhole; with none, a question for them has no data.
    pub a: Vec<Ipv4Addr>,
    /// IPv6 addresses of the sinkhole; with none, a question for them has no data.
    pub aaaa: Vec<Ipv6Addr>,
    /// Seconds for which answers may be cached. It is the time resolution of every count made from DNS.
    pub ttl: u32,
    /// Seconds for which "there is no such data" may be cached: the SOA's MINIMUM (RFC 2308 §4).
    pub negative_ttl: u32,
    /// Names of the name servers; the first is the SOA's MNAME. Never empty.
    pub ns: Vec<Name>,
    /// The mailbox of who runs the sinkhole, as a name: the SOA's RNAME (RFC 1035 §3.3.13).
    pub contact: Name,
    /// The text of the TXT record, at most [`NOTICE_LIMIT`] octets of printable ASCII; empty for one with the contact.
    pub notice: String,
}

impl Answer {
    /// The text of the TXT record.
    pub(crate) fn notice_text(&self) -> String {
        if !self.notice.is_empty() {
            return self.notice.clone();
        }
        let labels = self.contact.label_count();
        let local: String =
            self.contact.labels().take(1).flatten().map(|octet| octet.escape_ascii().to_string()).collect();
        let domain = self.contact.last_labels(labels.saturating_sub(1));
        let mut text = if labels > 1 {
            format!("Sinkhole. Contact: {local}@{domain}")
        } else {
            format!("Sinkhole. Contact: {domain}", domain = self.contact)
        };
        // Everything in it is ASCII.
        text.truncate(NOTICE_LIMIT);
        text
    }
}

impl Default for Answer {
    fn default() -> Self {
        let name = |labels: &[&str]| {
            Name::from_labels(labels.iter().map(|label| label.as_bytes())).unwrap_or_else(|_| Name::root())
        };
        Self {
            a: vec![Ipv4Addr::new(192, 0, 2, 53)],
            aaaa: vec![Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x53)],
            ttl: DEFAULT_TTL,
            negative_ttl: DEFAULT_TTL,
            ns: vec![name(&["ns1", "sinkhole", "example"])],
            contact: name(&["abuse", "sinkhole", "example"]),
            notice: String::new(),
        }
    }
}

/// The longest text of a TXT record: one character-string (RFC 1035 §3.3).
pub const NOTICE_LIMIT: usize = 255;
/// The longest name that a server gives itself in NSID. No official reference: it has to fit small answers.
pub const NSID_LIMIT: usize = 64;
/// Five minutes: short enough to count by, long enough for resolvers not to hammer. No official reference.
pub const DEFAULT_TTL: u32 = 300;
/// The longest TTL there is: 2³¹ − 1 seconds (RFC 2181 §8).
pub const TTL_LIMIT: u32 = 0x7fff_ffff;

/// Connections over TCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// How many one listener has at the same time; for one more, the one that was idle for longest is closed.
    pub total: usize,
    /// How many of them one source has: an IPv4 address, or an IPv6 /64. More are turned away.
    pub per_source: usize,
    /// How long one may be idle, and a message take to arrive (RFC 7766 §6.2.3).
    pub idle: Duration,
}

impl Default for Connections {
    fn default() -> Self {
        Self { total: DEFAULT_TOTAL, per_source: DEFAULT_PER_SOURCE, idle: DEFAULT_IDLE }
    }
}

/// Ten thousand that have asked something take about 30 MiB of this process (measured; 17 MiB before they ask). No official
/// reference.
pub const DEFAULT_TOTAL: usize = 10_000;
/// RFC 7766 §6.2.2 asks clients to keep few, but many hosts may stand behind one address. No official reference.
pub const DEFAULT_PER_SOURCE: usize = 64;
/// RFC 7766 §6.2.3 asks for a few seconds.
pub const DEFAULT_IDLE: Duration = Duration::from_secs(10);
/// The shortest and the longest idle time.
pub const IDLE_LIMITS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(600));

/// DNS cookies (RFC 7873, RFC 9018).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookies {
    /// Whether there are any. Clients that have one are not limited, and their events are of confirmed sources.
    pub enabled: bool,
    /// What they are made under: `None` is a new random secret at each start, right for a sinkhole that stands alone.
    /// Servers behind one address share one (RFC 9018 §1).
    pub secret: Option<Secret>,
    /// Secrets from before, whose cookies are still taken (RFC 9018 §5).
    pub previous: Vec<Secret>,
}

impl Default for Cookies {
    fn default() -> Self {
        Self { enabled: true, secret: None, previous: Vec::new() }
    }
}

/// How much a network may ask over UDP. What a network is stands in
/// [`crate::pipeline::rate_limit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Whether there is a limit at all. A sinkhole on the open Internet needs it, or it helps to flood others.
    pub enabled: bool,
    /// Answers per second to one network.
    pub per_second: u32,
    /// Every so many limited questions one is answered with TC, so that resolvers come back over TCP; 0: none is.
    pub slip: u8,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { enabled: true, per_second: rate_limit::PER_SECOND, slip: rate_limit::SLIP }
    }
}

/// The `X-Sinkhole` header of HTTP answers, by which scanners and other defenders know that this is a sinkhole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Whether the header is sent. It also tells the bot.
    pub enabled: bool,
    /// The header's value: printable ASCII.
    pub text: String,
}

impl Default for Mark {
    fn default() -> Self {
        Self { enabled: true, text: "hydrabane".to_owned() }
    }
}

/// Where events are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// The folder; it is made when it is missing.
    pub folder: PathBuf,
    /// Longest time for which an event is in the file but may be lost in a power cut.
    pub fsync: Duration,
    /// What happens to questions when events can no longer be written.
    pub on_full: OnFull,
    /// Octets to which a segment grows before it is sealed and the next one begun.
    pub segment: u64,
    /// Which sealed segments are removed.
    pub retention: Retention,
    /// Whether sealed segments become Parquet.
    pub parquet: Parquet,
}

impl Store {
    /// A store in `folder` that keeps everything and makes no Parquet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            fsync: Duration::from_secs(1),
            on_full: OnFull::Answer,
            segment: DEFAULT_SEGMENT,
            retention: Retention { enabled: false, age: DEFAULT_AGE, size: DEFAULT_SIZE },
            parquet: Parquet { enabled: false },
        }
    }
}

/// 64 MiB: about half a million events, so that a busy day has few hundred segments and a quiet one a single one; small
/// enough to be read as a whole. No official reference.
pub const DEFAULT_SEGMENT: u64 = 64 << 20;
/// The smallest and the largest segment. Whoever reads one holds it in memory; of smaller ones there would be too many.
pub const SEGMENT_LIMITS: (u64, u64) = (64 << 10, 256 << 20);
/// A year. Addresses are personal data in many countries: keep them no longer than they are needed.
pub const DEFAULT_AGE: TimeDelta = TimeDelta::days(365);
/// 100 GiB: a billion events. No official reference.
pub const DEFAULT_SIZE: u64 = 100 << 30;

/// Which sealed segments are removed, oldest first. What is needed to verify the others is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Whether any are: evidence is never removed unless somebody says so.
    pub enabled: bool,
    /// Those that were sealed longer ago.
    pub age: TimeDelta,
    /// The oldest ones, while all of them together (with their Parquet) have more octets.
    pub size: u64,
}

/// Whether sealed segments become Parquet, in folders `parquet/date=YYYY-MM-DD` of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parquet {
    /// Whether they do. It is done with what the processor has left.
    pub enabled: bool,
}

/// Whether the configuration and its lists are read again when they have changed. A [`crate::Sinkhole`] does not do this
/// itself: whoever runs it reads them, with the help of [`FileWatch`], and calls [`crate::Sinkhole::reload`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Whether they are.
    pub enabled: bool,
    /// How often the files are looked at.
    pub every: Duration,
}

/// Two seconds: an analyst who saves a list sees it in use within four, and a network file system is not kept busy. No
/// official reference.
pub const DEFAULT_WATCH: Duration = Duration::from_secs(2);

/// What happens to questions when events can no longer be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFull {
    /// Keep answering and count what was not recorded: a silent sinkhole drives bots to their next layer.
    Answer,
    /// Refuse: for evidence in which nothing may be missing.
    Stop,
}
