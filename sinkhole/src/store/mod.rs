//! Where events are kept: append-only segments in one folder, `events-000001.hse` and so on. A sinkhole never appends to
//! a segment that it did not begin itself.

pub(crate) mod layout;
mod reader;
mod recorder;
mod segment;

pub use reader::{LeftOut, ReadError, Reader, read_events};
pub(crate) use recorder::{Permission, Recorder};

/// The number that stands for a label in the file; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LabelId(pub(crate) u32);

impl LabelId {
    /// No label.
    pub(crate) const NONE: Self = Self(0);
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
