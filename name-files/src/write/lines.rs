//! One name a line.

use std::io;

use super::{CHUNK, Encoder};
use crate::row::Row;

/// Lines.
#[derive(Default)]
pub(super) struct Lines(Vec<u8>);

impl Encoder for Lines {
    type Chunk = Vec<u8>;

    fn add(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.0.extend_from_slice(row.name.as_bytes());
        self.0.push(b'\n');
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.0.len() >= CHUNK
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        Ok(self.0)
    }
}
