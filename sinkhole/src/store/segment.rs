//! One segment file: appended to by whole writes, and left as it was when a write fails.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::store::layout;

/// What a segment's name begins with.
const PREFIX: &str = "events-";
/// What a segment's name ends with: Hydrabane sinkhole events.
const SUFFIX: &str = ".hse";

/// A segment that this process began.
#[derive(Debug)]
pub(super) struct Segment {
    file: File,
    /// Octets that hold whole records.
    length: u64,
    /// Half a record may stand behind them.
    torn: bool,
}

impl Segment {
    /// Begins the segment after the last one in `folder`, and makes its name durable.
    pub(super) fn begin(folder: &Path, at: DateTime<Utc>) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut number = segments(folder)?.last().map_or(0, |(number, _)| *number);
        let file = loop {
            number += 1;
            let path = folder.join(format!("{PREFIX}{number:06}{SUFFIX}"));
            match OpenOptions::new().append(true).create_new(true).open(path) {
                Ok(file) => break file,
                // Another sinkhole that writes to the same folder was faster.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        };
        let mut segment = Self { file, length: 0, torn: false };
        segment.append(&layout::segment_header(number, at))?;
        segment.file.sync_all()?;
        File::open(folder)?.sync_all()?;
        Ok(segment)
    }

    /// Octets in the segment.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Appends whole records with as few writes as the system allows: one. When it fails, the file ends where it did
    /// before, so that later records can be read.
    pub(super) fn append(&mut self, records: &[u8]) -> io::Result<()> {
        if self.torn {
            self.file.set_len(self.length)?;
        }
        self.torn = true;
        self.file.write_all(records).inspect_err(|_| self.torn = self.file.set_len(self.length).is_err())?;
        self.torn = false;
        self.length += records.len() as u64;
        Ok(())
    }

    /// Puts another file in this one's place; returns this one.
    #[cfg(test)]
    pub(super) fn replace(&mut self, file: File) -> File {
        std::mem::replace(&mut self.file, file)
    }

    /// A second handle, to sync without keeping writers waiting.
    pub(super) fn handle(&self) -> io::Result<File> {
        self.file.try_clone()
    }
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
