//! Sumo Logic: a lookup table of names, and a query over DNS logs.

use std::io::Write;

use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::lookup::{Key, Lookup, LookupName, SHOWN};
use crate::shelf::{File, Shelf};
use crate::sumo::{Line, comment};

/// A lookup table and a query.
pub(super) struct SumoLogic;

const INFO: Info = Info {
    name: "sumologic",
    group: Group::Watching,
    about: "Sumo Logic: a lookup table of names with a ready query over DNS logs",
    reader: "Sumo Logic (lookup tables, `lookup ... from path://`)",
    use_it: "In the library: Add New, Lookup Table, upload the CSV file; all fields are strings, the primary key is `name`.\n\
             Give the table's path with `--set path=` (the library shows it under Copy Path), paste query.sumo into a log\n\
             search, and save it as a scheduled search or a monitor. A table takes 100 MB, so about a million names.\n\
             `log` says how the logs are written; for others change the `parse` lines so that they give `queried` and\n\
             `asked_by`.",
    files: Files::Folder,
    takes: Takes::Names,
    blocks: false,
    unique: true,
    settings: &[
        Setting { key: "lookup", default: "hydrabane_names", about: "name of the table and of its file, of a-z, 0-9 and `_`" },
        Setting {
            key: "path",
            default: "/Library/Admin Recommended/ and the table's name",
            about: "the table's path in the library",
        },
        Setting { key: "scope", default: "_sourceCategory=*dns*", about: "which logs are searched, as in `_sourceCategory=prod/bind`" },
        Setting {
            key: "log",
            default: "bind",
            about: "how they are written: `bind` (query log of BIND), `unbound` (`log-queries: yes`), `zeek` (dns.log as JSON), \
                    `route53` (Resolver query logs)",
        },
        Setting { key: "sub-domains", default: "true", about: "also find queries for everything below a name" },
    ],
    example: "sumologic conficker --days 30 -o conficker-sumo --set log=route53",
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Options {
    lookup: LookupName,
    path: Option<Line>,
    scope: Line,
    log: Log,
    sub_domains: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lookup: LookupName::known("hydrabane_names"),
            path: None,
            scope: Line::known("_sourceCategory=*dns*"),
            log: Log::Bind,
            sub_domains: true,
        }
    }
}

/// How logs are written.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Log {
    Bind,
    Unbound,
    Zeek,
    Route53,
}

impl Log {
    /// Expressions that find who asked for what: `asked_by` and `queried`.
    fn expressions(self) -> &'static [&'static str] {
        match self {
            // `client @0x7f.. 192.0.2.7#40000 (name): query: name IN A +E(0)K (192.0.2.53)` (BIND 9 ARM, "queries").
            Self::Bind => &[
                r"client (?:@\S+ )?(?<asked_by>[0-9A-Fa-f.:]+)#\d+",
                r"query: (?<queried>\S+) IN ",
            ],
            // `info: 192.0.2.7 name. A IN` (unbound.conf(5), `log-queries`).
            Self::Unbound => &[r"info: (?<asked_by>[0-9A-Fa-f.:]+) (?<queried>\S+) \S+ IN"],
            // `"id.orig_h":"192.0.2.7",..,"query":"name"` (Zeek, base/protocols/dns/main.zeek).
            Self::Zeek => &[r#""id\.orig_h"\s*:\s*"(?<asked_by>[^"]+)""#, r#""query"\s*:\s*"(?<queried>[^"]+)""#],
            // `"srcaddr":"192.0.2.7",..,"query_name":"name."` (Amazon Route 53 Developer Guide, "Resolver query logs").
            Self::Route53 => &[r#""srcaddr"\s*:\s*"(?<asked_by>[^"]+)""#, r#""query_name"\s*:\s*"(?<queried>[^"]+)""#],
        }
    }
}

impl Format for SumoLogic {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let lookup = Lookup::begin(place.open(&format!("{}.csv", options.lookup.as_str()))?)?;
        let query = place.open("query.sumo")?;
        Ok(Box::new(Table { lookup, query, head: comment(&context.head), options }))
    }
}

struct Table {
    lookup: Lookup,
    query: File,
    head: String,
    options: Options,
}

impl Export for Table {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        self.lookup.add(row)
    }

    fn finish(self: Box<Self>) -> Result<(), Error> {
        let Self { lookup, mut query, head, options } = *self;
        let keys = lookup.finish(options.sub_domains)?;
        query.write_all(text(head, &options, &keys).as_bytes())?;
        Ok(query.flush()?)
    }
}

/// The query: it compares each name that was asked for, or its ends, with the table, and counts by host and listed name.
fn text(head: String, options: &Options, keys: &[Key]) -> String {
    let path = crate::sumo::path(options.path.as_ref(), &options.lookup);
    let mut lines = vec![options.scope.as_str().to_owned(), head];
    for expression in options.log.expressions() {
        lines.push(format!("| parse regex \"{}\"", expression.replace('"', "\\\"")));
    }
    lines.push(r#"| replace(toLowerCase(queried), /\.$/, "") as queried"#.into());
    for key in keys {
        let number = key.number;
        lines.push(match &key.expression {
            Some(expression) => format!(r#"| parse regex field=queried "(?<listed_{number}>{expression})" nodrop"#),
            None => format!("| queried as listed_{number}"),
        });
        let shown = SHOWN.map(|column| format!("{column} as {column}_{number}"));
        lines.push(format!("| lookup {} from {path} on listed_{number}=name", shown.join(", ")));
    }
    let found: Vec<_> = keys.iter().map(|key| format!("!isBlank(family_{})", key.number)).collect();
    lines.push(format!("| where {}", found.join(" or ")));
    // The columns of whichever key was found.
    for column in ["listed"].into_iter().chain(SHOWN) {
        let chosen = keys.iter().rev().fold("\"\"".to_owned(), |rest, key| {
            let number = key.number;
            format!("if(!isBlank(family_{number}), {column}_{number}, {rest})")
        });
        lines.push(format!("| {chosen} as {column}"));
    }
    lines.push(format!(
        "| count as queries, min(_messagetime) as first, max(_messagetime) as last by asked_by, listed, {}",
        SHOWN.join(", ")
    ));
    lines.push(r#"| formatDate(toLong(first), "yyyy-MM-dd'T'HH:mm:ssZ") as first"#.into());
    lines.push(r#"| formatDate(toLong(last), "yyyy-MM-dd'T'HH:mm:ssZ") as last"#.into());
    lines.push("| sort by queries".into());
    lines.join("\n") + "\n"
}
