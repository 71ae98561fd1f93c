//! The end of an index: where its parts lie, and whether it is whole.

use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

use super::error::IndexError;

/// The first bytes of an index.
pub(super) const MAGIC: &[u8; 16] = b"hydrabane index\n";
/// Length of the foot in bytes.
pub(super) const FOOT: usize = 64;
/// Length of a list in bytes.
pub(super) const LIST: usize = 20;
/// The beginning or the end of an interval that is open there.
pub(super) const OPEN: i64 = i64::MIN;
/// The version of the format.
const VERSION: u32 = 1;

/// Where the parts of an index lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Foot {
    /// How many entries there are.
    pub(super) entries: u64,
    /// There are two to the power of this many buckets.
    pub(super) bucket_bits: u32,
    /// How many lists there are.
    pub(super) lists: u64,
    /// Length of the description in bytes.
    pub(super) about: u64,
    /// XXH3 of all bytes before the foot.
    pub(super) checksum: u64,
}

impl Foot {
    /// The foot's bytes: five numbers of eight bytes (entries, bucket bits, lists, length of the description, checksum of
    /// all before), the version in four, four that are zero, checksum of these, and the magic's first eight bytes.
    pub(super) fn written(&self) -> [u8; FOOT] {
        let mut bytes = [0; FOOT];
        let numbers = [self.entries, u64::from(self.bucket_bits), self.lists, self.about, self.checksum];
        for (place, number) in bytes.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes[40..44].copy_from_slice(&VERSION.to_le_bytes());
        let own = xxh3_64(&bytes[..48]);
        bytes[48..56].copy_from_slice(&own.to_le_bytes());
        bytes[56..].copy_from_slice(&MAGIC[..8]);
        bytes
    }

    /// Reads the foot of a whole index and checks all of it.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, IndexError> {
        if !bytes.starts_with(MAGIC) {
            return Err(IndexError::NoIndex);
        }
        let Some((before, foot)) = bytes.split_last_chunk::<FOOT>() else { return Err(IndexError::Cut) };
        let number = |place: usize| u64::from_le_bytes(foot[place..place + 8].try_into().expect("eight bytes"));
        if foot[56..] != MAGIC[..8] {
            return Err(IndexError::Cut);
        }
        if number(48) != xxh3_64(&foot[..48]) {
            return Err(IndexError::Damaged);
        }
        let version = number(40) as u32;
        if version != VERSION {
            return Err(IndexError::Version { found: version, known: VERSION });
        }
        let foot = Self {
            entries: number(0),
            bucket_bits: u32::try_from(number(8)).ok().filter(|bits| *bits <= 32).ok_or(IndexError::Damaged)?,
            lists: number(16),
            about: number(24),
            checksum: number(32),
        };
        let whole = foot.about().end.checked_add(FOOT) == Some(bytes.len()) && xxh3_64(before) == foot.checksum;
        if whole { Ok(foot) } else { Err(IndexError::Damaged) }
    }

    /// Where the entries are.
    pub(super) fn entries_range(&self) -> Range<usize> {
        after(MAGIC.len(), self.entries, 8)
    }

    /// Where the directory is.
    pub(super) fn directory_range(&self) -> Range<usize> {
        after(self.entries_range().end, (1 << self.bucket_bits) + 1, 8)
    }

    /// Where the lists are.
    pub(super) fn lists_range(&self) -> Range<usize> {
        after(self.directory_range().end, self.lists, LIST)
    }

    /// Where the description is.
    pub(super) fn about(&self) -> Range<usize> {
        after(self.lists_range().end, self.about, 1)
    }
}

fn after(begin: usize, count: u64, size: usize) -> Range<usize> {
    begin..begin.saturating_add((count as usize).saturating_mul(size))
}
