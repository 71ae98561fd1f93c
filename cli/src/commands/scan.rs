//! `hydrabane scan`: look-ups of generated names in logs and captures, and what they say about who asked.

mod report;
mod source;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, Utc};
use name_files::Head;
use trace::logs::{self, Column, Entry, FORMATS, Format, Settings};
use trace::scan::Scanner;

use self::report::{Form, Log, Report};
use self::source::{Drained, Source};
use super::identify::KnownArguments;
use crate::clock;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Arguments of `hydrabane scan`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// Logs and captures, packed with gzip or zstd or not; `-` reads standard input.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    known: KnownArguments,

    /// What the files are, if it cannot be told from their beginning.
    #[arg(long, value_name = "FORMAT", value_parser = input_format())]
    input_format: Option<String>,

    /// Of a table or of JSON objects: the heading, key (with dots for nested ones) or number of the column of the names.
    #[arg(long, value_name = "COLUMN")]
    column: Option<Column>,

    /// The same for the column of the time.
    #[arg(long, value_name = "COLUMN")]
    time_column: Option<Column>,

    /// The same for the column of the client.
    #[arg(long, value_name = "COLUMN")]
    client_column: Option<Column>,

    /// The zone of times that do not say theirs, as in `+02:00`.
    #[arg(long, value_name = "OFFSET", default_value = "+00:00", allow_hyphen_values = true)]
    zone: FixedOffset,

    /// In captures: the ports at which DNS is looked for, separated by commas.
    #[arg(long, value_name = "PORT", value_delimiter = ',', default_value = "53")]
    ports: Vec<u16>,

    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,

    /// Only what is known about the clients, not each look-up.
    #[arg(long)]
    clients: bool,

    /// Where to write it; standard output without it.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

const HELP: &str = "\
What is printed: each look-up of a generated name, with time, client, name, family, variant, preset, when the name is valid,
and its place in the list; then for each client the evidence: how many different names of which lists it asked for, whether
in the order of the list (steps forward and back), while they were valid or not, and how many do not exist (NXDOMAIN).
  walks    names of one family in the order of its list, as a bot asks
  picks    several names of a list in another order: a bot that picks at random, or somebody who resolves a whole list
  crawls   names of many families, or out of their time: a crawler, a spam filter, or a resolver with many behind it
  few      too few names to tell

jsonl: one object a line: first tool, version, catalogue and arguments; then objects with `kind`: match, damaged, log (after
each file), and client.

Records that cannot be read are counted, and named by their offset in the unpacked file; they end nothing.
The exit code is 1 when nobody asked for a generated name.

  hydrabane scan --index names.index /var/log/named/query.log*
  tcpdump -w - udp port 53 | hydrabane scan --index names.index -";

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let now = clock::now();
    let format = arguments.input_format.as_deref().and_then(logs::find);
    let settings = arguments.settings(now);
    let known = arguments.known.open(now)?;
    let words = arguments.known.makers.word_lists();
    let mut scanner = Scanner::new(&known.index, &words, known.window);
    let output = Output::open(arguments.output.as_deref())?;
    let mut report = Report::new(output, arguments.format, !arguments.clients, known.about());
    report.begin(&Head::new(format!("scan{}", known.described)))?;
    for file in &arguments.files {
        let source = Source::open(file)?;
        let drained = source.drained();
        let log = logs::open(source, format, &settings).map_err(|error| {
            Failure::usage(format_args!("cannot read `{}`: {error}", file.display()))
                .hint(format_args!("--input-format takes one of {}", names_of_formats().join(", ")))
        })?;
        let mut about = Log::new(file, log.format().info().name);
        let mut failed: Result<(), Failure> = Ok(());
        let read = log.read(&mut |entry| {
            failed = visit(file, &entry, &drained, &mut about, &mut scanner, &mut report);
            if failed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        failed?;
        scanner.flush(&mut |found| report.matched(file, found))?;
        report.log(&about)?;
        // What was found before the source failed has been said.
        read.map_err(|error| Failure::environment(format_args!("cannot read on in `{}`: {error}", file.display())))?;
    }
    let (lookups, matches) = scanner.counts();
    report.finish(&scanner.evidence(), lookups, matches)?;
    Ok(if matches == 0 { Exit::No } else { Exit::Done })
}

/// Takes one entry of a log.
fn visit(
    file: &Path,
    entry: &Entry<'_>,
    drained: &Drained,
    about: &mut Log<'_>,
    scanner: &mut Scanner<'_>,
    report: &mut Report<'_>,
) -> Result<(), Failure> {
    match entry {
        Entry::Lookup(lookup) => {
            about.lookups += 1;
            scanner.take(lookup, &mut |found| report.matched(file, found))?;
            // Where nothing more waits to be read, nobody should wait for what is known.
            if drained.is_now() {
                scanner.flush(&mut |found| report.matched(file, found))?;
                report.flush()?;
            }
        }
        Entry::Damaged(damage) => {
            about.damaged += 1;
            report.damaged(file, damage, about.damaged)?;
        }
        _ => about.others += 1,
    }
    report.failure()
}

impl Arguments {
    fn settings(&self, now: DateTime<Utc>) -> Settings {
        Settings {
            name: self.column.clone(),
            time: self.time_column.clone(),
            client: self.client_column.clone(),
            zone: self.zone,
            ports: self.ports.clone(),
            ..Settings::new(now)
        }
    }
}

fn names_of_formats() -> Vec<&'static str> {
    FORMATS.iter().map(|format: &&dyn Format| format.info().name).collect()
}

fn input_format() -> clap::builder::PossibleValuesParser {
    let values = FORMATS.iter().map(|format: &&dyn Format| {
        let info = format.info();
        clap::builder::PossibleValue::new(info.name).help(info.about)
    });
    clap::builder::PossibleValuesParser::new(values)
}
