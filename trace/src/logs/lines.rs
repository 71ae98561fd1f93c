//! Text, line by line: both ends of line, a byte order mark, and lines that are too long or not UTF-8.

use std::io;
use std::ops::ControlFlow;

use memchr::memchr;

use super::entry::{Damage, Entry, Reason};
use super::format::Visit;
use super::input::Input;

/// The longest line of a text log: no server writes one a tenth as long.
pub(super) const LONGEST: usize = 64 * 1024;
/// The longest line with a JSON object: answers with many records and their metadata stay below it.
pub(super) const LONGEST_JSON: usize = 1024 * 1024;
/// U+FEFF, which programs of Windows write before text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Visits every line that is not empty. What cannot be taken as a line is told to the visitor as damage.
///
/// # Errors
///
/// The source fails.
pub(super) fn each(
    input: &mut Input<'_>,
    limit: usize,
    visit: &mut Visit<'_>,
    mut take: impl FnMut(u64, &str, &mut Visit<'_>) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut one = |offset: u64, line: &[u8], visit: &mut Visit<'_>| {
        if line.len() > limit {
            return visit(Entry::Damaged(Damage { offset, reason: Reason::LineTooLong { limit } }));
        }
        let (line, offset) = match line.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) if offset == 0 => (rest, BYTE_ORDER_MARK.len() as u64),
            _ => (line, offset),
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match std::str::from_utf8(line) {
            Ok("") => ControlFlow::Continue(()),
            Ok(line) => take(offset, line, visit),
            Err(_) => visit(Entry::Damaged(Damage { offset, reason: Reason::NotText })),
        }
    };
    loop {
        let (mut at, mut enough) = (0, false);
        let window = input.available();
        while let Some(length) = memchr(b'\n', &window[at..]) {
            let flow = one(input.offset() + at as u64, &window[at..at + length], visit);
            at += length + 1;
            if flow.is_break() {
                enough = true;
                break;
            }
        }
        input.consume(at);
        if enough {
            return Ok(());
        }
        if input.available().len() > limit {
            let offset = input.offset();
            pass_line(input)?;
            if visit(Entry::Damaged(Damage { offset, reason: Reason::LineTooLong { limit } })).is_break() {
                return Ok(());
            }
        } else if !input.more()? {
            let _ = one(input.offset(), input.available(), visit);
            input.consume(input.available().len());
            return Ok(());
        }
    }
}

/// Uses everything up to the next line.
fn pass_line(input: &mut Input<'_>) -> io::Result<()> {
    loop {
        let window = input.available();
        if let Some(length) = memchr(b'\n', window) {
            input.consume(length + 1);
            return Ok(());
        }
        input.consume(window.len());
        if !input.more()? {
            return Ok(());
        }
    }
}

/// The lines of a stream's head that are text, without white space around them and without empty ones.
pub(super) fn of_head(head: &[u8]) -> impl Iterator<Item = &str> {
    let head = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head);
    head.split(|octet| *octet == b'\n')
        .filter_map(|line| std::str::from_utf8(line).ok())
        .map(str::trim)
        .filter(|line| !line.is_empty())
}

/// A name as a log spells it, without the dot at its end; nothing if it cannot be one.
///
/// The limit is that of the presentation form: 255 octets (RFC 1035 section 3.1), each written with up to four
/// characters.
pub(super) fn name(text: &str) -> Option<&str> {
    let short = match text.strip_suffix('.') {
        // A dot that is part of the last label is written `\.`, and an octet before it may be `\\`.
        Some(rest) if rest.bytes().rev().take_while(|octet| *octet == b'\\').count() % 2 == 0 => rest,
        _ => text,
    };
    match short {
        "" => (text == ".").then_some(text),
        _ => (short.len() <= 4 * 255).then_some(short),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], limit: usize) -> Vec<String> {
        let seen = std::cell::RefCell::new(Vec::new());
        let mut visit = |entry: Entry<'_>| {
            let Entry::Damaged(damage) = entry else { panic!("{entry:?}") };
            seen.borrow_mut().push(damage.to_string());
            ControlFlow::Continue(())
        };
        each(&mut Input::new(text), limit, &mut visit, |offset, line, _| {
            seen.borrow_mut().push(format!("{offset} {line}"));
            ControlFlow::Continue(())
        })
        .unwrap();
        seen.into_inner()
    }

    #[test]
    fn both_ends_of_line_and_a_mark_before_the_text() {
        assert_eq!(read(b"\xef\xbb\xbfa\r\n\r\n\nbc\nd", 10), ["3 a", "9 bc", "12 d"]);
    }

    #[test]
    fn lines_that_are_none_are_named_by_offset() {
        let seen = read(b"a\n\xff\nlonger than that\nb\nlonger than that", 10);
        let too_long = "the line is longer than 10 octets";
        let expected = ["0 a", "at octet 2: the line is not UTF-8", &format!("at octet 4: {too_long}"), "21 b"];
        assert_eq!(seen[..4], expected);
        assert_eq!(seen[4..], [format!("at octet 23: {too_long}")]);
    }

    #[test]
    fn a_line_beyond_the_window_is_passed_over() {
        let mut text = vec![b'x'; 1_000_000];
        text.extend(b"\nshort");
        assert_eq!(read(&text, 100), ["at octet 0: the line is longer than 100 octets", "1000001 short"]);
    }

    #[test]
    fn the_dot_at_the_end_is_left_out() {
        assert_eq!(
            ["a.b.", "a.b", ".", "", r"a\.", r"a\\."].map(name),
            [Some("a.b"), Some("a.b"), Some("."), None, Some(r"a\."), Some(r"a\\")]
        );
        assert_eq!(name(&"x".repeat(2000)), None);
    }
}
