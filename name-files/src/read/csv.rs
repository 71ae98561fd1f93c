//! Comma-separated values as they are written here.

use std::io;

use chrono::{DateTime, Utc};
use csv::{ByteRecord, ErrorKind, ReaderBuilder};
use dga::Period;

use super::error::{Error, REWRITE};
use super::lines::{Capped, LONGEST, Lines};
use crate::row::Row;
use crate::write::{COLUMNS, formula};

/// Whether a line is the header that is written here.
pub(super) fn is_header(line: &str) -> bool {
    line.split(',').map(|column| column.trim_matches('"')).eq(COLUMNS)
}

/// Visits every row below the header.
pub(super) fn visit<E: From<Error>>(lines: Lines, visit: &mut dyn FnMut(&Row<'_>) -> Result<(), E>) -> Result<(), E> {
    let before = lines.number();
    let (rest, left) = Capped::new(lines.into_rest());
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(rest);
    let mut record = ByteRecord::new();
    loop {
        // A quotation mark too many makes one record of the rest of the file.
        left.set(LONGEST);
        let line = before + reader.position().line();
        if !reader.read_byte_record(&mut record).map_err(|error| refused(error, line))? {
            return Ok(());
        }
        let line = before + record.position().map_or(0, csv::Position::line);
        let row = row(&record).map_err(|reason| Error::Line { line, reason, hint: REWRITE })?;
        visit(&row)?;
    }
}

/// One row's cells: all columns of [`COLUMNS`], of which two follow from the name.
fn row(record: &ByteRecord) -> Result<Row<'_>, String> {
    let [family, variant, preset, name, _, _, from, until, index]: [&[u8]; 9] = {
        let mut cells = record.iter();
        let all = [(); 9].map(|()| cells.next());
        let count = record.len();
        if all.contains(&None) || count > all.len() {
            return Err(format!("it has {count} fields instead of {}", all.len()));
        }
        all.map(Option::unwrap_or_default)
    };
    let text = |column: &str, bytes| {
        std::str::from_utf8(bytes).map(formula::undone).map_err(|_| format!("`{column}` is not UTF-8"))
    };
    let time = |column: &str, bytes| {
        let text = text(column, bytes)?;
        if text.is_empty() { Ok(None) } else { moment(text).map(Some).ok_or_else(|| no_time(column, text)) }
    };
    let index = text("index", index)?;
    Ok(Row {
        family: text("family", family)?,
        variant: text("variant", variant)?,
        preset: text("preset", preset)?,
        name: text("name", name)?,
        valid: Period { from: time("valid_from", from)?, until: time("valid_to", until)? },
        index: index.parse().map_err(|_| format!("`index` is `{}`, which is no number", index.escape_debug()))?,
    })
}

/// A moment as it is written here.
pub(super) fn moment(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.to_utc())
}

/// What to say of a text that is none.
pub(super) fn no_time(column: &str, text: &str) -> String {
    format!("`{column}` is `{}`, which is no time", text.escape_debug())
}

fn refused(error: csv::Error, line: u64) -> Error {
    match error.into_kind() {
        ErrorKind::Io(error) if error.kind() == io::ErrorKind::InvalidData => Error::Line {
            line,
            reason: "a quotation mark is not closed, or the row is longer than 65,536 bytes".into(),
            hint: REWRITE,
        },
        ErrorKind::Io(error) => Error::Input(error),
        kind => Error::Line { line, reason: format!("{kind:?}"), hint: REWRITE },
    }
}
