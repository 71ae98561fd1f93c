//! Suricata 8: a data set of JSON objects, which an alert shows as its context, and the rules over it.

use std::io::Write;

use name_files::Row;
use serde::Serialize;

use crate::context::Context;
use crate::dns_rules::{DnsRules, Form, Options, SETTINGS};
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::interval::Interval;
use crate::shelf::{File, Shelf};

/// A data set of JSON objects, and rules.
pub(super) struct SuricataJson;

const INFO: Info = Info {
    name: "suricata-json",
    group: Group::Watching,
    about: "Suricata 8: as `suricata`, with family, preset and validity in each alert",
    reader: "Suricata from 8.0 (checked with 8.0.7; Suricata 7 refuses it: take `suricata`)",
    use_it: "Put both files into the folder of your rules (`default-rule-path` in suricata.yaml), add the .rules file to\n\
             `rule-files:`, test with `suricata -T`, and reload with `suricatasc -c ruleset-reload-nonblocking`.\n\
             What matches is what matches with `suricata`. In eve.json, `alert.context.dga` says which name it was, of\n\
             which family, and when it is valid: a query outside that time comes from a wrong clock or from a scanner.\n\
             `form=json` is read as one document, in memory; `form=ndjson` line by line.",
    files: Files::Folder,
    takes: Takes::Names,
    blocks: false,
    unique: true,
    settings: &[
        SETTINGS[0],
        SETTINGS[1],
        SETTINGS[2],
        SETTINGS[3],
        Setting { key: "form", default: "ndjson", about: "`ndjson`: an object a line; `json`: one document with an array `names`" },
    ],
    example: "suricata-json conficker --days 7 -o /etc/suricata/rules/conficker --set set=conficker",
};

/// What the alert shows, under `context_key`.
const LOAD: &str = "context_key dga,value_key name";

impl Format for SuricataJson {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let form = options.form;
        let (file, load) = match form {
            Form::Ndjson => {
                let file = format!("{}.ndjson", options.set.as_str());
                let load = format!("load {file},format ndjson,{LOAD}");
                (file, load)
            }
            Form::Json => {
                let file = format!("{}.json", options.set.as_str());
                let load = format!("load {file},format json,array_key names,{LOAD}");
                (file, load)
            }
        };
        let mut names = place.open(&file)?;
        if form == Form::Json {
            let head = serde_json::to_string(&context.head).map_err(std::io::Error::from)?;
            write!(names, "{{\"made_by\":{head},\"names\":[")?;
        }
        let rules = DnsRules::begin(context, options, load, place)?;
        Ok(Box::new(DataSet { names, rules, form, line: Vec::new(), first: true, interval: Interval::default() }))
    }
}

struct DataSet {
    names: File,
    rules: DnsRules,
    form: Form,
    line: Vec<u8>,
    first: bool,
    interval: Interval,
}

/// What is known about a name; what is not known is left out.
#[derive(Serialize)]
struct Known<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    family: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    variant: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    preset: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_to: Option<&'a str>,
}

impl Export for DataSet {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        self.line.clear();
        if self.form == Form::Json {
            self.line.extend(if self.first { &b"\n"[..] } else { b",\n" });
        }
        self.first = false;
        let [valid_from, valid_to] = self.interval.of(row.valid);
        let known = Known {
            name: row.name,
            family: row.family,
            variant: row.variant,
            preset: row.preset,
            valid_from,
            valid_to,
        };
        serde_json::to_writer(&mut self.line, &known).map_err(std::io::Error::from)?;
        if self.form == Form::Ndjson {
            self.line.push(b'\n');
        }
        self.rules.add(row.name, self.line.len() + row.name.len());
        Ok(self.names.write_all(&self.line)?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        if self.form == Form::Json {
            writeln!(self.names, "\n]}}")?;
        }
        self.names.flush()?;
        self.rules.finish()
    }
}
