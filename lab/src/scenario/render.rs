//! Problems as a person reads them on a terminal: what, where, an excerpt with a caret, and what to do.

use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Padding, Renderer, Snippet};

use super::problem::{Problem, Problems};

/// Problems shown of one file; whoever has more mends these first.
const SHOWN: usize = 100;

/// Characters of a line shown on either side of the place. Only generated files have longer lines.
const MARGIN: usize = 200;

impl Problems {
    /// All problems, each with an excerpt, and their number at the end.
    pub fn render(&self, coloured: bool) -> String {
        let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
        let file = safe(&self.file);
        let mut text = String::new();
        for problem in self.iter().take(SHOWN) {
            self.render_one(&renderer, &file, problem, &mut text);
        }
        let count = self.len();
        let rest = if count > SHOWN { format!("; the first {SHOWN} are shown") } else { String::new() };
        let noun = if count == 1 { "problem" } else { "problems" };
        let _ = writeln!(text, "{count} {noun} in {file}{rest}");
        text
    }

    fn render_one(&self, renderer: &Renderer, file: &str, problem: &Problem, text: &mut String) {
        let (line, column) = self.line_and_column(problem.span.start);
        let origin = Origin::path(file.to_owned()).line(line).char_column(column);
        let mut group = Group::with_title(Level::ERROR.primary_title(safe(&problem.message))).element(origin);
        let main = self.excerpt(&problem.span, line);
        let second = problem.also.as_ref().and_then(|also| {
            let (line, _) = self.line_and_column(also.span.start);
            self.excerpt(&also.span, line).map(|excerpt| (excerpt, safe(&also.label)))
        });
        // A place further up is shown first, as in the file.
        if let Some((excerpt, label)) = second {
            let annotation = AnnotationKind::Context.span(excerpt.span).label(label);
            group = group.element(Snippet::source(excerpt.text).line_start(excerpt.line).annotation(annotation));
            if main.is_some() {
                group = group.element(Padding);
            }
        }
        if let Some(excerpt) = main {
            let annotation = AnnotationKind::Primary.span(excerpt.span);
            group = group.element(Snippet::source(excerpt.text).line_start(excerpt.line).annotation(annotation));
        }
        if let Some(hint) = &problem.hint {
            group = group.element(Level::HELP.with_name("hint").message(safe(hint)));
        }
        let _ = writeln!(text, "{}\n", renderer.render(&[group]));
    }

    /// The line of `span`, which is the `line`-th; none in a file that is not text.
    fn excerpt(&self, span: &Range<usize>, line: usize) -> Option<Excerpt> {
        let source = std::str::from_utf8(&self.source).ok()?;
        let start = source[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = source[span.start..].find('\n').map_or(source.len(), |newline| span.start + newline);
        let whole = source[start..end].trim_end_matches('\r');
        if whole.trim().is_empty() {
            return None;
        }
        let (from, until) = (span.start - start, span.end.min(start + whole.len()).max(span.start) - start);
        let skipped = whole[..from].chars().count().saturating_sub(MARGIN);
        let mut text: String = whole[..from].chars().skip(skipped).map(shown).collect();
        let marked_from = text.len();
        text.extend(whole[from..until].chars().take(MARGIN).map(shown));
        let marked_until = text.len();
        text.extend(whole[until..].chars().take(MARGIN).map(shown));
        Some(Excerpt { text, span: marked_from..marked_until, line })
    }
}

/// A line to show, and what to mark in it.
struct Excerpt {
    text: String,
    span: Range<usize>,
    line: usize,
}

/// Characters that a terminal obeys or that change how their neighbours read.
fn unsafe_to_show(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// What stands in an excerpt for `char`: one character for one, so that the caret stays under its place.
fn shown(char: char) -> char {
    if char == '\t' {
        ' '
    } else if unsafe_to_show(char) {
        char::REPLACEMENT_CHARACTER
    } else {
        char
    }
}

/// `text` with everything escaped that a terminal could obey.
pub(super) fn safe(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if unsafe_to_show(char) {
            escaped.extend(char.escape_unicode());
        } else {
            escaped.push(char);
        }
    }
    escaped
}
