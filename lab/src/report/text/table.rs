//! Tables of a terminal: columns as wide as what they hold, cut where the line ends.

use unicode_width::UnicodeWidthStr;

use super::super::tables::{Kind, Sheet};
use super::paint::{Ink, Page, fitting};

/// Writes a sheet. Where it is wider than the page, its widest column of words is cut; one that still is wider loses
/// its last columns of figures, which the other forms of the report keep.
pub(super) fn write(sheet: &Sheet, page: &mut Page) {
    let mut sheet = sheet.clone();
    let widths = fit(&mut sheet, page.width());
    let head: Vec<String> = sheet.columns.iter().map(|&(head, _)| head.to_owned()).collect();
    let head = line(&sheet, &head, &widths);
    let head = page.paint(Ink::Faint, head.trim_end());
    page.line(&head);
    for row in &sheet.rows {
        page.line(&line(&sheet, row, &widths));
    }
}

fn fit(sheet: &mut Sheet, width: usize) -> Vec<usize> {
    loop {
        let mut widths: Vec<usize> = (0..sheet.columns.len())
            .map(|column| {
                let cells = sheet.rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
                cells.max(sheet.columns[column].0.width())
            })
            .collect();
        let total = widths.iter().map(|width| width + 2).sum::<usize>();
        let excess = total.saturating_sub(width);
        if excess == 0 {
            return widths;
        }
        let words = (0..widths.len()).filter(|&column| sheet.columns[column].1 == Kind::Words);
        if let Some(widest) = words.max_by_key(|&column| widths[column])
            && widths[widest] >= excess + 8
        {
            widths[widest] -= excess;
            return widths;
        }
        let Some(last) = (1..widths.len()).rfind(|&column| sheet.columns[column].1 == Kind::Figure) else {
            return widths;
        };
        sheet.columns.remove(last);
        for row in &mut sheet.rows {
            row.remove(last);
        }
    }
}

fn line(sheet: &Sheet, cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for ((cell, &width), (_, kind)) in cells.iter().zip(widths).zip(&sheet.columns) {
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

    fn written(columns: &[(&'static str, Kind)], rows: Vec<Vec<String>>) -> String {
        let mut page = Page::new(Terminal { width: 60, color: false });
        write(&Sheet { columns: columns.to_vec(), rows }, &mut page);
        page.finish()
    }

    #[test]
    fn columns_are_aligned_by_what_is_seen() {
        let rows = vec![vec!["名.example".to_owned(), "1,000".to_owned()], vec!["a.test".to_owned(), "7".to_owned()]];
        assert_eq!(
            written(&[("name", Kind::Words), ("asked", Kind::Figure)], rows),
            "  name        asked\n  名.example  1,000\n  a.test          7\n"
        );
    }

    #[test]
    fn words_are_cut_where_the_line_ends() {
        let text =
            written(&[("name", Kind::Words), ("asked", Kind::Figure)], vec![vec!["x".repeat(80), "1".to_owned()]]);
        assert!(text.lines().all(|line| line.width() == 60), "{text}");
        assert!(text.contains("xx~"));
    }
}
