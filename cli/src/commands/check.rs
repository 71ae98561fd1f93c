//! `hydrabane check`: every problem of every file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use lab::scenario::Scenario;
use resolver_chain::Span;

use crate::exit::{Exit, Failure};
use crate::scenario_file;

/// Arguments of `hydrabane check`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Scenario files.
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    let mut output = io::stdout().lock();
    for path in &arguments.scenarios {
        match scenario_file::read(path) {
            Ok(scenario) => writeln!(output, "{}", line(path, &scenario))
                .map_err(|error| Failure::write("standard output", &error))?,
            Err(refusal) => exit = refusal.report(),
        }
    }
    Ok(exit)
}

/// What one good file holds.
fn line(path: &Path, scenario: &Scenario) -> String {
    let days = (scenario.end - scenario.start).0 / Span::days(1).0;
    format!(
        "{}: ok ({}, {}, {}, {})",
        path.to_string_lossy().escape_debug(),
        counted(i64::from(scenario.bots.count), "bot", "bots"),
        counted(days, "day", "days"),
        counted(scenario.chain.stages().len() as i64, "layer", "layers"),
        counted(scenario.timeline.len() as i64, "entry", "entries"),
    )
}

fn counted(count: i64, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
