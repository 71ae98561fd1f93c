//! What is answered for a held name.

use crate::config::Answer;

/// Which of a table's zones a name belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ZoneId(pub(crate) u16);

/// What is answered for all names of one list or rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Zone {
    /// Addresses, times and names of the answers.
    pub(crate) answer: Answer,
    /// Addresses are answered. Without it the names are registered and nothing else: NXDOMAIN, so that bots go on to
    /// their next name.
    pub(crate) lured: bool,
}

impl Zone {
    /// Lures with `answer`.
    pub(crate) fn new(answer: Answer) -> Self {
        Self { answer, lured: true }
    }
}
