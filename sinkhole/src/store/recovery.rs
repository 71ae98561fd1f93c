//! How a store is found again: the last segment is read to its last whole record, what is torn behind it is cut off and
//! counted, the segment is sealed, and the next one is begun. Nothing that is valid is deleted.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::clock::ClockSource;
use crate::notice::{Notice, Notify};
use crate::store::decode::Entry;
use crate::store::header::{Header, HeaderProblem, SegmentHash, StoreId};
use crate::store::records::{Records, whole_behind};
use crate::store::segment::{Digest, Segment, path, segments, sync_names};
use crate::store::{layout, ledger};

/// Where a store goes on.
#[derive(Debug)]
struct Recovered {
    /// The header of the segment to begin.
    next: Header,
    /// The generation of the reserve that the last segment has the counters of.
    waited: u32,
}

/// Whether an error says that the disk is full.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Puts the store in `folder` in order and begins the next segment, durably. The second value is the generation of the
/// reserve that the segment before has the counters of.
pub(super) fn begin(
    folder: &Path,
    clock: ClockSource,
    notify: &Notify,
    at: DateTime<Utc>,
) -> io::Result<(Segment, u32)> {
    let Recovered { next, waited } = recover(folder, clock, notify, at)?;
    let segment = Segment::begin(folder, next)?;
    segment.handle().sync_all()?;
    sync_names(folder)?;
    Ok((segment, waited))
}

/// Takes the store in `folder` for this process alone, for as long as the file is held.
pub(super) fn lock(folder: &Path) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(folder.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::new(io::ErrorKind::ResourceBusy, "another sinkhole writes to this folder"))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Puts the store in `folder` in order, and says where it goes on. The caller holds its lock.
fn recover(folder: &Path, clock: ClockSource, notify: &Notify, at: DateTime<Utc>) -> io::Result<Recovered> {
    let next =
        |number, first_sequence, store, previous| Header { number, first_sequence, begun: at, store, clock, previous };
    while let Some((number, path)) = segments(folder)?.pop() {
        let octets = fs::read(&path)?;
        let records = match Records::new(&octets) {
            Ok(records) if records.header().number == number => records,
            _ if Header::was_never_whole(&octets) => {
                fs::remove_file(&path)?;
                sync_names(folder)?;
                continue;
            }
            Err(HeaderProblem::Version(version)) => {
                let message = format!(
                    "`{}` has layout version {version}, and this program writes version {}; give it another folder",
                    path.display(),
                    layout::VERSION
                );
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            Ok(_) | Err(_) => {
                set_aside(&path, notify)?;
                continue;
            }
        };
        let end = End::of(records, &octets);
        let store = end.header.store;
        let hash = if end.sealed { Digest::of(&octets) } else { seal(folder, &end, &octets, notify, at)? };
        let sealed = u64::from(!end.sealed) * (1 + u64::from(end.cut(&octets) > 0));
        return Ok(Recovered { next: next(number + 1, end.sequence + sealed, store, hash), waited: end.waited });
    }
    let next = match ledger::read(folder)?.last() {
        Some(last) => next(last.segment + 1, last.first_sequence + last.records, last.store, last.sha256),
        None => next(1, 0, new_store()?, SegmentHash::NONE),
    };
    Ok(Recovered { next, waited: 0 })
}

/// How far a segment is whole.
struct End {
    /// The segment's header.
    header: Header,
    /// Octets up to the end of the last whole record.
    length: u64,
    /// The number of the next record.
    sequence: u64,
    /// The last record is the seal.
    sealed: bool,
    /// The highest generation of the reserve whose counters it has.
    waited: u32,
}

impl End {
    /// Reads a segment to its last whole record.
    fn of(mut records: Records, octets: &[u8]) -> Self {
        let mut latest = 0;
        while let Ok(Some(record)) = records.next(octets) {
            if let Entry::Event { waited, .. } = record.entry {
                latest = latest.max(waited);
            }
        }
        Self {
            header: *records.header(),
            length: records.end(),
            sequence: records.next_sequence(),
            sealed: records.is_sealed(),
            waited: latest,
        }
    }

    /// Octets behind the last whole record.
    fn cut(&self, octets: &[u8]) -> u64 {
        octets.len() as u64 - self.length
    }
}

/// Cuts off what is torn at the end of a segment, and seals it. Returns the hash of the whole file. When it fails, the
/// segment is as it was.
fn seal(folder: &Path, end: &End, octets: &[u8], notify: &Notify, at: DateTime<Utc>) -> io::Result<SegmentHash> {
    let (whole, torn) = octets.split_at(end.length as usize);
    let path = path(folder, end.header.number);
    let kept = match whole_behind(octets, end.length) {
        Some(_) => Some(keep(&path, end.length, torn)?),
        None => None,
    };
    let mut digest = Digest::default();
    digest.take_in(whole);
    let mut records = Vec::with_capacity(256);
    if !torn.is_empty() {
        layout::append_cut(torn.len() as u64, at, &mut records);
        layout::stamp(&mut records, end.sequence);
        digest.take_in(&records);
    }
    let before = records.len();
    layout::append_seal(&digest.hash().0, at, &mut records);
    let mut segment = Segment::resume(folder, end.header, end.length, end.sequence)?;
    if let Err(error) = segment.append(&mut records) {
        // How much was torn must not be forgotten. There was room for it a moment ago.
        (&*segment.handle()).write_all(torn)?;
        return Err(error);
    }
    digest.take_in(&records[before..]);
    segment.handle().sync_all()?;
    if !torn.is_empty() {
        notify.tell(Notice::Recovered { segment: path, offset: end.length, octets: torn.len() as u64, kept });
    }
    Ok(digest.hash())
}

/// Keeps the end of a damaged segment, in which whole records stand, in a file of its own.
fn keep(segment: &Path, from: u64, octets: &[u8]) -> io::Result<PathBuf> {
    let kept = segment.with_extension(format!("cut-at-{from}"));
    let mut file = File::create(&kept)?;
    file.write_all(octets)?;
    file.sync_all()?;
    Ok(kept)
}

/// Takes a file that is no segment out of the way.
fn set_aside(path: &Path, notify: &Notify) -> io::Result<()> {
    let taken = |to: &PathBuf| to.exists();
    let to = (0..=u8::MAX).map(|number| path.with_extension(format!("damaged-{number}"))).find(|to| !taken(to));
    let to = to.ok_or_else(|| io::Error::new(io::ErrorKind::AlreadyExists, "too many damaged segments are kept"))?;
    fs::rename(path, &to)?;
    notify.tell(Notice::SetAside { segment: path.to_owned(), to });
    Ok(())
}

/// Draws the identity of a new store.
fn new_store() -> io::Result<StoreId> {
    let mut id = StoreId([0; 16]);
    File::open("/dev/urandom")?.read_exact(&mut id.0)?;
    Ok(id)
}
