//! Tables: CSV and its kin (RFC 4180) with a header that names the columns.
//!
//! The delimiter is the comma, semicolon, tab or bar of which the first line has most. A table without a header is read
//! by the number of its column. A field in quotation marks may hold line breaks; a mark that is never closed damages its
//! own line and none behind it.

use std::io;
use std::ops::ControlFlow;

use memchr::{memchr, memchr_iter};

use super::super::entry::{Client, Damage, Entry, Lookup, Part, Reason};
use super::super::format::{Format, Info, Visit, Watched};
use super::super::input::Input;
use super::super::settings::{Column, Settings};
use super::super::{columns, lines, stamp};

/// Tables.
pub(super) struct Csv;

static INFO: Info =
    Info { name: "csv", about: "a table with a column of names; the delimiter is `,`, `;`, `|` or a tab", text: true };

/// What may stand between fields, the most usual first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

impl Format for Csv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn detects(&self, head: &[u8]) -> bool {
        first_record(head).is_some_and(|line| {
            let mut fields = Fields::default();
            fields.split(line, delimiter(line));
            fields.iter(line).any(columns::is_name)
        })
    }

    fn read(&self, input: &mut Input<'_>, settings: &Settings, visit: &mut Visit<'_>) -> io::Result<()> {
        let mut reader = Reader::new(settings);
        let mut watched = Watched { visit, has_enough: false };
        lines::each(input, lines::LONGEST, &mut |entry| watched.visit(entry), |offset, line, visit| {
            reader.take(offset, line, visit)
        })?;
        if !watched.has_enough {
            let _: ControlFlow<()> = reader.give_up(watched.visit);
        }
        Ok(())
    }
}

/// Whether this is text that could be a table.
pub(super) fn is_table(head: &[u8]) -> bool {
    first_record(head).is_some_and(|line| !line.starts_with(['{', '[', '<']))
}

/// The first line that is no comment.
fn first_record(head: &[u8]) -> Option<&str> {
    lines::of_head(head).find(|line| !line.starts_with('#'))
}

/// What stands between the fields of a line.
fn delimiter(line: &str) -> u8 {
    let count = |delimiter: u8| memchr_iter(delimiter, line.as_bytes()).count();
    // The first of those that are there most often.
    let most = DELIMITERS.into_iter().map(count).max().unwrap_or_default();
    DELIMITERS.into_iter().find(|delimiter| count(*delimiter) == most).unwrap_or(DELIMITERS[0])
}

/// Takes lines.
struct Reader<'s> {
    settings: &'s Settings,
    table: Option<Table>,
    fields: Fields,
    /// The lines of a record whose last field is still open, and where each begins in the stream.
    open: String,
    starts: Vec<u64>,
}

impl<'s> Reader<'s> {
    /// Before the first line.
    fn new(settings: &'s Settings) -> Self {
        Self { settings, table: None, fields: Fields::default(), open: String::new(), starts: Vec::new() }
    }

    /// Takes a line, which may be a part of a record.
    fn take(&mut self, offset: u64, line: &str, visit: &mut Visit<'_>) -> ControlFlow<()> {
        // Marks come in pairs, those inside of a field, too, because they are written twice.
        let is_odd = memchr_iter(b'"', line.as_bytes()).count() % 2 == 1;
        if self.starts.is_empty() && !is_odd {
            return self.record(offset, line, visit);
        }
        if !self.starts.is_empty() {
            self.open.push('\n');
        }
        self.starts.push(offset);
        self.open.push_str(line);
        let is_open = (self.starts.len() == 1) == is_odd;
        if self.open.len() > lines::LONGEST {
            return self.give_up(visit);
        }
        if is_open {
            return ControlFlow::Continue(());
        }
        let Some(table) = &self.table else { return self.give_up(visit) };
        self.fields.split(&self.open, table.delimiter);
        if self.fields.count() != table.fields {
            return self.give_up(visit);
        }
        let (record, offset) = (std::mem::take(&mut self.open), self.starts[0]);
        self.starts.clear();
        self.record(offset, &record, visit)
    }

    /// Takes each line of a record that has no end for a record.
    fn give_up(&mut self, visit: &mut Visit<'_>) -> ControlFlow<()> {
        let (open, starts) = (std::mem::take(&mut self.open), std::mem::take(&mut self.starts));
        starts.into_iter().zip(open.split('\n')).try_for_each(|(offset, line)| self.record(offset, line, visit))
    }

    /// Takes a record.
    fn record(&mut self, offset: u64, record: &str, visit: &mut Visit<'_>) -> ControlFlow<()> {
        let table = match &self.table {
            Some(table) => table,
            None if record.starts_with('#') || record.trim().is_empty() => return ControlFlow::Continue(()),
            None => {
                let delimiter = delimiter(record);
                self.fields.split(record, delimiter);
                let first: Vec<_> = self.fields.iter(record).collect();
                match Table::of(&first, delimiter, self.settings) {
                    Ok(table) => {
                        let table = self.table.insert(table);
                        if table.has_header {
                            return ControlFlow::Continue(());
                        }
                        table
                    }
                    Err(reason) => {
                        // Without its column nothing behind can be read either.
                        let _ = visit(Entry::Damaged(Damage { offset, reason }));
                        return ControlFlow::Break(());
                    }
                }
            }
        };
        self.fields.split(record, table.delimiter);
        visit(match table.lookup(offset, record, &self.fields, self.settings) {
            Ok(lookup) => Entry::Lookup(lookup),
            Err(reason) => Entry::Damaged(Damage { offset, reason }),
        })
    }
}

/// Where a table has what.
struct Table {
    delimiter: u8,
    has_header: bool,
    fields: usize,
    name: usize,
    time: Option<usize>,
    client: Option<usize>,
}

impl Table {
    /// What the first line says, be it a header or a record.
    fn of(first: &[&str], delimiter: u8, settings: &Settings) -> Result<Self, Reason> {
        let place = |column: &Option<Column>, usual: &[&str]| match column {
            None => columns::position(first, usual).ok_or_else(|| usual.join(", ")),
            Some(Column::Named(name)) => columns::position(first, &[name]).ok_or_else(|| name.clone()),
            Some(Column::Numbered(number)) if *number <= first.len() => Ok(number - 1),
            Some(Column::Numbered(number)) => Err(number.to_string()),
        };
        let missing = |wanted| Reason::NoColumn { wanted };
        let name = place(&settings.name, columns::NAMES).map_err(missing)?;
        // What was asked for must be there; what is only guessed need not.
        let optional = |column: &Option<Column>, usual: &[&str]| match (column, place(column, usual)) {
            (None, place) => Ok(place.ok()),
            (Some(_), place) => place.map(Some).map_err(missing),
        };
        let (time, client) = (optional(&settings.time, columns::TIMES)?, optional(&settings.client, columns::CLIENTS)?);
        let has_header = !matches!(settings.name, Some(Column::Numbered(_)));
        Ok(Self { delimiter, has_header, fields: first.len(), name, time, client })
    }

    /// What a record says.
    fn lookup<'t>(
        &self,
        offset: u64,
        line: &'t str,
        fields: &'t Fields,
        settings: &Settings,
    ) -> Result<Lookup<'t>, Reason> {
        if fields.count() != self.fields {
            return Err(Reason::Fields { found: fields.count(), expected: self.fields });
        }
        let field = |index: usize| fields.field(line, index);
        let name = lines::name(field(self.name)).filter(|name| !name.contains(' ')).ok_or(Reason::NotOneName)?;
        let at = self.time.and_then(|time| stamp::any(field(time), settings));
        let client = self.client.and_then(|client| Client::of(field(client)));
        Ok(Lookup { offset, at, client, name, part: Part::Question, rcode: None })
    }
}

/// The fields of a line; made once and filled again for every line.
#[derive(Default)]
struct Fields {
    /// Where each begins and ends.
    places: Vec<(usize, usize)>,
    /// The fields without their quotation marks, if the line has some; else they lie in the line.
    unquoted: Option<String>,
    /// Room for the reader of quoted fields.
    octets: Vec<u8>,
    ends: Vec<usize>,
}

impl Fields {
    /// Takes a line apart.
    fn split(&mut self, line: &str, delimiter: u8) {
        self.places.clear();
        if memchr(b'"', line.as_bytes()).is_some() {
            self.split_quoted(line, delimiter);
            return;
        }
        self.unquoted = None;
        let mut start = 0;
        for end in memchr_iter(delimiter, line.as_bytes()) {
            self.places.push((start, end));
            start = end + 1;
        }
        self.places.push((start, line.len()));
    }

    /// Takes a line apart that has quotation marks.
    fn split_quoted(&mut self, line: &str, delimiter: u8) {
        // No field is longer than it is in quotation marks, and no line has more fields than octets.
        self.octets.resize(line.len() + 1, 0);
        self.ends.resize(line.len() + 2, 0);
        let mut reader = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        let (_, read, written, mut count) = reader.read_record(line.as_bytes(), &mut self.octets, &mut self.ends);
        if read == line.len() {
            // The end of the input ends the record.
            let (_, _, _, more) = reader.read_record(&[], &mut self.octets[written..], &mut self.ends[count..]);
            count += more;
        }
        let mut start = 0;
        for end in &self.ends[..count] {
            self.places.push((start, *end));
            start = *end;
        }
        // Fields are cut at ASCII octets only, so that they stay UTF-8.
        self.unquoted = Some(String::from_utf8_lossy(&self.octets[..start]).into_owned());
    }

    /// How many there are.
    fn count(&self) -> usize {
        self.places.len()
    }

    /// One of them, without white space around it.
    fn field<'t>(&'t self, line: &'t str, index: usize) -> &'t str {
        let (start, end) = self.places[index];
        self.unquoted.as_deref().unwrap_or(line).get(start..end).unwrap_or_default().trim()
    }

    /// All of them.
    fn iter<'t>(&'t self, line: &'t str) -> impl Iterator<Item = &'t str> {
        (0..self.count()).map(move |index| self.field(line, index))
    }
}
