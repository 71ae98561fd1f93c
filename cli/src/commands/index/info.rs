//! `hydrabane index info`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use indicatif::{HumanBytes, HumanCount};
use name_files::written;
use serde::Serialize;
use trace::index::{About, Index};

use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Arguments of `hydrabane index info`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The index.
    #[arg(value_name = "FILE")]
    index: PathBuf,

    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// What is printed.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON object.
    Json,
}

/// What an index says about itself, with what can be counted of it.
#[derive(Serialize)]
struct Info<'a> {
    #[serde(flatten)]
    about: &'a About,
    names: u64,
    lists: u64,
    bytes: u64,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let index = super::open(&arguments.index)?;
    let mut output = Output::open(None)?;
    let printed = match arguments.format {
        Format::Text => text(&index, &mut output),
        Format::Json => json(&index, &mut output),
    };
    printed.map_err(|error| Failure::write("the output", &error))?;
    output.finish()?;
    Ok(Exit::Done)
}

fn json(index: &Index, output: &mut Output) -> std::io::Result<()> {
    let about = index.about();
    let info = Info { about, names: about.names(), lists: index.lists(), bytes: index.size() };
    output.json_line(&info)
}

fn text(index: &Index, output: &mut impl Write) -> std::io::Result<()> {
    let about = index.about();
    writeln!(output, "built by   {} {}, catalogue {}", about.head.tool, about.head.version, about.head.catalogue)?;
    writeln!(output, "           {}", about.head.arguments)?;
    writeln!(output, "range      {} to {}", written(about.from), written(about.until))?;
    let each = index.size() as f64 / about.names().max(1) as f64;
    writeln!(output, "names      {} in {} lists", HumanCount(about.names()), HumanCount(index.lists()))?;
    writeln!(output, "size       {}, {each:.2} bytes a name", HumanBytes(index.size()))?;
    let mut families: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
    for source in &about.sources {
        let (configurations, names) = families.entry(&source.family).or_default();
        *configurations += 1;
        *names += source.names;
    }
    let longest = families.keys().map(|name| name.len()).max().unwrap_or_default();
    writeln!(output, "\n{:longest$}  {:>7}  {:>15}", "family", "presets", "names")?;
    for (family, (configurations, names)) in families {
        writeln!(output, "{family:longest$}  {configurations:>7}  {:>15}", HumanCount(names).to_string())?;
    }
    Ok(())
}
