//! Reads events back, also those of a sinkhole that was killed or is still writing; of several stores, each event once.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

use crate::config::Answer;
use crate::event::Event;
use crate::store::AnswersId;
use crate::store::decode::Entry;
use crate::store::header::{HEADER, Header, HeaderProblem, StoreId};
use crate::store::layout;
use crate::store::records::Records;
use crate::store::segment;

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
    /// The segment was written by another version of this program.
    #[error("`{}` has layout version {version}; this program reads version {}", path.display(), layout::VERSION)]
    Version {
        /// The segment.
        path: PathBuf,
        /// Its layout's version.
        version: u32,
    },
    /// Two folders are copies of one store, and both were written to since: the same numbers mean different events.
    #[error("`{}` and `{}` continue the same store differently; read one of them alone", one.display(), other.display())]
    Fork {
        /// A segment.
        one: PathBuf,
        /// Another one with the same store and number.
        other: PathBuf,
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

/// What tells an event from every other one, in copies too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId {
    /// The store that it was written to.
    pub store: StoreId,
    /// Its number there. Numbers grow in the order of writing, whatever a clock does, and have gaps: records that are no
    /// events have numbers too.
    pub sequence: u64,
}

/// An event as it was recorded.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Recorded {
    /// What tells it from every other one.
    pub id: EventId,
    /// What the name was answered with; nothing for what is no question.
    pub answers: Option<Arc<Answer>>,
    /// What the sinkhole saw.
    pub event: Event,
}

impl Recorded {
    /// An event with its identity, and with what its name was answered with.
    pub fn new(id: EventId, answers: Option<Arc<Answer>>, event: Event) -> Self {
        Self { id, answers, event }
    }
}

/// Reads the events of stores: store by store, each in the order of writing. After an error it goes on with the next
/// segment.
#[derive(Debug)]
pub struct Reader {
    /// Segments that are still to be read.
    segments: vec::IntoIter<Part>,
    /// The segment in hand.
    current: Option<Current>,
    /// The number from which on events of a store were not given yet.
    next: HashMap<StoreId, u64>,
    /// Ends that were left out so far.
    left_out: Vec<LeftOut>,
    /// What is to be told first.
    failed: Option<ReadError>,
}

/// A segment that is to be read.
#[derive(Debug)]
struct Part {
    /// Where it is.
    path: PathBuf,
    /// Another copy of it was read before.
    is_copy: bool,
}

/// The segment that is being read.
#[derive(Debug)]
struct Current {
    /// Which segment it is.
    part: Part,
    /// All octets of it.
    octets: Vec<u8>,
    /// How far they are read.
    records: Records,
    /// What the segment says held names are answered with.
    answers: HashMap<AnswersId, Arc<Answer>>,
}

/// Reads the events in `folder`. A folder that cannot be read is the reader's first item.
pub fn read_events(folder: &Path) -> Reader {
    read_stores(std::slice::from_ref(&folder.to_owned()))
}

/// Reads the events in several folders: different stores, or copies of one of which some have more than others. What
/// cannot be read is the reader's first item.
pub fn read_stores(folders: &[PathBuf]) -> Reader {
    let (segments, failed) = match plan(folders) {
        Ok(segments) => (segments, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    Reader { segments: segments.into_iter(), current: None, next: HashMap::new(), left_out: Vec::new(), failed }
}

/// Reads the events of one segment.
pub(super) fn read_segment(path: &Path) -> Reader {
    let part = Part { path: path.to_owned(), is_copy: false };
    Reader { segments: vec![part].into_iter(), current: None, next: HashMap::new(), left_out: Vec::new(), failed: None }
}

/// The segments of all folders in the order of reading; copies of one stand together, the longest first.
fn plan(folders: &[PathBuf]) -> Result<Vec<Part>, ReadError> {
    let mut stores: Vec<StoreId> = Vec::new();
    // By the store's place in `stores` and the segment's number: header, octets and path of each copy.
    let mut known = BTreeMap::<_, Vec<(Header, u64, PathBuf)>>::new();
    let mut unknown = Vec::new();
    for folder in folders {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |error| ReadError::Read { path, error }
        };
        for (number, path) in segment::segments(folder).map_err(unreadable(folder))? {
            let mut octets = Vec::with_capacity(HEADER);
            let file = File::open(&path).map_err(unreadable(&path))?;
            let length = file.metadata().map_err(unreadable(&path))?.len();
            file.take(HEADER as u64).read_to_end(&mut octets).map_err(unreadable(&path))?;
            let Ok(header) = Header::read(&octets) else {
                unknown.push(Part { path, is_copy: false });
                continue;
            };
            let store = stores.iter().position(|store| *store == header.store).unwrap_or_else(|| {
                stores.push(header.store);
                stores.len() - 1
            });
            let copies = known.entry((store, number)).or_default();
            if let Some((_, _, one)) = copies.iter().find(|(known, _, _)| *known != header) {
                return Err(ReadError::Fork { one: one.clone(), other: path });
            }
            copies.push((header, length, path));
        }
    }
    let mut parts = Vec::new();
    for mut copies in known.into_values() {
        copies.sort_by_key(|(_, length, _)| std::cmp::Reverse(*length));
        let copies = copies.into_iter().enumerate();
        parts.extend(copies.map(|(index, (_, _, path))| Part { path, is_copy: index > 0 }));
    }
    parts.append(&mut unknown);
    Ok(parts)
}

impl Reader {
    /// Ends of segments that were left out, of those segments that were read to their ends.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// The next event with its identity.
    ///
    /// # Errors
    ///
    /// A segment cannot be read; the next call goes on with the one after it.
    pub fn next_recorded(&mut self) -> Option<Result<Recorded, ReadError>> {
        if let Some(error) = self.failed.take() {
            return Some(Err(error));
        }
        loop {
            let Some(current) = &mut self.current else {
                match self.open()? {
                    Ok(()) => continue,
                    Err(error) => return Some(Err(error)),
                }
            };
            let next = self.next.entry(current.records.header().store).or_default();
            let Ok(Some(record)) = current.records.next(&current.octets) else {
                self.end();
                continue;
            };
            if let Entry::Answers(number, answers) = record.entry {
                current.answers.insert(number, Arc::new(*answers));
                *next = (*next).max(record.sequence + 1);
                continue;
            }
            if record.sequence < *next {
                continue;
            }
            *next = record.sequence + 1;
            let id = EventId { store: current.records.header().store, sequence: record.sequence };
            match record.entry {
                Entry::Event { event, answers, .. } => {
                    return Some(Ok(Recorded { id, answers: current.answers.get(&answers).cloned(), event }));
                }
                Entry::Cut(octets) => {
                    self.left_out.push(LeftOut { segment: current.part.path.clone(), octets });
                }
                _ => {}
            }
        }
    }

    /// Opens the next segment; nothing at the end of all of them.
    fn open(&mut self) -> Option<Result<(), ReadError>> {
        let part = self.segments.next()?;
        let path = part.path.clone();
        let octets = match fs::read(&path) {
            Ok(octets) => octets,
            Err(error) => return Some(Err(ReadError::Read { path, error })),
        };
        match Records::new(&octets) {
            Ok(records) => self.current = Some(Current { part, octets, records, answers: HashMap::new() }),
            Err(HeaderProblem::Version(version)) => return Some(Err(ReadError::Version { path, version })),
            // Without a header there is nothing that could be trusted.
            Err(_) => self.leave_out(path, octets.len() as u64),
        }
        Some(Ok(()))
    }

    /// Ends the segment that is being read.
    fn end(&mut self) {
        if let Some(Current { part, octets, records, .. }) = self.current.take()
            && !part.is_copy
        {
            self.leave_out(part.path, octets.len() as u64 - records.end());
        }
    }

    /// Takes note of octets that hold no whole record.
    fn leave_out(&mut self, segment: PathBuf, octets: u64) {
        if octets > 0 {
            self.left_out.push(LeftOut { segment, octets });
        }
    }
}

impl Iterator for Reader {
    type Item = Result<Event, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_recorded().map(|recorded| recorded.map(|recorded| recorded.event))
    }
}
