//! Bulk orders as registrars take them: one domain a line.

use chrono::{DateTime, Utc};
use name_files::{Row, written};
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::host_name::HostNames;
use crate::registration::{Neighbours, Registration, Years};
use crate::shelf::Shelf;
use crate::table::Table;

/// Bulk orders as registrars take them.
pub(super) struct RegistrarCsv;

const INFO: Info = Info {
    name: "registrar-csv",
    group: Group::Registering,
    about: "bulk order for a registrar: domain, years, name servers, contact, renewal, note",
    reader: "the bulk order page of a registrar, which assigns columns by their header; spreadsheets",
    use_it: "Read it before you order: each line costs money. Names in suffixes that nobody can register (.bit, .bazar)\n\
             are left out; `registry-csv` lists them. Order pages take no comments: `--set head=true` adds one for people.\n\
             Two names below one domain give one line if they follow each other.",
    files: Files::One,
    takes: Takes::Names,
    blocks: false,
    unique: true,
    settings: &[
        Setting { key: "years", default: "1", about: "for how many years to register, 1 to 10" },
        Setting {
            key: "ns",
            default: "[]",
            about: "your sinkhole's name servers, each in a column of its own; without them the registrar's are used",
        },
        Setting {
            key: "contact",
            default: "<none>",
            about: "the handle of the contact at the registrar; without it the account's own",
        },
        Setting { key: "auto-renew", default: "false", about: "renew until somebody ends it: true or false" },
        Setting { key: "note", default: "<none>", about: "a text at the beginning of each note, such as a case number" },
        Setting { key: "head", default: "false", about: "begin with a comment line that says where the names come from" },
    ],
    example: "registrar-csv ozdok --days 90 --set 'ns=[ns1.sinkhole.example, ns2.sinkhole.example]' -o order.csv",
};

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Options {
    years: Years,
    ns: HostNames,
    contact: String,
    auto_renew: bool,
    note: String,
    head: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            years: Years::ONE,
            ns: HostNames::default(),
            contact: String::new(),
            // A generated name is mostly asked for once; what is kept longer is a decision of its own.
            auto_renew: false,
            note: String::new(),
            head: false,
        }
    }
}

impl Format for RegistrarCsv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let comments: Vec<_> = options.head.then(|| context.head.line()).into_iter().collect();
        let servers: Vec<_> = (1..=options.ns.names().len()).map(|number| format!("ns{number}")).collect();
        let mut columns = vec!["domain", "years"];
        columns.extend(servers.iter().map(String::as_str));
        columns.extend(["contact", "auto_renew", "note"]);
        let table = Table::begin(place.open("order.csv")?, &comments, &columns)?;
        Ok(Box::new(Order { table, options, neighbours: Neighbours::default(), note: Note::default() }))
    }
}

struct Order {
    table: Table,
    options: Options,
    neighbours: Neighbours,
    note: Note,
}

/// What a note says of the time; the same for many rows.
#[derive(Default)]
struct Note {
    from: Option<DateTime<Utc>>,
    text: String,
}

impl Note {
    fn of(&mut self, from: Option<DateTime<Utc>>) -> &str {
        if self.from != from || self.text.is_empty() {
            self.from = from;
            self.text = from.map_or_else(|| "at any time".into(), |from| format!("from {}", written(from)));
        }
        &self.text
    }
}

impl Export for Order {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        let registration = Registration::of(row);
        if !registration.is_possible() || !self.neighbours.is_new(registration.domain) {
            return Ok(());
        }
        let Options { years, ns, contact, auto_renew, note, .. } = &self.options;
        let years = years.number().to_string();
        let mut cells = vec![registration.domain, &years];
        cells.extend(ns.names().iter().map(String::as_str));
        cells.extend([contact.as_str(), if *auto_renew { "true" } else { "false" }]);
        let who = [note.as_str(), row.family, row.variant].into_iter().filter(|text| !text.is_empty());
        let note = format!("{}: bots ask {}", who.collect::<Vec<_>>().join(" "), self.note.of(row.valid.from));
        cells.push(note.strip_prefix(": ").unwrap_or(&note));
        self.table.row(&cells)
    }

    fn finish(self: Box<Self>) -> Result<(), Error> {
        self.table.finish()
    }
}
