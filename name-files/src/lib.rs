//! Names as takedown teams hand them around: each with its family, variant and preset, the interval during which it is
//! valid, and its place in the list.
//!
//! A [`Request`] says which generators and which time; its names come out in one order, whatever the number of threads
//! that make them. [`write()`] puts them into a file: lines, CSV, JSON lines or Parquet. [`read`] has them back.
#![forbid(unsafe_code)]

mod head;
mod ordered;
pub mod read;
mod request;
mod row;
mod span;
mod write;

pub use head::Head;
pub use request::{Batch, Made, Request, Source};
pub use row::Row;
pub use span::{Span, duration, written};
pub use write::{Error, Form, parquet_failed, write};
