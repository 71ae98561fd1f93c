//! `hydrabane index collisions`.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use name_files::Head;
use name_files::read::ranked;
use serde::Serialize;
use trace::collisions::{Real, Shared, real, shared};
use trace::identify::Identifier;
use trace::index::About;
use trace::{Maker, Proof};

use crate::answers::{self, MakerJson};
use crate::catalogue::WordListArguments;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Arguments of `hydrabane index collisions`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(super) struct Arguments {
    /// The index.
    #[arg(value_name = "FILE")]
    index: PathBuf,

    /// Real domains: lines as in `1,example.com` (rank, name), or one name a line, the most popular first.
    #[arg(long, value_name = "FILE")]
    benign: Option<PathBuf>,

    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    #[command(flatten)]
    word_lists: WordListArguments,
}

/// What is printed.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON object a line, the first with tool and catalogue.
    Json,
}

const HELP: &str = "\
First the generated names that are also names of the list, by rank (with --benign): they must not be blocked, and a call
for them proves nothing. Then the names that several families make: a call for them does not tell the family. Every line
is proved by making the list again.

Every name counts as it stands in the list: `www.example.com` does not stand for `example.com`.";

/// A collision, for machines.
#[derive(Serialize)]
struct Object<'a> {
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<u64>,
    makers: Vec<MakerJson<'a>>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let index = super::open(&arguments.index)?;
    let words = arguments.word_lists.word_lists();
    let mut identifier = Identifier::new(&index, &words);
    let benign = arguments.benign.as_ref().map(|path| {
        fs::read_to_string(path)
            .map_err(|error| Failure::usage(format_args!("cannot read `{}`: {error}", path.display())))
    });
    let benign = benign.transpose()?;
    let mut output = Output::open(None)?;
    let unwritten = |error: io::Error| Failure::write("the output", &error);
    let about = index.about();
    if matches!(arguments.format, Format::Json) {
        output.json_line(&Head::new("index collisions")).map_err(unwritten)?;
    }
    if let Some(list) = &benign {
        let mut real = real(&mut identifier, ranked(list).map(|(_, rank, name)| (rank, name)))?;
        real.sort_by(|one, other| (one.rank, &one.name).cmp(&(other.rank, &other.name)));
        print(arguments.format, &mut output, about, "real domains", &real).map_err(unwritten)?;
        // The rest takes longer.
        output.flush().map_err(unwritten)?;
    }
    let shared = shared(&mut identifier)?;
    print(arguments.format, &mut output, about, "names of several families", &shared).map_err(unwritten)?;
    output.finish()?;
    Ok(Exit::Done)
}

/// A name, its rank if it has one, and who makes it.
trait Collision {
    fn parts(&self) -> (&'static str, &str, Option<u64>, &Proof);
}

impl Collision for Real {
    fn parts(&self) -> (&'static str, &str, Option<u64>, &Proof) {
        ("real", &self.name, Some(self.rank), &self.makers)
    }
}

impl Collision for Shared {
    fn parts(&self) -> (&'static str, &str, Option<u64>, &Proof) {
        ("shared", &self.name, None, &self.makers)
    }
}

fn print(
    format: Format,
    output: &mut Output,
    about: &About,
    title: &str,
    collisions: &[impl Collision],
) -> io::Result<()> {
    if matches!(format, Format::Json) {
        return collisions.iter().try_for_each(|collision| {
            let (kind, name, rank, makers) = collision.parts();
            let makers = makers.iter().map(|maker| MakerJson::new(maker, about)).collect();
            output.json_line(&Object { kind, name, rank, makers })
        });
    }
    writeln!(output, "{title}: {}", collisions.len())?;
    for collision in collisions {
        let (_, name, rank, makers) = collision.parts();
        let rank = rank.map(|rank| format!("rank {rank}  ")).unwrap_or_default();
        writeln!(output, "{rank}{}", answers::printable(name))?;
        for maker in concise(makers) {
            writeln!(output, "    {}", answers::maker(maker, about))?;
        }
    }
    Ok(())
}

/// The first interval of each configuration: people want to know who, not every day of years.
fn concise(makers: &Proof) -> impl Iterator<Item = &Maker> {
    makers.chunk_by(|one, other| one.source == other.source).map(|same| &same[0])
}
