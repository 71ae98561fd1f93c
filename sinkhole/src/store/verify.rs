//! Whether a store is as it was written: every record, every segment, and the chain of segments.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::store::decode::Entry;
use crate::store::header::{Header, SegmentHash, StoreId};
use crate::store::ledger::{self, Removed};
use crate::store::reader::ReadError;
use crate::store::records::{Broken, Records, whole_behind};
use crate::store::segment::{Digest, path, segments};

/// What was found in a store.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Verified {
    /// The store's identity; nothing for an empty folder.
    pub store: Option<StoreId>,
    /// Segments that are there.
    pub segments: u64,
    /// Segments that retention removed, and that the ledger knows.
    pub removed: u64,
    /// Events in whole records: questions, requests, connections.
    pub events: u64,
    /// Octets that recovery cut off when it found them torn, as the segments say.
    pub cut: u64,
    /// The last sealed segment, its hash, and when it was sealed. Kept elsewhere, the hash proves everything before it.
    pub sealed: Option<(u64, SegmentHash, DateTime<Utc>)>,
    /// The hashes of all sealed segments, also of those that the ledger says were removed.
    pub hashes: Vec<SegmentHash>,
    /// The segment that is still open, and the octets at its end that are no whole record: a write that was torn, or one
    /// that goes on now.
    pub open: Option<(u64, u64)>,
    /// What is not as it was written, in the order of the segments; at most one for each.
    pub damage: Vec<Damage>,
}

/// A place that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` at octet {offset}: {what}", segment.display())]
#[non_exhaustive]
pub struct Damage {
    /// The segment, or the file that should have been there.
    pub segment: PathBuf,
    /// Where in it, from its first octet.
    pub offset: u64,
    /// What is wrong.
    pub what: String,
}

/// What is known when the next segment is looked at.
struct Before {
    /// Its number.
    number: u64,
    /// Sequence number of the record that comes next; unknown behind damage.
    sequence: Option<u64>,
    /// The hash of the whole file.
    hash: SegmentHash,
    /// It has a seal.
    sealed: bool,
}

/// Verifies the store in `folder`.
///
/// # Errors
///
/// The folder or a file in it cannot be read.
pub fn verify(folder: &Path) -> Result<Verified, ReadError> {
    let mut verified = Verified::default();
    let ledger = ledger::path(folder);
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |error: io::Error| ReadError::Read { path, error }
    };
    let mut segments = segments(folder).map_err(unreadable(folder))?;
    if let Some((number, path)) = segments.last() {
        let octets = fs::read(path).map_err(unreadable(path))?;
        if Header::was_never_whole(&octets) {
            verified.open = Some((*number, octets.len() as u64));
            segments.pop();
        }
    }
    let last = segments.len();
    let removed = match ledger::read(folder) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            let damage = Damage { segment: ledger, offset: 0, what: error.to_string() };
            return Ok(Verified { damage: vec![damage], ..Verified::default() });
        }
        removed => removed.map_err(unreadable(&ledger))?,
    };
    verified.hashes.extend(removed.iter().map(|removed| removed.sha256));
    let removed: HashMap<u64, Removed> = removed.into_iter().map(|removed| (removed.segment, removed)).collect();
    verified.removed = removed.len() as u64;
    let mut before: Option<Before> = None;
    for (index, (number, path)) in segments.iter().enumerate() {
        let octets = fs::read(path).map_err(unreadable(path))?;
        let is_last = index + 1 == last;
        let expected = expected(folder, *number, before.take(), &removed, &mut verified.damage);
        before = Some(segment(*number, path, &octets, expected.as_ref(), is_last, &mut verified));
        verified.segments += 1;
        // A segment may be there still that the ledger says is gone: a process ended between the two.
        verified.removed -= u64::from(removed.contains_key(number));
    }
    Ok(verified)
}

/// What segment `number` must follow: the one before it, or what the ledger says of it.
fn expected(
    folder: &Path,
    number: u64,
    before: Option<Before>,
    removed: &HashMap<u64, Removed>,
    damage: &mut Vec<Damage>,
) -> Option<Before> {
    match before {
        Some(before) if before.number + 1 == number => return Some(before),
        None if number == 1 => {
            return Some(Before { number: 0, sequence: Some(0), hash: SegmentHash::NONE, sealed: true });
        }
        _ => {}
    }
    if let Some(removed) = removed.get(&(number - 1)) {
        let sequence = Some(removed.first_sequence + removed.records);
        return Some(Before { number: number - 1, sequence, hash: removed.sha256, sealed: true });
    }
    let what = "the segment is missing, and the ledger does not say that it was removed".to_owned();
    damage.push(Damage { segment: path(folder, number - 1), offset: 0, what });
    None
}

/// Verifies one segment.
fn segment(
    number: u64,
    path: &Path,
    octets: &[u8],
    expected: Option<&Before>,
    is_last: bool,
    verified: &mut Verified,
) -> Before {
    let mut found = Before { number, sequence: None, hash: Digest::of(octets), sealed: false };
    let mut damage = None;
    let mut damaged = |offset: u64, what: String| {
        damage.get_or_insert(Damage { segment: path.to_owned(), offset, what });
    };
    match Records::new(octets) {
        Err(error) => damaged(0, error.to_string()),
        Ok(mut records) => {
            let header = *records.header();
            if let Some(what) = misplaced(&header, number, verified.store, expected) {
                damaged(0, what);
            }
            verified.store = verified.store.or(Some(header.store));
            let end = walk(&mut records, octets, verified, &mut damaged);
            match end {
                Err(error) => {
                    let torn = octets.len() as u64 - records.end();
                    let torn_write = is_last && !records.is_sealed() && whole_behind(octets, records.end()).is_none();
                    if torn_write && error != Broken::Sequence {
                        verified.open = Some((number, torn));
                    } else {
                        damaged(records.end(), error.to_string());
                    }
                }
                Ok(sealed_at) => {
                    found.sequence = Some(records.next_sequence());
                    found.sealed = records.is_sealed();
                    match sealed_at {
                        Some(at) => {
                            verified.sealed = Some((number, found.hash, at));
                            verified.hashes.push(found.hash);
                        }
                        None if is_last => verified.open = Some((number, 0)),
                        None => damaged(records.end(), "the segment has no seal, and others follow it".to_owned()),
                    }
                }
            }
        }
    }
    verified.damage.extend(damage);
    found
}

/// Reads all records of a segment; says when it was sealed.
fn walk(
    records: &mut Records,
    octets: &[u8],
    verified: &mut Verified,
    damaged: &mut impl FnMut(u64, String),
) -> Result<Option<DateTime<Utc>>, Broken> {
    let mut sealed = None;
    while let Some(record) = records.next(octets)? {
        match record.entry {
            Entry::Event { event, .. } => verified.events += u64::from(event.origin().is_some()),
            Entry::Cut(octets) => verified.cut += octets,
            Entry::Seal(hash) => {
                if Digest::of(&octets[..record.offset as usize]).0 != hash {
                    damaged(record.offset, "the seal does not fit the segment".to_owned());
                }
                sealed = Some(record.at);
            }
            _ => {}
        }
    }
    Ok(sealed)
}

/// What is wrong with a header that is whole.
fn misplaced(header: &Header, number: u64, store: Option<StoreId>, expected: Option<&Before>) -> Option<String> {
    if header.number != number {
        return Some(format!("the header says that this is segment {}", header.number));
    }
    if store.is_some_and(|store| store != header.store) {
        return Some(format!("the segment belongs to another store, {}", header.store));
    }
    let before = expected?;
    if before.hash != header.previous {
        let at = if before.number == 0 { "there is none before it".to_owned() } else { before.hash.to_string() };
        return Some(format!("the header says that the segment before it has SHA-256 {}; {at}", header.previous));
    }
    if before.sealed && before.sequence.is_some_and(|sequence| sequence != header.first_sequence) {
        return Some(format!("records are missing before it: it begins with {}", header.first_sequence));
    }
    None
}
