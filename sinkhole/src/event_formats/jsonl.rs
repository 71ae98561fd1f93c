//! One JSON object a line.
//!
//! The first line is a header: `tool`, `version`, `catalogue`, `schema`. Every other line is an event, told apart by its
//! `kind`: `dns`, `http`, `tcp`, `counters`, and named by `store` and `sequence`. What a stranger sent (names, paths,
//! user agents) is printable ASCII: everything else is escaped as `\DDD`, a backslash as `\\`.

use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::columns::transport;
use super::name_text::printable;
use super::{Format, Head, Info, Place, Sink, stream};
use crate::event::{self, Event};
use crate::report::type_name;
use crate::store::Recorded;

/// JSON lines.
pub(crate) struct Jsonl;

impl Format for Jsonl {
    fn info(&self) -> Info {
        Info { name: "jsonl", about: "a header object, then one object a line for each event", is_folder: false }
    }

    fn begin(&self, place: Place) -> io::Result<Box<dyn Sink>> {
        let mut lines = Lines(stream(place)?);
        lines.line(&Head::new("sinkhole-events/1"))?;
        Ok(Box::new(lines))
    }
}

/// An event's line.
#[derive(Serialize)]
struct Line {
    store: String,
    sequence: u64,
    #[serde(flatten)]
    kind: Kind,
}

/// What depends on its kind.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Kind {
    Dns {
        #[serde(flatten)]
        origin: Origin,
        transport: &'static str,
        id: u16,
        name: String,
        r#type: String,
        class: u16,
        rcode: u16,
        recursion_desired: bool,
        mixed_case: bool,
        truncated: bool,
        udp_size: Option<u16>,
        client_subnet: Option<String>,
        #[serde(flatten)]
        held: Held,
    },
    Http {
        #[serde(flatten)]
        origin: Origin,
        method: String,
        host: String,
        path: String,
        user_agent: String,
        has_referer: bool,
        shortened: bool,
        body_length: u64,
        #[serde(flatten)]
        held: Option<Held>,
    },
    Tcp {
        #[serde(flatten)]
        origin: Origin,
        http: bool,
    },
    Counters {
        minute: String,
        #[serde(flatten)]
        counts: event::Counts,
    },
}

/// Where an event came from, and when.
#[derive(Serialize)]
struct Origin {
    time: String,
    source: String,
    source_port: u16,
    destination_port: u16,
}

/// What a name was held for.
// The names are the fields of the line.
#[allow(clippy::struct_field_names)]
#[derive(Serialize)]
struct Held {
    held_name: String,
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    preset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<String>,
    index: u32,
}

struct Lines(Box<dyn Write>);

impl Lines {
    fn line(&mut self, data: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, data)?;
        self.0.write_all(b"\n")
    }
}

impl Sink for Lines {
    fn add(&mut self, recorded: &Recorded) -> io::Result<bool> {
        let line = Line {
            store: recorded.id.store.to_string(),
            sequence: recorded.id.sequence,
            kind: kind(&recorded.event),
        };
        self.line(&line).map(|()| true)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.0.flush()
    }
}

fn kind(event: &Event) -> Kind {
    match event {
        Event::Dns(question) => Kind::Dns {
            origin: origin(&question.origin),
            transport: transport(question.transport),
            id: question.id,
            name: question.name.to_string(),
            r#type: type_name(question.qtype),
            class: question.qclass,
            rcode: question.rcode,
            recursion_desired: question.recursion_desired,
            mixed_case: question.mixed_case,
            truncated: question.truncated,
            udp_size: question.udp_size,
            client_subnet: question.client_subnet.map(|subnet| format!("{}/{}", subnet.address, subnet.prefix)),
            held: held(&question.held),
        },
        Event::Http(request) => Kind::Http {
            origin: origin(&request.origin),
            method: printable(&request.method),
            host: printable(&request.host),
            path: printable(&request.path),
            user_agent: printable(&request.user_agent),
            has_referer: request.has_referer,
            shortened: request.shortened,
            body_length: request.body_length,
            held: request.held.as_ref().map(held),
        },
        Event::Tcp(connection) => Kind::Tcp { origin: origin(&connection.origin), http: connection.http },
        Event::Counters(counters) => Kind::Counters { minute: time(counters.minute), counts: counters.counts },
    }
}

fn origin(origin: &event::Origin) -> Origin {
    Origin {
        time: time(origin.at),
        source: origin.source.ip().to_string(),
        source_port: origin.source.port(),
        destination_port: origin.destination_port,
    }
}

fn held(held: &event::Held) -> Held {
    Held {
        held_name: held.name.to_string(),
        label: held.label.clone(),
        preset: held.preset.clone(),
        period: held.period.map(time),
        index: held.index,
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Nanos, true)
}
