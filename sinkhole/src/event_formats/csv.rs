//! Comma-separated values (RFC 4180): one row for each event, the columns of `columns.rs`, safe to open in a
//! spreadsheet. A comment line with the tool's version stands first.

use std::io::{self, Write};

use chrono::SecondsFormat;

use super::columns::{COLUMNS, Cell, cells};
use super::{Format, Head, Info, Place, Sink, cell, stream};
use crate::store::Recorded;

/// Comma-separated values.
pub(crate) struct Csv;

impl Format for Csv {
    fn info(&self) -> Info {
        Info { name: "csv", about: "one row an event, for spreadsheets and data frames", is_folder: false }
    }

    fn begin(&self, place: Place) -> io::Result<Box<dyn Sink>> {
        let mut stream = stream(place)?;
        writeln!(stream, "# {}", Head::new("sinkhole-events/1").line())?;
        let mut writer = csv::Writer::from_writer(stream);
        writer.write_record(COLUMNS.map(|(name, _)| name))?;
        Ok(Box::new(Table(writer)))
    }
}

/// A table in the making.
struct Table(csv::Writer<Box<dyn Write>>);

impl Sink for Table {
    fn add(&mut self, recorded: &Recorded) -> io::Result<bool> {
        for cell in cells(recorded) {
            match cell {
                Cell::Empty => self.0.write_field("")?,
                Cell::Text(text) => self.0.write_field(cell::text(&text).as_bytes())?,
                Cell::Number(number) => self.0.write_field(number.to_string())?,
                Cell::Flag(flag) => self.0.write_field(if flag { "true" } else { "false" })?,
                Cell::Time(time) => self.0.write_field(time.to_rfc3339_opts(SecondsFormat::Nanos, true))?,
            }
        }
        self.0.write_record(None::<&[u8]>)?;
        Ok(true)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.0.flush()
    }
}
