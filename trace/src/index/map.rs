//! The one place of this crate that is allowed unsafe code: a file in memory.
#![expect(unsafe_code, reason = "a file is mapped into memory")]

use std::fs::File;
use std::io;

use memmap2::Mmap;

/// A file in memory, read only.
#[derive(Debug)]
pub(super) struct Map(Mmap);

impl Map {
    /// Maps the whole file.
    pub(super) fn new(file: &File) -> io::Result<Self> {
        // SAFETY: nobody may change the file while it is mapped. Our own commands never do: they write a new file and give it
        // the name. Bytes are only read as plain numbers, so that other contents would give wrong candidates (which are
        // proved afterwards) or a panic at a bound, and a file that somebody cuts short ends the process.
        let map = unsafe { Mmap::map(file) }?;
        Ok(Self(map))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
