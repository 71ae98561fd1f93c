//! `hydrabane index`: an index of names over years, what it holds, and where it meets names of others.

mod build;
mod collisions;
mod info;

use std::path::Path;

use trace::index::{BuildError, Index, IndexError};

use crate::exit::{Exit, Failure};

/// Arguments of `hydrabane index`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make all names of a range of dates, and write an index of them.
    Build(build::Arguments),
    /// Say what an index holds.
    Info(info::Arguments),
    /// Names that are also real domains, and names that several families make.
    Collisions(collisions::Arguments),
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::Build(arguments) => build::run(arguments),
        Command::Info(arguments) => info::run(arguments),
        Command::Collisions(arguments) => collisions::run(arguments),
    }
}

/// Opens an index.
pub(crate) fn open(path: &Path) -> Result<Index, Failure> {
    Index::open(path).map_err(|error| {
        let message = format!("cannot use the index `{}`: {error}", path.display());
        let failure = match &error {
            IndexError::Read(cause) if cause.kind() != std::io::ErrorKind::NotFound => Failure::environment(message),
            _ => Failure::usage(message),
        };
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Generator(error) => error.into(),
            BuildError::Output(error) => Self::write("the index", &error),
            error => Self::usage(error),
        }
    }
}
