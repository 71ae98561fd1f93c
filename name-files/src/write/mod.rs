//! Writing names: rows are encoded by the threads that make them, and their encoded chunks are written in order.

mod csv;
mod dates;
pub(crate) mod formula;
mod jsonl;
mod lines;
mod parquet;

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::mpsc::SyncSender;

use thiserror::Error as ThisError;

pub(crate) use self::csv::COLUMNS;
use self::parquet::Columns;
pub use self::parquet::failed as parquet_failed;
use crate::head::Head;
use crate::ordered::ordered;
use crate::request::{Piece, Request};
use crate::row::Row;

/// In what form names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One name a line, and nothing else.
    Lines,
    /// Comma-separated values (RFC 4180) below a comment line and a header.
    Csv,
    /// One JSON object a line; the first says which tool wrote it.
    Jsonl,
    /// Apache Parquet, compressed with zstd.
    Parquet,
}

/// Why names could not be written.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A generator refused; who calls checks the time before, so that this is rare.
    #[error(transparent)]
    Generator(#[from] dga::Error),
    /// The file could not be written.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// A chunk of a text file is handed on when it has so many bytes.
const CHUNK: usize = 1 << 20;

/// Writes all names of a request, made on so many `threads` (at least one); the same bytes for any number of them.
/// `progress` hears how many names have been written and about how many there are.
///
/// # Errors
///
/// The first error of a generator or of the output.
pub fn write<W: Write + Send>(
    request: &Request,
    form: Form,
    head: &Head,
    threads: usize,
    mut output: W,
    mut progress: impl FnMut(u64, u64),
) -> Result<W, Error> {
    let (pieces, total) = request.pieces()?;
    let mut done = 0;
    let mut count = |rows: usize| {
        done += rows as u64;
        progress(done, (total as u64).max(done));
    };
    match form {
        Form::Lines => text::<lines::Lines, W>(request, &pieces, threads, &mut output, &mut count)?,
        Form::Csv => {
            output.write_all(csv::head(head)?.as_slice())?;
            text::<csv::Csv, W>(request, &pieces, threads, &mut output, &mut count)?;
        }
        Form::Jsonl => {
            output.write_all(jsonl::head(head)?.as_slice())?;
            text::<jsonl::Jsonl, W>(request, &pieces, threads, &mut output, &mut count)?;
        }
        Form::Parquet => {
            let mut file = parquet::File::new(output, head)?;
            let factory = file.columns();
            ordered(
                threads,
                &pieces,
                |piece, results| encode(request, piece, || Columns::new(&factory), results),
                |chunk: Result<(_, usize), Error>| -> Result<(), Error> {
                    let (chunk, rows) = chunk?;
                    file.append(chunk)?;
                    count(rows);
                    Ok(())
                },
            )?;
            output = file.finish()?;
        }
    }
    Ok(output)
}

/// Takes rows until a chunk of the file is full.
trait Encoder: Sized {
    /// What a chunk is.
    type Chunk: Send;

    /// Adds a row.
    fn add(&mut self, row: &Row<'_>) -> io::Result<()>;

    /// Whether the chunk should be handed on.
    fn is_full(&self) -> bool;

    /// The chunk.
    fn finish(self) -> io::Result<Self::Chunk>;
}

fn text<T, W: Write>(
    request: &Request,
    pieces: &[Piece],
    threads: usize,
    output: &mut W,
    count: &mut impl FnMut(usize),
) -> Result<(), Error>
where
    T: Encoder<Chunk = Vec<u8>> + Default,
{
    ordered(
        threads,
        pieces,
        |piece, results| encode(request, piece, || Ok(T::default()), results),
        |chunk: Result<(Vec<u8>, usize), Error>| {
            let (chunk, rows) = chunk?;
            output.write_all(&chunk)?;
            count(rows);
            Ok(())
        },
    )
}

/// Encodes a piece: chunks with the number of their rows, or what went wrong.
fn encode<T: Encoder>(
    request: &Request,
    piece: &Piece,
    begin: impl Fn() -> io::Result<T>,
    results: &SyncSender<Result<(T::Chunk, usize), Error>>,
) {
    let encoded = || -> Result<(), Error> {
        let mut encoder = begin()?;
        let mut rows = 0;
        let mut failed = Ok(());
        request.make(piece, &mut |(source, validity)| {
            let mut step = || -> io::Result<ControlFlow<()>> {
                encoder.add(&request.row(source, &validity))?;
                rows += 1;
                if !encoder.is_full() {
                    return Ok(ControlFlow::Continue(()));
                }
                let full = std::mem::replace(&mut encoder, begin()?);
                let sent = results.send(Ok((full.finish()?, std::mem::take(&mut rows))));
                Ok(if sent.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
            };
            step().unwrap_or_else(|error| {
                failed = Err(error);
                ControlFlow::Break(())
            })
        })?;
        failed?;
        if rows > 0 {
            // Where nobody takes the rest, it is not wanted.
            let _ = results.send(Ok((encoder.finish()?, rows)));
        }
        Ok(())
    };
    if let Err(error) = encoded() {
        let _ = results.send(Err(error));
    }
}
