//! [`Event`]: an event of MISP with objects `dga-domain`, written as the names come.
//!
//! Everything in an event has UUIDs of version 5 within the event's own: MISP refuses an identifier that another event
//! has already, and takes an event that it knows, with a later timestamp, as an update.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use chrono::{DateTime, Utc};
use md5::{Digest, Md5};
use name_files::Row;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::context::Context;
use crate::format::Setting;
use crate::json_array::JsonArray;
use crate::malware::{Malware, MalwareKey, generator, one_line};
use crate::organisation::Organisation;
use crate::shelf::File;
use crate::stable_id::stable_id;
use crate::tlp::Tlp;

/// The template `dga-domain` of MISP/misp-objects: its UUID, version, category and description, which objects repeat.
const TEMPLATE: &str = "64ce4c1c-ed8c-48cd-afa9-12b37389118d";
const TEMPLATE_VERSION: &str = "1";
const META_CATEGORY: &str = "network";
const DESCRIPTION: &str = "Domain Generation Algorithm (DGA) output and generation context, including the generated \
    domain and associated algorithm parameters (e.g. seed, epoch, TLD strategy, and malware family). Reference: \
    https://www.usenix.org/system/files/conference/usenixsecurity16/sec16_paper_plohmann.pdf.";

/// An object or attribute is shared as far as its event is.
const INHERIT: &str = "5";

/// How much the malware is to be feared, as MISP has it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ThreatLevel {
    /// Sophisticated, or a 0-day attack.
    High,
    /// Advanced persistent threats.
    Medium,
    /// Mass malware, which botnets with generators are.
    #[default]
    Low,
    /// No risk.
    Undefined,
}

/// The settings of every format that writes events.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct EventOptions {
    /// The author.
    #[serde(flatten)]
    pub(crate) organisation: Organisation,
    tlp: Tlp,
    threat_level: ThreatLevel,
}

impl ThreatLevel {
    /// The setting.
    pub(crate) const SETTING: Setting = Setting {
        key: "threat-level",
        default: "low",
        about: "MISP's threat level: high, medium, low (mass malware) or undefined",
    };
}

/// What all events of an export have.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    options: EventOptions,
    /// MISP's level of distribution, where the event itself says it.
    distribution: Option<&'static str>,
    is_published: bool,
    head: String,
    at: DateTime<Utc>,
}

impl Envelope {
    /// Events of a feed: published, and whoever subscribes decides about the distribution.
    pub(crate) fn of_a_feed(options: EventOptions, context: &Context) -> Self {
        let at = context.at.max(DateTime::UNIX_EPOCH);
        Self { options, distribution: None, is_published: true, head: context.head.line(), at }
    }

    /// One event to be imported, looked at and published by a person.
    pub(crate) fn of_one(options: EventOptions, distribution: &'static str, context: &Context) -> Self {
        Self { distribution: Some(distribution), is_published: false, ..Self::of_a_feed(options, context) }
    }

    /// The identifier of an event that these texts tell from others.
    pub(crate) fn id(&self, texts: &[&str]) -> Uuid {
        let texts: Vec<&str> = ["event"].iter().chain(texts).copied().collect();
        stable_id(self.options.organisation.id(), &texts)
    }

    /// What the manifest of a feed says of an event, which is also the beginning of the event.
    pub(crate) fn summary(&self, info: &str) -> Value {
        let tlp = self.options.tlp;
        let organisation = &self.options.organisation;
        json!({
            "info": one_line(info),
            "date": self.at.date_naive().to_string(),
            "timestamp": self.timestamp(),
            "threat_level_id": (self.options.threat_level as u8 + 1).to_string(),
            // Completed: nothing is to be found out about these names.
            "analysis": "2",
            "Orgc": { "name": organisation.name(), "uuid": organisation.id() },
            "Tag": [{ "name": format!("tlp:{}", tlp.word()), "colour": tlp.colour() }],
        })
    }

    fn timestamp(&self) -> String {
        self.at.timestamp().to_string()
    }
}

/// An event that has begun.
pub(crate) struct Event {
    file: File,
    objects: JsonArray,
    id: Uuid,
    timestamp: String,
    malware: BTreeMap<MalwareKey, Malware>,
}

#[derive(Serialize)]
struct Object<'a> {
    name: &'static str,
    #[serde(rename = "meta-category")]
    meta_category: &'static str,
    description: &'static str,
    template_uuid: &'static str,
    template_version: &'static str,
    uuid: Uuid,
    timestamp: &'a str,
    distribution: &'static str,
    comment: &'a str,
    #[serde(rename = "Attribute")]
    attributes: Vec<Attribute<'a>>,
}

#[derive(Serialize)]
struct Attribute<'a> {
    uuid: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    object_relation: Option<&'static str>,
    r#type: &'static str,
    category: &'static str,
    to_ids: bool,
    /// Only names are looked for in other events: every object has the same families, zones and dates.
    disable_correlation: bool,
    timestamp: &'a str,
    distribution: &'static str,
    comment: &'a str,
    value: &'a str,
}

impl Event {
    /// Begins an event.
    pub(crate) fn begin(mut file: File, id: Uuid, envelope: &Envelope) -> io::Result<Self> {
        write!(file, "{{\"Event\":{{\"uuid\":\"{id}\",\"Object\":")?;
        let objects = JsonArray::begin(&mut file)?;
        Ok(Self { file, objects, id, timestamp: envelope.timestamp(), malware: BTreeMap::new() })
    }

    /// Its identifier.
    pub(crate) fn id(&self) -> Uuid {
        self.id
    }

    /// Writes the next name; `seen` learns of every value.
    pub(crate) fn add(&mut self, row: &Row<'_>, seen: &mut dyn FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        let key = Malware::key(row);
        let malware =
            self.malware.entry((key.0.to_owned(), key.1.to_owned())).or_insert_with(|| Malware::of(row)).clone();
        let [from, until] = [row.valid.from, row.valid.until].map(|at| at.map(written).unwrap_or_default());
        let texts = ["object", row.family, row.variant, row.preset, row.name, &from];
        let uuid = stable_id(self.id, &texts);
        let (algorithm, version) = (one_line(row.family), one_line(row.variant));
        let counter = row.index.to_string();
        let text = if row.preset.is_empty() { String::new() } else { format!("preset {}", one_line(row.preset)) };
        let text = if malware.is_model { format!("A MODEL: no bot is known to ask for it. {text}") } else { text };
        // No malware uses a model.
        let family = if malware.is_model { "" } else { malware.name.as_str() };
        let tld = row.name.rsplit('.').next().unwrap_or_default();
        let values = [
            ("domain", "domain", row.name),
            ("malware-family", "text", family),
            ("algorithm-name", "text", &algorithm),
            ("algorithm-version", "text", &version),
            ("counter", "counter", &counter),
            ("tld", "text", tld),
            ("validity-start", "datetime", &from),
            ("validity-end", "datetime", &until),
            ("text", "text", text.trim()),
        ];
        let mut attributes = Vec::with_capacity(values.len());
        for (relation, kind, value) in values.into_iter().filter(|(_, _, value)| !value.is_empty()) {
            seen(value)?;
            let is_name = relation == "domain";
            attributes.push(Attribute {
                uuid: stable_id(uuid, &[relation]),
                object_relation: Some(relation),
                r#type: kind,
                category: if is_name { "Network activity" } else { "Other" },
                to_ids: is_name,
                disable_correlation: !is_name,
                timestamp: &self.timestamp,
                distribution: INHERIT,
                comment: "",
                value,
            });
        }
        let object = Object {
            name: "dga-domain",
            meta_category: META_CATEGORY,
            description: DESCRIPTION,
            template_uuid: TEMPLATE,
            template_version: TEMPLATE_VERSION,
            uuid,
            timestamp: &self.timestamp,
            distribution: INHERIT,
            comment: &generator(row),
            attributes,
        };
        self.objects.add(&mut self.file, &object)
    }

    /// The names of the malware in it.
    pub(crate) fn malware(&self) -> impl Iterator<Item = String> {
        self.malware
            .values()
            .map(|malware| if malware.is_model { format!("{} (a MODEL)", malware.name) } else { malware.name.clone() })
    }

    /// Writes what stands after the names; `seen` learns of every value.
    pub(crate) fn finish(
        mut self,
        info: &str,
        envelope: &Envelope,
        seen: &mut dyn FnMut(&str) -> io::Result<()>,
    ) -> io::Result<()> {
        self.objects.finish(&mut self.file)?;
        write!(self.file, ",\"Attribute\":")?;
        let mut attributes = JsonArray::begin(&mut self.file)?;
        let mut add = |kind, category, comment: &str, value: &str| {
            seen(value)?;
            let attribute = Attribute {
                uuid: stable_id(self.id, &["attribute", kind, value]),
                object_relation: None,
                r#type: kind,
                category,
                to_ids: false,
                disable_correlation: true,
                timestamp: &self.timestamp,
                distribution: INHERIT,
                comment,
                value,
            };
            attributes.add(&mut self.file, &attribute)
        };
        add("comment", "Other", "where the names come from", &envelope.head)?;
        // MISP takes a value once for each type, and several families may be described in one place.
        let mut values = BTreeSet::new();
        for malware in self.malware.values() {
            if values.insert(malware.description.as_str()) {
                add("comment", "Other", &malware.name, &malware.description)?;
            }
            for link in malware.links().filter(|link| values.insert(link)) {
                add("link", "External analysis", &malware.name, link)?;
            }
        }
        attributes.finish(&mut self.file)?;
        let mut rest = json!({
            "published": envelope.is_published,
            "publish_timestamp": if envelope.is_published { self.timestamp.as_str() } else { "0" },
            "extends_uuid": "",
        });
        if let Some(distribution) = envelope.distribution {
            rest["distribution"] = distribution.into();
        }
        for members in [envelope.summary(info), rest] {
            for (key, value) in members.as_object().into_iter().flatten() {
                write!(self.file, ",\n{}:{value}", Value::from(key.as_str()))?;
            }
        }
        writeln!(self.file, "}}}}")?;
        self.file.flush()
    }
}

/// The values of one event as feeds list them: their MD5, each once.
#[derive(Debug, Default)]
pub(crate) struct Hashes(FxHashSet<[u8; 16]>);

impl Hashes {
    /// The MD5 of a value that comes for the first time.
    pub(crate) fn add(&mut self, value: &str) -> Option<String> {
        let hash: [u8; 16] = Md5::digest(value).into();
        self.0.insert(hash).then(|| Uuid::from_bytes(hash).simple().to_string())
    }
}

/// A moment as MISP's Python library writes it.
fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339()
}
