//! `hydrabane identify`: which family, preset and period made a name.

mod answer;
mod lines;

use std::io;
use std::path::PathBuf;

use chrono::{DateTime, Days, NaiveTime, Utc};
use dga::{Period, Range};
use name_files::{Head, Span, written};
use trace::index::{About, Index, in_memory};

use self::answer::{Answers, Format};
use crate::exit::{Exit, Failure};
use crate::makers::{MakersArguments, Missing};
use crate::output::Output;
use crate::progress::Names;
use crate::span::SpanOptions;
use crate::threads::Threads;
use crate::{clock, commands};

/// Arguments of `hydrabane identify`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// Names; `-` reads them from standard input, one a line.
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,

    #[command(flatten)]
    known: KnownArguments,

    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Also print the names of standard input that are not known.
    #[arg(long)]
    unknown: bool,
}

/// Against what names are held: an index, or names that are made for the occasion.
#[derive(Debug, clap::Args)]
pub(crate) struct KnownArguments {
    /// An index from `hydrabane index build`; without it, names are made for the range.
    #[arg(long, value_name = "FILE")]
    index: Option<PathBuf>,

    /// Only what is valid from this day on [default: 30 days ago without an index].
    #[arg(long, value_name = "DATE", requires = "to")]
    from: Option<String>,

    /// Only what is valid until the end of this day [default: in 30 days without an index].
    #[arg(long, value_name = "DATE", requires = "from")]
    to: Option<String>,

    #[command(flatten)]
    pub(crate) makers: MakersArguments,

    #[command(flatten)]
    threads: Threads,
}

/// Days around today for which names are made where no range is given.
const AROUND_TODAY: Days = Days::new(30);

const HELP: &str = "\
Names may have sub-domains before them, a final dot, capital letters, letters of other scripts, and may be defanged:
`evil[.]com`, `hxxp://evil[.]com/x`. Each answer is proved: the list is made again, and the name stands in it.

text: a line for each answer: the name, family, variant, preset, when the name is valid (the end does not belong to it),
and its place, from 0, in the list. json: an object a line, the first with tool, version, catalogue and arguments, then
for each name: name (as it was given), known, and matches (name, and makers with family, variant, preset, valid_from,
valid_to, index).

The exit code is 1 when no name is known.

  hydrabane identify gkeeb.net --from 2009-03-01 --to 2009-03-31
  hydrabane identify - --index names.index < names.txt";

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    if arguments.names.iter().any(|name| name == "-") && arguments.names.len() > 1 {
        return Err(Failure::usage("`-` stands for all names").hint("give names as arguments, or on standard input"));
    }
    let known = arguments.known.open(clock::now())?;
    let words = arguments.known.makers.word_lists();
    let mut answers = Answers::new(&known, &words, arguments.format, Output::open(None)?)?;
    if arguments.names[0] == "-" {
        let stdin = io::stdin().lock();
        lines::batches(stdin, |lines| answers.answer(lines, arguments.unknown))?;
    } else {
        let names: Vec<&[u8]> = arguments.names.iter().map(String::as_bytes).collect();
        answers.answer(&names, true)?;
    }
    answers.finish()
}

/// What names are held against.
pub(crate) struct Known {
    /// The index, from a file or made for the occasion.
    pub(crate) index: Index,
    /// Only what is valid in this window.
    pub(crate) window: Period,
    /// The arguments that decide about it.
    pub(crate) described: String,
}

impl Known {
    /// What the index was built from.
    pub(crate) fn about(&self) -> &About {
        self.index.about()
    }
}

impl KnownArguments {
    /// Opens the index, or makes the names.
    pub(crate) fn open(&self, now: DateTime<Utc>) -> Result<Known, Failure> {
        let range = match (&self.from, &self.to) {
            (Some(from), Some(to)) => match SpanOptions::range(from.clone(), to.clone()).meaning(now)? {
                Span::Range(range) => Some(range),
                Span::Moment { .. } => None,
            },
            _ => None,
        };
        match &self.index {
            Some(_) if self.makers.are_given() => Err(Failure::usage("an index has its own families and presets")
                .hint("leave out `--families` and `--presets`, or build an index with them")),
            Some(path) => {
                let index = commands::index::open(path)?;
                let about = index.about();
                let described = format!(" --index {}", path.display());
                let Some(range) = range else { return Ok(Known { index, window: Period::ALWAYS, described }) };
                if range.from < about.from || about.until < range.until {
                    let (from, until) = (written(about.from), written(about.until));
                    return Err(Failure::usage(format_args!(
                        "the index has names from {from} to {until}, not of the whole range"
                    ))
                    .hint("ask for less, or build another index"));
                }
                let window = Period { from: Some(range.from), until: Some(range.until) };
                let described = format!("{described} --from {} --to {}", written(range.from), written(range.until));
                Ok(Known { index, window, described })
            }
            None => self.make(range, now),
        }
    }

    /// Makes all names of the range.
    fn make(&self, range: Option<Range>, now: DateTime<Utc>) -> Result<Known, Failure> {
        let today = now.date_naive().and_time(NaiveTime::MIN).and_utc();
        let span = Span::Range(range.unwrap_or(Range {
            from: today - AROUND_TODAY,
            until: today + AROUND_TODAY + Days::new(1),
            margin: chrono::TimeDelta::zero(),
            limit: None,
        }));
        let request = self.makers.request(span, Missing::LeftOut)?;
        let options: Vec<String> =
            span.described().into_iter().map(|(name, value)| format!(" --{name} {value}")).collect();
        let described = options.concat() + &self.makers.described();
        let bar = Names::new(true);
        let folder = crate::environment::temporary_folder();
        let index =
            in_memory(&request, Head::new(""), self.threads.number(), &folder, |done, total| bar.at(done, total));
        bar.finish();
        Ok(Known { index: index?, window: Period::ALWAYS, described })
    }
}
