//! The binary `hydrabane`: arguments, commands, exit codes. What the commands do lives in the libraries.
#![forbid(unsafe_code)]

mod answers;
mod args;
mod catalogue;
mod clock;
mod commands;
mod environment;
mod exit;
mod interrupt;
mod makers;
mod output;
mod progress;
mod request;
mod scenario_file;
mod span;
mod threads;

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return exit::of_clap(&error),
    };
    // The panic itself has been printed; nothing of this process is used after it.
    match std::panic::catch_unwind(AssertUnwindSafe(|| commands::run(arguments))) {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(failure)) => failure.report().into(),
        Err(_) => exit::Failure::bug().report().into(),
    }
}
