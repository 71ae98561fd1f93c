//! Apache Parquet: rows become column chunks on any thread, and column chunks become row groups of the file in order.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{Int64Builder, StringBuilder, StringDictionaryBuilder, TimestampMillisecondBuilder};
use arrow_array::types::Int32Type;
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, ArrowWriterOptions, compute_leaves,
};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;

use super::Encoder;
use crate::head::Head;
use crate::row::Row;

/// Rows of a row group.
const ROWS_IN_A_GROUP: usize = 1 << 18;

/// Rows that are collected before they are compressed.
const ROWS_AT_ONCE: usize = 1 << 13;

/// A file in the making.
pub(super) struct File<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    factory: Arc<ArrowRowGroupWriterFactory>,
}

impl<W: Write + Send> File<W> {
    /// Begins a file: schema, and who wrote it.
    pub(super) fn new(output: W, head: &Head) -> io::Result<Self> {
        let entry = |key: &str, value: &str| KeyValue::new(format!("hydrabane.{key}"), value.to_owned());
        let properties = WriterProperties::builder()
            // The lowest level: random letters are hardly smaller at a higher one.
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).map_err(failed)?))
            .set_created_by(format!("{} {}", head.tool, head.version))
            .set_key_value_metadata(Some(vec![
                entry("version", &head.version),
                entry("catalogue", &head.catalogue),
                entry("arguments", &head.arguments),
            ]))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            // Names repeat too seldom for a dictionary.
            .set_column_dictionary_enabled("name".into(), false)
            .set_column_dictionary_enabled("registrable_domain".into(), false)
            .set_column_dictionary_enabled("index".into(), false)
            .set_column_encoding("index".into(), Encoding::DELTA_BINARY_PACKED)
            .build();
        // Without the schema of Arrow every reader sees plain strings and times.
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(output, schema(), options).map_err(failed)?;
        let (writer, factory) = writer.into_serialized_writer().map_err(failed)?;
        Ok(Self { writer, factory: Arc::new(factory) })
    }

    /// What makes columns for this file.
    pub(super) fn columns(&self) -> Arc<ArrowRowGroupWriterFactory> {
        Arc::clone(&self.factory)
    }

    /// Appends a row group.
    pub(super) fn append(&mut self, group: Vec<ArrowColumnChunk>) -> io::Result<()> {
        let mut writer = self.writer.next_row_group().map_err(failed)?;
        for column in group {
            column.append_to_row_group(&mut writer).map_err(failed)?;
        }
        writer.close().map(drop).map_err(failed)
    }

    /// Writes the end of the file.
    pub(super) fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(failed)
    }
}

fn schema() -> Arc<Schema> {
    // The few different texts of these columns are kept once, in memory as in the file.
    let text = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let time = || DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        Field::new("family", text(), false),
        Field::new("variant", text(), false),
        Field::new("preset", text(), true),
        Field::new("name", DataType::Utf8, false),
        Field::new("registrable_domain", DataType::Utf8, true),
        Field::new("public_suffix", text(), true),
        Field::new("valid_from", time(), true),
        Field::new("valid_to", time(), true),
        Field::new("index", DataType::Int64, false),
    ]))
}

/// A row group in the making.
pub(super) struct Columns {
    writers: Vec<ArrowColumnWriter>,
    rows: Rows,
    written: usize,
}

/// Rows that are not compressed yet.
struct Rows {
    family: StringDictionaryBuilder<Int32Type>,
    variant: StringDictionaryBuilder<Int32Type>,
    preset: StringDictionaryBuilder<Int32Type>,
    name: StringBuilder,
    registrable_domain: StringBuilder,
    public_suffix: StringDictionaryBuilder<Int32Type>,
    valid_from: TimestampMillisecondBuilder,
    valid_to: TimestampMillisecondBuilder,
    index: Int64Builder,
    length: usize,
}

impl Columns {
    /// Begins a row group.
    pub(super) fn new(factory: &ArrowRowGroupWriterFactory) -> io::Result<Self> {
        // The number of the group matters only to encrypted files.
        let writers = factory.create_column_writers(0).map_err(failed)?;
        Ok(Self { writers, rows: Rows::new(), written: 0 })
    }

    fn flush(&mut self) -> io::Result<()> {
        let schema = schema();
        self.written += self.rows.length;
        for ((writer, field), array) in self.writers.iter_mut().zip(schema.fields()).zip(self.rows.take()) {
            for leaf in compute_leaves(field, &array).map_err(failed)? {
                writer.write(&leaf).map_err(failed)?;
            }
        }
        Ok(())
    }
}

impl Encoder for Columns {
    type Chunk = Vec<ArrowColumnChunk>;

    fn add(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.rows.add(row)?;
        if self.rows.length == ROWS_AT_ONCE { self.flush() } else { Ok(()) }
    }

    fn is_full(&self) -> bool {
        self.written >= ROWS_IN_A_GROUP
    }

    fn finish(mut self) -> io::Result<Vec<ArrowColumnChunk>> {
        self.flush()?;
        self.writers.into_iter().map(|writer| writer.close().map_err(failed)).collect()
    }
}

impl Rows {
    fn new() -> Self {
        let time = || TimestampMillisecondBuilder::with_capacity(ROWS_AT_ONCE).with_timezone("UTC");
        Self {
            family: StringDictionaryBuilder::new(),
            variant: StringDictionaryBuilder::new(),
            preset: StringDictionaryBuilder::new(),
            name: StringBuilder::with_capacity(ROWS_AT_ONCE, ROWS_AT_ONCE * 24),
            registrable_domain: StringBuilder::with_capacity(ROWS_AT_ONCE, ROWS_AT_ONCE * 24),
            public_suffix: StringDictionaryBuilder::new(),
            valid_from: time(),
            valid_to: time(),
            index: Int64Builder::with_capacity(ROWS_AT_ONCE),
            length: 0,
        }
    }

    fn add(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.family.append(row.family).map_err(io::Error::other)?;
        self.variant.append(row.variant).map_err(io::Error::other)?;
        self.preset.append_option(Some(row.preset).filter(|preset| !preset.is_empty()));
        self.name.append_value(row.name);
        self.registrable_domain.append_option(row.registrable_domain());
        self.public_suffix.append_option(row.public_suffix());
        self.valid_from.append_option(row.valid.from.map(|from| from.timestamp_millis()));
        self.valid_to.append_option(row.valid.until.map(|until| until.timestamp_millis()));
        self.index.append_value(row.index as i64);
        self.length += 1;
        Ok(())
    }

    /// The columns, in the order of the schema; the rows begin anew.
    fn take(&mut self) -> [ArrayRef; 9] {
        self.length = 0;
        [
            Arc::new(self.family.finish()),
            Arc::new(self.variant.finish()),
            Arc::new(self.preset.finish()),
            Arc::new(self.name.finish()),
            Arc::new(self.registrable_domain.finish()),
            Arc::new(self.public_suffix.finish()),
            Arc::new(self.valid_from.finish()),
            Arc::new(self.valid_to.finish()),
            Arc::new(self.index.finish()),
        ]
    }
}

/// The error below one of Parquet's: what the file system said, if it was that. The events of a sinkhole are written with
/// it, too.
pub fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}
