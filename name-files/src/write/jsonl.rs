//! One JSON object a line.

use std::io;

use serde::Serialize;

use super::dates::Dates;
use super::{CHUNK, Encoder};
use crate::head::Head;
use crate::row::Row;

/// Objects.
#[derive(Default)]
pub(super) struct Jsonl {
    text: Vec<u8>,
    dates: Dates,
}

/// One name with all that is known about it.
#[derive(Serialize)]
struct Object<'a> {
    family: &'a str,
    variant: &'a str,
    preset: Option<&'a str>,
    name: &'a str,
    registrable_domain: Option<&'a str>,
    public_suffix: Option<&'a str>,
    valid_from: Option<&'a str>,
    valid_to: Option<&'a str>,
    index: usize,
}

/// The first line.
pub(super) fn head(head: &Head) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(head)?;
    line.push(b'\n');
    Ok(line)
}

impl Encoder for Jsonl {
    type Chunk = Vec<u8>;

    fn add(&mut self, row: &Row<'_>) -> io::Result<()> {
        let [valid_from, valid_to] = self.dates.of(row.valid);
        let object = Object {
            family: row.family,
            variant: row.variant,
            preset: Some(row.preset).filter(|preset| !preset.is_empty()),
            name: row.name,
            registrable_domain: row.registrable_domain(),
            public_suffix: row.public_suffix(),
            valid_from,
            valid_to,
            index: row.index,
        };
        serde_json::to_writer(&mut self.text, &object)?;
        self.text.push(b'\n');
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.text.len() >= CHUNK
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        Ok(self.text)
    }
}
