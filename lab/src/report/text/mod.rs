//! The report for a terminal: what a takedown team wants to know in the morning, the answer first.

mod chart;
mod paint;
mod sections;
mod table;

use self::paint::Page;
use super::Subject;
use crate::outcome::Outcome;

/// The terminal that a report is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Its columns. Less than 60 are taken as 60.
    pub width: usize,
    /// Whether it shows colour.
    pub color: bool,
}

/// The report as text, with a newline at its end.
pub fn render(subject: &Subject, outcome: &Outcome, terminal: Terminal) -> String {
    let mut page = Page::new(terminal);
    sections::headline(&mut page, subject, outcome);
    sections::happenings(&mut page, outcome);
    chart::shares(&mut page, outcome);
    sections::sheets(&mut page, outcome);
    sections::sinkhole(&mut page, outcome);
    sections::expectations(&mut page, outcome);
    sections::origin(&mut page, subject);
    page.finish()
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::report::{sample, visible};

    fn plain(width: usize) -> String {
        let (subject, outcome) = sample::play();
        render(&subject, &outcome, Terminal { width, color: false })
    }

    #[test]
    fn the_answer_comes_first() {
        let text = plain(100);
        let answer = text.find("The herder is back after 9.1 days, through dga ozdok/model.");
        assert!(answer.is_some_and(|place| place < 600), "{text}");
        for told in
            ["c2-7: provider tr-1 refuses", "264,784", "487,340", "1.96", "days until return above 15", "FAILED"]
        {
            assert!(text.contains(told), "{told} is missing in\n{text}");
        }
    }

    #[test]
    fn nothing_from_a_file_steers_the_terminal() {
        let text = plain(100);
        assert!(!text.chars().any(|character| visible::is_steering(character) && character != '\n'));
        assert!(text.contains("\\u{1b}[2J") && text.contains("\\u{202e}"));
    }

    #[test]
    fn lines_keep_to_the_width() {
        for width in [60, 80, 100, 160] {
            for line in plain(width).lines() {
                assert!(line.width() <= width, "{} columns of {width}: {line}", line.width());
                assert_eq!(line, line.trim_end());
            }
        }
    }

    #[test]
    fn colour_changes_no_character() {
        let (subject, outcome) = sample::play();
        let colored = render(&subject, &outcome, Terminal { width: 100, color: true });
        assert!(colored.contains("\u{1b}["));
        assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain(100));
    }

    #[test]
    fn an_empty_outcome_is_a_report_too() {
        let (subject, mut outcome) = sample::play();
        outcome.hours.clear();
        outcome.happenings.clear();
        outcome.layers.clear();
        outcome.names.clear();
        outcome.servers.clear();
        outcome.hosts.clear();
        outcome.verdicts.clear();
        outcome.sinkhole = crate::outcome::SinkholeTally::default();
        let text = render(&subject, &outcome, Terminal { width: 80, color: false });
        assert!(text.contains("Nobody acted."), "{text}");
    }
}
