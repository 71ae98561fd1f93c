//! `hydrabane vectors`: generators against lists that are known to be right.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use dga::vectors::{Verdict, check};

use crate::catalogue::WordListArguments;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Arguments of `hydrabane vectors`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Check every line of vector files: exit 1 and one line for each that is not reproduced.
    Check(Check),
}

#[derive(Debug, clap::Args)]
struct Check {
    /// Files of JSON lines with family, variant, params, date, count, first, last and sha256.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    word_lists: WordListArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let Command::Check(Check { files, word_lists }) = &arguments.command;
    let words = word_lists.word_lists();
    let mut output = Output::open(None)?;
    let (mut lines, mut mismatches, mut unusable, mut missing) = (0, 0, 0, None);
    for file in files {
        let text = fs::read_to_string(file)
            .map_err(|error| Failure::usage(format_args!("cannot read `{}`: {error}", file.display())))?;
        for (line, verdict) in check(&text, &words) {
            lines += 1;
            let problem = match verdict {
                Verdict::Match => continue,
                Verdict::Mismatch(difference) => {
                    mismatches += 1;
                    difference
                }
                Verdict::Unusable(reason) => {
                    unusable += 1;
                    reason
                }
                Verdict::NoWordList(error) => {
                    let text = error.to_string();
                    missing.get_or_insert(error);
                    text
                }
            };
            writeln!(output, "{}:{line}: {problem}", file.display())
                .map_err(|error| Failure::write("the output", &error))?;
        }
    }
    output.finish()?;
    let mut stderr = anstream::stderr().lock();
    // Standard error may be closed; the exit code says the same.
    let _ = writeln!(stderr, "{lines} vectors checked, {mismatches} not reproduced");
    if unusable > 0 {
        return Err(Failure::usage(format_args!("{unusable} of {lines} lines could not be checked"))
            .hint("a line is a JSON object with family, variant, params, date, count, first, last and sha256"));
    }
    if let Some(error) = missing {
        return Err(error.into());
    }
    Ok(if mismatches == 0 { Exit::Done } else { Exit::No })
}
