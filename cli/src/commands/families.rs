//! `hydrabane families`: what the catalogue knows.

mod facts;
mod lists;
mod page;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use dga::{Error, FAMILIES, WordListId, find};
use serde::Serialize;

use crate::catalogue::word_lists;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use facts::{Detail, Summary};

/// Arguments of `hydrabane families`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// What to write.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// A table of all families (what `hydrabane families` alone prints).
    List,
    /// One family's page: its names, whom to ask for a take-down, pitfalls, parameters, presets and references.
    Show {
        /// Its name or an alias.
        family: String,
    },
    /// Writes every family's page, and an index of them, into a folder.
    #[command(hide = true)]
    Pages {
        /// The folder, which must exist.
        folder: PathBuf,
    },
    /// The word lists that families need; they are not part of the product.
    Wordlists {
        /// Check the lists in this folder: exit 1 if one is missing or altered.
        #[arg(long, value_name = "DIR")]
        check: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    match &arguments.command {
        None | Some(Command::List) => list(arguments.format),
        Some(Command::Show { family }) => show(family, arguments.format),
        Some(Command::Pages { folder }) => pages(folder),
        Some(Command::Wordlists { check }) => list_word_lists(check.clone(), arguments.format),
    }
}

fn list(format: Format) -> Result<Exit, Failure> {
    let families = FAMILIES.iter().map(Summary::new).collect::<Result<Vec<_>, _>>()?;
    print(format, "families", &families, |output| {
        let rows = families.iter().map(|family| {
            [
                family.name.to_owned(),
                family.class.clone(),
                family.presets.to_string(),
                family.names.clone(),
                family.schedule.clone(),
                family.variants.join(", "),
                family.aliases.join(", "),
            ]
            .map(shortened)
        });
        let head = ["FAMILY", "CLASS", "PRESETS", "NAMES", "THE LIST", "VARIANTS", "ALSO CALLED"].map(str::to_owned);
        let rows: Vec<_> = std::iter::once(head).chain(rows).collect();
        let widths: [usize; 7] =
            std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
        for row in &rows {
            let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            writeln!(output, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    })
}

/// Characters of a cell of the table; JSON and the pages have the whole text.
const WIDEST: usize = 28;

fn shortened(cell: String) -> String {
    if cell.chars().count() <= WIDEST {
        return cell;
    }
    let kept: String = cell.chars().take(WIDEST - 1).collect();
    format!("{}…", kept.trim_end())
}

fn show(name: &str, format: Format) -> Result<Exit, Failure> {
    let family = Detail::new(find(name)?)?;
    print(format, "family", &family, |output| family.write(output))
}

/// Writes the pages that `docs/families/` holds.
fn pages(folder: &Path) -> Result<Exit, Failure> {
    let write = |name: &str, text: &dyn Fn(&mut Output) -> io::Result<()>| {
        let mut output = Output::open(Some(&folder.join(format!("{name}.md"))))?;
        text(&mut output).map_err(|error| Failure::write("the page", &error))?;
        output.finish()
    };
    let families = FAMILIES.iter().map(Summary::new).collect::<Result<Vec<_>, _>>()?;
    write("README", &|output| page::write_index(output, &families))?;
    for family in FAMILIES {
        let family = Detail::new(family)?;
        write(family.name, &|output| family.write(output))?;
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct WordList {
    #[serde(flatten)]
    list: Identity,
    families: Vec<&'static str>,
    /// Nothing if it was not looked for.
    problem: Option<String>,
    found: Option<bool>,
}

#[derive(Serialize)]
struct Identity {
    id: &'static str,
    words: usize,
    sha256: &'static str,
    source: &'static str,
}

fn list_word_lists(folder: Option<PathBuf>, format: Format) -> Result<Exit, Failure> {
    let mut lists: Vec<(WordListId, Vec<&'static str>)> = Vec::new();
    for family in FAMILIES {
        for list in facts::word_lists(family)? {
            match lists.iter_mut().find(|(known, _)| *known == list) {
                Some((_, families)) => families.push(family.info().name),
                None => lists.push((list, vec![family.info().name])),
            }
        }
    }
    let words = folder.map(|folder| word_lists(vec![folder]));
    let lists: Vec<WordList> = lists
        .into_iter()
        .map(|(list, families)| {
            let problem = words.as_ref().and_then(|words| words.words(&list).err());
            let WordListId { id, words: number, sha256, source } = list;
            WordList {
                list: Identity { id, words: number, sha256, source },
                families,
                found: words.as_ref().map(|_| problem.is_none()),
                problem: problem.map(|problem| match problem {
                    Error::WordListMissing { .. } => "missing".into(),
                    Error::WordListAltered { found, .. } => format!("altered: its SHA-256 is {found}"),
                    other => other.to_string(),
                }),
            }
        })
        .collect();
    print(format, "word_lists", &lists, |output| {
        for WordList { list, families, problem, found } in &lists {
            let state = match (found, problem) {
                (Some(true), _) => "  ok".to_owned(),
                (_, Some(problem)) => format!("  {problem}"),
                _ => String::new(),
            };
            writeln!(output, "{}.txt  {} words  {}  {}{state}", list.id, list.words, list.sha256, families.join(", "))?;
        }
        Ok(())
    })?;
    Ok(if lists.iter().any(|list| list.problem.is_some()) { Exit::No } else { Exit::Done })
}

/// Writes `data` as JSON with the versions of tool and catalogue, or as `text` does.
fn print<T: Serialize>(
    format: Format,
    key: &str,
    data: &T,
    text: impl FnOnce(&mut Output) -> io::Result<()>,
) -> Result<Exit, Failure> {
    let mut output = Output::open(None)?;
    match format {
        Format::Text => text(&mut output),
        Format::Json => {
            let document = serde_json::json!({
                "tool": "hydrabane",
                "version": env!("CARGO_PKG_VERSION"),
                "catalogue": dga::version(),
                (key): data,
            });
            serde_json::to_writer_pretty(&mut output, &document)
                .map_err(io::Error::from)
                .and_then(|()| writeln!(output))
        }
    }
    .map_err(|error| Failure::write("the output", &error))?;
    output.finish()?;
    Ok(Exit::Done)
}
