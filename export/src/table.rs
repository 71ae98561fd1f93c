//! [`Table`]: comma-separated values (RFC 4180) that a spreadsheet opens without harm.

use std::borrow::Cow;

use csv::Writer;

use crate::error::Error;
use crate::shelf::File;

/// Comma-separated values. Every cell stays on its line, and none is taken for a formula.
pub(crate) struct Table(Writer<File>);

impl Table {
    /// Begins a table: comment lines, then the names of the columns.
    pub(crate) fn begin(mut file: File, comments: &[String], columns: &[&str]) -> Result<Self, Error> {
        for comment in comments {
            writeln!(file, "# {}", one_line(comment))?;
        }
        let mut table = Self(Writer::from_writer(file));
        table.row(columns)?;
        Ok(table)
    }

    /// Writes a row.
    pub(crate) fn row(&mut self, cells: &[&str]) -> Result<(), Error> {
        let mut write = || {
            cells.iter().try_for_each(|text| self.0.write_field(cell(text).as_bytes()))?;
            self.0.write_record(None::<&[u8]>)
        };
        write().map_err(|error| Error::Output(error.into()))
    }

    /// Writes everything to the file.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        Ok(self.0.flush()?)
    }
}

/// A text without line breaks and other control characters.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) { text.replace(char::is_control, " ").into() } else { text.into() }
}

/// A cell's text: on one line, and with an apostrophe before what a spreadsheet would take for a formula.
fn cell(text: &str) -> Cow<'_, str> {
    let text = one_line(text);
    if text.starts_with(['=', '+', '-', '@']) && text.parse::<i64>().is_err() {
        format!("'{text}").into()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_neither_lines_nor_formulas() {
        assert_eq!(cell("a\r\nb\tc"), "a  b c");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@x"), "'@x");
        assert_eq!(cell("-12"), "-12", "a number is no formula");
        assert_eq!(cell("a=b"), "a=b");
    }
}
