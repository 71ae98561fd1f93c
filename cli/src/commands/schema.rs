//! `hydrabane schema`: the JSON Schema of scenario files.

use std::io::{self, Write};

use crate::exit::{Exit, Failure};

/// Arguments of `hydrabane schema`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

/// Runs the command.
pub(crate) fn run(_arguments: &Arguments) -> Result<Exit, Failure> {
    // The alternate form is indented.
    writeln!(io::stdout().lock(), "{:#}", lab::scenario::spec::schema())
        .map_err(|error| Failure::write("standard output", &error))?;
    Ok(Exit::Done)
}
