//! BIND's query log (BIND 9 Administrator Reference Manual, "The category Phrase", categories `queries`,
//! `query-errors` and `responses`), as `named` writes it to a file or to syslog.
//!
//! ```text
//! 22-Nov-2026 08:00:00.123 queries: info: client @0x7f2c8c0b5d68 192.0.2.7#53211 (a.test): view x: query: a.test IN A +E(0)K (192.0.2.53)
//! ```
//!
//! The stamp is `print-time`'s (`local`, `iso8601`, `iso8601-utc`, `iso8601-tzinfo` or none); category and severity are
//! there if asked for. Releases before 9.11 write no `@0x…`, before 9.10 no name in parentheses.

use std::io;

use chrono::{DateTime, Utc};

use super::super::entry::{Client, Damage, Entry, Lookup, Part, Reason};
use super::super::format::{Format, Info, Visit};
use super::super::input::Input;
use super::super::settings::Settings;
use super::super::{lines, rcode, stamp, syslog};

/// BIND's query log.
pub(super) struct Bind;

static INFO: Info =
    Info { name: "bind", about: "BIND's query log, from a file or from syslog, in any form of time stamp", text: true };

impl Format for Bind {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn detects(&self, head: &[u8]) -> bool {
        // The stamp's moment is of no matter here.
        let settings = Settings::new(DateTime::UNIX_EPOCH);
        lines::of_head(head).any(|line| {
            let (_, message) = split(line, &settings);
            matches!(message.map(said), Some(Said::Lookup { .. }))
                || stamp::bind(line, &settings).is_some_and(|(_, rest)| rest.starts_with(' '))
        })
    }

    fn read(&self, input: &mut Input<'_>, settings: &Settings, visit: &mut Visit<'_>) -> io::Result<()> {
        lines::each(input, lines::LONGEST, visit, |offset, line, visit| {
            let (at, message) = split(line, settings);
            visit(match message.map_or(Said::Other, said) {
                Said::Lookup { client, name, part, rcode } => {
                    Entry::Lookup(Lookup { offset, at, client, name, part, rcode })
                }
                Said::Other => Entry::Other { offset },
                Said::Broken => Entry::Damaged(Damage { offset, reason: Reason::NotALookup { format: INFO.name } }),
            })
        })
    }
}

/// What a message says.
enum Said<'t> {
    /// It tells of a look-up.
    Lookup { client: Option<Client<'t>>, name: &'t str, part: Part, rcode: Option<u16> },
    /// It is about something else.
    Other,
    /// It begins as one about a look-up does.
    Broken,
}

/// The stamp of a line, and what it says of a client if it does.
fn split<'t>(line: &'t str, settings: &Settings) -> (Option<DateTime<Utc>>, Option<&'t str>) {
    let (at, text) = if let Some((at, rest)) = stamp::bind(line, settings) {
        (Some(at), rest.trim_start())
    } else {
        let line = syslog::split(line, settings);
        match line.program {
            // Category and severity look like a program.
            Some("named" | "queries" | "query-errors" | "responses" | "info") | None => {}
            Some(_) => return (line.at, None),
        }
        (line.at, line.message)
    };
    // syslog may keep BIND's own stamp behind its header.
    let text = stamp::bind(text, settings).map_or(text, |(_, rest)| rest.trim_start());
    let mut text = text;
    loop {
        if let Some(rest) = text.strip_prefix("client ") {
            return (at, Some(rest));
        }
        // Category and severity: `queries: `, `info: `, `debug 1: `.
        match text.split_once(": ") {
            Some((word, rest)) if word.len() <= 20 && !word.contains(['(', '#', '@']) => text = rest,
            _ => return (at, None),
        }
    }
}

/// What a message says, after `client `.
fn said(text: &str) -> Said<'_> {
    const QUERY: &str = ": query: ";
    const RESPONSE: &str = ": response: ";
    const FAILED: &str = ": query failed (";
    // `@0x7f2c8c0b5d68 ` tells clients apart in the server's own memory.
    let text = match text.strip_prefix("@0x") {
        Some(rest) => rest.split_once(' ').map_or("", |(_, rest)| rest),
        None => text,
    };
    let Some((address, _)) = text.split_once('#') else { return Said::Other };
    // A link-local address is followed by its interface.
    let client = Client::of(address.split_once('%').map_or(address, |(address, _)| address));
    let is_address = matches!(client, Some(Client::Address(_)));
    let (name, part, rcode) = if let Some((_, rest)) = text.split_once(QUERY) {
        let mut words = rest.split(' ');
        let (name, class, kind) = (words.next(), words.next(), words.next());
        (name.filter(|_| class.is_some() && kind.is_some()), Part::Question, None)
    } else if let Some((_, rest)) = text.split_once(FAILED) {
        // `query failed (SERVFAIL) for a.test/IN/A at query.c:7804`
        let Some((code, rest)) = rest.split_once(") for ") else { return Said::Other };
        let name = rest.split(' ').next().and_then(|asked| asked.rsplitn(3, '/').nth(2));
        (name, Part::Answer, rcode::number(code))
    } else if let Some((_, rest)) = text.split_once(RESPONSE) {
        // `response: a.test IN A NOERROR +E(0)K 1 0 1 (192.0.2.53)`
        let mut words = rest.split(' ');
        (words.next(), Part::Answer, words.nth(2).and_then(rcode::number))
    } else {
        return Said::Other;
    };
    match name.and_then(lines::name) {
        Some(name) if is_address => Said::Lookup { client, name, part, rcode },
        _ => Said::Broken,
    }
}
