//! What is wrong with a scenario file, and where.

use std::fmt;
use std::ops::Range;

/// One thing that is wrong: what, where in the file (in bytes), and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) also: Option<Also>,
    pub(super) hint: Option<String>,
}

/// A second place that belongs to a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Also {
    pub(super) span: Range<usize>,
    pub(super) label: String,
}

impl Problem {
    /// A problem at `span`.
    pub(super) fn at(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), also: None, hint: None }
    }

    /// The same problem with what to do about it.
    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same problem with a second place that explains it.
    #[must_use]
    pub(super) fn also(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.also = Some(Also { span, label: label.into() });
        self
    }

    /// What is wrong, in one line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    pub fn what_to_do(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Where it stands in the file, in bytes.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }
}

/// Everything that is wrong with one file, by place; never empty.
#[derive(Clone, Debug)]
pub struct Problems {
    pub(super) file: String,
    pub(super) source: Vec<u8>,
    list: Vec<Problem>,
}

impl Problems {
    /// The problems of `file`, whose content is `source`.
    pub(super) fn new(file: &str, source: &[u8], mut list: Vec<Problem>) -> Self {
        for problem in &mut list {
            problem.span = within(&problem.span, source.len());
            if let Some(also) = &mut problem.also {
                also.span = within(&also.span, source.len());
            }
        }
        list.sort_by_key(|problem| (problem.span.start, problem.span.end));
        list.dedup();
        Self { file: file.to_owned(), source: source.to_vec(), list }
    }

    /// The problems, by place.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.list.iter()
    }

    /// How many there are.
    #[allow(clippy::len_without_is_empty, reason = "there is always one")]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Line and column of a byte of the file, both from 1; columns count characters.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.source[..offset.min(self.source.len())];
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let line = before.split(|byte| *byte == b'\n').count();
        // Continuation bytes of UTF-8 belong to the character before them.
        let column = before[start..].iter().filter(|byte| **byte & 0xc0 != 0x80).count() + 1;
        (line, column)
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.render(false))
    }
}

impl std::error::Error for Problems {}

/// `span` cut to a file of `len` bytes.
fn within(span: &Range<usize>, len: usize) -> Range<usize> {
    let start = span.start.min(len);
    start..span.end.clamp(start, len)
}
