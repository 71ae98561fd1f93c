//! Scenario files on their way from a path to a [`Scenario`].

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use lab::scenario::{LARGEST_FILE, Problems, Scenario, parse};

use crate::exit::{Exit, Failure};
use crate::{catalogue, environment};

/// Why a file yields no scenario.
pub(crate) enum Refusal {
    /// It cannot be read.
    Unreadable(Failure),
    /// It is wrong.
    Wrong(Problems),
}

/// Reads the scenario at `path`.
///
/// # Errors
///
/// The file cannot be read (exit 2), or something is wrong with it.
pub(crate) fn read(path: &Path) -> Result<Scenario, Refusal> {
    let bytes = bytes(path).map_err(|error| Refusal::Unreadable(unreadable(path, &error)))?;
    let words = catalogue::word_lists(environment::word_list_folders());
    parse(&path.to_string_lossy(), &bytes, &words).map_err(Refusal::Wrong)
}

impl Refusal {
    /// Says on standard error what is wrong; returns the code to end with.
    pub(crate) fn report(self) -> Exit {
        match self {
            Self::Unreadable(failure) => failure.report(),
            Self::Wrong(problems) => {
                // Standard error may be closed; there is nobody left to tell.
                let _ = anstream::stderr().lock().write_all(problems.render(true).as_bytes());
                Exit::Usage
            }
        }
    }
}

/// The content of the file, or at least enough of it to see that it is too large.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let path = path.to_string_lossy();
    let path = path.escape_debug();
    match error.kind() {
        io::ErrorKind::NotFound => Failure::usage(format_args!("`{path}` does not exist"))
            .hint("give the path of a scenario file, such as `scenarios/ozdok.yaml`"),
        io::ErrorKind::IsADirectory => {
            Failure::usage(format_args!("`{path}` is a folder")).hint("give the path of a scenario file in it")
        }
        _ => Failure::usage(format_args!("cannot read `{path}`: {error}")).hint("may you read the file?"),
    }
}
