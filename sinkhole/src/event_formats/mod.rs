//! The forms in which events are handed on, one file each: a unit struct that implements [`Format`], and its line in
//! `formats!` below. All of them write as they go; only what adds up (`cof`) grows with what it adds up.

mod cell;
mod columns;
mod name_text;

use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;

use crate::store::Recorded;

/// A form in which events are handed on.
pub trait Format: Sync {
    /// What a person must know to choose it.
    fn info(&self) -> Info;

    /// Begins an export.
    ///
    /// # Errors
    ///
    /// The place cannot be written to, or is of the wrong kind ([`Info::is_folder`]).
    fn begin(&self, place: Place) -> io::Result<Box<dyn Sink>>;
}

/// What a person must know to choose a format.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Info {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is and who reads it, in a sentence.
    pub about: &'static str,
    /// It is a folder of files.
    pub is_folder: bool,
}

/// Where an export goes.
pub enum Place {
    /// One stream of octets.
    Stream(Box<dyn Write>),
    /// A folder that is there and empty.
    Folder(PathBuf),
}

/// An export in the making.
pub trait Sink {
    /// Adds an event; says whether the format has a place for its kind.
    ///
    /// # Errors
    ///
    /// The place cannot be written to.
    fn add(&mut self, recorded: &Recorded) -> io::Result<bool>;

    /// Writes what is left.
    ///
    /// # Errors
    ///
    /// The place cannot be written to.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Declares the formats: for each its module, and its type in [`FORMATS`].
macro_rules! formats {
    ($($module:ident::$format:ident,)*) => {
        $(pub(crate) mod $module;)*

        /// All formats, in alphabetical order.
        pub static FORMATS: &[&dyn Format] = &[$(&$module::$format,)*];
    };
}

formats! {
    cof::Cof,
    csv::Csv,
    dnstap::Dnstap,
    jsonl::Jsonl,
    parquet::Parquet,
    shadowserver::Shadowserver,
}

/// The format of that name.
pub fn find(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.info().name == name)
}

/// Who wrote a file: the first thing in every one that has a place for it.
#[derive(Clone, Debug, Serialize)]
struct Head {
    /// `hydrabane`.
    tool: &'static str,
    /// The tool's version.
    version: &'static str,
    /// The version of the catalogue of families.
    catalogue: String,
    /// The name and version of the fields.
    schema: &'static str,
}

impl Head {
    /// The head of a file whose fields are those of `schema`.
    fn new(schema: &'static str) -> Self {
        Self { tool: "hydrabane", version: env!("CARGO_PKG_VERSION"), catalogue: dga::version(), schema }
    }

    /// The head in one line.
    fn line(&self) -> String {
        format!("{} {}, catalogue {}, {}", self.tool, self.version, self.catalogue, self.schema)
    }
}

/// The stream of a place.
fn stream(place: Place) -> io::Result<Box<dyn Write>> {
    match place {
        Place::Stream(stream) => Ok(stream),
        Place::Folder(_) => Err(io::Error::new(io::ErrorKind::InvalidInput, "the format is one file")),
    }
}

/// The folder of a place.
fn folder(place: Place) -> io::Result<PathBuf> {
    match place {
        Place::Folder(folder) => Ok(folder),
        Place::Stream(_) => Err(io::Error::new(io::ErrorKind::InvalidInput, "the format is a folder of files")),
    }
}

#[cfg(test)]
mod tests;
