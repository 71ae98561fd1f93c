//! Tables of a terminal: columns as wide as what they hold, cut where the line ends.

use unicode_width::UnicodeWidthStr;

use super::paint::{Ink, Page, fitting};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words, on the left; they may be cut.
    Words,
    /// Moments and marks, on the left, always whole.
    Mark,
    /// Figures, on the right, always whole.
    Figure,
}

/// A table; its cells are harmless already.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<(String, Kind)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table under headings.
    pub(super) fn new(columns: &[(&str, Kind)]) -> Self {
        Self { columns: columns.iter().map(|&(head, kind)| (head.to_owned(), kind)).collect(), rows: Vec::new() }
    }

    /// Adds a row with one cell for each column.
    pub(super) fn row(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push(cells);
    }

    /// Leaves out columns of figures in which every row has nothing (`0`, `0.0 %`, `-`).
    pub(super) fn without_empty_columns(mut self) -> Self {
        let empty = |cell: &String| matches!(cell.as_str(), "" | "0" | "-" | "0.0 %");
        let kept: Vec<bool> = (0..self.columns.len())
            .map(|column| self.columns[column].1 != Kind::Figure || !self.rows.iter().all(|row| empty(&row[column])))
            .collect();
        let keep = |column: usize| kept.get(column).copied().unwrap_or(true);
        let mut column = 0..;
        self.columns.retain(|_| column.next().is_none_or(keep));
        for row in &mut self.rows {
            let mut column = 0..;
            row.retain(|_| column.next().is_none_or(keep));
        }
        self
    }

    /// Writes the table. Where it is wider than the page, its widest column of words is cut; one that still is
    /// wider loses its last columns of figures, which the other forms of the report keep.
    pub(super) fn write(mut self, page: &mut Page) {
        let widths = self.fit(page.width());
        let head = self.columns.iter().map(|(head, _)| head.clone()).collect::<Vec<_>>();
        let line = self.line(&head, &widths);
        let line = page.paint(Ink::Faint, line.trim_end());
        page.line(&line);
        for row in &self.rows {
            page.line(&self.line(row, &widths));
        }
    }

    fn fit(&mut self, width: usize) -> Vec<usize> {
        loop {
            let mut widths: Vec<usize> = (0..self.columns.len())
                .map(|column| {
                    let cells = self.rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
                    cells.max(self.columns[column].0.width())
                })
                .collect();
            let total = widths.iter().map(|width| width + 2).sum::<usize>();
            let excess = total.saturating_sub(width);
            if excess == 0 {
                return widths;
            }
            let words = (0..widths.len()).filter(|&column| self.columns[column].1 == Kind::Words);
            if let Some(widest) = words.max_by_key(|&column| widths[column])
                && widths[widest] >= excess + 8
            {
                widths[widest] -= excess;
                return widths;
            }
            let Some(last) = (1..widths.len()).rfind(|&column| self.columns[column].1 == Kind::Figure) else {
                return widths;
            };
            self.columns.remove(last);
            for row in &mut self.rows {
                row.remove(last);
            }
        }
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for ((cell, &width), (_, kind)) in cells.iter().zip(widths).zip(&self.columns) {
            let cell = cut(cell, width);
            let gap = " ".repeat(width.saturating_sub(cell.width()));
            line.push_str("  ");
            match kind {
                Kind::Words | Kind::Mark => line.extend([cell.as_str(), &gap]),
                Kind::Figure => line.extend([gap.as_str(), &cell]),
            }
        }
        line
    }
}

/// `text` in at most `width` columns, with `~` where it was cut.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut shown = text[..fitting(text, width.saturating_sub(1))].to_owned();
    shown.push('~');
    shown
}

#[cfg(test)]
mod tests {
    use super::super::Terminal;
    use super::*;

    fn written(table: Table) -> String {
        let mut page = Page::new(Terminal { width: 60, color: false });
        table.write(&mut page);
        page.finish()
    }

    #[test]
    fn columns_are_aligned_by_what_is_seen() {
        let mut table = Table::new(&[("name", Kind::Words), ("asked", Kind::Figure), ("lost", Kind::Figure)]);
        table.row(vec!["名.example".to_owned(), "1,000".to_owned(), "0".to_owned()]);
        table.row(vec!["a.test".to_owned(), "7".to_owned(), "0".to_owned()]);
        assert_eq!(
            written(table.without_empty_columns()),
            "  name        asked\n  名.example  1,000\n  a.test          7\n"
        );
    }

    #[test]
    fn words_are_cut_where_the_line_ends() {
        let mut table = Table::new(&[("name", Kind::Words), ("asked", Kind::Figure)]);
        table.row(vec!["x".repeat(80), "1".to_owned()]);
        let text = written(table);
        assert!(text.lines().all(|line| line.width() == 60), "{text}");
        assert!(text.contains("xx~"));
    }
}
