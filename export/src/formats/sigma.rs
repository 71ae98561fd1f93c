//! Sigma: rules that hold the names themselves, for whatever back end a log search has.

use std::io::Write;

use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::shelf::{File, Shelf};
use crate::table::one_line;
use crate::stable_id::{NAMESPACE, stable_id};

/// Sigma rules.
pub(super) struct Sigma;

const INFO: Info = Info {
    name: "sigma",
    group: Group::Watching,
    about: "Sigma rules over DNS logs, which every log search has a converter for",
    reader: "sigma-cli 1.0 or newer (checked with 3.1.0) and what it converts to: Splunk, Elastic, Sentinel, QRadar, ...",
    use_it: "`sigma check hydrabane.yml`, then `sigma convert -t splunk --without-pipeline hydrabane.yml`, or the target\n\
             and the pipeline of your log search. Every rule holds its names, so this is for thousands of names; for\n\
             millions take a lookup (`splunk`, `sumologic`). One file holds several rules: a new one begins after\n\
             `names-per-rule` names, as Lucene refuses a query of more than 1024 clauses.\n\
             The same request gives the same identifiers, so that a rule that is loaded again replaces itself.",
    files: Files::One,
    takes: Takes::Names,
    blocks: false,
    unique: true,
    settings: &[
        Setting {
            key: "log",
            default: "dns",
            about: "`dns`: logs of resolvers and sensors, field `query`; `dns-query`: Windows hosts (Sysmon event 22), field `QueryName`",
        },
        Setting {
            key: "sub-domains",
            default: "false",
            about: "also match everything below a name, which takes two clauses a name",
        },
        Setting {
            key: "per-family",
            default: "false",
            about: "begin a new rule where the family changes, and name it in the title",
        },
        Setting { key: "names-per-rule", default: "500", about: "names in one rule, 1 to 1000000" },
        Setting { key: "level", default: "high", about: "informational, low, medium, high or critical" },
    ],
    example: "sigma conficker --set per-family=true -o hydrabane.yml",
};

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Options {
    log: Log,
    sub_domains: bool,
    per_family: bool,
    names_per_rule: NamesPerRule,
    level: Level,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            log: Log::Dns,
            sub_domains: false,
            per_family: false,
            // With two clauses a name still below Lucene's limit (`indices.query.bool.max_clause_count`, 1024).
            names_per_rule: NamesPerRule(500),
            level: Level::High,
        }
    }
}

/// Where the names are looked for.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Log {
    Dns,
    DnsQuery,
}

impl Log {
    /// The log source and the field with the name, as Sigma's taxonomy has them (appendix of the specification).
    fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::Dns => ("    category: dns\n", "query"),
            Self::DnsQuery => ("    category: dns_query\n    product: windows\n", "QueryName"),
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "u32")]
struct NamesPerRule(u32);

impl TryFrom<u32> for NamesPerRule {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, String> {
        if (1..=1_000_000).contains(&number) {
            Ok(Self(number))
        } else {
            Err("`names-per-rule` must be from 1 to 1000000".into())
        }
    }
}

/// How bad a match is, in the words of Sigma's specification.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Informational,
    Low,
    Medium,
    High,
    Critical,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Informational => "informational",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl Format for Sigma {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let mut file = place.open("hydrabane.yml")?;
        writeln!(file, "# {}", context.head.line())?;
        Ok(Box::new(Rules {
            file,
            options,
            head: context.head.line(),
            date: context.at.format("%Y-%m-%d").to_string(),
            family: String::new(),
            names: 0,
            begun: 0,
        }))
    }
}

struct Rules {
    file: File,
    options: Options,
    head: String,
    date: String,
    /// The family of the rule that has begun, if each has its own.
    family: String,
    /// How many names it has.
    names: u32,
    /// How many rules have begun.
    begun: u64,
}

impl Rules {
    /// Writes what stands before a rule's names.
    fn begin(&mut self) -> Result<(), Error> {
        self.begun += 1;
        let part = self.begun;
        let (source, field) = self.options.log.source();
        let subject = if self.family.is_empty() { "Botnets".to_owned() } else { format!("'{}'", self.family) };
        let title = quoted(&format!("DNS Query for Generated Names of {subject}, Part {part}"));
        let description =
            quoted(&format!("Names that a domain generation algorithm makes for this time, by {}", self.head));
        let id = stable_id(NAMESPACE, &["sigma", field, &self.head, &part.to_string()]);
        let selection = if self.options.sub_domains {
            "    selection:\n".to_owned()
        } else {
            format!("    selection:\n        {field}:\n")
        };
        // T1568.002 is ATT&CK's "Dynamic Resolution: Domain Generation Algorithms".
        Ok(write!(
            self.file,
            "{}title: {title}\nid: {id}\nstatus: experimental\ndescription: {description}\nreferences:\n    \
             - https://attack.mitre.org/techniques/T1568/002/\nauthor: Hydrabane\ndate: {}\ntags:\n    \
             - attack.command-and-control\n    - attack.t1568.002\nlogsource:\n{source}detection:\n{selection}",
            if part == 1 { "" } else { "---\n" },
            self.date,
        )?)
    }

    /// Writes what stands after a rule's names.
    fn end(&mut self) -> Result<(), Error> {
        Ok(write!(
            self.file,
            "    condition: selection\nfalsepositives:\n    - Honest names that a generator happens to make\n    \
             - Sandboxes and crawlers of researchers\nlevel: {}\n",
            self.options.level.word(),
        )?)
    }
}

impl Export for Rules {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        let family = if self.options.per_family { title(row.family) } else { String::new() };
        let full = self.names == self.options.names_per_rule.0;
        if self.names > 0 && (full || family != self.family) {
            self.end()?;
            self.names = 0;
        }
        if self.names == 0 {
            self.family = family;
            self.begin()?;
        }
        self.names += 1;
        // Quoted, because YAML takes some legal names for numbers (`1.e5`).
        if self.options.sub_domains {
            let (_, field) = self.options.log.source();
            writeln!(self.file, "        - {field}: '{0}'\n        - {field}|endswith: '.{0}'", row.name)?;
        } else {
            writeln!(self.file, "            - '{}'", row.name)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        if self.names > 0 {
            self.end()?;
        }
        Ok(self.file.flush()?)
    }
}

/// A family as titles show it. The specification ends titles at 256 characters.
fn title(family: &str) -> String {
    one_line(family).chars().take(100).collect()
}

/// A text as a YAML scalar: JSON's quotation marks and escapes are YAML's too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(one_line(text)).to_string()
}
