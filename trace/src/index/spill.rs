//! Entries on their way into an index: sorted into parts by fingerprint, in files without a name where memory is short.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::Fingerprint;

/// Parts: each is sorted in memory by itself.
const PARTS: usize = 128;
/// Bits of a fingerprint that choose the part.
const PART_BITS: u32 = PARTS.ilog2();
/// Entries in memory before they are written to files: 256 MiB.
const IN_MEMORY: usize = 1 << 24;
/// Bytes of an entry in a file.
const ENTRY: usize = 12;

/// A fingerprint and the number of a list.
pub(super) type Entry = (Fingerprint, u32);

/// Entries in parts.
pub(super) struct Spill {
    folder: PathBuf,
    parts: Vec<Vec<Entry>>,
    files: Vec<File>,
    waiting: usize,
    total: u64,
}

impl Spill {
    /// No entries yet; what does not fit into memory will lie in `folder`.
    pub(super) fn new(folder: &Path) -> Self {
        let parts = (0..PARTS).map(|_| Vec::new()).collect();
        Self { folder: folder.to_owned(), parts, files: Vec::new(), waiting: 0, total: 0 }
    }

    /// How many entries there are.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Adds an entry.
    #[inline]
    pub(super) fn add(&mut self, entry: Entry) -> io::Result<()> {
        self.parts[entry.0.bucket(PART_BITS)].push(entry);
        self.waiting += 1;
        self.total += 1;
        if self.waiting == IN_MEMORY { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> io::Result<()> {
        if self.files.is_empty() {
            self.files = (0..PARTS).map(|_| tempfile::tempfile_in(&self.folder)).collect::<Result<_, _>>()?;
        }
        let mut bytes = Vec::new();
        for (part, file) in self.parts.iter_mut().zip(&mut self.files) {
            bytes.clear();
            for (fingerprint, list) in part.drain(..) {
                bytes.extend_from_slice(&fingerprint.0.to_le_bytes());
                bytes.extend_from_slice(&list.to_le_bytes());
            }
            file.write_all(&bytes)?;
        }
        self.waiting = 0;
        Ok(())
    }

    /// The parts in order of their fingerprints, each unsorted.
    pub(super) fn into_parts(self) -> impl Iterator<Item = Part> {
        let mut files = self.files.into_iter();
        self.parts.into_iter().map(move |entries| Part { entries, file: files.next() })
    }
}

/// Entries whose fingerprints have their first bits in common.
pub(super) struct Part {
    entries: Vec<Entry>,
    file: Option<File>,
}

impl Part {
    /// All entries in order, each once.
    pub(super) fn sorted(mut self) -> io::Result<Vec<Entry>> {
        if let Some(mut file) = self.file {
            let mut bytes = Vec::new();
            file.rewind()?;
            file.read_to_end(&mut bytes)?;
            self.entries.extend(bytes.chunks_exact(ENTRY).map(|entry| {
                let (fingerprint, list) = entry.split_at(8);
                let fingerprint = u64::from_le_bytes(fingerprint.try_into().expect("eight bytes"));
                (Fingerprint(fingerprint), super::word(list))
            }));
        }
        self.entries.sort_unstable();
        self.entries.dedup();
        Ok(self.entries)
    }
}
