//! What a scan prints: look-ups as they are found, then logs and clients.

use std::io::{self, Write};
use std::path::Path;

use chrono::{DateTime, Utc};
use indicatif::HumanCount;
use name_files::{Head, written};
use serde::Serialize;
use trace::index::About;
use trace::logs::Damage;
use trace::scan::{Evidence, Match, OfList, Verdict};

use crate::answers::{self, MakerJson, printable};
use crate::exit::Failure;
use crate::output::Output;

/// How it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    /// For people.
    Text,
    /// One JSON object a line.
    Jsonl,
}

/// Damaged records of a file that people are told of one by one.
const TOLD: u64 = 10;
/// Lists of a client that people are told of one by one.
const LISTS: usize = 5;

/// Writes what is found.
pub(super) struct Report<'a> {
    output: Output,
    form: Form,
    each_match: bool,
    about: &'a About,
    failure: Option<io::Error>,
}

/// A file that has been read.
#[derive(Serialize)]
pub(super) struct Log<'a> {
    file: String,
    format: &'a str,
    pub(super) lookups: u64,
    pub(super) others: u64,
    pub(super) damaged: u64,
}

impl<'a> Log<'a> {
    pub(super) fn new(file: &Path, format: &'a str) -> Self {
        Self { file: file.display().to_string(), format, lookups: 0, others: 0, damaged: 0 }
    }
}

/// An object of the output.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Object<'a> {
    Match {
        file: String,
        offset: u64,
        time: Option<String>,
        client: String,
        asked: &'a str,
        name: &'a str,
        rcode: Option<u16>,
        makers: Vec<MakerJson<'a>>,
    },
    Damaged {
        file: String,
        offset: u64,
        reason: String,
    },
    Log(&'a Log<'a>),
    Client {
        client: String,
        verdict: Verdict,
        first: Option<String>,
        last: Option<String>,
        names: u64,
        questions: u64,
        nxdomain: u64,
        lists: Vec<ListJson<'a>>,
    },
}

/// Names of one list that a client asked for.
#[derive(Serialize)]
struct ListJson<'a> {
    family: &'a str,
    variant: &'a str,
    preset: Option<&'a str>,
    valid_from: Option<String>,
    valid_to: Option<String>,
    names: u64,
    first_index: usize,
    last_index: usize,
    steps_forward: u64,
    steps_back: u64,
    in_time: u64,
    undated: u64,
}

impl<'a> Report<'a> {
    pub(super) fn new(output: Output, form: Form, each_match: bool, about: &'a About) -> Self {
        Self { output, form, each_match, about, failure: None }
    }

    /// Writes what a structured output begins with.
    pub(super) fn begin(&mut self, head: &Head) -> Result<(), Failure> {
        if self.form == Form::Jsonl { self.line(head) } else { Ok(()) }
    }

    /// Writes a look-up of a generated name.
    pub(super) fn matched(&mut self, file: &Path, found: &Match<'_>) {
        if !self.each_match {
            return;
        }
        let wrote = if self.form == Form::Jsonl { self.match_json(file, found) } else { self.match_text(found) };
        self.failure = self.failure.take().or(wrote.err());
    }

    fn match_json(&mut self, file: &Path, found: &Match<'_>) -> io::Result<()> {
        let object = Object::Match {
            file: file.display().to_string(),
            offset: found.offset,
            time: found.at.map(written),
            client: found.client.to_string(),
            asked: found.asked,
            name: found.name,
            rcode: found.rcode,
            makers: found.makers.iter().map(|maker| MakerJson::new(maker, self.about)).collect(),
        };
        self.output.json_line(&object)
    }

    fn match_text(&mut self, found: &Match<'_>) -> io::Result<()> {
        let at = found.at.map_or_else(|| "-".to_owned(), written);
        let client = found.client.to_string();
        let others = match found.makers.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let maker = answers::maker(&found.makers[0], self.about);
        let answer = match found.rcode {
            None => String::new(),
            Some(3) => " (answer: NXDOMAIN)".to_owned(),
            Some(0) => " (answer: NOERROR)".to_owned(),
            Some(code) => format!(" (answer: code {code})"),
        };
        writeln!(self.output, "{at} {} {}: {maker}{others}{answer}", printable(&client), printable(found.name))
    }

    /// Writes that a record cannot be read; the file has so many of them until now.
    pub(super) fn damaged(&mut self, file: &Path, damage: &Damage, number: u64) -> Result<(), Failure> {
        let file = file.display().to_string();
        if self.form == Form::Jsonl {
            let (offset, reason) = (damage.offset, damage.reason.to_string());
            return self.line(&Object::Damaged { file, offset, reason });
        }
        if number <= TOLD {
            let reason = damage.to_string();
            // Standard error may be closed; the count comes at the end.
            let _ = writeln!(anstream::stderr(), "{}: damaged {}", printable(&file), printable(&reason));
        }
        Ok(())
    }

    /// Writes how much a file had.
    pub(super) fn log(&mut self, log: &Log<'_>) -> Result<(), Failure> {
        if self.form == Form::Jsonl {
            return self.line(&Object::Log(log));
        }
        let count = |number| HumanCount(number).to_string();
        let _ = writeln!(
            anstream::stderr(),
            "{}: {}, {} look-ups, {} other records, {} damaged",
            printable(&log.file),
            log.format,
            count(log.lookups),
            count(log.others),
            count(log.damaged),
        );
        Ok(())
    }

    /// Writes what is known about the clients, and ends.
    pub(super) fn finish(mut self, clients: &[Evidence], lookups: u64, matches: u64) -> Result<(), Failure> {
        if self.form == Form::Jsonl {
            clients.iter().try_for_each(|client| self.line(&self.client_json(client)))?;
        } else {
            let separate = self.each_match && matches > 0;
            let output = &mut self.output;
            let about = self.about;
            let mut text = || -> io::Result<()> {
                if separate {
                    writeln!(output)?;
                }
                clients.iter().try_for_each(|client| client_text(output, client, about))
            };
            text().map_err(|error| Failure::write("the output", &error))?;
            let _ = writeln!(
                anstream::stderr(),
                "look-ups: {1}, of generated names: {0}, clients that asked for them: {2}",
                HumanCount(matches),
                HumanCount(lookups),
                HumanCount(clients.len() as u64),
            );
        }
        self.output.finish()
    }

    fn client_json(&self, evidence: &'a Evidence) -> Object<'a> {
        let Evidence { client, seen, questions, nxdomain, names, lists, verdict } = evidence;
        let list = |of: &OfList| {
            let source = &self.about.sources[of.source];
            ListJson {
                family: &source.family,
                variant: &source.variant,
                preset: source.preset.as_deref(),
                valid_from: of.valid.from.map(written),
                valid_to: of.valid.until.map(written),
                names: of.names,
                first_index: of.places.0,
                last_index: of.places.1,
                steps_forward: of.steps.forward,
                steps_back: of.steps.back,
                in_time: of.in_time,
                undated: of.undated,
            }
        };
        Object::Client {
            client: client.to_string(),
            verdict: *verdict,
            first: seen.map(|(first, _)| written(first)),
            last: seen.map(|(_, last)| written(last)),
            names: *names,
            questions: *questions,
            nxdomain: *nxdomain,
            lists: lists.iter().map(list).collect(),
        }
    }

    /// The failure of a look-up's line, if one could not be written.
    pub(super) fn failure(&mut self) -> Result<(), Failure> {
        self.failure.take().map_or(Ok(()), |error| Err(Failure::write("the output", &error)))
    }

    /// Shows what was written until now.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        self.output.flush().map_err(|error| Failure::write("the output", &error))
    }

    fn line(&mut self, object: &impl Serialize) -> Result<(), Failure> {
        self.output.json_line(object).map_err(|error| Failure::write("the output", &error))
    }
}

fn client_text(output: &mut Output, evidence: &Evidence, about: &About) -> io::Result<()> {
    let Evidence { client, seen, questions, nxdomain, names, lists, verdict } = evidence;
    let client = client.to_string();
    let between = |(first, last): (DateTime<Utc>, DateTime<Utc>)| format!(", {} to {}", written(first), written(last));
    writeln!(output, "{}: {}", printable(&client), verdict.about())?;
    let seen = seen.map(between).unwrap_or_default();
    writeln!(output, "    names: {names}, questions: {questions}, answers NXDOMAIN: {nxdomain}{seen}")?;
    for of in lists.iter().take(LISTS) {
        let late = of.names - of.in_time - of.undated;
        let time = if late > 0 { format!(", out of their time: {late}") } else { String::new() };
        writeln!(
            output,
            "    {}, {}: names: {} between places {} and {}, steps forward: {}, back: {}{time}",
            answers::source(of.source, about),
            answers::period(of.valid),
            of.names,
            of.places.0,
            of.places.1,
            of.steps.forward,
            of.steps.back,
        )?;
    }
    match lists.len().saturating_sub(LISTS) {
        0 => Ok(()),
        more => writeln!(output, "    other lists: {more}, names: {}", others(lists)),
    }
}

/// How many names the lists have that are not shown.
fn others(lists: &[OfList]) -> u64 {
    lists.iter().skip(LISTS).map(|of| of.names).sum()
}
