//! `hydrabane run`: plays a scenario, simulated or live, and writes its report.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use lab::play::{Options, Play, Progress, simulate};
use lab::report::{self, Mode, Subject};
use lab::scenario::Scenario;

use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::progress::Bar;
use crate::scenario_file;
use crate::threads::Threads;

/// Bots of a live run unless `--bots` says otherwise: enough to see every layer, few enough for real sockets.
const LIVE_BOTS: u32 = 50;

/// Arguments of `hydrabane run`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The scenario's file.
    scenario: PathBuf,

    /// Play over real sockets on loopback instead of simulating.
    #[arg(long)]
    live: bool,

    /// Bots on the first day [default: the scenario's number; live: 50, or the scenario's if that is less].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    bots: Option<u32>,

    #[command(flatten)]
    threads: Threads,

    /// What the report is written as.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Where the report goes; `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// For programs; the schema is versioned.
    Json,
    /// One self-contained page with charts.
    Html,
}

/// Runs the command. The answer is no (exit 1) if an expectation of the scenario does not hold.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let scenario = match scenario_file::read(&arguments.scenario) {
        Ok(scenario) => scenario,
        Err(refusal) => return Ok(refusal.report()),
    };
    let mut output = Output::open(arguments.output.as_deref())?;
    let (mode, bots) = if arguments.live {
        (Mode::Live, arguments.bots.unwrap_or(scenario.bots.count.min(LIVE_BOTS)))
    } else {
        (Mode::Simulation, arguments.bots.unwrap_or(scenario.bots.count))
    };
    let options = Options { bots: Some(bots), threads: Some(arguments.threads.number()), trace: false };
    let mut bar = Bar::new(if arguments.live { "playing live" } else { "playing" });
    let play = play(&scenario, mode, &options, &mut bar)?;
    bar.finish();

    let subject = Subject {
        scenario: scenario.name.clone(),
        about: scenario.about.clone(),
        seed: scenario.seed,
        hash: scenario.hash.clone(),
        mode,
        bots: bots.into(),
        start: scenario.start,
        end: scenario.end,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        catalogue_version: dga::version(),
    };
    let text = match arguments.format {
        Format::Text => report::text::render(&subject, &play.outcome, terminal(&output)),
        Format::Json => report::json::render(&subject, &play.outcome),
        Format::Html => report::html::render(&subject, &play.outcome),
    };
    output.write_all(text.as_bytes()).map_err(|error| Failure::write("the report", &error))?;
    output.finish()?;
    let holds = play.outcome.verdicts.iter().all(|verdict| verdict.holds);
    Ok(if holds { Exit::Done } else { Exit::No })
}

fn play(
    scenario: &Scenario,
    mode: Mode,
    options: &Options,
    progress: &mut (dyn Progress + Send),
) -> Result<Play, Failure> {
    match mode {
        Mode::Simulation => simulate(scenario, options, progress).map_err(Failure::usage),
        Mode::Live => lab::live::run(scenario, options, progress).map_err(|error| {
            let hint = error.hint();
            let failure = if error.is_environment() { Failure::environment(error) } else { Failure::usage(error) };
            match hint {
                Some(hint) => failure.hint(hint),
                None => failure,
            }
        }),
    }
}

/// What the text report may use: a terminal's width and colours, or neither.
fn terminal(output: &Output) -> report::text::Terminal {
    let standard = matches!(output, Output::Standard(_));
    let on_terminal = standard && std::io::stdout().is_terminal();
    report::text::Terminal {
        width: if on_terminal { usize::from(console::Term::stdout().size().1) } else { 100 },
        color: standard && anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never,
    }
}
