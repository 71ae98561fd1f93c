//! STIX 2.1: one bundle of indicators, with the malware and the infrastructure behind them.
//!
//! # Identifiers
//!
//! All are UUIDs of version 5. The author's identity is the namespace of the objects that it creates, since STIX lets only the
//! creator of an object change it. What is hashed for an indicator is the family, the variant, the preset, the name and
//! the beginning of its interval; so a name that is still valid keeps its identifier from export to export, and an end
//! that was open may become known. `created` is the same for all objects and times, and `modified` is the moment for
//! which the names are made, so that a later export updates.
//!
//! # Open ends
//!
//! STIX wants `valid_from`: where the beginning is not known it is the moment for which the names are made, from which on
//! platforms let an indicator age. `valid_until` is left out where there is no end.

use std::collections::HashMap;
use std::io::{self, Write};

use chrono::{DateTime, Datelike, SecondsFormat, TimeDelta, Utc};
use name_files::Row;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::json_array::JsonArray;
use crate::malware::{Malware, MalwareKey, generator, is_link};
use crate::organisation::Organisation;
use crate::repetitions::Repetitions;
use crate::shelf::{File, Shelf};
use crate::stable_id::stable_id;
use crate::tlp::Tlp;

/// A bundle of STIX 2.1.
pub(super) struct Stix;

const INFO: Info = Info {
    name: "stix",
    group: Group::Sharing,
    about: "STIX 2.1 bundle: indicators with their intervals, malware, infrastructure, TLP 2.0",
    reader: "OpenCTI, MISP, Microsoft Sentinel, Splunk, every TAXII 2.1 server",
    use_it: "Import the file as a bundle, or put its `objects` into a TAXII collection.
The same name has the same identifier in the export of another day, which therefore updates it.
Give `organisation-id` the UUID of the identity that your platform already has for you.
Platforms take bundles in one piece: use few families, or `--count`, for some ten thousand names each.
With `--since`, the bundle in `remove` has the indicators to revoke.",
    files: Files::One,
    takes: Takes::Names,
    // Receivers block by indicators.
    blocks: true,
    // A name that several families make, or that is valid again later, has an indicator for each.
    unique: false,
    settings: &[
        Organisation::NAME,
        Organisation::ID,
        Tlp::SETTING,
        Setting { key: "note", default: "true", about: "an object of type `note` says where the names come from" },
    ],
    example: "stix conficker --days 7 --set tlp=amber -o conficker.json",
};

/// `created` of all objects: STIX wants it never to change and never to be after `modified`.
const CREATED: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// How OASIS marks objects with TLP 2.0 in STIX 2.1.
const TLP_EXTENSION: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

#[derive(Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Options {
    #[serde(flatten)]
    organisation: Organisation,
    tlp: Tlp,
    note: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { organisation: Organisation::default(), tlp: Tlp::default(), note: true }
    }
}

impl Format for Stix {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let mut file = place.open("bundle.json")?;
        let author = options.organisation.id();
        let head = context.head.line();
        let bundle = stable_id(author, &["bundle", &head]);
        write!(file, "{{\"type\":\"bundle\",\"id\":\"bundle--{bundle}\",\"objects\":")?;
        let objects = JsonArray::begin(&mut file)?;
        let at = context.at.max(CREATED);
        let mut bundle = Bundle {
            file,
            objects,
            at,
            author,
            identity: format!("identity--{author}"),
            created: stamp(CREATED),
            modified: stamp(at),
            marking: options.tlp.marking(),
            malware: HashMap::new(),
            repetitions: Repetitions::default(),
        };
        bundle.begin(&options, &head)?;
        Ok(Box::new(bundle))
    }
}

/// A bundle that has begun.
struct Bundle {
    file: File,
    objects: JsonArray,
    at: DateTime<Utc>,
    author: Uuid,
    identity: String,
    created: String,
    modified: String,
    marking: &'static str,
    malware: HashMap<MalwareKey, Known>,
    repetitions: Repetitions,
}

/// Malware that the bundle has already.
#[derive(Clone)]
struct Known {
    id: String,
    is_model: bool,
}

/// What all objects have, and what each has of its own.
#[derive(Serialize)]
struct Object<'a, B> {
    r#type: &'static str,
    spec_version: &'static str,
    id: &'a str,
    created_by_ref: &'a str,
    created: &'a str,
    modified: &'a str,
    #[serde(rename = "object_marking_refs")]
    markings: [&'static str; 1],
    #[serde(flatten)]
    body: B,
}

#[derive(Serialize)]
struct IdentityBody<'a> {
    name: &'a str,
    identity_class: &'static str,
}

#[derive(Serialize)]
struct NoteBody<'a> {
    r#abstract: &'static str,
    content: &'a str,
    object_refs: [&'a str; 1],
}

#[derive(Serialize)]
struct MalwareBody<'a> {
    name: &'a str,
    description: &'a str,
    is_family: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    aliases: &'a [&'a str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    labels: &'a [&'a str],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external_references: Vec<Reference<'a>>,
}

#[derive(Serialize)]
struct Reference<'a> {
    source_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

#[derive(Serialize)]
struct InfrastructureBody<'a> {
    name: &'a str,
    description: &'a str,
    infrastructure_types: [&'static str; 1],
}

#[derive(Serialize)]
struct IndicatorBody<'a> {
    name: &'a str,
    description: &'a str,
    indicator_types: [&'static str; 1],
    pattern: &'a str,
    pattern_type: &'static str,
    valid_from: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    labels: &'a [&'a str],
}

#[derive(Serialize)]
struct RelationshipBody<'a> {
    relationship_type: &'static str,
    source_ref: &'a str,
    target_ref: &'a str,
}

impl Bundle {
    /// Writes what stands before the names.
    fn begin(&mut self, options: &Options, head: &str) -> io::Result<()> {
        let tlp = options.tlp.word();
        // As OASIS published it: who imports it must find no difference.
        let marking = serde_json::json!({
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": self.marking,
            "created": "2022-10-01T00:00:00.000Z",
            "name": format!("TLP:{}", tlp.to_uppercase()),
            "extensions": { TLP_EXTENSION: { "extension_type": "property-extension", "tlp_2_0": tlp } },
        });
        self.objects.add(&mut self.file, &marking)?;
        let identity = self.identity.clone();
        let identity_class = if options.organisation.is_named() { "organization" } else { "system" };
        self.add("identity", &identity, IdentityBody { name: options.organisation.name(), identity_class })?;
        if options.note {
            let id = self.id("note", &[head]);
            let body = NoteBody { r#abstract: "Where the names come from", content: head, object_refs: [&identity] };
            self.add("note", &id, body)?;
        }
        Ok(())
    }

    fn id(&self, kind: &str, texts: &[&str]) -> String {
        let texts: Vec<&str> = [kind].iter().chain(texts).copied().collect();
        format!("{kind}--{}", stable_id(self.author, &texts))
    }

    fn add(&mut self, kind: &'static str, id: &str, body: impl Serialize) -> io::Result<()> {
        let object = Object {
            r#type: kind,
            spec_version: "2.1",
            id,
            created_by_ref: &self.identity,
            created: &self.created,
            modified: &self.modified,
            markings: [self.marking],
            body,
        };
        self.objects.add(&mut self.file, &object)
    }

    fn relate(&mut self, source: &str, relationship_type: &'static str, target: &str) -> io::Result<()> {
        let id = self.id("relationship", &[relationship_type, source, target]);
        self.add("relationship", &id, RelationshipBody { relationship_type, source_ref: source, target_ref: target })
    }

    /// The malware that makes a name; it and its infrastructure are written with its first name.
    fn malware(&mut self, row: &Row<'_>) -> io::Result<Known> {
        let key = Malware::key(row);
        let owned = (key.0.to_owned(), key.1.to_owned());
        if let Some(known) = self.malware.get(&owned) {
            return Ok(known.clone());
        }
        let malware = Malware::of(row);
        let id = self.id("malware", &[key.0, key.1]);
        let external_references = malware.references.iter().map(|reference| reference_to(reference)).collect();
        let body = MalwareBody {
            name: &malware.name,
            description: &malware.description,
            is_family: true,
            aliases: malware.aliases,
            labels: labels(malware.is_model),
            external_references,
        };
        self.add("malware", &id, body)?;
        let infrastructure = self.id("infrastructure", &[key.0, key.1]);
        let body = InfrastructureBody {
            name: &format!("{}: hosts under generated names", malware.name),
            description: "What answers where a bot asks for a name that it has computed.",
            infrastructure_types: ["command-and-control"],
        };
        self.add("infrastructure", &infrastructure, body)?;
        self.relate(&id, "beacons-to", &infrastructure)?;
        let known = Known { id, is_model: malware.is_model };
        self.malware.insert(owned, known.clone());
        Ok(known)
    }
}

impl Export for Bundle {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        if !self.repetitions.is_new(row) {
            return Ok(());
        }
        let malware = self.malware(row)?;
        let (from, until) = (row.valid.from.filter(can_be_written), row.valid.until.filter(can_be_written));
        let begin = from.map(stamp).unwrap_or_default();
        let id = self.id("indicator", &[row.family, row.variant, row.preset, row.name, &begin]);
        let valid_from = match (from, until) {
            (Some(from), _) => from,
            (None, Some(until)) if until <= self.at => until - TimeDelta::days(1),
            (None, _) => self.at,
        };
        let valid_until = until.map(stamp);
        let model = if malware.is_model { " A MODEL: no bot is known to ask for it." } else { "" };
        let body = IndicatorBody {
            name: row.name,
            description: &format!("Place {} (from 0) in a list of {}.{model}", row.index, generator(row)),
            indicator_types: ["malicious-activity"],
            pattern: &format!("[domain-name:value = '{}']", escaped(row.name)),
            pattern_type: "stix",
            valid_from: &stamp(valid_from),
            valid_until: valid_until.as_deref(),
            labels: labels(malware.is_model),
        };
        self.add("indicator", &id, body)?;
        Ok(self.relate(&id, "indicates", &malware.id)?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        self.objects.finish(&mut self.file)?;
        writeln!(self.file, "}}")?;
        Ok(self.file.flush()?)
    }
}

fn labels(is_model: bool) -> &'static [&'static str] {
    if is_model { &["model"] } else { &[] }
}

/// A reference; STIX wants a name of its source, which is the host of a link.
fn reference_to(reference: &str) -> Reference<'_> {
    if !is_link(reference) {
        return Reference { source_name: "hydrabane", url: None, description: Some(reference) };
    }
    let host = reference.split('/').nth(2).unwrap_or(reference);
    Reference { source_name: host, url: Some(reference), description: None }
}

/// STIX writes years with four digits; an end beyond them is as good as open.
fn can_be_written(at: &DateTime<Utc>) -> bool {
    (0..=9999).contains(&at.year())
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A text within the quotes of a pattern (STIX 2.1, section 9.3: `string literal`).
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_in_patterns() {
        assert_eq!(escaped(r"a'b\c"), r"a\'b\\c");
    }

    #[test]
    fn references_have_a_source() {
        assert_eq!(reference_to("https://bin.re/blog/x/").source_name, "bin.re");
        assert_eq!(reference_to("docs/families/custom.md").url, None);
    }
}
