//! Apache Parquet as it is written here, batch by batch.

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::cast::AsArray;
use arrow_array::types::{TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType};
use arrow_array::{Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, TimeUnit};
use chrono::{DateTime, Utc};
use dga::Period;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::RowGroupMetaData;

use super::Each;
use super::error::{Error, REWRITE};
use crate::head::Head;
use crate::row::Row;

/// How every Parquet file begins.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// Rows that are in memory at once.
const BATCH: usize = 1 << 13;

/// Whether a file that begins with these bytes is Parquet: a list whose first name begins with `PAR1` goes on with text.
pub(super) fn is(begin: &[u8]) -> bool {
    begin.strip_prefix(MAGIC).is_some_and(|rest| rest.first().is_none_or(|byte| !byte.is_ascii_graphic()))
}

/// A file whose end has been read.
pub(super) struct File {
    builder: ParquetRecordBatchReaderBuilder<std::fs::File>,
}

impl File {
    /// Reads the end of the file: what is in it, and where.
    pub(super) fn open(file: std::fs::File) -> Result<Self, Error> {
        // The types of the file itself are the same whoever wrote it.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let length = file.metadata()?.len();
        let open = || ParquetRecordBatchReaderBuilder::try_new_with_options(file, options);
        let builder = held(open)?.map_err(damaged)?;
        for column in builder.metadata().row_groups().iter().flat_map(RowGroupMetaData::columns) {
            let offset = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
            let end = u64::try_from(offset).ok().zip(u64::try_from(column.compressed_size()).ok());
            if end.and_then(|(offset, size)| offset.checked_add(size)).is_none_or(|end| end > length) {
                return Err(damaged("a column lies outside of the file"));
            }
        }
        Ok(Self { builder: builder.with_batch_size(BATCH) })
    }

    /// Who wrote it.
    pub(super) fn head(&self) -> Option<Head> {
        let metadata = self.builder.metadata().file_metadata();
        let entries = metadata.key_value_metadata()?;
        let entry = |key: &str| {
            let mut found = entries.iter().filter(|entry| entry.key.strip_prefix("hydrabane.") == Some(key));
            found.next().and_then(|entry| entry.value.clone())
        };
        let tool = metadata.created_by().and_then(|by| by.split(' ').next()).unwrap_or("hydrabane").to_owned();
        Some(Head { tool, version: entry("version")?, catalogue: entry("catalogue")?, arguments: entry("arguments")? })
    }

    /// Visits every row.
    pub(super) fn visit<E: From<Error>>(self, visit: &mut Each<'_, E>) -> Result<(), E> {
        let builder = self.builder;
        let mut reader = held(|| builder.build())?.map_err(damaged)?;
        let mut before = 0;
        while let Some(batch) = held(|| reader.next())? {
            let batch = batch.map_err(damaged)?;
            let columns = Columns::of(&batch)?;
            for row in 0..batch.num_rows() {
                let place = before + row as u64 + 1;
                visit(place, columns.row(row).map_err(|reason| Error::Row { row: place, reason }))?;
            }
            before += batch.num_rows() as u64;
        }
        Ok(())
    }
}

/// Runs a step of the Parquet reader, which relies on what a file says of its own pages and panics where they are
/// otherwise: for whoever reads a damaged file that is an error like the others.
fn held<T>(step: impl FnOnce() -> T) -> Result<T, Error> {
    // What the step leaves half done is dropped with the error.
    catch_unwind(AssertUnwindSafe(step)).map_err(|_| damaged("its pages are not as its end says"))
}

/// The columns of a batch; registrable domain and suffix follow from the name.
struct Columns<'a> {
    family: &'a StringArray,
    variant: &'a StringArray,
    preset: &'a StringArray,
    name: &'a StringArray,
    valid_from: Times<'a>,
    valid_to: Times<'a>,
    index: &'a Int64Array,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a RecordBatch) -> Result<Self, Error> {
        let column = |name: &str| batch.column_by_name(name).ok_or_else(|| missing(name));
        let text = |name| column(name)?.as_string_opt().ok_or_else(|| other_type(name, "text"));
        let times = |name| Times::of(column(name)?).ok_or_else(|| other_type(name, "times"));
        Ok(Self {
            family: text("family")?,
            variant: text("variant")?,
            preset: text("preset")?,
            name: text("name")?,
            valid_from: times("valid_from")?,
            valid_to: times("valid_to")?,
            index: column("index")?.as_primitive_opt().ok_or_else(|| other_type("index", "numbers of 64 bits"))?,
        })
    }

    fn row(&self, row: usize) -> Result<Row<'a>, String> {
        let optional = |column: &'a StringArray| if column.is_valid(row) { column.value(row) } else { "" };
        if self.name.is_null(row) {
            return Err("`name` is missing".into());
        }
        let index = if self.index.is_valid(row) { self.index.value(row) } else { 0 };
        Ok(Row {
            family: optional(self.family),
            variant: optional(self.variant),
            preset: optional(self.preset),
            name: self.name.value(row),
            valid: Period { from: self.valid_from.at(row)?, until: self.valid_to.at(row)? },
            index: usize::try_from(index).map_err(|_| format!("`index` is {index}"))?,
        })
    }
}

/// A column of times, in whatever unit it was written.
struct Times<'a> {
    column: &'a dyn Array,
    unit: TimeUnit,
}

impl<'a> Times<'a> {
    fn of(column: &'a dyn Array) -> Option<Self> {
        match column.data_type() {
            DataType::Timestamp(unit, _) if *unit != TimeUnit::Second => Some(Self { column, unit: *unit }),
            _ => None,
        }
    }

    fn at(&self, row: usize) -> Result<Option<DateTime<Utc>>, String> {
        if self.column.is_null(row) {
            return Ok(None);
        }
        let time = match self.unit {
            TimeUnit::Nanosecond => {
                let value = self.column.as_primitive::<TimestampNanosecondType>().value(row);
                Some(DateTime::from_timestamp_nanos(value))
            }
            TimeUnit::Microsecond => {
                DateTime::from_timestamp_micros(self.column.as_primitive::<TimestampMicrosecondType>().value(row))
            }
            _ => DateTime::from_timestamp_millis(self.column.as_primitive::<TimestampMillisecondType>().value(row)),
        };
        time.map(Some).ok_or_else(|| "a time lies beyond all calendars".to_owned())
    }
}

fn damaged(error: impl std::fmt::Display) -> Error {
    let reason = error.to_string();
    // The reader says so of codecs that it was built without.
    if reason.contains("Disabled feature") {
        let hint = "write it with zstd or without compression";
        return Error::Parquet { reason: "it is compressed in another way than with zstd".into(), hint };
    }
    // The message goes on from one that says so already.
    let reason = reason.strip_prefix("Parquet error: ").map(str::to_owned).unwrap_or(reason);
    Error::Parquet { reason, hint: REWRITE }
}

fn missing(column: &str) -> Error {
    Error::Parquet { reason: format!("it has no column `{column}`"), hint: COLUMNS_HINT }
}

fn other_type(column: &str, wanted: &str) -> Error {
    Error::Parquet { reason: format!("column `{column}` does not hold {wanted}"), hint: COLUMNS_HINT }
}

const COLUMNS_HINT: &str = "it must have the columns that `hydrabane generate --format parquet` writes";
