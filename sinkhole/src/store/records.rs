//! The records of one segment, from its octets: no I/O, and no octets that could make it panic. Reading, recovery and
//! verification all go through here.

use std::collections::HashMap;
use std::net::SocketAddr;

use chrono::{DateTime, Utc};

use crate::store::decode::{Entry, decode};
use crate::store::header::{HEADER, Header, HeaderProblem};
use crate::store::layout::{HEAD, checksum, tail_length, u32_at, u64_at};
use crate::store::{LabelId, ListenerId};

/// Walks over the records of a segment up to the first that is not whole.
#[derive(Clone, Debug)]
pub struct Records {
    /// The segment's header.
    header: Header,
    /// Where the next record begins.
    at: usize,
    /// The number of the next record.
    sequence: u64,
    /// Texts of families and presets that were defined so far.
    labels: HashMap<LabelId, String>,
    /// Addresses of listeners that were defined so far.
    listeners: HashMap<ListenerId, SocketAddr>,
    /// The seal was read.
    sealed: bool,
}

/// A whole record.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Record {
    /// Where it begins, in octets from the segment's first.
    pub offset: u64,
    /// Its number in its store.
    pub sequence: u64,
    /// When it was written, by the sinkhole's clock.
    pub at: DateTime<Utc>,
    /// What it says.
    pub entry: Entry,
}

/// Why the octets from some place on are no whole record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Broken {
    /// They are fewer than the record has.
    #[error("the record is cut off")]
    Cut,
    /// They are not what was written.
    #[error("the record's checksum is wrong")]
    Checksum,
    /// The record is whole, but it is not the next one.
    #[error("the record is not the next one of its store")]
    Sequence,
    /// The segment was sealed before them.
    #[error("octets stand behind the seal")]
    BehindSeal,
}

impl Records {
    /// Begins with the segment whose octets these are.
    ///
    /// # Errors
    ///
    /// They do not begin with a header that this program can read.
    pub fn new(octets: &[u8]) -> Result<Self, HeaderProblem> {
        let header = Header::read(octets)?;
        let sequence = header.first_sequence;
        Ok(Self { header, at: HEADER, sequence, labels: HashMap::new(), listeners: HashMap::new(), sealed: false })
    }

    /// The segment's header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Where the last whole record ends, in octets from the segment's first.
    pub fn end(&self) -> u64 {
        self.at as u64
    }

    /// The sequence number of the record that would come next.
    pub fn next_sequence(&self) -> u64 {
        self.sequence
    }

    /// Whether the seal was read.
    pub fn is_sealed(&self) -> bool {
        self.sealed
    }

    /// The next record of the same octets; `None` at their end.
    ///
    /// # Errors
    ///
    /// What comes next is no whole record. It stays the next.
    pub fn next(&mut self, octets: &[u8]) -> Result<Option<Record>, Broken> {
        let rest = octets.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(None);
        }
        if self.sealed {
            return Err(Broken::BehindSeal);
        }
        let (head, tail) = whole(rest)?;
        if u32_at(head, 8) != self.sequence as u32 {
            return Err(Broken::Sequence);
        }
        let entry = decode(head, tail, |label| self.labels.get(&label).cloned(), |id| self.listeners.get(&id).copied());
        match &entry {
            Entry::Label(label, text) => {
                self.labels.insert(*label, text.clone());
            }
            Entry::Listener(id, listener) => {
                self.listeners.insert(*id, listener.address);
            }
            Entry::Seal(_) => self.sealed = true,
            _ => {}
        }
        let at = DateTime::from_timestamp_nanos(u64_at(head, 0) as i64);
        let record = Record { offset: self.at as u64, sequence: self.sequence, at, entry };
        self.at += HEAD + tail.len();
        self.sequence = self.sequence.wrapping_add(1);
        Ok(Some(record))
    }
}

/// The record with which `octets` begin, as head and tail.
fn whole(octets: &[u8]) -> Result<(&[u8], &[u8]), Broken> {
    let (head, rest) = octets.split_at_checked(HEAD).ok_or(Broken::Cut)?;
    let length = tail_length(head).ok_or(Broken::Checksum)?;
    let tail = rest.get(..length).ok_or(Broken::Cut)?;
    if checksum(&octets[..HEAD + length]) == u32_at(head, 60) { Ok((head, tail)) } else { Err(Broken::Checksum) }
}

/// Where the first whole record behind a broken one begins. There is none behind a torn write; where there is one,
/// octets were damaged, and what stands behind them is evidence.
pub fn whole_behind(octets: &[u8], from: u64) -> Option<u64> {
    let from = usize::try_from(from).ok()?.checked_add(1)?;
    // Kinds are small numbers and never zero, so that few places need a checksum.
    (from..octets.len().saturating_sub(HEAD - 1))
        .find(|at| matches!(octets[at + 32], 1..=31) && whole(&octets[*at..]).is_ok())
        .map(|at| at as u64)
}
