//! Makes the tables of `docs/performance.md` from what `cargo bench -p hydrabane-benches` has measured.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use benches::{Estimates, Machine};
use clap::{Parser, Subcommand};

/// Measurements of Hydrabane, made into tables.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Names per second of every family, and the targets.
    Table {
        /// The document that gets the table, between its two marks; without it the table is printed.
        #[arg(long, value_name = "FILE")]
        write: Option<PathBuf>,
        /// Criterion's folder; by default the one beside this program.
        #[arg(long, value_name = "DIR")]
        criterion: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let Command::Table { write, criterion } = Arguments::parse().command;
    match table(write, criterion) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn table(write: Option<PathBuf>, criterion: Option<PathBuf>) -> Result<(), Box<dyn Error>> {
    let folder = match criterion {
        Some(folder) => folder,
        None => beside()?,
    };
    let table = benches::generators(&Estimates::new(folder), &Machine::this())?;
    let Some(file) = write else {
        print!("{table}");
        return Ok(());
    };
    let document = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    fs::write(&file, benches::replace(&document, &table)?)?;
    Ok(())
}

/// Cargo puts this program into `<build folder>/release`, and criterion its estimates into `<build folder>/criterion`.
fn beside() -> Result<PathBuf, Box<dyn Error>> {
    let program = env::current_exe()?;
    let build = program.parent().and_then(|folder| folder.parent()).ok_or("this program lies in no build folder")?;
    Ok(build.join("criterion"))
}
