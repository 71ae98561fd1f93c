//! Reading names back: plain lists, and what [`write()`](crate::write()) has written. Which of them a file is, its
//! contents say. Rows come one by one, so that memory does not grow with the file.

mod csv;
mod error;
mod jsonl;
mod lines;
mod list;
mod parquet;
mod ranked;

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

pub use error::Error;
pub use ranked::ranked;

use self::lines::Lines;
use crate::head::Head;
use crate::row::Row;
use crate::write::Form;

/// Names of a file that has been opened.
pub struct Names {
    form: Form,
    head: Option<Head>,
    label: String,
    rows: Rows,
}

/// Who visits each row with its place, or what is wrong with it.
pub type Each<'a, E> = dyn FnMut(u64, Result<Row<'_>, Error>) -> Result<(), E> + 'a;

/// What the rows are read from.
enum Rows {
    List(Lines),
    Csv(Lines, csv::Columns),
    Jsonl(Lines),
    Parquet(parquet::File),
}

/// Opens a file.
///
/// # Errors
///
/// It cannot be read, or is not one that has names in it.
pub fn open(path: &Path) -> Result<Names, Error> {
    opened(path, Tables::Ours)
}

/// As [`open`]; CSV is also read where others have written it, below a header that calls a column `name` or `domain`.
/// Columns that are called as ours are (`family`, `variant`, `preset`, `valid_from`, `valid_to`, `index`) are read, too,
/// and may be missing.
///
/// # Errors
///
/// As [`open`].
pub fn open_any(path: &Path) -> Result<Names, Error> {
    opened(path, Tables::Any)
}

/// Which headers of CSV are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tables {
    /// The one that is written here.
    Ours,
    /// All that have a column of names.
    Any,
}

fn opened(path: &Path, tables: Tables) -> Result<Names, Error> {
    let mut file = File::open(path)?;
    let mut magic = Vec::new();
    Read::by_ref(&mut file).take(parquet::MAGIC.len() as u64 + 1).read_to_end(&mut magic)?;
    if parquet::is(&magic) {
        // Where it cannot be sought in (a pipe), it cannot be read as Parquet either.
        file.seek(SeekFrom::Start(0)).map_err(|_| Error::ParquetFromStream)?;
        let file = parquet::File::open(file)?;
        return Ok(Names { form: Form::Parquet, head: file.head(), label: String::new(), rows: Rows::Parquet(file) });
    }
    text(Box::new(std::io::Cursor::new(magic).chain(file)), tables)
}

/// Opens a stream: any form but Parquet, which is read from its end.
///
/// # Errors
///
/// As [`open`].
pub fn stream(mut reader: impl Read + 'static) -> Result<Names, Error> {
    let mut magic = Vec::new();
    Read::by_ref(&mut reader).take(parquet::MAGIC.len() as u64 + 1).read_to_end(&mut magic)?;
    if parquet::is(&magic) {
        return Err(Error::ParquetFromStream);
    }
    text(Box::new(std::io::Cursor::new(magic).chain(reader)), Tables::Ours)
}

/// Which text it is: comments may stand before all of them, and the first line after them tells.
fn text(reader: Box<dyn Read>, tables: Tables) -> Result<Names, Error> {
    let mut lines = Lines::new(BufReader::new(reader));
    let mut head = None;
    let mut columns = None;
    let form = loop {
        let Some(line) = lines.peek()? else { break Form::Lines };
        let text = line.text.trim();
        if let Some(comment) = text.strip_prefix('#') {
            head = head.or_else(|| Head::of_line(comment.trim()));
        } else if text.starts_with('{') {
            break Form::Jsonl;
        } else if let Some(found) = csv::Columns::of_header(text, tables == Tables::Any) {
            columns = Some(found);
            break Form::Csv;
        } else if text.starts_with('[') {
            return Err(
                line.wrong("this is a JSON array", "write one object a line, as `generate --format jsonl` does")
            );
        } else if !text.is_empty() {
            break Form::Lines;
        }
        lines.skip();
    };
    let rows = match (form, columns) {
        (Form::Jsonl, _) => {
            // The head is an object of its own, before the first row.
            if let Some(first) = jsonl::head(&mut lines)? {
                head = Some(first);
            }
            Rows::Jsonl(lines)
        }
        (Form::Csv, Some(columns)) => {
            lines.skip();
            Rows::Csv(lines, columns)
        }
        _ => Rows::List(lines),
    };
    Ok(Names { form, head, label: String::new(), rows })
}

impl Names {
    /// In what form they are.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Which tool wrote them, from what; nothing where the file does not say.
    pub fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    /// The same names; rows of a plain list are then said to be of this family. The other forms say themselves of which.
    #[must_use]
    pub fn labelled(self, family: impl Into<String>) -> Self {
        Self { label: family.into(), ..self }
    }

    /// Visits every row in the order of the file. A row of a plain list has nothing but its name and its place.
    ///
    /// # Errors
    ///
    /// The first error of the file, or of `visit`.
    pub fn visit<E: From<Error>>(self, visit: &mut dyn FnMut(&Row<'_>) -> Result<(), E>) -> Result<(), E> {
        self.visit_each(&mut |_, row| visit(&row?))
    }

    /// Visits every row with its place: its line, or in Parquet its row, from 1. One that cannot be read is visited as what
    /// is wrong with it, so that whoever wants to know everything that is wrong can go on to the next.
    ///
    /// # Errors
    ///
    /// The first error behind which nothing can be read, or of `visit`.
    pub fn visit_each<E: From<Error>>(self, visit: &mut Each<'_, E>) -> Result<(), E> {
        match self.rows {
            Rows::List(lines) => list::visit(lines, &self.label, visit),
            Rows::Csv(lines, columns) => csv::visit(lines, &columns, visit),
            Rows::Jsonl(lines) => jsonl::visit(lines, visit),
            Rows::Parquet(file) => file.visit(visit),
        }
    }
}
