//! Where events are kept: append-only segments in one folder.

use std::io;
use std::path::{Path, PathBuf};

use crate::event::Event;

/// Why events could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read `{}`: {error}", path.display())]
    Read {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// Octets at the end of a segment that hold no whole record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The segment.
    pub segment: PathBuf,
    /// How many octets.
    pub octets: u64,
}

/// Reads the events of a folder, oldest segment first.
#[derive(Debug)]
pub struct Reader;

impl Iterator for Reader {
    type Item = Result<Event, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}

/// Reads the events in `folder`, oldest segment first; a sinkhole may be writing there. A torn record at the end of a
/// segment (a killed process, a power cut) is left out and told by [`Reader::left_out`].
pub fn read_events(_folder: &Path) -> Reader {
    Reader
}
