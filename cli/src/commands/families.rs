//! `hydrabane families`: what the catalogue knows.

mod facts;
mod lists;
mod page;
mod word_lists;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use dga::{FAMILIES, find};
use serde::Serialize;

use crate::environment;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use facts::{Detail, Summary};
use word_lists::WordList;

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
    /// The word lists that families need, and which of them are there; they are not part of the product.
    ///
    /// Lists are looked for in `HYDRABANE_WORDLISTS`, then in `hydrabane/wordlists` below `XDG_DATA_HOME`. One that is
    /// missing or altered is told, not an error: only the families that need it cannot be used.
    Wordlists {
        /// Look into this folder alone, and exit 1 if a list is missing or altered.
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
        Some(Command::Wordlists { check }) => list_word_lists(check.as_deref(), arguments.format),
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
        write_columns(output, &std::iter::once(head).chain(rows).collect::<Vec<_>>())
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

/// Lists the word lists with what is found of them in the folder to check, or in the usual ones.
fn list_word_lists(check: Option<&Path>, format: Format) -> Result<Exit, Failure> {
    let folders = check.map_or_else(environment::word_list_folders, |folder| vec![folder.to_owned()]);
    let lists = WordList::all(&folders)?;
    print(format, "word_lists", &lists, |output| word_lists::write(output, &lists, &folders))?;
    Ok(if check.is_some() && !lists.iter().all(WordList::is_found) { Exit::No } else { Exit::Done })
}

/// Writes rows as a table with aligned columns.
fn write_columns<const COLUMNS: usize>(output: &mut impl Write, rows: &[[String; COLUMNS]]) -> io::Result<()> {
    let widths: [usize; COLUMNS] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    for row in rows {
        let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(output, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
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
