//! Plain lists: one name a line, with comments.

use std::io;
use std::ops::ControlFlow;

use super::super::entry::{Damage, Entry, Lookup, Part, Reason};
use super::super::format::{Format, Info, Visit};
use super::super::input::Input;
use super::super::settings::Settings;
use super::super::{columns, lines};

/// Plain lists.
pub(super) struct Lines;

static INFO: Info = Info { name: "lines", about: "names, one a line; `#` begins a comment", text: true };

impl Format for Lines {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn detects(&self, head: &[u8]) -> bool {
        if memchr::memchr(0, head).is_some() {
            return false;
        }
        let mut names = lines::of_head(head).map(without_comment).filter(|line| !line.is_empty()).peekable();
        if names.peek().is_none_or(|first| columns::is_name(first)) {
            return false;
        }
        // A few lines may be damaged.
        let foreign = |line: &&str| line.contains([',', ';', '"', '{', '[', '<', ' ', '\t', '|']);
        let (foreign, names): (Vec<_>, Vec<_>) = names.partition(foreign);
        foreign.len() < names.len()
    }

    fn read(&self, input: &mut Input<'_>, _: &Settings, visit: &mut Visit<'_>) -> io::Result<()> {
        lines::each(input, lines::LONGEST, visit, |offset, line, visit| {
            let text = without_comment(line);
            if text.is_empty() {
                return ControlFlow::Continue(());
            }
            visit(match lines::name(text) {
                Some(name) if !text.contains([' ', '\t']) => {
                    Entry::Lookup(Lookup { offset, at: None, client: None, name, part: Part::Question, rcode: None })
                }
                _ => Entry::Damaged(Damage { offset, reason: Reason::NotOneName }),
            })
        })
    }
}

/// A line without white space around it and without its comment, which begins the line or stands behind white space.
fn without_comment(line: &str) -> &str {
    let begins = |at: &usize| *at == 0 || line[..*at].ends_with([' ', '\t']);
    let end = memchr::memchr_iter(b'#', line.as_bytes()).find(begins).unwrap_or(line.len());
    line[..end].trim()
}
