//! `hydrabane generate`: the names of families, for a date or a range.

use std::path::PathBuf;

use name_files::{Error, Form, Head};

use crate::clock;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::progress::Names;
use crate::request::RequestArguments;
use crate::threads::Threads;

/// Arguments of `hydrabane generate`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["families", "all"]))]
pub(crate) struct Arguments {
    #[command(flatten)]
    request: RequestArguments,

    /// What to write.
    #[arg(long, value_name = "FORMAT", default_value = "lines")]
    format: Format,

    /// Where to write it; standard output without it.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    threads: Threads,
}

/// What is written.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// One name a line.
    Lines,
    /// Comma-separated values.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Apache Parquet.
    Parquet,
}

const HELP: &str = "\
With one date (today, if none is given), each list is written as the bot makes it, in its order, with repetitions.
With a range, each name of a preset is written once for every interval during which it is valid without a break, ordered
by the interval's beginning, then by place in the list. `--to D` includes day D. Names that are valid only outside of the
range are included as far as `--margin` reaches. The output is the same for any number of threads.

Formats:
  lines    one name a line, nothing else
  csv      a comment line `# hydrabane VERSION, catalogue VERSION, ARGUMENTS`, a header, and a row for each name: family,
           variant, preset, name, registrable_domain, public_suffix, valid_from, valid_to, index. A field that a
           spreadsheet would take for a formula (beginning with = + - @) has an apostrophe before it.
  jsonl    an object with tool, version, catalogue and arguments, then one object for each name with the fields of csv
  parquet  the columns of csv, compressed with zstd; times are in UTC with milliseconds; version, catalogue and
           arguments are in the file's metadata (hydrabane.version, hydrabane.catalogue, hydrabane.arguments)

A file for `--presets` has one YAML document for each family:
  family: ramnit
  presets:
    - { name: mine, variant: v1, parameters: { seed: 0x1f, tlds: [com] }, first-seen: 2026-11, source: our sandbox }

valid_to is exclusive. An end is open (empty, or null) for families without date, and where it lies more than 400 days
outside of the range. index is the name's place, from 0, in the list with which its interval begins.

Every family and every preset for a year, for a notebook or a database:
  hydrabane generate --all --preset all --from 2027-01-01 --to 2027-12-31 --format parquet -o 2027.parquet";

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let request = arguments.request.request(clock::now())?;
    let head = Head::new(format!("generate {}", arguments.request.described(&request.span)));
    let output = Output::open(arguments.output.as_deref())?;
    let form = match arguments.format {
        Format::Lines => Form::Lines,
        Format::Csv => Form::Csv,
        Format::Jsonl => Form::Jsonl,
        Format::Parquet => Form::Parquet,
    };
    let bar = Names::new(!output.is_terminal());
    let written =
        name_files::write(&request, form, &head, arguments.threads.number(), output, |done, total| bar.at(done, total));
    bar.finish();
    written?.finish()?;
    Ok(Exit::Done)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Generator(error) => error.into(),
            Error::Output(error) => Self::write("the output", &error),
            error => Self::environment(error),
        }
    }
}
