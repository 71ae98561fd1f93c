//! A feed of MISP: a folder with a manifest, hashes of all values, and a file for every event.
//!
//! An event has the names of one list, or so many of them as `objects` says. Its UUID is made from the generator, the
//! beginning of the list and the part of it; so a name stays in its event, and both keep their identifiers from export
//! to export.

use std::io::{self, Write};

use name_files::{Row, written};
use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::malware::{Malware, generator};
use crate::misp_event::{Envelope, Event, EventOptions, Hashes, ThreatLevel};
use crate::organisation::Organisation;
use crate::repetitions::Repetitions;
use crate::shelf::{File, Shelf};
use crate::tlp::Tlp;

/// A feed of MISP.
pub(super) struct MispFeed;

const INFO: Info = Info {
    name: "misp-feed",
    group: Group::Sharing,
    about: "a MISP feed: manifest, hashes, and an event for every list of names",
    reader: "MISP 2.4 and later with the object template `dga-domain`",
    use_it:
        "Serve the folder over HTTP, or put it on the server; then Sync Actions, Feeds, Add Feed, source format `MISP
Feed`, with the address of the folder. MISP takes events whose timestamp is later than that of its own copy.
Export every day into the same folder with `--replace`; events that have ended stay on servers that took them.
Who sees the events is a setting of the feed on the server that takes them.",
    files: Files::Folder,
    takes: Takes::Names,
    // Receivers block by attributes that are for detection.
    blocks: true,
    // A name that several families make has an object for each.
    unique: false,
    settings: &[
        Organisation::NAME,
        Organisation::ID,
        Tlp::SETTING,
        ThreatLevel::SETTING,
        Setting { key: "objects", default: "5000", about: "so many names of a list in an event, 1 to 100000" },
    ],
    example: "misp-feed conficker ramnit --days 7 -o feed",
};

#[derive(Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Options {
    #[serde(flatten)]
    common: EventOptions,
    objects: usize,
}

impl Default for Options {
    /// About ten megabytes an event, which a server with PHP's usual limits can still take.
    fn default() -> Self {
        Self { common: EventOptions::default(), objects: 5_000 }
    }
}

/// More names in an event no server takes.
const MOST_OBJECTS: usize = 100_000;

impl Format for MispFeed {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin<'a>(&self, context: &Context, place: &'a mut dyn Shelf) -> Result<Box<dyn Export + 'a>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        if !(1..=MOST_OBJECTS).contains(&options.objects) {
            return Err(Error::Setting {
                format: INFO.name,
                reason: format!("`objects` is {}", options.objects),
                hint: format!("an event has 1 to {MOST_OBJECTS} names"),
            });
        }
        let mut manifest = place.open("manifest.json")?;
        write!(manifest, "{{")?;
        let hashes = place.open("hashes.csv")?;
        let envelope = Envelope::of_a_feed(options.common, context);
        Ok(Box::new(Feed {
            place,
            envelope,
            objects: options.objects,
            manifest,
            hashes,
            ids: FxHashSet::default(),
            current: None,
            repetitions: Repetitions::default(),
        }))
    }
}

/// A feed that has begun.
struct Feed<'a> {
    place: &'a mut dyn Shelf,
    envelope: Envelope,
    objects: usize,
    manifest: File,
    hashes: File,
    /// The events so far; each is a file.
    ids: FxHashSet<Uuid>,
    current: Option<Current>,
    repetitions: Repetitions,
}

/// The event that is being written.
struct Current {
    texts: Vec<String>,
    info: String,
    event: Event,
    hashes: Hashes,
}

impl Feed<'_> {
    /// Turns to the event in which a name belongs; the one before it is ended.
    fn turn_to(&mut self, row: &Row<'_>) -> io::Result<()> {
        let from = row.valid.from.map(written).unwrap_or_default();
        let part = (row.index / self.objects).to_string();
        let texts = [row.family, row.variant, row.preset, &from, &part];
        if self.current.as_ref().is_none_or(|current| current.texts != texts) {
            self.end()?;
            self.current = Some(self.begin(&texts, row)?);
        }
        Ok(())
    }

    fn begin(&mut self, texts: &[&str; 5], row: &Row<'_>) -> io::Result<Current> {
        // A list that comes again, because a family was asked for twice, has events of its own.
        let mut id = self.envelope.id(texts);
        let mut again = 1;
        while !self.ids.insert(id) {
            again += 1;
            id = self.envelope.id(&[texts.as_slice(), &[&again.to_string()]].concat());
        }
        let model = if Malware::of(row).is_model { "MODEL: generated" } else { "Generated" };
        let when = row.valid.from.map_or("at all times".into(), |from| format!("from {} on", written(from)));
        let first = row.index / self.objects * self.objects;
        let part = if first > 0 { format!("; places from {first} on") } else { String::new() };
        Ok(Current {
            texts: texts.map(str::to_owned).to_vec(),
            info: format!("{model} names of {}, {when}{part}", generator(row)),
            event: Event::begin(self.place.open(&format!("{id}.json"))?, id, &self.envelope)?,
            hashes: Hashes::default(),
        })
    }

    /// Ends the event that is being written, and says so in the manifest.
    fn end(&mut self) -> io::Result<()> {
        let Some(Current { info, event, mut hashes, .. }) = self.current.take() else { return Ok(()) };
        let id = event.id();
        event.finish(&info, &self.envelope, &mut |value| list(&mut self.hashes, &mut hashes, value, id))?;
        // It is one of those that were begun: one more stands before it in the manifest.
        let comma = if self.ids.len() > 1 { "," } else { "" };
        write!(self.manifest, "{comma}\n{}:{}", Value::from(id.to_string()), self.envelope.summary(&info))
    }
}

impl Export for Feed<'_> {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        if !self.repetitions.is_new(row) {
            return Ok(());
        }
        self.turn_to(row)?;
        let Self { current: Some(Current { event, hashes, .. }), hashes: file, .. } = self else { return Ok(()) };
        let id = event.id();
        Ok(event.add(row, &mut |value| list(file, hashes, value, id))?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        self.end()?;
        writeln!(self.manifest, "\n}}")?;
        self.manifest.flush()?;
        Ok(self.hashes.flush()?)
    }
}

/// Lists a value's MD5 with its event.
fn list(file: &mut File, hashes: &mut Hashes, value: &str, id: Uuid) -> io::Result<()> {
    match hashes.add(value) {
        Some(hash) => writeln!(file, "{hash},{id}"),
        None => Ok(()),
    }
}
