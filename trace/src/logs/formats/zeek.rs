//! Zeek's dns.log (Zeek documentation, "dns.log" and "Zeek Log Formats and Inspection"), as tab-separated values whose
//! header names separator and fields, or as JSON objects. One record tells of question and answer.

use std::io;
use std::ops::ControlFlow;

use memchr::memmem;

use super::super::entry::{Client, Damage, Entry, Lookup, Part, Reason};
use super::super::format::{Format, Info, Visit};
use super::super::input::Input;
use super::super::json;
use super::super::settings::Settings;
use super::super::{lines, stamp};

/// Zeek's dns.log.
pub(super) struct Zeek;

static INFO: Info = Info { name: "zeek", about: "Zeek's dns.log, as tab-separated values or JSON", text: true };

impl Format for Zeek {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn detects(&self, head: &[u8]) -> bool {
        let has = |line: &str, text: &str| memmem::find(line.as_bytes(), text.as_bytes()).is_some();
        let is_json = |line: &str| {
            line.starts_with('{') && has(line, r#""id.orig_h""#) && (has(line, r#""query""#) || has(line, r#""_path""#))
        };
        let mut lines = lines::of_head(head).peekable();
        lines.peek().is_some_and(|line| line.starts_with("#separator ") || line.starts_with("#fields\t"))
            || lines.any(is_json)
    }

    fn read(&self, input: &mut Input<'_>, settings: &Settings, visit: &mut Visit<'_>) -> io::Result<()> {
        let mut header = Header::default();
        let mut unescaped = String::new();
        lines::each(input, lines::LONGEST_JSON, visit, |offset, line, visit| {
            if line.starts_with('{') {
                let picked = match json::pick(line, [Some("query"), Some("ts"), Some("id.orig_h"), Some("rcode")]) {
                    Ok(picked) => picked,
                    Err(error) => {
                        return visit(Entry::Damaged(Damage { offset, reason: json::complaint(&error) }));
                    }
                };
                let [query, time, client, rcode] = picked.each_ref().map(Option::as_deref);
                return visit(told(offset, [query, time, client, rcode], &mut unescaped, settings));
            }
            if let Some(directive) = line.strip_prefix('#') {
                return match header.take(directive) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(reason) => visit(Entry::Damaged(Damage { offset, reason })),
                };
            }
            visit(header.record(offset, line, &mut unescaped, settings))
        })
    }
}

/// What the header of tab-separated values has said so far.
struct Header {
    separator: char,
    unset: String,
    /// How many fields a record has; nothing before they were named, or if they are of another log.
    fields: Option<usize>,
    time: Option<usize>,
    client: Option<usize>,
    query: usize,
    rcode: Option<usize>,
}

impl Default for Header {
    /// Zeek's defaults.
    fn default() -> Self {
        Self { separator: '\t', unset: "-".into(), fields: None, time: None, client: None, query: 0, rcode: None }
    }
}

impl Header {
    /// Takes a line that begins with `#`, without that.
    fn take(&mut self, directive: &str) -> Result<(), Reason> {
        let broken = || Reason::Header { format: INFO.name };
        if let Some(separator) = directive.strip_prefix("separator ") {
            // Written as `\x09`; it is an ASCII character.
            let octet = separator.trim().strip_prefix("\\x").map(|hex| u8::from_str_radix(hex, 16));
            self.separator = match octet {
                Some(Ok(octet)) if octet.is_ascii() => char::from(octet),
                _ => return Err(broken()),
            };
            return Ok(());
        }
        let Some((word, rest)) = directive.split_once(self.separator) else { return Ok(()) };
        match word {
            "unset_field" => rest.clone_into(&mut self.unset),
            "fields" => {
                let names: Vec<_> = rest.split(self.separator).collect();
                let place = |wanted: &str| names.iter().position(|name| *name == wanted);
                (self.time, self.client, self.rcode) = (place("ts"), place("id.orig_h"), place("rcode"));
                self.fields = None;
                self.query = place("query").ok_or_else(|| Reason::NoColumn { wanted: "query".into() })?;
                self.fields = Some(names.len());
            }
            _ => {}
        }
        Ok(())
    }

    /// What a record says.
    fn record<'t>(&self, offset: u64, line: &'t str, unescaped: &'t mut String, settings: &Settings) -> Entry<'t> {
        let Some(expected) = self.fields else { return Entry::Other { offset } };
        let (mut found, mut time, mut client, mut query, mut rcode) = (0, None, None, None, None);
        for field in line.split(self.separator) {
            let set = || (field != self.unset).then_some(field);
            let index = Some(found);
            if found == self.query {
                query = set();
            } else if index == self.time {
                time = set();
            } else if index == self.client {
                client = set();
            } else if index == self.rcode {
                rcode = set();
            }
            found += 1;
        }
        if found != expected {
            return Entry::Damaged(Damage { offset, reason: Reason::Fields { found, expected } });
        }
        told(offset, [query, time, client, rcode], unescaped, settings)
    }
}

/// What the fields of a record tell: query, time, client, code.
fn told<'t>(
    offset: u64,
    [query, time, client, rcode]: [Option<&'t str>; 4],
    unescaped: &'t mut String,
    settings: &Settings,
) -> Entry<'t> {
    // Without a query it is an answer that nobody asked for, or a message without a question.
    let Some(query) = query else { return Entry::Other { offset } };
    let Some(name) = lines::name(presentation(query, unescaped)) else {
        return Entry::Damaged(Damage { offset, reason: Reason::NotOneName });
    };
    let rcode = rcode.and_then(|code| code.parse().ok());
    let at = time.and_then(|text| stamp::any(text, settings));
    // A record with a code tells of the answer, too.
    let part = if rcode.is_some() { Part::Both } else { Part::Question };
    Entry::Lookup(Lookup { offset, at, client: client.and_then(Client::of), name, part, rcode })
}

/// A name whose octets are escaped as Zeek does (`\x1b`), with the escapes of names (`\027`).
fn presentation<'t>(name: &'t str, buffer: &'t mut String) -> &'t str {
    if !name.contains("\\x") {
        return name;
    }
    buffer.clear();
    let mut parts = name.split("\\x");
    buffer.push_str(parts.next().unwrap_or_default());
    for part in parts {
        if let Some(Ok(octet)) = part.get(..2).map(|hex| u8::from_str_radix(hex, 16)) {
            buffer.push('\\');
            for digit in [octet / 100, octet / 10 % 10, octet % 10] {
                buffer.push(char::from(b'0' + digit));
            }
            buffer.push_str(&part[2..]);
        } else {
            buffer.push_str("\\x");
            buffer.push_str(part);
        }
    }
    buffer
}
