//! `hydrabane sinkhole export`: every event as one JSON object a line.
//!
//! The first line is a header: `tool`, `version`, `catalogue`, `schema`. Every other line is an event, told apart by its
//! `kind`: `dns`, `http`, `tcp`, `counters`. What a stranger sent (names, paths, user agents) is printable ASCII:
//! everything else is escaped as `\DDD`, a backslash as `\\`.

use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use sinkhole::event::{Held, Origin, Transport};
use sinkhole::{Event, report};

use crate::commands::sinkhole::{ConfigurationFile, warn_left_out, write};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Arguments of `hydrabane sinkhole export`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    file: ConfigurationFile,

    /// How to write it.
    #[arg(long, value_name = "FORMAT", default_value = "jsonl")]
    format: Format,

    /// Where to; standard output by default.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How to write events.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// A header object, then one object a line for each event.
    Jsonl,
}

/// The first line.
#[derive(Serialize)]
struct Header {
    tool: &'static str,
    version: &'static str,
    catalogue: String,
    schema: &'static str,
}

/// An event's line.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line {
    Dns {
        #[serde(flatten)]
        origin: From,
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
        held: For,
    },
    Http {
        #[serde(flatten)]
        origin: From,
        method: String,
        host: String,
        path: String,
        user_agent: String,
        has_referer: bool,
        shortened: bool,
        body_length: u64,
        #[serde(flatten)]
        held: Option<For>,
    },
    Tcp {
        #[serde(flatten)]
        origin: From,
        http: bool,
    },
    Counters {
        minute: String,
        #[serde(flatten)]
        counts: sinkhole::event::Counts,
    },
}

/// Where an event came from, and when.
#[derive(Serialize)]
struct From {
    time: String,
    source: String,
    source_port: u16,
    destination_port: u16,
}

/// What a name was held for.
#[derive(Serialize)]
struct For {
    held_name: String,
    label: String,
    index: u32,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let Format::Jsonl = arguments.format;
    let mut output = Output::open(arguments.output.as_deref())?;
    let mut events = arguments.file.events()?;
    let header = Header {
        tool: "hydrabane",
        version: env!("CARGO_PKG_VERSION"),
        catalogue: dga::version(),
        schema: "sinkhole-events/1",
    };
    line(&mut output, &header)?;
    for event in events.by_ref() {
        if let Some(event) = of_event(event?) {
            line(&mut output, &event)?;
        }
    }
    warn_left_out(&events);
    output.finish()?;
    Ok(Exit::Done)
}

fn line(output: &mut Output, data: &impl Serialize) -> Result<(), Failure> {
    serde_json::to_writer(&mut *output, data).map_err(|error| Failure::write("the events", &error.into()))?;
    write(output, "\n")
}

/// An event's line; events of a later version of the library have none.
fn of_event(event: Event) -> Option<Line> {
    Some(match event {
        Event::Dns(question) => Line::Dns {
            origin: from(question.origin),
            transport: match question.transport {
                Transport::Udp => "udp",
                Transport::Tcp => "tcp",
            },
            id: question.id,
            name: question.name.to_string(),
            r#type: report::type_name(question.qtype),
            class: question.qclass,
            rcode: question.rcode,
            recursion_desired: question.recursion_desired,
            mixed_case: question.mixed_case,
            truncated: question.truncated,
            udp_size: question.udp_size,
            client_subnet: question.client_subnet.map(|subnet| format!("{}/{}", subnet.address, subnet.prefix)),
            held: held(question.held),
        },
        Event::Http(request) => Line::Http {
            origin: from(request.origin),
            method: printable(&request.method),
            host: printable(&request.host),
            path: printable(&request.path),
            user_agent: printable(&request.user_agent),
            has_referer: request.has_referer,
            shortened: request.shortened,
            body_length: request.body_length,
            held: request.held.map(held),
        },
        Event::Tcp(connection) => Line::Tcp { origin: from(connection.origin), http: connection.http },
        Event::Counters(counters) => Line::Counters { minute: time(counters.minute), counts: counters.counts },
        _ => return None,
    })
}

fn from(origin: Origin) -> From {
    From {
        time: time(origin.at),
        source: origin.source.ip().to_string(),
        source_port: origin.source.port(),
        destination_port: origin.destination_port,
    }
}

fn held(held: Held) -> For {
    For { held_name: held.name.to_string(), label: held.label, index: held.index }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Nanos, true)
}

/// Octets as printable ASCII, the rest as `\DDD`.
fn printable(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len());
    for octet in octets {
        match octet {
            b'\\' => text.push_str("\\\\"),
            0x20..=0x7e => text.push(char::from(*octet)),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\{octet:03}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_sends_cannot_move_a_cursor() {
        assert_eq!(printable(b"curl/8 \x1b[2J\\\xff\n"), "curl/8 \\027[2J\\\\\\255\\010");
    }
}
