//! Answers, written as they are found.

use std::io::{self, Write};

use dga::{Period, WordLists};
use indicatif::HumanCount;
use name_files::Head;
use serde::Serialize;
use trace::identify::{Found, Identifier};
use trace::index::About;
use trace::{Asked, Maker};

use super::Known;
use crate::answers::{self, MakerJson, printable};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// A line for each answer.
    Text,
    /// A JSON object for each name.
    Json,
}

/// Names looked up, and answers written.
pub(super) struct Answers<'a> {
    about: &'a About,
    window: Period,
    identifier: Identifier<'a>,
    format: Format,
    output: Output,
    names: u64,
    known: u64,
}

/// What is known of a name, for machines.
#[derive(Serialize)]
struct Object<'a> {
    name: &'a str,
    known: bool,
    matches: Vec<Match<'a>>,
}

/// The name itself or one above it, and who makes it.
#[derive(Serialize)]
struct Match<'a> {
    name: &'a str,
    makers: Vec<MakerJson<'a>>,
}

/// Stands for a line that is no text, and so no name.
const NO_TEXT: &str = "\u{fffd}";

impl<'a> Answers<'a> {
    pub(super) fn new(
        known: &'a Known,
        words: &'a WordLists,
        format: Format,
        mut output: Output,
    ) -> Result<Self, Failure> {
        if format == Format::Json {
            let head = Head::new(format!("identify{}", known.described));
            output.json_line(&head).map_err(|error| Failure::write("the output", &error))?;
        }
        let identifier = Identifier::new(&known.index, words);
        let (about, window) = (known.about(), known.window);
        Ok(Self { about, window, identifier, format, output, names: 0, known: 0 })
    }

    /// Looks up one name a line, and writes what is found; if `unknown`, also what is not.
    pub(super) fn answer(&mut self, lines: &[&[u8]], unknown: bool) -> Result<(), Failure> {
        let mut written: Vec<&str> = Vec::with_capacity(lines.len());
        let mut asked: Vec<Asked<'_>> = Vec::with_capacity(lines.len());
        for line in lines {
            let line = line.trim_ascii();
            if line.is_empty() || line[0] == b'#' {
                continue;
            }
            let line = str::from_utf8(line).unwrap_or(NO_TEXT);
            written.push(line);
            asked.push(Asked::read(line).unwrap_or_default());
        }
        self.names += asked.len() as u64;
        let found = self.identifier.identify(&asked)?;
        let mut found = found.iter().peekable();
        for (place, name) in written.iter().enumerate() {
            if !unknown && found.peek().is_none_or(|found| found.asked != place) {
                continue;
            }
            let window = self.window;
            let mut matches: Vec<(&str, Vec<&Maker>)> = Vec::new();
            while let Some(Found { begin, makers, .. }) = found.next_if(|found| found.asked == place) {
                let within = |maker: &&Maker| maker.valid.overlaps(window);
                let makers: Vec<&Maker> = makers.iter().filter(within).collect();
                if !makers.is_empty() {
                    matches.push((&asked[place].as_str()[*begin..], makers));
                }
            }
            self.known += u64::from(!matches.is_empty());
            if unknown || !matches.is_empty() {
                self.write(name, &matches)?;
            }
        }
        // Who watches a stream sees each answer when it is there.
        self.output.flush().map_err(|error| Failure::write("the output", &error))
    }

    fn write(&mut self, name: &str, matches: &[(&str, Vec<&Maker>)]) -> Result<(), Failure> {
        let about = self.about;
        if self.format == Format::Json {
            let makers = |makers: &[&Maker]| makers.iter().map(|maker| MakerJson::new(maker, about)).collect();
            let matches: Vec<Match<'_>> =
                matches.iter().map(|(name, found)| Match { name, makers: makers(found) }).collect();
            let object = Object { name, known: !matches.is_empty(), matches };
            return self.output.json_line(&object).map_err(|error| Failure::write("the output", &error));
        }
        let output = &mut self.output;
        let mut text = || -> io::Result<()> {
            if matches.is_empty() {
                return writeln!(output, "{}: not known", printable(name));
            }
            for (made, makers) in matches {
                for maker in makers {
                    writeln!(output, "{}: {}", printable(made), answers::maker(maker, about))?;
                }
            }
            Ok(())
        };
        text().map_err(|error| Failure::write("the output", &error))
    }

    /// Says how many names are known, and ends.
    pub(super) fn finish(self) -> Result<Exit, Failure> {
        self.output.finish()?;
        if self.names != 1 {
            // Standard error may be closed; the answers are there all the same.
            let _ =
                writeln!(anstream::stderr(), "names: {1}, known: {0}", HumanCount(self.known), HumanCount(self.names));
        }
        Ok(if self.known == 0 { Exit::No } else { Exit::Done })
    }
}
