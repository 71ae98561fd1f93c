//! Comma-separated values, safe to open in a spreadsheet.

use std::io;

use csv::Writer;

use super::dates::Dates;
use super::{CHUNK, Encoder, formula};
use crate::head::Head;
use crate::row::Row;

/// The columns, in order; every form but lines has them.
pub(crate) const COLUMNS: [&str; 9] =
    ["family", "variant", "preset", "name", "registrable_domain", "public_suffix", "valid_from", "valid_to", "index"];

/// Rows.
pub(super) struct Csv {
    writer: Writer<Vec<u8>>,
    dates: Dates,
    rows: usize,
}

/// About how many bytes a row has.
const ROW: usize = 100;

impl Default for Csv {
    fn default() -> Self {
        Self { writer: Writer::from_writer(Vec::new()), dates: Dates::default(), rows: 0 }
    }
}

/// The comment line and the header.
pub(super) fn head(head: &Head) -> io::Result<Vec<u8>> {
    let mut writer = Writer::from_writer(format!("# {}\n", head.line()).into_bytes());
    writer.write_record(COLUMNS)?;
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

impl Encoder for Csv {
    type Chunk = Vec<u8>;

    fn add(&mut self, row: &Row<'_>) -> io::Result<()> {
        let [from, until] = self.dates.of(row.valid);
        let index = row.index.to_string();
        let cells = [
            formula::text(row.family),
            formula::text(row.variant),
            formula::text(row.preset),
            formula::text(row.name),
            formula::text(row.registrable_domain().unwrap_or_default()),
            formula::text(row.public_suffix().unwrap_or_default()),
            from.unwrap_or_default().into(),
            until.unwrap_or_default().into(),
            index.into(),
        ];
        self.rows += 1;
        Ok(self.writer.write_record(cells.iter().map(|cell| cell.as_bytes()))?)
    }

    fn is_full(&self) -> bool {
        self.rows >= CHUNK / ROW
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        self.writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }
}
