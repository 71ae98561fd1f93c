//! One JSON object a line.
//!
//! The first line is a header: `tool`, `version`, `catalogue`, `schema`. Every other line is an event, told apart by its
//! `kind`: `dns`, `http`, `tcp`, `tls`, `octets`, `counters`, and named by `store` and `sequence`. What a stranger sent (names, paths,
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
use crate::wire::CLASS_IN;

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
    /// Identity of the store.
    store: String,
    /// Number in the store.
    sequence: u64,
    /// What depends on the kind.
    #[serde(flatten)]
    kind: Kind,
}

/// What depends on its kind.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Kind {
    /// A question.
    Dns {
        /// Where it came from.
        #[serde(flatten)]
        origin: Origin,
        /// `udp` or `tcp`.
        transport: &'static str,
        /// Identifier of the message.
        id: u16,
        /// The name as sent.
        name: String,
        r#type: String,
        /// QCLASS.
        class: u16,
        /// RCODE.
        rcode: u16,
        /// RD was set.
        recursion_desired: bool,
        /// The name held both cases.
        mixed_case: bool,
        /// The answer was truncated.
        truncated: bool,
        /// The server cookie was valid.
        valid_cookie: bool,
        /// UDP payload size of EDNS.
        udp_size: Option<u16>,
        /// Address and prefix.
        client_subnet: Option<String>,
        /// What the name was held for.
        #[serde(flatten)]
        held: Held,
    },
    /// An HTTP request.
    Http {
        /// Where it came from.
        #[serde(flatten)]
        origin: Origin,
        /// Method.
        method: String,
        /// `Host`.
        host: String,
        /// Path and query.
        path: String,
        /// `User-Agent`.
        user_agent: String,
        /// There was a `Referer`.
        has_referer: bool,
        /// A field is not all there.
        shortened: bool,
        /// Octets of body.
        body_length: u64,
        /// What the host's name was held for.
        #[serde(flatten)]
        held: Option<Held>,
    },
    /// A connection.
    Tcp {
        /// Where it came from.
        #[serde(flatten)]
        origin: Origin,
        /// It reached an HTTP listener.
        http: bool,
    },
    /// The beginning of TLS.
    Tls {
        /// Where it came from.
        #[serde(flatten)]
        origin: Origin,
        /// It reached an HTTP listener.
        http: bool,
        /// The server name as sent; empty if there was none.
        server_name: String,
        /// The server name is not all there.
        shortened: bool,
        /// What the server name was held for.
        #[serde(flatten)]
        held: Option<Held>,
    },
    /// Octets that are neither HTTP nor TLS.
    Octets {
        /// Where they came from.
        #[serde(flatten)]
        origin: Origin,
        /// They reached an HTTP listener.
        http: bool,
        /// How many.
        length: u64,
    },
    /// What was counted in a minute.
    Counters {
        /// The minute's first instant.
        minute: String,
        /// The numbers.
        #[serde(flatten)]
        counts: event::Counts,
    },
}

/// Where an event came from, and when.
#[derive(Serialize)]
struct Origin {
    /// RFC 3339, with nanoseconds.
    time: String,
    /// Address.
    source: String,
    /// Port.
    source_port: u16,
    /// The sinkhole's own address, as it was bound.
    destination: String,
    /// The sinkhole's own port.
    destination_port: u16,
}

/// What a name was held for.
// The names are the fields of the line.
#[allow(clippy::struct_field_names)]
#[derive(Serialize)]
struct Held {
    /// The held name.
    held_name: String,
    /// Its label.
    label: String,
    /// Its preset.
    #[serde(skip_serializing_if = "Option::is_none")]
    preset: Option<String>,
    /// The beginning of its period.
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<String>,
    /// Its place in its list.
    index: u32,
}

/// Lines in the making.
struct Lines(Box<dyn Write>);

impl Lines {
    /// Writes one object as a line.
    fn line(&mut self, data: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, data)?;
        self.0.write_all(b"\n")
    }
}

impl Sink for Lines {
    fn add(&mut self, recorded: &Recorded) -> io::Result<bool> {
        let line =
            Line { store: recorded.id.store.to_string(), sequence: recorded.id.sequence, kind: kind(&recorded.event) };
        self.line(&line).map(|()| true)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.0.flush()
    }
}

/// What depends on an event's kind.
fn kind(event: &Event) -> Kind {
    match event {
        Event::Dns(question) => Kind::Dns {
            origin: origin(&question.origin),
            transport: transport(question.transport),
            id: question.id,
            name: question.name.to_string(),
            r#type: type_name(question.qtype),
            class: CLASS_IN,
            rcode: question.rcode,
            recursion_desired: question.recursion_desired,
            mixed_case: question.mixed_case,
            truncated: question.truncated,
            valid_cookie: question.valid_cookie,
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
        Event::Tls(hello) => Kind::Tls {
            origin: origin(&hello.origin),
            http: hello.http,
            server_name: printable(&hello.server_name),
            shortened: hello.shortened,
            held: hello.held.as_ref().map(held),
        },
        Event::Octets(octets) => {
            Kind::Octets { origin: origin(&octets.origin), http: octets.http, length: octets.length }
        }
        Event::Counters(counters) => Kind::Counters { minute: time(counters.minute), counts: counters.counts },
    }
}

/// Where an event came from, as a line has it.
fn origin(origin: &event::Origin) -> Origin {
    Origin {
        time: time(origin.at),
        source: origin.source.ip().to_string(),
        source_port: origin.source.port(),
        destination: origin.destination.ip().to_string(),
        destination_port: origin.destination.port(),
    }
}

/// What a name was held for, as a line has it.
fn held(held: &event::Held) -> Held {
    Held {
        held_name: held.name.to_string(),
        label: held.label.clone(),
        preset: held.preset.clone(),
        period: held.period.map(time),
        index: held.index,
    }
}

/// An instant as a line has it.
fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Nanos, true)
}
