//! Suricata's eve.json (Suricata User Guide, "EVE JSON Format", event type `dns`): versions 1 and 2 with `dns.rrname`,
//! version 3 with `dns.queries`. Events of other types are other records.

use std::borrow::Cow;
use std::io;
use std::net::IpAddr;
use std::ops::ControlFlow;

use memchr::memmem;
use serde::Deserialize;

use super::super::entry::{Client, Damage, Entry, Lookup, Part, Reason};
use super::super::format::{Format, Info, Visit};
use super::super::input::Input;
use super::super::json::{self, Text};
use super::super::settings::Settings;
use super::super::{lines, rcode, stamp};

/// Suricata's eve.json.
pub(super) struct Suricata;

static INFO: Info = Info { name: "suricata", about: "DNS events of Suricata's eve.json", text: true };

impl Format for Suricata {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn detects(&self, head: &[u8]) -> bool {
        let has = |line: &str, text: &str| memmem::find(line.as_bytes(), text.as_bytes()).is_some();
        lines::of_head(head)
            .any(|line| line.starts_with('{') && has(line, r#""event_type""#) && has(line, r#""timestamp""#))
    }

    fn read(&self, input: &mut Input<'_>, settings: &Settings, visit: &mut Visit<'_>) -> io::Result<()> {
        let dns = memmem::Finder::new(r#""dns""#);
        lines::each(input, lines::LONGEST_JSON, visit, |offset, line, visit| {
            // Most events are not of this type, and a damaged one that is not cannot be told from them.
            if dns.find(line.as_bytes()).is_none() && line.starts_with('{') && line.trim_end().ends_with('}') {
                return visit(Entry::Other { offset });
            }
            match serde_json::from_str::<Event<'_>>(line) {
                Err(error) => visit(Entry::Damaged(Damage { offset, reason: json::complaint(&error) })),
                Ok(event) => match &event.dns {
                    Some(dns) if event.is_of_dns() && !dns.is_empty() => tell(offset, &event, dns, settings, visit),
                    _ => visit(Entry::Other { offset }),
                },
            }
        })
    }
}

/// Visits the questions of an event: one, but in version 3 a list.
fn tell(offset: u64, event: &Event<'_>, dns: &Dns<'_>, settings: &Settings, visit: &mut Visit<'_>) -> ControlFlow<()> {
    let is_answer = matches!(dns.kind.as_ref().map(|Text(kind)| &**kind), Some("answer" | "response"));
    // Some releases give an answer the addresses of its packet, others those of the query's. The ports tell which: an
    // answer's packet comes from the server's port, and goes to one that is none.
    let serves = |port: Option<u16>| port.is_some_and(|port| settings.ports.contains(&port));
    let from_server = is_answer && serves(event.src_port) && !serves(event.dest_port);
    let client = if from_server { &event.dest_ip } else { &event.src_ip };
    let client = client.as_ref().and_then(|Text(text)| text.parse::<IpAddr>().ok()).map(Client::Address);
    let at = event.timestamp.as_ref().and_then(|Text(text)| stamp::any(text, settings));
    // A request of version 3 has the code that its header happens to hold.
    let rcode = dns.rcode.as_ref().filter(|_| is_answer).and_then(|Text(code)| rcode::number(code));
    let part = if is_answer { Part::Answer } else { Part::Question };
    for Text(name) in dns.rrname.iter().chain(dns.queries.iter().flatten().filter_map(|query| query.rrname.as_ref())) {
        // A question for the root has an empty name.
        let name: &Cow<'_, str> = name;
        visit(match lines::name(if name.is_empty() { "." } else { name }) {
            Some(name) => Entry::Lookup(Lookup { offset, at, client, name, part, rcode }),
            None => Entry::Damaged(Damage { offset, reason: Reason::NotOneName }),
        })?;
    }
    ControlFlow::Continue(())
}

/// One event.
#[derive(Deserialize)]
struct Event<'j> {
    #[serde(borrow, rename = "event_type")]
    kind: Option<Text<'j>>,
    #[serde(borrow)]
    dns: Option<Dns<'j>>,
    #[serde(borrow)]
    timestamp: Option<Text<'j>>,
    #[serde(borrow)]
    src_ip: Option<Text<'j>>,
    src_port: Option<u16>,
    #[serde(borrow)]
    dest_ip: Option<Text<'j>>,
    dest_port: Option<u16>,
}

impl Event<'_> {
    /// Whether it is of the type that tells of look-ups.
    fn is_of_dns(&self) -> bool {
        self.kind.as_ref().is_some_and(|Text(kind)| kind == "dns")
    }
}

/// Its part about DNS.
#[derive(Deserialize)]
struct Dns<'j> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'j>>,
    #[serde(borrow)]
    rrname: Option<Text<'j>>,
    #[serde(borrow)]
    rcode: Option<Text<'j>>,
    #[serde(borrow)]
    queries: Option<Vec<Query<'j>>>,
}

impl Dns<'_> {
    /// Whether it tells of no question, as answers to a message without one.
    fn is_empty(&self) -> bool {
        self.rrname.is_none()
            && self.queries.as_ref().is_none_or(|queries| queries.iter().all(|query| query.rrname.is_none()))
    }
}

/// A question of version 3.
#[derive(Deserialize)]
struct Query<'j> {
    #[serde(borrow)]
    rrname: Option<Text<'j>>,
}
