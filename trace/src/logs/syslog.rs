//! What stands before a server's own words in a line: nothing, a stamp, or the header of syslog.

use chrono::{DateTime, Utc};

use super::settings::Settings;
use super::stamp;

/// A line taken apart.
#[derive(Debug, PartialEq)]
pub(super) struct Line<'t> {
    /// Its stamp.
    pub(super) at: Option<DateTime<Utc>>,
    /// The program that wrote it, without the number of its process.
    pub(super) program: Option<&'t str>,
    /// What it says.
    pub(super) message: &'t str,
}

/// Takes a line apart: `STAMP HOST PROGRAM[PID]: MESSAGE` (RFC 3164 section 4.1, also with the stamp of RFC 3339 that
/// rsyslog writes), with or without the priority, the stamp or the host before the program; or RFC 5424.
pub(super) fn split<'t>(line: &'t str, settings: &Settings) -> Line<'t> {
    let text = without_priority(line);
    if let Some(line) = rfc5424(text, settings) {
        return line;
    }
    let (at, text) = match stamp::yearless(text, settings).or_else(|| stamp::iso(text, settings)) {
        Some((at, rest)) if rest.starts_with(' ') => (Some(at), &rest[1..]),
        _ => (None, text),
    };
    if let Some((program, message)) = tag(text) {
        return Line { at, program: Some(program), message };
    }
    // A host stands only behind a stamp.
    let behind_host = text.split_once(' ').filter(|_| at.is_some()).and_then(|(_, rest)| tag(rest));
    match behind_host {
        Some((program, message)) => Line { at, program: Some(program), message },
        None => Line { at, program: None, message: text },
    }
}

/// `<30>` at the beginning of a message that came over the network.
fn without_priority(text: &str) -> &str {
    let Some((number, rest)) = text.strip_prefix('<').and_then(|text| text.split_once('>')) else { return text };
    let is_priority = (1..=3).contains(&number.len()) && number.bytes().all(|octet| octet.is_ascii_digit());
    if is_priority { rest } else { text }
}

/// `PROGRAM[PID]: MESSAGE` or `PROGRAM: MESSAGE`; Unbound's own log has `unbound[PID:THREAD] MESSAGE`.
fn tag(text: &str) -> Option<(&str, &str)> {
    let (word, message) = text.split_once(' ')?;
    let (name, process) = match word.strip_suffix(':') {
        Some(word) => word.split_once('[').map_or((word, None), |(name, process)| (name, Some(process))),
        None => word.split_once('[').map(|(name, process)| (name, Some(process)))?,
    };
    let in_brackets = process.is_none_or(|process| process.ends_with(']'));
    let is_program =
        name.bytes().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'/' | b'.' | b'+'));
    (in_brackets && is_program && !name.is_empty()).then_some((name, message))
}

/// RFC 5424 section 6: `1 STAMP HOST PROGRAM PID MSGID STRUCTURED-DATA MESSAGE`.
fn rfc5424<'t>(text: &'t str, settings: &Settings) -> Option<Line<'t>> {
    let text = text.strip_prefix("1 ")?;
    let (at, text) = if let Some(text) = text.strip_prefix("- ") {
        (None, text)
    } else {
        let (at, rest) = stamp::iso(text, settings)?;
        (Some(at), rest.strip_prefix(' ')?)
    };
    let mut parts = text.splitn(5, ' ');
    let (_host, program, _process, _message_id) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let mut rest = parts.next()?;
    match rest.strip_prefix('-') {
        Some(after) => rest = after,
        // Elements in brackets one after the other; a `]` inside of a value is escaped.
        None => {
            while let Some(element) = rest.strip_prefix('[') {
                let mut escaped = false;
                let end = element.bytes().position(|octet| {
                    let ends = octet == b']' && !escaped;
                    escaped = octet == b'\\' && !escaped;
                    ends
                })?;
                rest = &element[end + 1..];
            }
        }
    }
    let message = rest.strip_prefix(' ').unwrap_or(rest);
    let message = message.strip_prefix('\u{feff}').unwrap_or(message);
    Some(Line { at, program: (program != "-").then_some(program), message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_all_kinds() {
        let settings = Settings::new("2026-11-22T12:00:00Z".parse().unwrap());
        let at = Some("2026-11-22T08:00:00Z".parse().unwrap());
        for (line, at, program, message) in [
            ("Nov 22 08:00:00 ns1 named[7]: client x", at, Some("named"), "client x"),
            ("<30>Nov 22 08:00:00 ns1 named[7]: client x", at, Some("named"), "client x"),
            ("2026-11-22T08:00:00.000000+00:00 ns1 named[7]: client x", at, Some("named"), "client x"),
            ("Nov 22 08:00:00 dnsmasq[7]: query[A] x", at, Some("dnsmasq"), "query[A] x"),
            ("dnsmasq: query[A] x", None, Some("dnsmasq"), "query[A] x"),
            ("Nov 22 08:00:00 unbound[7:0] info: x", at, Some("unbound"), "info: x"),
            ("<30>1 2026-11-22T08:00:00Z ns1 named 7 - - client x", at, Some("named"), "client x"),
            (r#"<30>1 2026-11-22T08:00:00Z ns1 named 7 - [a b="\]"][c] client x"#, at, Some("named"), "client x"),
            ("2026-11-22T08:00:00.000Z client @0x1 127.0.0.1#1 (x): y", at, None, "client @0x1 127.0.0.1#1 (x): y"),
            ("client @0x1 127.0.0.1#1 (x): y", None, None, "client @0x1 127.0.0.1#1 (x): y"),
            ("", None, None, ""),
        ] {
            assert_eq!(split(line, &settings), Line { at, program, message }, "{line}");
        }
    }
}
