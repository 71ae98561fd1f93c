//! Why names cannot be read.

use std::io;

use thiserror::Error as ThisError;

/// Why names cannot be read.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be opened or read.
    #[error(transparent)]
    Input(#[from] io::Error),
    /// A line is not what it should be.
    #[error("line {line}: {reason}")]
    Line {
        /// The line, counted from 1.
        line: u64,
        /// What is wrong.
        reason: String,
        /// What to do.
        hint: &'static str,
    },
    /// A row of a Parquet file is not what it should be.
    #[error("row {row}: {reason}")]
    Row {
        /// The row, counted from 1.
        row: u64,
        /// What is wrong.
        reason: String,
    },
    /// A Parquet file is damaged, or none of ours.
    #[error("this Parquet file cannot be read: {reason}")]
    Parquet {
        /// What is wrong.
        reason: String,
        /// What to do.
        hint: &'static str,
    },
    /// Parquet comes through a pipe.
    #[error("Parquet is read from its end, which a stream does not have")]
    ParquetFromStream,
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Input(_) => None,
            Self::Line { hint, .. } | Self::Parquet { hint, .. } => Some(hint),
            Self::Row { .. } => Some(REWRITE),
            Self::ParquetFromStream => Some("give the file's path, or write it as CSV or JSON lines"),
        }
    }
}

/// What to do with a file of ours that does not read.
pub(super) const REWRITE: &str = "it may be damaged or cut off: write it anew with `hydrabane generate`";
