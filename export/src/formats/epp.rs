//! Requests in the Extensible Provisioning Protocol, as texts for people who hold an account with the registry.

use std::collections::BTreeMap;
use std::io::Write;

use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::epp::{Command, Handle, Request, Side, document};
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::host_name::HostNames;
use crate::registration::{Neighbours, Registration, Slugs, Years};
use crate::shelf::{File, Shelf};
use crate::table::one_line;

/// Requests as XML documents.
pub(super) struct Epp;

const INFO: Info = Info {
    name: "epp",
    group: Group::Registering,
    about: "EPP request texts (check, create, hold, sinkhole) for people to send; never sent",
    reader: "registrars and registries: EPP clients that send a document in a session (RFC 5730, 5731, 5734)",
    use_it: "A folder for each registry, in it one document for each request; README.txt says what they are. Hydrabane never\n\
             sends them: whoever holds an account with the registry reads them and sends them in a session of theirs.\n\
             `check` asks in batches which names are free, `create` registers, `update-hold` takes names out of the zone,\n\
             `update-sinkhole` gives them your name servers. Names in suffixes that nobody runs (.bit) are left out.",
    files: Files::Folder,
    takes: Takes::Names,
    blocks: false,
    unique: true,
    settings: &[
        Setting { key: "command", default: "create", about: "check, create, update-hold or update-sinkhole" },
        Setting {
            key: "by",
            default: "registrar",
            about: "who sends updates: a registrar sets client statuses, a registry server statuses (RFC 5731, section 2.3)",
        },
        Setting { key: "batch", default: "20", about: "names in one check, 1 to 1000; registries have limits of their own" },
        Setting { key: "years", default: "1", about: "for how many years to create, 1 to 10" },
        Setting {
            key: "ns",
            default: "[]",
            about: "name servers of a create or of update-sinkhole; the registry must know them as host objects",
        },
        Setting {
            key: "remove-ns",
            default: "[]",
            about: "name servers that update-sinkhole takes away: those the names have now, as an info shows them",
        },
        Setting {
            key: "contact",
            default: "<none>",
            about: "handle of the registrant and of the administrative and technical contacts, 3 to 16 characters; \
                    registries without contacts take none",
        },
        Setting {
            key: "cltrid",
            default: "hydrabane",
            about: "beginning of each request's transaction identifier, up to 30 characters; date, command and number follow",
        },
    ],
    example: "epp ozdok --days 7 --set command=check -o requests",
};

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Options {
    command: Command,
    by: Side,
    batch: Batch,
    years: Years,
    ns: HostNames,
    remove_ns: HostNames,
    contact: Option<Handle>,
    cltrid: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            command: Command::Create,
            by: Side::Registrar,
            // No official reference: RFC 5731 sets no limit, registries do.
            batch: Batch(20),
            years: Years::ONE,
            ns: HostNames::default(),
            remove_ns: HostNames::default(),
            contact: None,
            cltrid: "hydrabane".into(),
        }
    }
}

/// How many names one check has.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "u16")]
struct Batch(u16);

impl TryFrom<u16> for Batch {
    type Error = &'static str;

    fn try_from(names: u16) -> Result<Self, Self::Error> {
        if (1..=1000).contains(&names) { Ok(Self(names)) } else { Err("a batch has 1 to 1000 names") }
    }
}

impl Options {
    /// Settings that fit together, or what is missing.
    fn checked(self) -> Result<Self, Error> {
        let refused = |reason: &str, hint: &str| Error::Setting {
            format: INFO.name,
            reason: reason.to_owned(),
            hint: hint.to_owned(),
        };
        if self.command == Command::UpdateSinkhole && self.ns.is_empty() {
            return Err(refused(
                "`update-sinkhole` needs the sinkhole's name servers",
                "add `--set 'ns=[ns1.sinkhole.example, ns2.sinkhole.example]'`",
            ));
        }
        if !self.remove_ns.is_empty() && self.command != Command::UpdateSinkhole {
            return Err(refused("`remove-ns` is for `command=update-sinkhole`", "leave it out"));
        }
        let legal = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
        if !(1..=30).contains(&self.cltrid.len()) || !self.cltrid.chars().all(legal) {
            return Err(refused(
                "`cltrid` must have 1 to 30 letters, digits, hyphens, dots or underscores",
                "as in `--set cltrid=case-2026-17`",
            ));
        }
        Ok(self)
    }
}

impl Format for Epp {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options = context.settings.read::<Options>(&INFO)?.checked()?;
        let identifier = format!("{}-{}-{}", options.cltrid, context.at.format("%Y%m%d"), options.command);
        Ok(Box::new(Requests {
            head: one_line(&context.head.line()).into_owned(),
            identifier,
            readme: place.open("README.txt")?,
            place: place.handle(),
            options,
            slugs: Slugs::default(),
            sessions: BTreeMap::new(),
            neighbours: Neighbours::default(),
            number: 0,
        }))
    }
}

struct Requests {
    head: String,
    /// Beginning of every transaction identifier.
    identifier: String,
    readme: File,
    place: Box<dyn Shelf>,
    options: Options,
    slugs: Slugs,
    /// What goes to each operator.
    sessions: BTreeMap<String, Session>,
    neighbours: Neighbours,
    /// How many documents there are.
    number: u64,
}

/// What goes to one operator.
struct Session {
    folder: String,
    documents: u64,
    names: u64,
    /// Names of the next check.
    waiting: Vec<String>,
}

impl Requests {
    /// Writes one document.
    fn write(&mut self, operator: &str, names: &[String]) -> Result<(), Error> {
        let Some(session) = self.sessions.get_mut(operator) else { return Ok(()) };
        session.documents += 1;
        self.number += 1;
        let Options { command, by, years, ns, remove_ns, contact, .. } = &self.options;
        let request = Request {
            command: *command,
            by: *by,
            names,
            years: years.number(),
            add: ns.names(),
            remove: remove_ns.names(),
            contact: contact.as_ref(),
            identifier: &format!("{}-{:06}", self.identifier, self.number),
        };
        let name = format!("{}/{command}-{:06}.xml", session.folder, self.number);
        let mut file = self.place.open(&name)?;
        file.write_all(document(&self.head, &request).as_bytes())?;
        Ok(file.flush()?)
    }
}

impl Export for Requests {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        let registration = Registration::of(row);
        if !registration.is_possible() || !self.neighbours.is_new(registration.domain) {
            return Ok(());
        }
        let operator = &*registration.operator;
        if !self.sessions.contains_key(operator) {
            let folder = self.slugs.of(operator);
            let session = Session { folder, documents: 0, names: 0, waiting: Vec::new() };
            self.sessions.insert(operator.to_owned(), session);
        }
        let Some(session) = self.sessions.get_mut(operator) else { return Ok(()) };
        session.names += 1;
        session.waiting.push(registration.domain.to_owned());
        let full = if self.options.command == Command::Check { usize::from(self.options.batch.0) } else { 1 };
        if session.waiting.len() < full {
            return Ok(());
        }
        let names = std::mem::take(&mut session.waiting);
        self.write(operator, &names)
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        let operators: Vec<_> = self.sessions.keys().cloned().collect();
        for operator in &operators {
            let waiting = self.sessions.get_mut(operator).map(|session| std::mem::take(&mut session.waiting));
            if let Some(names) = waiting.filter(|names| !names.is_empty()) {
                self.write(operator, &names)?;
            }
        }
        let readme = &mut self.readme;
        writeln!(readme, "{}\n", self.head)?;
        writeln!(readme, "Texts for people to send; nothing here has been sent to anybody. Each document is one EPP command (RFC 5730,")?;
        writeln!(readme, "RFC 5731) for a session that whoever holds an account with the registry opens and logs in to (RFC 5734).")?;
        writeln!(readme, "{}\n", self.options.command.advice())?;
        writeln!(readme, "The number of a document stands in its transaction identifier. Folder, documents, names, registry:")?;
        for (operator, Session { folder, documents, names, .. }) in &self.sessions {
            writeln!(readme, "  {folder}, {documents}, {names}, {operator}")?;
        }
        Ok(readme.flush()?)
    }
}
