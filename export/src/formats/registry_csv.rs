//! What each registry is asked for: one table for every operator, and a list of contents.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use chrono::{DateTime, Utc};
use name_files::{Row, written};
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::registration::{Kind, Neighbours, Registration, Slugs};
use crate::shelf::{File, Shelf};
use crate::table::{Table, one_line};

/// One table for every registry.
pub(super) struct RegistryCsv;

const INFO: Info = Info {
    name: "registry-csv",
    group: Group::Registering,
    about: "a folder with one CSV for every registry, and a list of whom to ask for what",
    reader: "the abuse and legal desks of registries; spreadsheets",
    use_it: "Begin with README.txt; contents.csv lists the operators with how many names, which suffixes, and what to know.\n\
             gTLD registries may need an Expedited Registry Security Request at ICANN; ccTLDs each have their own law.\n\
             not-in-the-root.csv holds names that nobody can register or suspend: block them at resolvers.",
    files: Files::Folder,
    takes: Takes::Names,
    blocks: false,
    unique: true,
    settings: &[Setting {
        key: "head",
        default: "true",
        about: "begin each registry's file with comment lines that say where the names come from and whom it is for",
    }],
    example: "registry-csv conficker --preset all --days 30 -o registries",
};

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Options {
    head: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { head: true }
    }
}

/// Columns of each registry's table.
const COLUMNS: [&str; 6] = ["domain", "suffix", "family", "variant", "valid_from", "valid_to"];

/// Columns of the list of contents.
const CONTENTS: [&str; 7] = ["operator", "kind", "names", "suffixes", "first_valid_from", "file", "note"];

/// What the kinds mean for whoever asks.
const KINDS: &str = "
  gTLD      under contract with ICANN, who can waive rules of the contract for the case: the registry asks for
            an Expedited Registry Security Request
  ccTLD     under the law of a country: each has a contact and a procedure of its own
  provider  gives away names below a domain of its own: ask its abuse desk, never the registry above it
  unknown   not in the list of registries: look it up at https://www.iana.org/domains/root/db
";

/// The file of names that nobody can register.
const NOBODY: &str = "not-in-the-root";

impl Format for RegistryCsv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let Options { head } = context.settings.read(&INFO)?;
        let mut slugs = Slugs::default();
        slugs.of(NOBODY);
        slugs.of("contents");
        Ok(Box::new(Registries {
            head: context.head.line(),
            comments: head,
            readme: place.open("README.txt")?,
            contents: place.open("contents.csv")?,
            place: place.handle(),
            slugs,
            asked: BTreeMap::new(),
            neighbours: Neighbours::default(),
            interval: Interval::default(),
        }))
    }
}

struct Registries {
    head: String,
    comments: bool,
    readme: File,
    contents: File,
    place: Box<dyn Shelf>,
    slugs: Slugs,
    /// By kind, then by operator; all that nobody runs are one.
    asked: BTreeMap<(Kind, String), Registry>,
    neighbours: Neighbours,
    interval: Interval,
}

/// What one registry is asked for.
struct Registry {
    table: Table,
    file: String,
    names: u64,
    suffixes: BTreeSet<String>,
    notes: BTreeSet<&'static str>,
    /// When the first name with a date is asked for.
    first: Option<DateTime<Utc>>,
}

/// The two ends of an interval as text; the same for many rows.
#[derive(Default)]
struct Interval {
    period: Option<dga::Period>,
    text: [String; 2],
}

impl Interval {
    fn of(&mut self, period: dga::Period) -> &[String; 2] {
        if self.period != Some(period) {
            self.period = Some(period);
            self.text = [period.from, period.until].map(|end| end.map(written).unwrap_or_default());
        }
        &self.text
    }
}

impl Export for Registries {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        let registration = Registration::of(row);
        if !self.neighbours.is_new(registration.domain) {
            return Ok(());
        }
        let operator = if registration.is_possible() { &*registration.operator } else { "nobody" };
        let key = (registration.kind, operator.to_owned());
        let registry = match self.asked.entry(key) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let slug = if registration.is_possible() { self.slugs.of(operator) } else { NOBODY.into() };
                let file = format!("{slug}.csv");
                let comments = if self.comments {
                    let whom = if registration.is_possible() { operator } else { "nobody: no registry runs these" };
                    vec![self.head.clone(), format!("for {whom}")]
                } else {
                    Vec::new()
                };
                let table = Table::begin(self.place.open(&file)?, &comments, &COLUMNS)?;
                entry.insert(Registry {
                    table,
                    file,
                    names: 0,
                    suffixes: BTreeSet::new(),
                    notes: BTreeSet::new(),
                    first: None,
                })
            }
        };
        registry.names += 1;
        if !registry.suffixes.contains(registration.suffix) {
            registry.suffixes.insert(registration.suffix.to_owned());
        }
        if !registration.note.is_empty() {
            registry.notes.insert(registration.note);
        }
        registry.first = match (registry.first, row.valid.from) {
            (Some(first), Some(from)) => Some(first.min(from)),
            (first, from) => first.or(from),
        };
        let [from, until] = self.interval.of(row.valid);
        registry.table.row(&[registration.domain, registration.suffix, row.family, row.variant, from, until])
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        let possible = self.asked.iter().filter(|((kind, _), _)| *kind != Kind::NotInRoot);
        let (registries, names) =
            possible.fold((0, 0), |(registries, names), (_, registry)| (registries + 1, names + registry.names));
        writeln!(self.readme, "{}\n", one_line(&self.head))?;
        writeln!(
            self.readme,
            "{names} domains at {registries} registries and providers: a CSV for each, to be sent to it."
        )?;
        writeln!(self.readme, "contents.csv lists them with their kind:\n{KINDS}")?;
        let nobody = self.asked.iter().find(|((kind, _), _)| *kind == Kind::NotInRoot);
        if let Some((_, Registry { names, .. })) = nobody {
            writeln!(
                self.readme,
                "{NOBODY}.csv has {names} names that nobody can register or suspend: their suffixes are"
            )?;
            writeln!(
                self.readme,
                "not in the ICANN root. Resolvers that reach them do so by other means; block them there.\n"
            )?;
        } else {
            writeln!(self.readme, "No suffix is known to be outside of the ICANN root.\n")?;
        }
        writeln!(
            self.readme,
            "Operators change: check IANA's record before you write to one. Nothing here has been sent."
        )?;
        self.readme.flush()?;
        let mut contents = Table::begin(self.contents, &[], &CONTENTS)?;
        for ((kind, operator), registry) in self.asked {
            let suffixes: Vec<_> = registry.suffixes.iter().map(String::as_str).collect();
            let notes: Vec<_> = registry.notes.into_iter().collect();
            let first = registry.first.map(written).unwrap_or_default();
            contents.row(&[
                &operator,
                &kind.to_string(),
                &registry.names.to_string(),
                &suffixes.join(" "),
                &first,
                &registry.file,
                &notes.join("; "),
            ])?;
            registry.table.finish()?;
        }
        contents.finish()
    }
}
