//! Unbound's own log (unbound.conf(5): `log-queries`, `log-replies`, `log-tag-queryreply`, `log-time-ascii`,
//! `log-time-iso`), as it writes it to a file or to syslog.
//!
//! ```text
//! [1795334400] unbound[811:0] info: 192.0.2.7 a.test. A IN
//! [1795334400] unbound[811:0] info: 192.0.2.7 a.test. A IN NXDOMAIN 0.012345 0 99
//! Nov 22 08:00:00 ns1 unbound[811]: [811:0] reply: 192.0.2.7 a.test. A IN NOERROR 0.000000 1 40
//! ```

use std::io;

use chrono::{DateTime, Utc};

use super::super::entry::{Client, Damage, Entry, Lookup, Part, Reason};
use super::super::format::{Format, Info, Visit};
use super::super::input::Input;
use super::super::settings::Settings;
use super::super::{lines, rcode, stamp, syslog};

/// Unbound's log.
pub(super) struct Unbound;

static INFO: Info =
    Info { name: "unbound", about: "Unbound's queries and replies, from its file or from syslog", text: true };

impl Format for Unbound {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn detects(&self, head: &[u8]) -> bool {
        let settings = Settings::new(DateTime::UNIX_EPOCH);
        lines::of_head(head).any(|line| split(line, &settings).1.is_some())
    }

    fn read(&self, input: &mut Input<'_>, settings: &Settings, visit: &mut Visit<'_>) -> io::Result<()> {
        lines::each(input, lines::LONGEST, visit, |offset, line, visit| {
            let (at, message) = split(line, settings);
            let asked = message.and_then(asked);
            visit(match asked {
                None => Entry::Other { offset },
                Some((client, words)) => match lookup(words) {
                    Some((name, part, rcode)) => {
                        Entry::Lookup(Lookup { offset, at, client: Some(client), name, part, rcode })
                    }
                    None => Entry::Damaged(Damage { offset, reason: Reason::NotALookup { format: INFO.name } }),
                },
            })
        })
    }
}

/// The stamp of a line, and what Unbound says in it if it is Unbound's.
fn split<'t>(line: &'t str, settings: &Settings) -> (Option<DateTime<Utc>>, Option<&'t str>) {
    if let Some((at, message)) = own(line) {
        return (Some(at), Some(message));
    }
    let line = syslog::split(line, settings);
    (line.at, line.program.filter(|program| *program == "unbound").map(|_| line.message))
}

/// The stamp and message of a line in the form that only Unbound has: `[SECONDS] IDENTITY[PID:THREAD] `. The identity is
/// `unbound` unless `log-identity` says otherwise.
fn own(line: &str) -> Option<(DateTime<Utc>, &str)> {
    let (at, rest) = stamp::epoch(line.strip_prefix('[')?)?;
    let (tag, message) = rest.strip_prefix("] ")?.split_once("] ")?;
    let (process, thread) = tag.rsplit_once('[')?.1.split_once(':')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_hexdigit());
    (is_number(process) && is_number(thread)).then_some((at, message))
}

/// The client, and what Unbound says of it; nothing if the message is not about a client's question.
fn asked(message: &str) -> Option<(Client<'_>, &str)> {
    // syslog's header says the process, and Unbound then says the thread: `[811:0] `.
    let message = match message.strip_prefix('[') {
        Some(rest) => rest.split_once("] ")?.1,
        None => message,
    };
    let message = ["info: ", "query: ", "reply: "].iter().find_map(|kind| message.strip_prefix(kind))?;
    let (client, words) = message.split_once(' ')?;
    let address = client.split_once('%').map_or(client, |(address, _)| address).parse().ok()?;
    Some((Client::Address(address), words))
}

/// `a.test. A IN`, and of a reply the code behind it.
fn lookup(words: &str) -> Option<(&str, Part, Option<u16>)> {
    let mut words = words.split_ascii_whitespace();
    let name = lines::name(words.next()?)?;
    let (_kind, _class) = (words.next()?, words.next()?);
    Some(match words.next() {
        Some(code) => (name, Part::Answer, rcode::number(code)),
        None => (name, Part::Question, None),
    })
}
