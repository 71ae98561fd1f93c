//! Splunk: an app with a lookup of names, and a search over DNS logs.

use std::io::Write;

use name_files::{Head, Row};
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::lookup::{Key, Lookup, LookupName, SHOWN};
use crate::shelf::{File, Shelf};

/// An app with a lookup.
pub(super) struct Splunk;

const INFO: Info = Info {
    name: "splunk",
    group: Group::Watching,
    about: "Splunk: a lookup of names with a ready search over DNS logs",
    reader: "Splunk Enterprise and Splunk Cloud from 8.1 (comments in searches)",
    use_it: "The folder is an app: put it into $SPLUNK_HOME/etc/apps and open https://SPLUNK/debug/refresh, or upload the CSV\n\
             file under Settings, Lookups (table file, then a definition of the same name). Paste search.spl into a search\n\
             and save it as an alert. It reads events that carry the tags of the Common Information Model's Network\n\
             Resolution; `events`, `field` and `source` name others. Above some hundred MB a KV store collection loads\n\
             better than a CSV file. props.conf shows how to have every DNS event looked up as it is searched.",
    files: Files::Folder,
    takes: Takes::Names,
    blocks: false,
    unique: true,
    settings: &[
        Setting { key: "lookup", default: "hydrabane_names", about: "name of the lookup and of its file, of a-z, 0-9 and `_`" },
        Setting {
            key: "events",
            default: "tag=network tag=resolution tag=dns",
            about: "the search for DNS events, as in `index=dns sourcetype=stream:dns`",
        },
        Setting { key: "field", default: "query", about: "the field with the name that was asked for" },
        Setting { key: "source", default: "src", about: "the field with the host that asked" },
        Setting { key: "sub-domains", default: "true", about: "also find queries for everything below a name" },
    ],
    example: "splunk conficker --days 30 -o hydrabane_conficker --set lookup=hydrabane_conficker",
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Options {
    lookup: LookupName,
    events: Events,
    field: Field,
    source: Field,
    sub_domains: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lookup: LookupName::known("hydrabane_names"),
            // The tags of the Common Information Model's data model Network Resolution, and two of its fields.
            events: Events("tag=network tag=resolution tag=dns".into()),
            field: Field("query".into()),
            source: Field("src".into()),
            sub_domains: true,
        }
    }
}

/// The beginning of a search.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Events(String);

impl TryFrom<String> for Events {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.trim().is_empty() || text.contains(char::is_control) {
            return Err("`events` must be a search on one line, as in `index=dns`".into());
        }
        Ok(Self(text))
    }
}

/// A field's name.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Field(String);

impl TryFrom<String> for Field {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.{}".contains(&byte)) {
            Ok(Self(text))
        } else {
            Err(format!("`{}` is not the name of a field, such as `query` or `dns.question.name`", text.escape_debug()))
        }
    }
}

impl Format for Splunk {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let (head, name) = (&context.head, options.lookup.as_str());
        let lookup = Lookup::begin(place.open(&format!("lookups/{name}.csv"))?)?;
        let mut conf = |file: &str, text: &str| -> Result<(), Error> {
            let mut file = place.open(file)?;
            write!(file, "# {}\n{text}", head.line())?;
            Ok(file.flush()?)
        };
        let Head { version, .. } = head;
        conf(
            "default/app.conf",
            &format!(
                "[install]\nstate = enabled\n\n[ui]\nis_visible = 0\nlabel = Hydrabane names ({name})\n\n[launcher]\n\
                 author = Hydrabane\nversion = {version}\ndescription = Generated names of botnets, as lookup {name}\n"
            ),
        )?;
        // Names stand there once and in lower case.
        conf(
            "default/transforms.conf",
            &format!("[{name}]\nfilename = {name}.csv\nmax_matches = 1\ncase_sensitive_match = true\n"),
        )?;
        conf(
            "default/props.conf",
            &format!(
                "# To have every event of a source type looked up, without everything below a name:\n\
                 # [YOUR_SOURCETYPE]\n# LOOKUP-{name} = {name} name AS {} OUTPUTNEW family AS dga_family\n",
                options.field.0
            ),
        )?;
        // Searches of other apps see the lookup.
        conf("metadata/default.meta", "[]\naccess = read : [ * ], write : [ admin ]\nexport = system\n")?;
        let search = place.open("search.spl")?;
        Ok(Box::new(App { lookup, search, head: head.line().replace('`', "'"), options }))
    }
}

struct App {
    lookup: Lookup,
    search: File,
    head: String,
    options: Options,
}

impl Export for App {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        self.lookup.add(row)
    }

    fn finish(self: Box<Self>) -> Result<(), Error> {
        let Self { lookup, mut search, head, options } = *self;
        let keys = lookup.finish(options.sub_domains)?;
        search.write_all(text(&head, &options, &keys).as_bytes())?;
        Ok(search.flush()?)
    }
}

/// The search: it compares each query, or its ends, with the lookup, and counts by host and listed name.
fn text(head: &str, options: &Options, keys: &[Key]) -> String {
    let Options { lookup, events, field, source, .. } = options;
    let (lookup, events, field, source) = (lookup.as_str(), &events.0, &field.0, &source.0);
    let mut lines = vec![
        events.clone(),
        format!("``` {head} ```"),
        format!(r#"| eval queried=lower(rtrim('{field}', ".")), asked_by=coalesce('{source}', host)"#),
    ];
    for key in keys {
        let number = key.number;
        lines.push(match &key.expression {
            Some(expression) => format!(r#"| rex field=queried "(?<listed_{number}>{expression})""#),
            None => format!("| eval listed_{number}=queried"),
        });
        let shown = SHOWN.map(|column| format!("{column} AS {column}_{number}"));
        lines.push(format!("| lookup {lookup} name AS listed_{number} OUTPUT {}", shown.join(", ")));
    }
    let each = |one: &dyn Fn(usize) -> String| keys.iter().map(|key| one(key.number)).collect::<Vec<_>>().join(", ");
    lines.push(format!("| eval listed=case({})", each(&|number| format!("isnotnull(family_{number}), listed_{number}"))));
    lines.push("| where isnotnull(listed)".into());
    for column in SHOWN {
        lines.push(format!("| eval dga_{column}=coalesce({})", each(&|number| format!("{column}_{number}"))));
    }
    let values = SHOWN.map(|column| format!("values(dga_{column}) AS {column}"));
    lines.push(format!(
        "| stats count AS queries min(_time) AS first max(_time) AS last values(queried) AS queried {} BY asked_by listed",
        values.join(" ")
    ));
    lines.push(r#"| fieldformat first=strftime(first, "%FT%T%z") | fieldformat last=strftime(last, "%FT%T%z")"#.into());
    lines.push("| sort 0 - queries".into());
    lines.join("\n") + "\n"
}
