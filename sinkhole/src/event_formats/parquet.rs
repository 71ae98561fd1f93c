//! Apache Parquet, zstd: the columns of `columns.rs` in Hive-style folders `date=YYYY-MM-DD`, by the UTC day of the
//! event's time. Sealed segments become the same.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, StringBuilder, TimestampNanosecondBuilder, UInt64Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use chrono::NaiveDate;
use name_files::parquet_failed as failed;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::columns::{COLUMNS, Cell, Of, cells};
use super::{Format, Head, Info, Place, Sink, folder};
use crate::event::Event;
use crate::store::Recorded;

/// Rows that are collected before they are compressed.
const ROWS_AT_ONCE: usize = 1 << 13;
/// Rows of a row group.
const ROWS_IN_A_GROUP: usize = 1 << 17;
/// Days that are written to at the same time: a clock that jumps about must not take all memory.
const OPEN_DAYS: usize = 8;

/// Apache Parquet.
pub(crate) struct Parquet;

impl Format for Parquet {
    fn info(&self) -> Info {
        Info {
            name: "parquet",
            about: "a folder date=YYYY-MM-DD for each day, for data frames and databases",
            is_folder: true,
        }
    }

    fn begin(&self, place: Place) -> io::Result<Box<dyn Sink>> {
        Ok(Box::new(Days::new(folder(place)?, "events".to_owned())))
    }
}

/// Files by day.
pub(crate) struct Days {
    /// Where the folders of days are.
    folder: PathBuf,
    /// What the files' names begin with.
    stem: String,
    /// The files of those days that were written to last.
    open: BTreeMap<NaiveDate, Day>,
    /// How many rows all files have together.
    rows: u64,
}

/// A file of one day.
struct Day {
    /// What compresses the rows.
    writer: ArrowWriter<File>,
    /// The file's name once it is whole.
    path: PathBuf,
    /// Rows that are not compressed yet.
    columns: Columns,
    /// How many rows all files together had when this one got its last.
    latest: u64,
}

impl Days {
    /// Files in folders of `folder`, whose names begin with `stem`.
    pub(crate) fn new(folder: PathBuf, stem: String) -> Self {
        Self { folder, stem, open: BTreeMap::new(), rows: 0 }
    }

    /// Adds an event to the file of its day.
    pub(crate) fn write(&mut self, recorded: &Recorded) -> io::Result<()> {
        let at = match &recorded.event {
            Event::Counters(counters) => counters.minute,
            event => event.origin().map(|origin| origin.at).unwrap_or_default(),
        };
        let date = at.date_naive();
        if !self.open.contains_key(&date) {
            if self.open.len() >= OPEN_DAYS
                && let Some((oldest, _)) = self.open.iter().min_by_key(|(_, day)| day.latest)
            {
                let oldest = *oldest;
                self.open.remove(&oldest).map_or(Ok(()), Day::finish)?;
            }
            let name = format!("{}-{}-{:012}.parquet", self.stem, recorded.id.store, recorded.id.sequence);
            let path = self.folder.join(format!("date={date}")).join(name);
            self.open.insert(date, Day::begin(path)?);
        }
        self.rows += 1;
        match self.open.get_mut(&date) {
            Some(day) => {
                day.latest = self.rows;
                day.add(recorded)
            }
            None => Ok(()),
        }
    }

    /// Ends all files.
    pub(crate) fn end(self) -> io::Result<()> {
        self.open.into_values().try_for_each(Day::finish)
    }
}

impl Sink for Days {
    fn add(&mut self, recorded: &Recorded) -> io::Result<bool> {
        self.write(recorded).map(|()| true)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.end()
    }
}

impl Day {
    /// Begins a file, under another name until it is whole.
    fn begin(path: PathBuf) -> io::Result<Self> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let head = Head::new("sinkhole-events/1");
        let entry = |key: &str, value: &str| KeyValue::new(format!("hydrabane.{key}"), value.to_owned());
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).map_err(failed)?))
            .set_created_by(format!("{} {}", head.tool, head.version))
            .set_max_row_group_row_count(Some(ROWS_IN_A_GROUP))
            .set_key_value_metadata(Some(vec![
                entry("version", head.version),
                entry("catalogue", &head.catalogue),
                entry("schema", head.schema),
            ]))
            .build();
        // Without the schema of Arrow every reader sees plain strings and times.
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let file = File::create(unfinished(&path))?;
        let writer = ArrowWriter::try_new_with_options(file, schema(), options).map_err(failed)?;
        Ok(Self { writer, path, columns: Columns::new(), latest: 0 })
    }

    /// Adds a row.
    fn add(&mut self, recorded: &Recorded) -> io::Result<()> {
        self.columns.add(recorded);
        if self.columns.rows == ROWS_AT_ONCE { self.flush() } else { Ok(()) }
    }

    /// Compresses what was collected.
    fn flush(&mut self) -> io::Result<()> {
        let batch = RecordBatch::try_new(schema(), self.columns.take()).map_err(io::Error::other)?;
        self.writer.write(&batch).map_err(failed)
    }

    /// Ends the file, makes it durable, and gives it its name.
    fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        self.writer.into_inner().map_err(failed)?.sync_all()?;
        fs::rename(unfinished(&self.path), &self.path)
    }
}

/// The name of a file until it is whole. Readers of Hive-style folders pass over names that begin with an underscore.
fn unfinished(path: &Path) -> PathBuf {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("_{name}.part"))
}

/// The columns as Arrow knows them. Those that every kind fills are never null.
fn schema() -> Arc<Schema> {
    let data = |of| match of {
        Of::Text => DataType::Utf8,
        Of::Number => DataType::UInt64,
        Of::Flag => DataType::Boolean,
        Of::Time => DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
    };
    let fields: Vec<Field> =
        COLUMNS.iter().enumerate().map(|(index, (name, of))| Field::new(*name, data(*of), index > 3)).collect();
    Arc::new(Schema::new(fields))
}

/// Rows that are not compressed yet.
struct Columns {
    /// The columns, in order.
    columns: Vec<Column>,
    /// How many rows they have.
    rows: usize,
}

/// One column of them.
enum Column {
    /// Words.
    Text(StringBuilder),
    /// Whole numbers.
    Number(UInt64Builder),
    /// Yes or no.
    Flag(BooleanBuilder),
    /// Instants.
    Time(TimestampNanosecondBuilder),
}

impl Columns {
    /// No rows.
    fn new() -> Self {
        let column = |(_, of): (&str, Of)| match of {
            Of::Text => Column::Text(StringBuilder::new()),
            Of::Number => Column::Number(UInt64Builder::new()),
            Of::Flag => Column::Flag(BooleanBuilder::new()),
            Of::Time => Column::Time(TimestampNanosecondBuilder::new().with_timezone("UTC")),
        };
        Self { columns: COLUMNS.into_iter().map(column).collect(), rows: 0 }
    }

    /// Adds a row.
    fn add(&mut self, recorded: &Recorded) {
        for (column, cell) in self.columns.iter_mut().zip(cells(recorded)) {
            match (column, cell) {
                (Column::Text(builder), Cell::Text(text)) => builder.append_value(text),
                (Column::Text(builder), _) => builder.append_null(),
                (Column::Number(builder), Cell::Number(number)) => builder.append_value(number),
                (Column::Number(builder), _) => builder.append_null(),
                (Column::Flag(builder), Cell::Flag(flag)) => builder.append_value(flag),
                (Column::Flag(builder), _) => builder.append_null(),
                (Column::Time(builder), Cell::Time(time)) => builder.append_option(time.timestamp_nanos_opt()),
                (Column::Time(builder), _) => builder.append_null(),
            }
        }
        self.rows += 1;
    }

    /// The columns' values; the rows begin anew.
    fn take(&mut self) -> Vec<ArrayRef> {
        self.rows = 0;
        let finish = |column: &mut Column| -> ArrayRef {
            match column {
                Column::Text(builder) => Arc::new(builder.finish()),
                Column::Number(builder) => Arc::new(builder.finish()),
                Column::Flag(builder) => Arc::new(builder.finish()),
                Column::Time(builder) => Arc::new(builder.finish()),
            }
        };
        self.columns.iter_mut().map(finish).collect()
    }
}
