//! One segment file: appended to by whole writes, and left as it was when a write fails.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::store::header::{HEADER, Header, SegmentHash};
use crate::store::layout;

/// What a segment's name begins with.
const PREFIX: &str = "events-";
/// What a segment's name ends with: Hydrabane sinkhole events.
const SUFFIX: &str = ".hse";

/// The segment that is written to.
#[derive(Debug)]
pub(super) struct Segment {
    /// The file.
    file: Arc<File>,
    /// Its header.
    header: Header,
    /// Octets that hold whole records.
    length: u64,
    /// Sequence number of the next record.
    sequence: u64,
    /// Half a record may stand behind the whole ones.
    torn: bool,
}

impl Segment {
    /// Begins a segment. Its name and header are not durable yet.
    pub(super) fn begin(folder: &Path, header: Header) -> io::Result<Self> {
        let path = path(folder, header.number);
        let file = OpenOptions::new().read(true).append(true).create_new(true).open(&path)?;
        if let Err(error) = (&file).write_all(&header.to_octets()) {
            // Half a header is of no use to anybody; if it cannot be removed, recovery does it.
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        let sequence = header.first_sequence;
        Ok(Self { file: Arc::new(file), header, length: HEADER as u64, sequence, torn: false })
    }

    /// Goes on with a segment that a process left behind, up to `length` octets, where the record with number
    /// `sequence` comes next. What stands behind them is cut off.
    pub(super) fn resume(folder: &Path, header: Header, length: u64, sequence: u64) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).append(true).open(path(folder, header.number))?;
        file.set_len(length)?;
        Ok(Self { file: Arc::new(file), header, length, sequence, torn: false })
    }

    /// Its header.
    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// Octets in the segment.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Sequence number of the next record.
    pub(super) fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Stamps whole records and appends them with as few writes as the system allows: one. When it fails, the file ends
    /// where it did before, so that later records can be read.
    pub(super) fn append(&mut self, records: &mut [u8]) -> io::Result<()> {
        if self.torn {
            self.file.set_len(self.length)?;
        }
        let count = layout::stamp(records, self.sequence);
        self.torn = true;
        (&*self.file).write_all(records).inspect_err(|_| self.torn = self.file.set_len(self.length).is_err())?;
        self.torn = false;
        self.length += records.len() as u64;
        self.sequence += count;
        Ok(())
    }

    /// Takes back what was appended last, so that the segment has `length` octets again and goes on with the record
    /// `sequence`.
    pub(super) fn take_back(&mut self, length: u64, sequence: u64) {
        (self.length, self.sequence) = (length, sequence);
        self.torn = self.file.set_len(length).is_err();
    }

    /// Puts another file in this one's place; returns this one.
    #[cfg(test)]
    pub(super) fn replace(&mut self, file: File) -> Arc<File> {
        std::mem::replace(&mut self.file, Arc::new(file))
    }

    /// Puts the file back that [`replace`](Self::replace) took away.
    #[cfg(test)]
    pub(super) fn restore(&mut self, file: Arc<File>) {
        self.file = file;
    }

    /// A second handle, to sync or read without keeping writers waiting.
    pub(super) fn handle(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }
}

/// The SHA-256 of a segment's first octets, kept while the segment grows.
#[derive(Clone, Debug, Default)]
pub(super) struct Digest {
    /// What was taken in.
    state: Sha256,
    /// How many octets are in it.
    length: u64,
}

impl Digest {
    /// The hash of a whole segment.
    pub(super) fn of(octets: &[u8]) -> SegmentHash {
        SegmentHash(Sha256::digest(octets).into())
    }

    /// Takes in what the file has up to `length`.
    pub(super) fn catch_up(&mut self, file: &File, length: u64) -> io::Result<()> {
        let mut part = [0; 1 << 14];
        while self.length < length {
            let wanted = part.len().min(usize::try_from(length - self.length).unwrap_or(usize::MAX));
            file.read_exact_at(&mut part[..wanted], self.length)?;
            self.take_in(&part[..wanted]);
        }
        Ok(())
    }

    /// Takes in the octets that follow.
    pub(super) fn take_in(&mut self, octets: &[u8]) {
        self.state.update(octets);
        self.length += octets.len() as u64;
    }

    /// The hash of what was taken in.
    pub(super) fn hash(&self) -> SegmentHash {
        SegmentHash(self.state.clone().finalize().into())
    }
}

/// Where segment `number` is.
pub(super) fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{PREFIX}{number:06}{SUFFIX}"))
}

/// Makes the names in a folder durable.
pub(super) fn sync_names(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// The segments in `folder` by number.
pub(super) fn segments(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let number = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.parse().ok());
        if let Some(number) = number {
            found.push((number, path));
        }
    }
    found.sort_unstable();
    Ok(found)
}
