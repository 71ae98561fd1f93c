//! One file a command: its arguments and what it does with them.

pub(crate) mod check;
pub(crate) mod export;
pub(crate) mod families;
pub(crate) mod generate;
pub(crate) mod identify;
pub(crate) mod index;
pub(crate) mod recover;
pub(crate) mod run;
pub(crate) mod scan;
pub(crate) mod schema;
pub(crate) mod sinkhole;
pub(crate) mod vectors;

use crate::args::{Arguments, Color, Command};
use crate::exit::{Exit, Failure};
use crate::interrupt;

/// Runs the command that was typed.
pub(crate) fn run(arguments: Arguments) -> Result<Exit, Failure> {
    match arguments.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    // A sinkhole that serves ends by itself: it drains first.
    if !matches!(arguments.command, Command::Sinkhole(_)) {
        interrupt::watch();
    }
    match arguments.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Families(arguments) => families::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Identify(arguments) => identify::run(&arguments),
        Command::Index(arguments) => index::run(&arguments),
        Command::Scan(arguments) => scan::run(&arguments),
        Command::Recover(arguments) => recover::run(&arguments),
        Command::Vectors(arguments) => vectors::run(&arguments),
        Command::Sinkhole(arguments) => sinkhole::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
    }
}
