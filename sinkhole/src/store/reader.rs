//! Reads events back, also those of a sinkhole that was killed or is still writing.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::vec;

use crate::event::Event;
use crate::store::layout::{self, Decoded, HEAD};
use crate::store::{LabelId, segment};

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
    /// The segment was written by a later version of this program.
    #[error("`{}` has layout version {version}; this program reads version 1", path.display())]
    Version {
        /// The segment.
        path: PathBuf,
        /// Its layout's version.
        version: u32,
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

/// Reads the events of a folder, oldest segment first. After an error it goes on with the next segment.
#[derive(Debug)]
pub struct Reader {
    segments: vec::IntoIter<(u64, PathBuf)>,
    current: Option<Current>,
    left_out: Vec<LeftOut>,
    failed: Option<ReadError>,
}

/// The segment that is being read.
#[derive(Debug)]
struct Current {
    path: PathBuf,
    file: BufReader<File>,
    /// The file's length when it was opened: what is appended later is for the next reader.
    length: u64,
    /// Octets of whole records so far.
    read: u64,
    labels: HashMap<LabelId, String>,
    record: Vec<u8>,
}

/// Reads the events in `folder`, oldest segment first; a sinkhole may be writing there. A torn record at the end of a
/// segment (a killed process, a power cut) is left out and told by [`Reader::left_out`]; nothing behind a damaged
/// record is read.
pub fn read_events(folder: &Path) -> Reader {
    let (segments, failed) = match segment::segments(folder) {
        Ok(segments) => (segments, None),
        Err(error) => (Vec::new(), Some(ReadError::Read { path: folder.to_owned(), error })),
    };
    Reader { segments: segments.into_iter(), current: None, left_out: Vec::new(), failed }
}

impl Reader {
    /// The ends of segments that were left out so far.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }
}

impl Iterator for Reader {
    type Item = Result<Event, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.failed.take() {
            return Some(Err(error));
        }
        loop {
            let current = if let Some(current) = &mut self.current {
                current
            } else {
                let (_, path) = self.segments.next()?;
                match Current::open(path) {
                    Ok(current) => self.current.insert(current),
                    Err(error) => return Some(Err(error)),
                }
            };
            match current.next() {
                Ok(Some(event)) => return Some(Ok(event)),
                Ok(None) => {
                    let octets = current.length - current.read;
                    if octets > 0 {
                        self.left_out.push(LeftOut { segment: current.path.clone(), octets });
                    }
                    self.current = None;
                }
                Err(error) => {
                    let path = current.path.clone();
                    self.current = None;
                    return Some(Err(ReadError::Read { path, error }));
                }
            }
        }
    }
}

impl Current {
    fn open(path: PathBuf) -> Result<Self, ReadError> {
        let unreadable = |error| ReadError::Read { path: path.clone(), error };
        let file = File::open(&path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let mut current = Self {
            file: BufReader::with_capacity(1 << 16, file),
            length,
            read: 0,
            labels: HashMap::new(),
            record: Vec::with_capacity(512),
            path: path.clone(),
        };
        let mut header = [0; HEAD];
        if length >= HEAD as u64 {
            current.file.read_exact(&mut header).map_err(unreadable)?;
            if layout::is_segment_header(&header) {
                let version = layout::segment_version(&header);
                if version != layout::VERSION {
                    return Err(ReadError::Version { path, version });
                }
                current.read = HEAD as u64;
            }
        }
        Ok(current)
    }

    /// The next event; `None` at the end of what is whole.
    fn next(&mut self) -> io::Result<Option<Event>> {
        // Without a header there is nothing that could be trusted.
        while self.read > 0 && self.length - self.read >= HEAD as u64 {
            let mut head = [0; HEAD];
            self.file.read_exact(&mut head)?;
            let Some(tail) = layout::tail_length(&head) else { return Ok(None) };
            let whole = (HEAD + tail) as u64;
            if self.length - self.read < whole {
                return Ok(None);
            }
            self.record.clear();
            self.record.extend_from_slice(&head);
            self.record.resize(HEAD + tail, 0);
            self.file.read_exact(&mut self.record[HEAD..])?;
            let decoded = layout::decode(&self.record, |label| self.labels.get(&label).cloned());
            let Some(decoded) = decoded else { return Ok(None) };
            self.read += whole;
            match decoded {
                Decoded::Event(event) => return Ok(Some(event)),
                Decoded::Label(label, text) => {
                    self.labels.insert(label, text);
                }
                Decoded::Unknown => {}
            }
        }
        Ok(None)
    }
}
