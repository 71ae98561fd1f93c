//! Comma-separated values as they are written here.

use std::io;

use chrono::{DateTime, Utc};
use csv::{ByteRecord, ErrorKind, ReaderBuilder};
use dga::Period;

use super::Each;
use super::error::{Error, REWRITE};
use super::lines::{Capped, LONGEST, Lines};
use crate::row::Row;
use crate::write::{COLUMNS, formula};

/// Where in a record each column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// The places of [`COLUMNS`]; a table of others need not have all of them.
    places: [Option<usize>; COLUMNS.len()],
    /// How many fields a record has.
    width: usize,
    /// It is the header that is written here.
    is_ours: bool,
}

impl Columns {
    /// The columns that a header names; nothing if it is none. `any` also takes headers of others that have a column of
    /// names.
    pub(super) fn of_header(line: &str, any: bool) -> Option<Self> {
        let cells = || line.split(',').map(|cell| cell.trim_matches('"'));
        if cells().eq(COLUMNS) {
            return Some(Self { places: std::array::from_fn(Some), width: COLUMNS.len(), is_ours: true });
        }
        if !any {
            return None;
        }
        let mut header = ByteRecord::new();
        let mut reader = ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
        reader.read_byte_record(&mut header).ok()?;
        let place = |name: &str| header.iter().position(|cell| cell.trim_ascii().eq_ignore_ascii_case(name.as_bytes()));
        let mut places = COLUMNS.map(place);
        places[NAME] = places[NAME].or_else(|| place("domain"));
        places[NAME].map(|_| Self { places, width: header.len(), is_ours: false })
    }
}

/// The place of the names among [`COLUMNS`].
const NAME: usize = 3;

/// Visits every row below the header.
pub(super) fn visit<E: From<Error>>(lines: Lines, columns: &Columns, visit: &mut Each<'_, E>) -> Result<(), E> {
    let before = lines.number();
    let (rest, left) = Capped::new(lines.into_rest());
    // A name of ours may begin with `#`; tables of others are written by hand.
    let comment = (!columns.is_ours).then_some(b'#');
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).comment(comment).from_reader(rest);
    let mut record = ByteRecord::new();
    for number in 0.. {
        // A quotation mark too many makes one record of the rest of the file.
        left.set(LONGEST);
        let line = before + reader.position().line();
        if !reader.read_byte_record(&mut record).map_err(|error| refused(error, line))? {
            break;
        }
        let line = before + record.position().map_or(0, csv::Position::line);
        let hint = if columns.is_ours { REWRITE } else { COMPARE };
        visit(line, row(&record, columns, number).map_err(|reason| Error::Line { line, reason, hint }))?;
    }
    Ok(())
}

/// What to do with a row of others that does not read.
const COMPARE: &str = "each row must have the fields that the header names, and the columns that are read the values of \
                       those that `hydrabane generate --format csv` writes";

/// One row's cells, of which two follow from the name. Without a column for it, the index is the row's number.
fn row<'a>(record: &'a ByteRecord, columns: &Columns, number: usize) -> Result<Row<'a>, String> {
    if record.len() != columns.width {
        return Err(format!("it has {} fields instead of {}", record.len(), columns.width));
    }
    let cells = columns.places.map(|place| place.and_then(|place| record.get(place)));
    let [family, variant, preset, name, _, _, from, until, index] = cells;
    let text = |column: &str, bytes: Option<&'a [u8]>| {
        let text = std::str::from_utf8(bytes.unwrap_or_default()).map_err(|_| format!("`{column}` is not UTF-8"))?;
        Ok::<_, String>(formula::undone(text))
    };
    let time = |column: &str, bytes| {
        let text = text(column, bytes)?;
        if text.is_empty() { Ok(None) } else { moment(text).map(Some).ok_or_else(|| no_time(column, text)) }
    };
    let name = text("name", name)?;
    let index = if index.is_none() {
        number
    } else {
        let index = text("index", index)?;
        index.parse().map_err(|_| format!("`index` is `{}`, which is no number", index.escape_debug()))?
    };
    Ok(Row {
        family: text("family", family)?,
        variant: text("variant", variant)?,
        preset: text("preset", preset)?,
        name: if columns.is_ours { name } else { name.trim() },
        valid: Period { from: time("valid_from", from)?, until: time("valid_to", until)? },
        index,
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
