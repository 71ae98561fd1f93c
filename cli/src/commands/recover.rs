//! `hydrabane recover`: the unknown seed behind captured names, by a search of all seeds that there can be.

mod answer;
mod resumed;
mod search;

use std::io::Write;
use std::path::PathBuf;

use chrono::NaiveTime;
use dga::{Parameter, Schedule, Selection, WordLists, find};
use trace::Asked;
use trace::recover::{Captured, Error, Task, solve};

use crate::catalogue::WordListArguments;
use crate::clock;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::request::{own_presets, parameter};
use crate::span;
use crate::threads::Threads;
use answer::{Answer, Format};

/// Arguments of `hydrabane recover`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// A family by name or alias; `hydrabane families show` says what of it can be found.
    #[arg(value_name = "FAMILY")]
    family: String,

    /// Captured names: by default the first of the list, in its order. `NAME@N` says at which place it stands, from 0.
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,

    /// The place of the first name in the list, from 0, the others following it; or `any`, if no place is known.
    #[arg(long, value_name = "N|any")]
    position: Option<Position>,

    /// The moment at which the names were asked for: a date, an instant (`2021-03-05T13:00:00Z`), or `today`.
    #[arg(long, value_name = "DATE")]
    date: Option<String>,

    /// The variant; by default the family's first, or the preset's.
    #[arg(long, value_name = "VARIANT")]
    variant: Option<String>,

    /// A preset of which all but what is sought is taken; without it all else has the specification's defaults.
    #[arg(long, value_name = "PRESET")]
    preset: Option<String>,

    /// A parameter that is known, and its value, as YAML: `tlds=[com, net]`.
    #[arg(long, value_name = "KEY=VALUE", value_parser = parameter)]
    param: Vec<(String, Parameter)>,

    /// A YAML file with presets of your own, in the form of the catalogue's.
    #[arg(long, value_name = "FILE")]
    presets: Option<PathBuf>,

    /// The parameter that is sought, for families that have several; by default the first that can be found.
    #[arg(long, value_name = "PARAMETER")]
    find: Option<String>,

    /// Only the numbers from FROM to TO, in decimal or as `0x1f`; by default all there are.
    #[arg(long, value_name = "FROM..TO", value_parser = numbers)]
    numbers: Option<(u64, u64)>,

    #[command(flatten)]
    word_lists: WordListArguments,

    /// How many of the names that follow are shown.
    #[arg(long, value_name = "N", default_value = "10")]
    count: usize,

    /// What to write.
    #[arg(long, value_name = "FORMAT", default_value = "yaml")]
    format: Format,

    /// Where to write it; standard output without it.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// A file in which is kept what has been searched: a search that was interrupted goes on from it.
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,

    #[command(flatten)]
    threads: Threads,
}

const HELP: &str = "\
A seed is found by trying all there can be. What of a family can be found, and how many there are, is in the family's page
(`hydrabane families show FAMILY`) and in docs/recover.md, with what a search costs and why some families have none.

  hydrabane recover ramnit dnybqkmkd.com vkndlvokp.com -o mine.yaml
  hydrabane generate ramnit --presets mine.yaml --preset recovered-79159c10

The presets are a file for `--presets`; what was searched and the names that follow stand in it as comments. Where names
leave several seeds, all are listed, with how many more names would decide.

With `--position any` the order of the names does not matter. Where a generator's names follow from an inner state as
large as its seed, one pass finds the state at the first name, whatever its place; the preset then makes the names from
there on. The seed is looked for by walking back, and every seed that is left is listed.

Exit codes: 0 found, 1 no seed fits, 2 wrong use, or a family without a search, 4 interrupted.";

/// What `--position` says.
#[derive(Clone, Copy, Debug)]
enum Position {
    /// The first name's place.
    At(usize),
    /// No place is known.
    Any,
}

impl std::str::FromStr for Position {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "any" {
            return Ok(Self::Any);
        }
        text.parse().map(Self::At).map_err(|_| "it must be a place, counted from 0, or `any`".into())
    }
}

fn numbers(text: &str) -> Result<(u64, u64), String> {
    let number = |text: &str| match text.trim().strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.trim().parse(),
    };
    let (from, to) = text.split_once("..").ok_or("it must be FROM..TO, as in `0..0xffff`")?;
    match (number(from), number(to)) {
        (Ok(from), Ok(to)) if from <= to => Ok((from, to)),
        _ => Err("it must be two numbers, the smaller first, as in `0..0xffff`".into()),
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let words = arguments.word_lists.word_lists();
    let task = arguments.task()?;
    let output = Output::open(arguments.output.as_deref())?;
    warn_of_other_endings(&task, &words);
    let (plan, hits) = search::search(&task, &words, arguments.threads.number(), arguments.resume.as_deref())?;
    let outcome = solve(&task, &plan, &hits, &words)?;
    let answer = Answer::new(&task, &plan, &outcome, &words, arguments.count)?;
    answer.write(arguments.format, output).map_err(|error| Failure::write("the answer", &error))??;
    answer.tell();
    Ok(if outcome.is_empty() { Exit::No } else { Exit::Done })
}

impl Arguments {
    fn task(&self) -> Result<Task, Failure> {
        let family = find(&self.family)?;
        let selection = Selection {
            preset: self.preset.clone(),
            variant: self.variant.clone(),
            params: self.param.iter().cloned().collect(),
        };
        // Nothing given means the specification's defaults here, not the first preset: that one's seed is known.
        let plain = selection == Selection::default();
        let variant = plain.then(|| family.info().variants[0].to_owned());
        let selection = Selection { variant: variant.or(selection.variant), ..selection };
        let own = own_presets(self.presets.as_deref())?;
        let mut configurations = family.configurations(&selection, &own)?;
        let configuration = configurations.remove(0);
        if !configurations.is_empty() {
            return Err(dga::Error::SeveralPresets { family: family.info().name.into() }.into());
        }
        let quest = Task::quest(family, &configuration.variant, self.find.as_deref())?;
        let captured = self.captured()?;
        let now = clock::now();
        let today = now.date_naive().and_time(NaiveTime::MIN).and_utc();
        let at = self.date.as_deref().map_or(Ok(today), |date| span::parse("date", date, today))?;
        let numbers = self.numbers.map(|(from, to)| from..to.saturating_add(1));
        let task = Task::new(family, quest, &configuration, at, &captured, numbers)?;
        if self.date.is_none() && !matches!(family.inspect(&task.configuration)?.schedule, Schedule::Always) {
            warn(format_args!(
                "the names of `{}` change with the date, and no `--date` says when these were asked for: today is taken",
                family.info().name
            ));
        }
        Ok(task)
    }

    /// The names that were typed, with their places.
    fn captured(&self) -> Result<Vec<Captured>, Failure> {
        let first = match self.position {
            Some(Position::Any) => None,
            Some(Position::At(place)) => Some(place),
            None => Some(0),
        };
        let named = self.names.iter().enumerate().map(|(number, typed)| {
            let (name, place) = match typed.rsplit_once('@') {
                None => (typed.as_str(), first.map(|first| first.saturating_add(number))),
                Some((name, place)) => {
                    let place = place.parse().map_err(|_| {
                        Failure::usage(format_args!("`{typed}`: behind `@` stands the name's place, counted from 0"))
                    })?;
                    (name, Some(place))
                }
            };
            Ok(Captured { name: asked(name), place })
        });
        named.collect()
    }
}

/// A name as people write it down; what is none stays as it is, and is refused where it is read.
fn asked(typed: &str) -> String {
    Asked::read(typed).map_or_else(|| typed.to_owned(), |name| name.as_str().to_owned())
}

/// Says before the search which names end as none that the family makes: most likely a parameter is wrong.
fn warn_of_other_endings(task: &Task, words: &WordLists) {
    let ending = |name: &str| name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let Ok(made) = task.sample(words) else { return };
    let made: std::collections::BTreeSet<String> = made.iter().map(|name| ending(name.as_str())).collect();
    let others: std::collections::BTreeSet<String> =
        task.places.clues().iter().map(|clue| ending(clue.name().as_str())).filter(|own| !made.contains(own)).collect();
    if made.is_empty() || others.is_empty() {
        return;
    }
    let list = |endings: &std::collections::BTreeSet<String>| {
        let endings: Vec<_> = endings.iter().take(12).map(|ending| format!("`{ending}`")).collect();
        endings.join(", ")
    };
    warn(format_args!(
        "names of {} {} end in {}, not in {}: look at its parameters and variants",
        task.family.info().name,
        task.configuration.variant,
        list(&made),
        list(&others)
    ));
}

/// Says something that may be a mistake.
fn warn(what: impl std::fmt::Display) {
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    // Standard error may be closed; the search goes on all the same.
    let _ = writeln!(anstream::stderr(), "{yellow}warning{yellow:#}: {what}");
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let hint = match &error {
            Error::Generator(_) => None,
            Error::NoQuest { .. } => {
                Some("docs/recover.md says for every family whether there is a search, and why not")
            }
            Error::NoQuestOfVariant { .. } => Some("give `--variant` one of these; docs/recover.md says more"),
            Error::NotFound { .. } => Some("give one of these to `--find`, or leave it out"),
            Error::SomePlaces => Some("write `NAME@N` for each name, or for none; with `--position any` for none"),
            Error::Numbers { .. } => Some("leave `--numbers` out to search all of them"),
            _ => None,
        };
        match error {
            Error::Generator(error) => error.into(),
            error => match hint {
                Some(hint) => Self::usage(error).hint(hint),
                None => Self::usage(error),
            },
        }
    }
}
