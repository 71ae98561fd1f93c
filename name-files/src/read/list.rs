//! Plain lists: one name a line, with comments.

use std::net::IpAddr;

use dga::Period;

use super::Each;
use super::error::Error;
use super::lines::{Lines, NO_LIST};
use crate::row::Row;

/// Visits every name; all are of this family.
pub(super) fn visit<E: From<Error>>(mut lines: Lines, family: &str, visit: &mut Each<'_, E>) -> Result<(), E> {
    let mut index = 0;
    loop {
        let Some(line) = lines.peek()? else { return Ok(()) };
        // A comment ends a line, and begins it or stands after a blank.
        let text = line.text;
        let comment = text.match_indices('#').find(|(at, _)| *at == 0 || text[..*at].ends_with([' ', '\t']));
        let name = text[..comment.map_or(text.len(), |(at, _)| at)].trim();
        if !name.is_empty() {
            let row = match objection(name) {
                Some((reason, hint)) => Err(line.wrong(reason, hint)),
                None => Ok(Row { family, variant: "", preset: "", name, valid: Period::ALWAYS, index }),
            };
            visit(line.number, row)?;
            index += 1;
        }
        lines.skip();
    }
}

/// What a line is if it is not a name, and what to do; whether a word is a legal host name is decided later.
fn objection(line: &str) -> Option<(&'static str, &'static str)> {
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or_default();
    let names_only = "give one name a line";
    if first.parse::<IpAddr>().is_ok() {
        return Some(match words.next() {
            Some(_) => ("this is a line of a hosts file", "give the names only: `awk '!/^#/ {print $2}' FILE`"),
            None => ("this is an address, not a name", names_only),
        });
    }
    if line.contains(',') || line.contains(';') {
        let hint =
            "of CSV, only files of `hydrabane generate` with their header are read; give others as one name a line";
        return Some(("this is a line of a table without the header of ours", hint));
    }
    if words.next().is_some() {
        return Some(("this is more than one word", names_only));
    }
    if line.starts_with('<') {
        return Some(("this is a page, not a list", NO_LIST));
    }
    None
}
