//! An event as a row: the same columns in CSV and in Parquet. A column that does not belong to a row's kind is empty.

use chrono::{DateTime, Utc};

use super::name_text::printable;
use crate::event::{Event, Held, Origin, Transport};
use crate::report::type_name;
use crate::store::Recorded;
use crate::wire::CLASS_IN;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Words.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// An instant.
    Time,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing: the column does not belong to the row's kind.
    Empty,
    /// Words.
    Text(String),
    /// A whole number.
    Number(u64),
    /// Yes or no.
    Flag(bool),
    /// An instant.
    Time(DateTime<Utc>),
}

/// Every column, in order, with its name.
pub(super) const COLUMNS: [(&str, Of); 40] = [
    ("store", Of::Text),
    ("sequence", Of::Number),
    ("time", Of::Time),
    ("kind", Of::Text),
    ("source", Of::Text),
    ("source_port", Of::Number),
    ("destination", Of::Text),
    ("destination_port", Of::Number),
    ("transport", Of::Text),
    ("id", Of::Number),
    ("name", Of::Text),
    ("type", Of::Text),
    ("class", Of::Number),
    ("rcode", Of::Number),
    ("recursion_desired", Of::Flag),
    ("mixed_case", Of::Flag),
    ("truncated", Of::Flag),
    ("valid_cookie", Of::Flag),
    ("udp_size", Of::Number),
    ("client_subnet", Of::Text),
    ("held_name", Of::Text),
    ("label", Of::Text),
    ("preset", Of::Text),
    ("period", Of::Time),
    ("index", Of::Number),
    ("method", Of::Text),
    ("host", Of::Text),
    ("path", Of::Text),
    ("user_agent", Of::Text),
    ("has_referer", Of::Flag),
    ("body_length", Of::Number),
    ("http", Of::Flag),
    ("server_name", Of::Text),
    ("length", Of::Number),
    ("refused", Of::Number),
    ("malformed", Of::Number),
    ("limited", Of::Number),
    ("dropped", Of::Number),
    ("unrecorded", Of::Number),
    ("turned_away", Of::Number),
];

/// The cells of an event, in the order of [`COLUMNS`].
pub(super) fn cells(recorded: &Recorded) -> [Cell; COLUMNS.len()] {
    let mut row = Row(std::array::from_fn(|_| Cell::Empty));
    row.put("store", Cell::Text(recorded.id.store.to_string()));
    row.put("sequence", Cell::Number(recorded.id.sequence));
    match &recorded.event {
        Event::Dns(question) => {
            row.put("kind", Cell::Text("dns".into()));
            row.origin(&question.origin);
            row.put("transport", Cell::Text(transport(question.transport).into()));
            row.put("id", Cell::Number(question.id.into()));
            row.put("name", Cell::Text(question.name.to_string()));
            row.put("type", Cell::Text(type_name(question.qtype)));
            row.put("class", Cell::Number(CLASS_IN.into()));
            row.put("rcode", Cell::Number(question.rcode.into()));
            row.put("recursion_desired", Cell::Flag(question.recursion_desired));
            row.put("mixed_case", Cell::Flag(question.mixed_case));
            row.put("truncated", Cell::Flag(question.truncated));
            row.put("valid_cookie", Cell::Flag(question.valid_cookie));
            if let Some(size) = question.udp_size {
                row.put("udp_size", Cell::Number(size.into()));
            }
            if let Some(subnet) = question.client_subnet {
                row.put("client_subnet", Cell::Text(format!("{}/{}", subnet.address, subnet.prefix)));
            }
            row.held(&question.held);
        }
        Event::Http(request) => {
            row.put("kind", Cell::Text("http".into()));
            row.origin(&request.origin);
            row.put("transport", Cell::Text(transport(Transport::Tcp).into()));
            row.put("method", Cell::Text(printable(&request.method)));
            row.put("host", Cell::Text(printable(&request.host)));
            row.put("path", Cell::Text(printable(&request.path)));
            row.put("user_agent", Cell::Text(printable(&request.user_agent)));
            row.put("has_referer", Cell::Flag(request.has_referer));
            row.put("body_length", Cell::Number(request.body_length));
            if let Some(held) = &request.held {
                row.held(held);
            }
        }
        Event::Tcp(connection) => {
            row.put("kind", Cell::Text("tcp".into()));
            row.origin(&connection.origin);
            row.put("transport", Cell::Text(transport(Transport::Tcp).into()));
            row.put("http", Cell::Flag(connection.http));
        }
        Event::Tls(hello) => {
            row.put("kind", Cell::Text("tls".into()));
            row.origin(&hello.origin);
            row.put("transport", Cell::Text(transport(Transport::Tcp).into()));
            row.put("http", Cell::Flag(hello.http));
            row.put("server_name", Cell::Text(printable(&hello.server_name)));
            if let Some(held) = &hello.held {
                row.held(held);
            }
        }
        Event::Octets(octets) => {
            row.put("kind", Cell::Text("octets".into()));
            row.origin(&octets.origin);
            row.put("transport", Cell::Text(transport(Transport::Tcp).into()));
            row.put("http", Cell::Flag(octets.http));
            row.put("length", Cell::Number(octets.length));
        }
        Event::Counters(counters) => {
            row.put("kind", Cell::Text("counters".into()));
            row.put("time", Cell::Time(counters.minute));
            let counts = counters.counts;
            row.put("refused", Cell::Number(counts.refused));
            row.put("malformed", Cell::Number(counts.malformed));
            row.put("limited", Cell::Number(counts.limited));
            row.put("dropped", Cell::Number(counts.dropped));
            row.put("unrecorded", Cell::Number(counts.unrecorded));
            row.put("turned_away", Cell::Number(counts.turned_away));
        }
    }
    row.0
}

/// A row in the making.
struct Row([Cell; COLUMNS.len()]);

impl Row {
    /// Fills the cell of a column. A column that is not there has no cell; a test looks for that.
    fn put(&mut self, column: &str, cell: Cell) {
        if let Some(index) = COLUMNS.iter().position(|(name, _)| *name == column) {
            self.0[index] = cell;
        }
    }

    /// Fills what says where an event came from.
    fn origin(&mut self, origin: &Origin) {
        self.put("time", Cell::Time(origin.at));
        self.put("source", Cell::Text(origin.source.ip().to_string()));
        self.put("source_port", Cell::Number(origin.source.port().into()));
        self.put("destination", Cell::Text(origin.destination.ip().to_string()));
        self.put("destination_port", Cell::Number(origin.destination.port().into()));
    }

    /// Fills what says what a name was held for.
    fn held(&mut self, held: &Held) {
        self.put("held_name", Cell::Text(held.name.to_string()));
        self.put("label", Cell::Text(held.label.clone()));
        if let Some(preset) = &held.preset {
            self.put("preset", Cell::Text(preset.clone()));
        }
        if let Some(period) = held.period {
            self.put("period", Cell::Time(period));
        }
        self.put("index", Cell::Number(held.index.into()));
    }
}

/// The word for a transport.
pub(super) fn transport(transport: Transport) -> &'static str {
    match transport {
        Transport::Udp => "udp",
        Transport::Tcp => "tcp",
    }
}
