//! Problems as a person reads them on a terminal: what, where, an excerpt with a caret, and what to do.

use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Level, Origin, Renderer, Snippet};

use super::problem::{Problem, Problems};

/// Problems shown of one file; whoever has more mends these first.
const SHOWN: usize = 100;

/// Characters shown of one line. Only lines that a program wrote are longer.
const LONGEST_LINE: usize = 240;

/// Lines over which two places are shown in one excerpt; what lies between them is folded.
const WIDEST: usize = 2_000;

impl Problems {
    /// All problems, each with an excerpt, and their number at the end.
    pub fn render(&self, coloured: bool) -> String {
        let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
        let lines = self.text().map(|text| text.split('\n').collect::<Vec<_>>()).unwrap_or_default();
        let mut text = String::new();
        for problem in self.iter().take(SHOWN) {
            let _ = writeln!(text, "{}\n", self.render_one(&renderer, problem, &lines));
        }
        let count = self.len();
        let rest = if count > SHOWN { format!("; the first {SHOWN} are shown") } else { String::new() };
        let noun = if count == 1 { "problem" } else { "problems" };
        let _ = writeln!(text, "{count} {noun} in {}{rest}", safe(&self.file));
        text
    }

    fn render_one(&self, renderer: &Renderer, problem: &Problem, lines: &[&str]) -> String {
        let file = safe(&self.file);
        let (line, column) = self.line_and_column(problem.span.start);
        let title = Level::ERROR.primary_title(safe(&problem.message));
        let mut also = problem.also.as_ref().map(|also| (self.line_and_column(also.span.start).0, also));
        let excerpt = self.excerpt(problem, line, lines, also.as_ref().map(|(line, also)| (*line, &also.span)));
        let mut group = match excerpt {
            Some(excerpt) => {
                let mut snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line).path(file);
                snippet = snippet.annotation(AnnotationKind::Primary.span(excerpt.main));
                if let Some(span) = excerpt.also {
                    let label = also.take().map(|(_, also)| safe(&also.label)).unwrap_or_default();
                    let second: Annotation<'_> = AnnotationKind::Context.span(span).label(label);
                    snippet = snippet.annotation(second);
                }
                title.element(snippet)
            }
            None => title.element(Origin::path(file).line(line).char_column(column)),
        };
        if let Some((line, also)) = also {
            group = group.element(Level::NOTE.message(format!("{}: line {line}", safe(&also.label))));
        }
        if let Some(hint) = &problem.hint {
            group = group.element(Level::HELP.with_name("hint").message(safe(hint)));
        }
        renderer.render(&[group])
    }

    /// The file's text; none if it is not text.
    fn text(&self) -> Option<&str> {
        let text = std::str::from_utf8(&self.source).ok()?;
        let binary = |char: char| char.is_ascii_control() && !matches!(char, '\t' | '\n' | '\r');
        (!text.contains(binary)).then_some(text)
    }

    /// The line of a problem, with the line of its second place where the two are not far apart.
    ///
    /// There is none in a file that is not text, on an empty line, and on one too long to show.
    fn excerpt(
        &self,
        problem: &Problem,
        line: usize,
        lines: &[&str],
        also: Option<(usize, &Range<usize>)>,
    ) -> Option<Excerpt> {
        let shows =
            |line: usize| lines.get(line - 1).is_some_and(|text| !text.trim().is_empty() && text.len() <= LONGEST_LINE);
        if !shows(line) {
            return None;
        }
        let also = also.filter(|(second, _)| shows(*second) && line.abs_diff(*second) <= WIDEST);
        let first_line = also.map_or(line, |(second, _)| second.min(line));
        let last_line = also.map_or(line, |(second, _)| second.max(line));
        // Lines between the two places are folded, so they need not be written out.
        let kept = |number: usize| {
            let near = number.abs_diff(line).min(also.map_or(usize::MAX, |(second, _)| number.abs_diff(second)));
            near <= 3 && shows(number)
        };
        let mut excerpt = Excerpt { text: String::new(), first_line, main: 0..0, also: None };
        for number in first_line..=last_line {
            let start = excerpt.text.len();
            let text = if kept(number) { lines[number - 1].trim_end_matches('\r') } else { "" };
            excerpt.text.extend(text.chars().map(shown));
            if number == line {
                excerpt.main = self.marked(&problem.span, number, text, start);
            }
            if let Some((_, span)) = also.filter(|(second, _)| *second == number) {
                excerpt.also = Some(self.marked(span, number, text, start));
            }
            if number < last_line {
                excerpt.text.push('\n');
            }
        }
        Some(excerpt)
    }

    /// Where the part of `span` on its first line, the `number`-th, lies in an excerpt that shows the line from `start`.
    fn marked(&self, span: &Range<usize>, number: usize, text: &str, start: usize) -> Range<usize> {
        let (_, column) = self.line_and_column(span.start);
        debug_assert_eq!(self.line_and_column(span.start).0, number, "a span is marked on its own line");
        let length = |count: usize| text.chars().take(count).map(|char| shown(char).len_utf8()).sum::<usize>();
        let characters = self.source[span.clone()].iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        start + length(column - 1)..start + length(column - 1 + characters)
    }
}

/// Lines to show, and what to mark in them.
struct Excerpt {
    text: String,
    first_line: usize,
    main: Range<usize>,
    also: Option<Range<usize>>,
}

/// Characters that a terminal obeys, or that change how their neighbours read.
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
fn safe(text: &str) -> String {
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
