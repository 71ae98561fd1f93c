//! Where events are kept: append-only segments in one folder, `events-000001.hse` and so on, each of which begins with
//! the SHA-256 of the one before it. `docs/events.md` describes every octet.
//!
//! [`Recorder`] writes them, for one process at a time; [`read_stores`] reads them back; [`verify()`] tells whether they
//! are as they were written. What a segment's octets say is found out in one place without I/O, [`Records`].

mod archive;
mod background;
mod batch;
mod decode;
mod header;
pub(crate) mod layout;
mod ledger;
mod reader;
mod recorder;
mod records;
mod recovery;
mod reserve;
mod retention;
mod segment;
mod verify;
mod writer;

use std::net::SocketAddr;

pub use batch::Batch;
pub use decode::Entry;
pub use header::{HEADER, Header, HeaderProblem, NotHexadecimal, SegmentHash, StoreId};
pub use layout::{HEAD, Head, Kind, TAIL_LIMIT};
pub use ledger::{Removed, Why};
pub use reader::{EventId, LeftOut, ReadError, Reader, Recorded, read_events, read_stores};
pub use recorder::{Permission, Recorder};
pub use records::{Broken, Record, Records, whole_behind};
pub use verify::{Damage, Verified, verify};

/// The number that stands for a family's or preset's text in the file; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LabelId(pub(crate) u16);

impl LabelId {
    /// No text.
    pub const NONE: Self = Self(0);
}

/// The number that stands for a listener in the file; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListenerId(pub(crate) u16);

impl ListenerId {
    /// No listener.
    pub const NONE: Self = Self(0);
}

/// The number that stands in the file for what held names are answered with; 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AnswersId(pub(crate) u16);

impl AnswersId {
    /// No answers.
    pub const NONE: Self = Self(0);
}

/// What a listener speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Protocol {
    /// DNS, over UDP and TCP.
    Dns = 1,
    /// HTTP.
    Http = 2,
    /// Nothing: connections are recorded.
    Tcp = 3,
}

/// A place where a sinkhole listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    /// What it speaks.
    pub protocol: Protocol,
    /// Where it is, as it was bound.
    pub address: SocketAddr,
}

/// What is counted instead of being recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// Answered REFUSED.
    Refused,
    /// Answered FORMERR, BADVERS or NOTIMP.
    Malformed,
    /// Over the rate limit.
    Limited,
    /// Not answered.
    Dropped,
    /// A connection over a limit.
    TurnedAway,
}
