//! The names that a configuration holds: from lists, and from rules about families.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use dga::{Range, Selection, WordLists};

use crate::config::{HeldName, Problem};
use crate::name::Name;

/// Problems of one list that are told; the rest is only counted.
const TOLD: usize = 10;

/// Names, each of them once.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) names: Vec<HeldName>,
    seen: HashSet<Name>,
}

impl Collected {
    fn add(&mut self, name: &Name, label: &str, index: usize) {
        let name = name.to_lowercase();
        if self.seen.insert(name.clone()) {
            self.names.push(HeldName { name, label: label.to_owned(), index: index as u32 });
        }
    }

    /// Adds the names of a list.
    pub(super) fn add_file(&mut self, path: &Path, label: &str) -> Result<(), Vec<Problem>> {
        let problem = |place, message: String, hint: Option<&str>| Problem {
            file: path.to_owned(),
            place,
            message,
            hint: hint.map(str::to_owned),
        };
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if extension.eq_ignore_ascii_case("parquet") {
            let hint = "write the list with `hydrabane generate --format csv` or as one name a line";
            return Err(vec![problem(None, "Parquet lists are not read".into(), Some(hint))]);
        }
        let octets = fs::read(path).map_err(|error| vec![problem(None, format!("cannot be read: {error}"), None)])?;
        let text = String::from_utf8(octets).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            vec![problem(None, format!("is not text: octet {at} is no UTF-8"), None)]
        })?;
        let lines = if extension.eq_ignore_ascii_case("csv") { csv_lines(&text) } else { Ok(plain_lines(&text)) };
        let lines = lines.map_err(|(line, message)| vec![problem(Some((line, 1)), message, None)])?;
        let mut problems = Vec::new();
        for (index, (line, text)) in lines.iter().enumerate() {
            match parse(text) {
                Ok(name) => self.add(&name, label, index),
                Err((message, hint)) => problems.push(problem(Some((*line, 1)), message, hint)),
            }
        }
        if problems.len() > TOLD {
            let more = problems.len() - TOLD;
            problems.truncate(TOLD);
            problems.push(problem(None, format!("{more} more lines are no names"), None));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Adds the names that a family produces between two days, both included. What is no domain name cannot be asked
    /// for and is left out.
    pub(super) fn add_rule(&mut self, rule: &Rule<'_>, words: &WordLists) -> Result<(), dga::Error> {
        let family = dga::find(rule.family)?;
        let range = Range {
            from: midnight(rule.from),
            until: midnight(rule.to.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)),
            margin: TimeDelta::zero(),
            limit: None,
        };
        let selections: Vec<Selection> = match rule.presets {
            None => vec![Selection::default()],
            Some(presets) => presets
                .iter()
                .map(|preset| Selection { preset: Some(preset.clone()), ..Selection::default() })
                .collect(),
        };
        for selection in selections {
            for configuration in family.configurations(&selection, &[])? {
                let generator = family.bind_configuration(&configuration, words)?;
                for validity in range.validities(&*generator)? {
                    let validity = validity?;
                    if let Ok(name) = validity.name.as_str().parse() {
                        self.add(&name, family.info().name, validity.index);
                    }
                }
            }
        }
        Ok(())
    }
}

/// A rule about a family.
pub(super) struct Rule<'a> {
    pub(super) family: &'a str,
    pub(super) presets: Option<&'a [String]>,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// Reads a name that may be held: one below a public suffix, as holding the suffix would take names of strangers.
fn parse(text: &str) -> Result<Name, (String, Option<&'static str>)> {
    let name: Name = text.parse().map_err(|error| (format!("`{}`: {error}", text.escape_debug()), None))?;
    let lower = name.to_lowercase().to_string();
    if name.label_count() < 2 || psl::suffix_str(&lower) == Some(&*lower) {
        let hint = "hold the names below it that the botnet uses; see publicsuffix.org";
        return Err((format!("`{name}` is a public suffix: holding it would take names of strangers"), Some(hint)));
    }
    Ok(name)
}

/// The names of a plain list with their lines; empty lines and those that begin with `#` are none.
fn plain_lines(text: &str) -> Vec<(usize, String)> {
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate();
    lines
        .map(|(index, line)| (index + 1, line.trim().to_owned()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// The names of a CSV file with their lines; lines that begin with `#` are comments.
fn csv_lines(text: &str) -> Result<Vec<(usize, String)>, (usize, String)> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let line_of = |error: &csv::Error| error.position().map_or(1, |position| position.line() as usize);
    let headers = reader.headers().map_err(|error| (line_of(&error), error.to_string()))?;
    let column = headers
        .iter()
        .position(|header| header.eq_ignore_ascii_case("name") || header.eq_ignore_ascii_case("domain"))
        .ok_or_else(|| (1, "no column is called `name`".to_owned()))?;
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| (line_of(&error), error.to_string()))?;
        let line = record.position().map_or(1, |position| position.line() as usize);
        lines.push((line, record.get(column).unwrap_or_default().trim().to_owned()));
    }
    Ok(lines)
}

/// The path that a configuration means: relative ones start at its folder.
pub(super) fn beside(config: &Path, path: &Path) -> PathBuf {
    config.parent().map_or_else(|| path.to_owned(), |folder| folder.join(path))
}
