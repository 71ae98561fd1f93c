//! An index of names: for every name the lists that may hold it, in about nine bytes a name.
//!
//! A name is looked up by its fingerprint. What the index says is a candidate: [`crate::Makers`] makes the list again and
//! so proves it. One file, all numbers little-endian:
//!
//! ```text
//! magic      16 bytes
//! entries    8 bytes for each (name, list), ordered by fingerprint: upper half 32 bits of the fingerprint, lower half the list
//! directory  8 bytes for each bucket, and 8 more: where the bucket's entries begin (4), and a bit for each of them (4)
//! lists      20 bytes for each list: its source (4), when its names are valid: from (8), until (8), in seconds of Unix time
//! about      JSON: tool, catalogue, range, sources
//! foot       64 bytes: how long each of these is, the version of the format, checksums
//! ```
//!
//! A fingerprint is the 64-bit XXH3 hash of the name in lower case. Its upper bits choose the bucket, the 32 bits below
//! them stand in the entry: a name that is not in the index has a candidate once in hundreds of millions of look-ups. The five
//! lowest of the fingerprint choose a bit of the bucket's: where it is not set, which is so for five of six names that are
//! not there, the entries need not be looked at.

mod about;
mod build;
mod error;
mod foot;
mod map;
mod spill;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use chrono::DateTime;
use dga::Period;

pub use about::{About, Parents, Source};
pub use build::{Built, build, in_memory};
pub use error::{BuildError, IndexError};

use foot::{Foot, MAGIC};
use map::Map;

/// An index that is ready to be asked.
#[derive(Debug)]
pub struct Index {
    bytes: Bytes,
    foot: Foot,
    about: About,
}

/// Where the index lies.
#[derive(Debug)]
enum Bytes {
    Memory(Vec<u8>),
    File(Map),
}

/// A list that may hold a name, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct List(u32);

/// A name's fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of a name in lower case.
    #[inline]
    pub fn of(name: &[u8]) -> Self {
        Self(xxhash_rust::xxh3::xxh3_64(name))
    }

    /// The bucket, where there are two to the power of `bits`.
    #[inline]
    fn bucket(self, bits: u32) -> usize {
        // Two shifts: a single one by 64 is not defined.
        (self.0 >> 1 >> (63 - bits)) as usize
    }

    /// The 32 bits below those that choose the bucket.
    #[inline]
    fn rest(self, bits: u32) -> u32 {
        ((self.0 << bits) >> 32) as u32
    }

    /// One of the bits of a bucket.
    #[inline]
    fn bit(self) -> u32 {
        1 << (self.0 % 32)
    }
}

impl From<Fingerprint> for u64 {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.0
    }
}

impl Index {
    /// Opens a file, and reads all of it once to see that it is whole.
    ///
    /// # Errors
    ///
    /// It cannot be read, is no index or one of another version, is damaged, or was built from another catalogue.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        let mut file = File::open(path).map_err(IndexError::Read)?;
        // A short file is told from a damaged one, and nothing is mapped that is no index.
        let mut magic = [0; MAGIC.len()];
        file.read_exact(&mut magic).map_err(|_| IndexError::NoIndex)?;
        if magic != *MAGIC {
            return Err(IndexError::NoIndex);
        }
        Self::new(Bytes::File(Map::new(&file).map_err(IndexError::Read)?))
    }

    /// Takes an index that was built in memory.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn of_bytes(bytes: Vec<u8>) -> Result<Self, IndexError> {
        Self::new(Bytes::Memory(bytes))
    }

    fn new(bytes: Bytes) -> Result<Self, IndexError> {
        let foot = Foot::read(bytes.all())?;
        let about = About::read(&bytes.all()[foot.about()])?;
        Ok(Self { bytes, foot, about })
    }

    /// What the index was built from.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// How many (name, list) pairs it has.
    pub fn entries(&self) -> u64 {
        self.foot.entries
    }

    /// How many lists it has.
    pub fn lists(&self) -> u64 {
        self.foot.lists
    }

    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.bytes.all().len() as u64
    }

    /// The lists that may hold these names: each name's place in `names`, and a list. Several at once: the processor
    /// waits for memory once for all, not once for each.
    pub fn candidates(&self, names: &[Fingerprint], found: &mut Vec<(u32, List)>) {
        /// As many as a processor can wait for together, a few times over.
        const TOGETHER: usize = 64;
        let bits = self.foot.bucket_bits;
        let (directory, entries) = (self.directory(), self.all_entries());
        let mut bounds = [(0, 0); TOGETHER];
        for (block, names) in names.chunks(TOGETHER).enumerate() {
            for (bounds, name) in bounds.iter_mut().zip(names) {
                let [bucket, next] = directory[name.bucket(bits)..][..2] else { continue };
                let until = if word(&bucket[4..]) & name.bit() == 0 { bucket } else { next };
                *bounds = (word(&bucket) as usize, word(&until) as usize);
            }
            for (place, (name, (from, until))) in names.iter().zip(bounds).enumerate() {
                let rest = name.rest(bits);
                for entry in &entries[from..until] {
                    if word(&entry[4..]) == rest {
                        found.push(((block * TOGETHER + place) as u32, List(word(entry))));
                    }
                }
            }
        }
    }

    /// Every group of neighbouring entries that one name may have, if it has several: the bits of the fingerprint that
    /// are known, and the lists.
    pub fn groups(&self, mut visit: impl FnMut(Partial, &[List])) {
        let (directory, entries) = (self.directory(), self.all_entries());
        let mut group: Vec<List> = Vec::new();
        for (bucket, bounds) in directory.windows(2).enumerate() {
            let entries = &entries[word(&bounds[0]) as usize..word(&bounds[1]) as usize];
            for same in entries.chunk_by(|one, other| one[4..] == other[4..]).filter(|same| same.len() > 1) {
                group.clear();
                group.extend(same.iter().map(|entry| List(word(entry))));
                visit(Partial { bucket, rest: word(&same[0][4..]) }, &group);
            }
        }
    }

    /// What the index knows of a fingerprint.
    pub fn partial(&self, fingerprint: Fingerprint) -> Partial {
        let bits = self.foot.bucket_bits;
        Partial { bucket: fingerprint.bucket(bits), rest: fingerprint.rest(bits) }
    }

    /// A list's source, as its place in [`About::sources`], and when its names are valid. Names that live on into different
    /// later lists are in different lists here, of one beginning.
    ///
    /// # Panics
    ///
    /// The list is of another index.
    pub fn list(&self, list: List) -> (usize, Period) {
        let entry = self.list_entry(list);
        let moment = |at: usize| {
            let seconds = seconds(&entry[at..]);
            DateTime::from_timestamp(seconds, 0).filter(|_| seconds != foot::OPEN)
        };
        (word(entry) as usize, Period { from: moment(4), until: moment(12) })
    }

    /// A list's source and beginning, to compare lists by.
    pub(crate) fn beginning(&self, list: List) -> (u32, i64) {
        let entry = self.list_entry(list);
        (word(entry), seconds(&entry[4..]))
    }

    fn list_entry(&self, list: List) -> &[u8] {
        let at = list.0 as usize * foot::LIST;
        &self.bytes.all()[self.foot.lists_range()][at..at + foot::LIST]
    }

    fn directory(&self) -> &[[u8; 8]] {
        self.bytes.all()[self.foot.directory_range()].as_chunks().0
    }

    fn all_entries(&self) -> &[[u8; 8]] {
        self.bytes.all()[self.foot.entries_range()].as_chunks().0
    }
}

/// What an index knows of a name's fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Partial {
    bucket: usize,
    rest: u32,
}

impl Bytes {
    fn all(&self) -> &[u8] {
        match self {
            Self::Memory(bytes) => bytes,
            Self::File(map) => map.bytes(),
        }
    }
}

/// The number that the first four bytes hold.
#[inline]
fn word(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// The number that the first eight bytes hold.
fn seconds(bytes: &[u8]) -> i64 {
    i64::from_le_bytes(bytes[..8].try_into().expect("eight bytes"))
}
