//! Lines of a given width, in colour where the terminal shows it.

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Terminal;

/// What a colour stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// Ordinary text.
    Plain,
    /// A heading or the answer.
    Bold,
    /// Of less weight.
    Faint,
    /// Good for the defenders.
    Good,
    /// Bad for the defenders.
    Bad,
    /// Neither, but to be seen.
    Notice,
}

impl Ink {
    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Bold => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Bad => AnsiColor::Red.on_default(),
            Self::Notice => AnsiColor::Yellow.on_default(),
        }
    }
}

/// A report as it grows, line by line.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    width: usize,
    color: bool,
}

impl Page {
    /// An empty page.
    pub(super) fn new(terminal: Terminal) -> Self {
        Self { text: String::new(), width: terminal.width.max(60), color: terminal.color }
    }

    /// Columns of a line.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// `text` in an ink. It must not be measured afterwards.
    pub(super) fn paint(&self, ink: Ink, text: &str) -> String {
        if self.color && ink != Ink::Plain && !text.is_empty() {
            let style = ink.style();
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// Adds a line that is known to fit.
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Adds an empty line and a heading.
    pub(super) fn heading(&mut self, heading: &str) {
        self.text.push('\n');
        self.paragraph(&[], Ink::Bold, heading);
    }

    /// Adds a paragraph in an ink. Its first line begins with the given pieces; the others are indented as far.
    pub(super) fn paragraph(&mut self, begin: &[(Ink, &str)], ink: Ink, text: &str) {
        let indent = begin.iter().map(|(_, piece)| piece.width()).sum();
        let painted: String = begin.iter().map(|&(ink, piece)| self.paint(ink, piece)).collect();
        for (number, part) in wrap(text, self.width.saturating_sub(indent).max(20)).into_iter().enumerate() {
            let begin = if number == 0 { painted.clone() } else { " ".repeat(indent) };
            let line = format!("{begin}{}", self.paint(ink, &part));
            self.line(&line);
        }
    }

    /// The finished page.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// Breaks text at spaces, and where a word is longer than a line within it. Empty text is one empty line.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let mut rest = word;
        loop {
            let space = usize::from(used > 0);
            if used + space + rest.width() <= width {
                if space == 1 {
                    push(&mut lines, " ");
                }
                push(&mut lines, rest);
                used += space + rest.width();
                break;
            }
            if used == 0 {
                let cut = fitting(rest, width);
                push(&mut lines, &rest[..cut]);
                rest = &rest[cut..];
            }
            lines.push(String::new());
            used = 0;
        }
    }
    lines
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
}

/// Bytes of the longest beginning of `text` that takes at most `width` columns, and one character at least.
pub(super) fn fitting(text: &str, width: usize) -> usize {
    let mut used = 0;
    for (place, character) in text.char_indices() {
        used += character.width().unwrap_or(0);
        if used > width && place > 0 {
            return place;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces_and_within_long_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(wrap("名名名", 4), ["名名", "名"]);
        assert_eq!(wrap("", 4), [""]);
    }
}
