//! The file of `--resume`: read once, and written anew as a whole each time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use trace::recover::Ledger;

use crate::exit::Failure;
use crate::output::temporary;

/// The file from which a search goes on.
#[derive(Clone)]
pub(super) struct Resumed {
    path: PathBuf,
}

impl Resumed {
    /// Takes over what the file says is done; there need not be one yet.
    pub(super) fn open(path: &Path, ledger: &mut Ledger) -> Result<Self, Failure> {
        let resumed = Self { path: path.to_owned() };
        match fs::read_to_string(path) {
            Ok(text) => ledger.resume(&text).map_err(|error| {
                Failure::usage(format_args!("cannot go on from `{}`: {error}", path.display()))
                    .hint("give `--resume` another file, or remove this one to begin anew")
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(Failure::usage(format_args!("cannot go on from `{}`: it is no text", path.display()))
                    .hint("give `--resume` another file, or remove this one to begin anew"));
            }
            Err(error) => {
                return Err(Failure::environment(format_args!("cannot read `{}`: {error}", path.display())));
            }
        }
        // Found out now rather than when there is something to keep.
        resumed.save(ledger)?;
        Ok(resumed)
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes what is done: the file is the old one or the new one, never half of one.
    pub(super) fn save(&self, ledger: &Ledger) -> Result<(), Failure> {
        let unfinished = temporary(&self.path);
        let written = fs::write(&unfinished, ledger.written()).and_then(|()| fs::rename(&unfinished, &self.path));
        written.map_err(|error| {
            // Half a file must not stay; it may not even be there.
            let _ = fs::remove_file(&unfinished);
            Failure::environment(format_args!("cannot write `{}`: {error}", self.path.display()))
        })
    }
}
