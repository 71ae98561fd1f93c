//! `hydrabane sinkhole`: serve one, check its configuration, read what it saw.

mod export;
mod reload;
mod report;
mod serve;
mod stores;
mod verify;

use std::io::Write;
use std::path::{Path, PathBuf};

use sinkhole::{Config, ConfigError, ReadError, Reader};

use crate::catalogue::WordListArguments;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Arguments of `hydrabane sinkhole`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Serve until SIGTERM or SIGINT, then finish what is in hand, sync, and end with 0. The configuration and its lists
    /// are read again when they change, or on SIGHUP.
    Serve(Configuration),
    /// Read a configuration and its lists, and report every problem.
    Check(Configuration),
    /// Say what the events mean: resolvers from DNS, hosts from HTTP and TCP, never added up.
    Report(report::Arguments),
    /// Write out every event, in a form that others read.
    Export(export::Arguments),
    /// Check that nothing that was recorded has been changed since: every record, segment, and the chain of segments.
    Verify(verify::Arguments),
    /// Print a commented sample of a configuration.
    Template,
}

/// The configuration, with what its rules need.
#[derive(Clone, Debug, clap::Args)]
struct Configuration {
    #[command(flatten)]
    file: ConfigurationFile,

    #[command(flatten)]
    words: WordListArguments,
}

/// The configuration's file.
#[derive(Clone, Debug, clap::Args)]
struct ConfigurationFile {
    /// The sinkhole's configuration; `hydrabane sinkhole template` prints a sample.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl Configuration {
    fn read(&self) -> Result<Config, Failure> {
        Ok(self.try_read()?)
    }

    fn try_read(&self) -> Result<Config, ConfigError> {
        sinkhole::config::read(&self.file.config, &self.words.word_lists())
    }
}

impl ConfigurationFile {
    /// The events of the sinkhole.
    fn events(&self) -> Result<Reader, Failure> {
        Ok(sinkhole::read_events(&sinkhole::config::events_folder(&self.config)?))
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let failure = Self::usage(&error);
        match error {
            ConfigError::Read { .. } => failure.hint("`hydrabane sinkhole template` prints a sample"),
            _ => failure,
        }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        let failure = Self::environment(&error);
        match error {
            ReadError::Read { .. } => failure.hint("the events are in `store.dir`; a sinkhole makes it when it starts"),
            ReadError::Fork { .. } => failure.hint("a copy of a store must not be served from; export both apart"),
            _ => failure,
        }
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::Serve(configuration) => serve::run(configuration),
        Command::Check(configuration) => check(configuration),
        Command::Report(arguments) => report::run(arguments),
        Command::Export(arguments) => export::run(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Template => {
            let mut output = Output::open(None)?;
            write(&mut output, sinkhole::config::TEMPLATE)?;
            output.finish()?;
            Ok(Exit::Done)
        }
    }
}

fn check(configuration: &Configuration) -> Result<Exit, Failure> {
    let config = configuration.read()?;
    let mut output = Output::open(None)?;
    let path = configuration.file.config.display();
    write(&mut output, &format!("{path}: in order; {}\n", held(&config)))?;
    output.finish()?;
    Ok(Exit::Done)
}

/// How many names a configuration holds, in words.
fn held(config: &Config) -> String {
    let held = format!("{} names are held", config.names.len());
    match config.names.left_out() {
        0 => held,
        more => format!("{held}; {more} that families make cannot be registered and are left out"),
    }
}

/// Writes `text`.
fn write(output: &mut Output, text: &str) -> Result<(), Failure> {
    output.write_all(text.as_bytes()).map_err(|error| Failure::write("the output", &error))
}

/// Says on standard error which ends of segments hold no whole event.
fn warn_left_out(events: &Reader) {
    let mut stderr = anstream::stderr().lock();
    for part in events.left_out() {
        let segment: &Path = &part.segment;
        // Standard error may be closed; there is nobody left to tell.
        let _ = writeln!(
            stderr,
            "warning: the last {} octets of `{}` are no whole event and were left out",
            part.octets,
            segment.display()
        );
    }
}
