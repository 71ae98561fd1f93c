//! The reports of the Shadowserver Foundation that network owners and CERTs know (its `report_schema`, `reports.json`):
//! a folder with one CSV file for each report that has rows.
//!
//! - `event4_sinkhole_dns`: questions. They show resolvers, so their severity is `info`.
//! - `event4_sinkhole`, `event6_sinkhole`: connections of unknown protocols, and beginnings of TLS with their server name
//!   (a row of their own, beside that of their connection).
//! - `event4_sinkhole_http`, `event6_sinkhole_http`: HTTP requests; those with a `Referer` are visitors of compromised
//!   pages and stand in `…_http_referer`, without the visitor's address.
//!
//! Questions over IPv6 stand in `event6_sinkhole_dns`, which has the same columns and which Shadowserver does not have.
//! Columns about places, networks and devices stay empty: the sinkhole looks nothing up. A connection to an HTTP
//! listener has no row of its own, as its request has one.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use csv::{QuoteStyle, Writer, WriterBuilder};

use super::columns::transport;
use super::name_text::printable;
use super::{Format, Info, Place, Sink, cell, folder};
use crate::event::{Event, Held, Origin, Transport};
use crate::report::type_name;
use crate::store::Recorded;

/// Shadowserver's reports.
pub(crate) struct Shadowserver;

impl Format for Shadowserver {
    fn info(&self) -> Info {
        Info {
            name: "shadowserver",
            about: "a folder with Shadowserver's sinkhole reports, for CERTs and IntelMQ",
            is_folder: true,
        }
    }

    fn begin(&self, place: Place) -> io::Result<Box<dyn Sink>> {
        Ok(Box::new(Reports { folder: folder(place)?, open: BTreeMap::new() }))
    }
}

/// Who it came from, in every report but that of referers.
const SOURCE: &[&str] = &[
    "src_ip",
    "src_port",
    "src_asn",
    "src_geo",
    "src_region",
    "src_city",
    "src_hostname",
    "src_naics",
    "src_sector",
    "device_vendor",
    "device_type",
    "device_model",
    "severity",
];
/// The page that a visitor came from, in place of [`SOURCE`].
const REFERER: &[&str] = &[
    "http_referer_ip",
    "http_referer_port",
    "http_referer_asn",
    "http_referer_geo",
    "http_referer_region",
    "http_referer_city",
    "http_referer_hostname",
    "http_referer_naics",
    "http_referer_sector",
    "severity",
];
/// The sinkhole, and what it means.
const DESTINATION: &[&str] = &[
    "dst_ip",
    "dst_port",
    "dst_asn",
    "dst_geo",
    "dst_region",
    "dst_city",
    "dst_hostname",
    "dst_naics",
    "dst_sector",
    "public_source",
    "infection",
    "family",
    "tag",
    "application",
    "version",
    "event_id",
    "ssl_cipher",
    "ssl_servername",
];

/// A report's columns.
#[derive(Clone, Copy)]
enum Kind {
    /// Questions.
    Dns,
    /// Connections.
    Sinkhole,
    /// HTTP requests.
    Http,
    /// HTTP requests of visitors.
    Referer,
}

impl Kind {
    /// The end of the report's name.
    fn name(self) -> &'static str {
        match self {
            Self::Dns => "sinkhole_dns",
            Self::Sinkhole => "sinkhole",
            Self::Http => "sinkhole_http",
            Self::Referer => "sinkhole_http_referer",
        }
    }

    /// Its columns, in order.
    fn columns(self) -> Vec<&'static str> {
        let begin: &[&str] = &["timestamp", "protocol"];
        let parts: &[&[&str]] = match self {
            Self::Dns => &[begin, SOURCE, &["infection", "family", "tag", "query_type", "query", "count"]],
            Self::Sinkhole => &[begin, SOURCE, DESTINATION],
            Self::Http => &[
                begin,
                SOURCE,
                DESTINATION,
                &["http_url", "http_host", "http_agent", "forwarded_by", "http_referer", "machine_name"],
            ],
            Self::Referer => &[begin, REFERER, DESTINATION, &["http_url", "http_host", "http_referer"]],
        };
        parts.concat()
    }
}

/// Reports in the making.
struct Reports {
    /// Where their files are.
    folder: PathBuf,
    /// Those that have rows, by name.
    open: BTreeMap<String, Report>,
}

/// A report in the making.
struct Report {
    /// The names of its columns.
    columns: Vec<&'static str>,
    /// What writes its rows.
    writer: Writer<File>,
}

impl Reports {
    /// Writes a row: the cells of those columns that have one.
    fn row(&mut self, kind: Kind, is_v6: bool, cells: &[(&str, String)]) -> io::Result<()> {
        let name = format!("event{}_{}", if is_v6 { 6 } else { 4 }, kind.name());
        if !self.open.contains_key(&name) {
            let file = File::create_new(self.folder.join(format!("{name}.csv")))?;
            let mut writer = WriterBuilder::new().quote_style(QuoteStyle::Always).from_writer(file);
            let columns = kind.columns();
            writer.write_record(&columns)?;
            self.open.insert(name.clone(), Report { columns, writer });
        }
        let Some(Report { columns, writer }) = self.open.get_mut(&name) else { return Ok(()) };
        for column in columns {
            let value = cells.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value);
            writer.write_field(cell::text(value).as_bytes())?;
        }
        Ok(writer.write_record(None::<&[u8]>)?)
    }
}

impl Sink for Reports {
    fn add(&mut self, recorded: &Recorded) -> io::Result<bool> {
        let id = ("event_id", format!("{}-{}", recorded.id.store, recorded.id.sequence));
        match &recorded.event {
            Event::Dns(question) => {
                let mut cells = origin(&question.origin, question.transport, "info");
                cells.extend(held(&question.held));
                cells.push(("query_type", type_name(question.qtype)));
                cells.push(("query", question.name.to_string()));
                cells.push(("count", "1".to_owned()));
                self.row(Kind::Dns, question.origin.source.is_ipv6(), &cells)?;
            }
            Event::Http(request) => {
                let severity = if request.has_referer { "info" } else { "critical" };
                let mut cells = origin(&request.origin, Transport::Tcp, severity);
                cells.extend(request.held.iter().flat_map(held));
                cells.push(("application", "http".to_owned()));
                cells.push(id);
                let (method, path) = (printable(&request.method), printable(&request.path));
                cells.push(("http_url", format!("{method} {path}")));
                cells.push(("http_host", printable(&request.host)));
                cells.push(("http_agent", printable(&request.user_agent)));
                let kind = if request.has_referer { Kind::Referer } else { Kind::Http };
                self.row(kind, request.origin.source.is_ipv6(), &cells)?;
            }
            Event::Tcp(connection) if !connection.http => {
                let mut cells = origin(&connection.origin, Transport::Tcp, "critical");
                cells.push(id);
                self.row(Kind::Sinkhole, connection.origin.source.is_ipv6(), &cells)?;
            }
            Event::Tls(hello) => {
                let mut cells = origin(&hello.origin, Transport::Tcp, "critical");
                cells.extend(hello.held.iter().flat_map(held));
                cells.push(("application", "tls".to_owned()));
                cells.push(("ssl_servername", printable(&hello.server_name)));
                cells.push(id);
                self.row(Kind::Sinkhole, hello.origin.source.is_ipv6(), &cells)?;
            }
            Event::Tcp(_) | Event::Octets(_) | Event::Counters(_) => return Ok(false),
        }
        Ok(true)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.open.into_values().try_for_each(|mut report| report.writer.flush())
    }
}

/// The cells that say where an event came from.
fn origin(origin: &Origin, over: Transport, severity: &str) -> Vec<(&'static str, String)> {
    let destination = origin.destination.ip();
    // A listener on all addresses does not say which one was meant.
    let own = if destination.is_unspecified() { String::new() } else { destination.to_string() };
    vec![
        ("timestamp", time(origin.at)),
        ("protocol", transport(over).to_owned()),
        ("src_ip", origin.source.ip().to_string()),
        ("src_port", origin.source.port().to_string()),
        ("severity", severity.to_owned()),
        ("dst_ip", own),
        ("dst_port", origin.destination.port().to_string()),
    ]
}

/// The cells that say what a name was held for.
fn held(held: &Held) -> [(&'static str, String); 3] {
    let tag = held.preset.clone().unwrap_or_default();
    [("infection", held.label.clone()), ("family", held.label.clone()), ("tag", tag)]
}

/// UTC to the second, as Shadowserver writes it.
fn time(at: DateTime<Utc>) -> String {
    at.format("%F %T").to_string()
}
