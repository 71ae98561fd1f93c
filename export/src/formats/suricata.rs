//! Suricata: a data set of names and the rules over it.

use std::io::Write;

use data_encoding::BASE64;
use name_files::Row;

use crate::context::Context;
use crate::dns_rules::{DnsRules, Options, SETTINGS};
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Takes};
use crate::shelf::{File, Shelf};

/// A data set, each line in base64 by itself, and rules.
pub(super) struct Suricata;

const INFO: Info = Info {
    name: "suricata",
    group: Group::Watching,
    about: "Suricata: a data set of names and the rules that alert on queries for them",
    reader: "Suricata from 7.0 (checked with 7.0.10 and 8.0.7)",
    use_it: "Put both files into the folder of your rules (`default-rule-path` in suricata.yaml), add the .rules file to\n\
             `rule-files:`, test with `suricata -T`, and reload with `suricatasc -c ruleset-reload-nonblocking`.\n\
             A query matches in any letter case if it is for a name or for one below it. It is cut to as many labels as\n\
             the names have, with one rule for each number; two rules alert on one query only if a name lies below\n\
             another. What does not match: names in answers, and queries over TLS or HTTPS, which nobody sees.\n\
             `memcap` and `hashsize` are in the rule: 300 MB for a million names, which load within seconds.",
    files: Files::Folder,
    takes: Takes::Names,
    blocks: false,
    unique: true,
    settings: &SETTINGS,
    example: "suricata conficker --days 7 -o /etc/suricata/rules/conficker --set set=conficker",
};

impl Format for Suricata {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        // A data set's lines are all data: it has no place for a comment.
        let file = format!("{}.lst", options.set.as_str());
        let names = place.open(&file)?;
        let rules = DnsRules::begin(context, options, format!("load {file}"), place)?;
        Ok(Box::new(DataSet { names, rules, line: String::new() }))
    }
}

struct DataSet {
    names: File,
    rules: DnsRules,
    line: String,
}

impl Export for DataSet {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        self.line.clear();
        BASE64.encode_append(row.name.as_bytes(), &mut self.line);
        self.line.push('\n');
        self.rules.add(row.name, row.name.len());
        Ok(self.names.write_all(self.line.as_bytes())?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        self.names.flush()?;
        self.rules.finish()
    }
}
