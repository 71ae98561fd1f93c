//! `hydrabane index build`.

use std::io::Write;
use std::path::{Path, PathBuf};

use indicatif::HumanCount;
use name_files::Head;

use crate::clock;
use crate::exit::{Exit, Failure};
use crate::makers::{MakersArguments, Missing};
use crate::output::Output;
use crate::progress::Names;
use crate::span::SpanOptions;
use crate::threads::Threads;

/// Arguments of `hydrabane index build`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(super) struct Arguments {
    /// The first day, as a date, an instant, or `today`.
    #[arg(long, value_name = "DATE")]
    from: String,

    /// The last day, or an instant.
    #[arg(long, value_name = "DATE")]
    to: String,

    /// Where to write the index.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    #[command(flatten)]
    makers: MakersArguments,

    #[command(flatten)]
    threads: Threads,
}

const HELP: &str = "\
The index has every preset of the families. It takes about nine bytes a name, and is mapped into memory when it is used.
It belongs to the catalogue that it was built from: after an update of hydrabane it must be built again.
What does not fit into memory while it is built (more than 256 MiB) lies in files without a name beside FILE: 12 bytes
for each name.

Three years around today's date:
  hydrabane index build --from 2026-01-01 --to 2028-12-31 -o names.index
  hydrabane identify --index names.index evil[.]com";

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let span = SpanOptions::range(arguments.from.clone(), arguments.to.clone()).meaning(clock::now())?;
    let request = arguments.makers.request(span, Missing::Fails)?;
    if arguments.output == Path::new("-") {
        return Err(Failure::usage("an index cannot go to standard output").hint("name a file with `-o`"));
    }
    let options: Vec<String> = span.described().into_iter().map(|(name, value)| format!(" --{name} {value}")).collect();
    let head = Head::new(format!("index build{}{}", options.concat(), arguments.makers.described()));
    let mut output = Output::open(Some(&arguments.output))?;
    let folder = arguments.output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let bar = Names::new(true);
    let threads = arguments.threads.number();
    let built = trace::index::build(&request, head, threads, folder, &mut output, |done, total| bar.at(done, total));
    bar.finish();
    let summary = built?;
    output.finish()?;
    let sources = request.sources.len();
    // Standard error may be closed; the index is there all the same.
    let _ = writeln!(
        anstream::stderr(),
        "{} names of {sources} configurations in {} lists, {:.2} bytes a name",
        HumanCount(summary.names),
        HumanCount(summary.lists),
        summary.bytes as f64 / summary.names.max(1) as f64,
    );
    Ok(Exit::Done)
}
