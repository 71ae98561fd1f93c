//! Cells of tables.

use std::borrow::Cow;

/// A cell's text: on one line, and with an apostrophe before what a spreadsheet would take for a formula.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        return Cow::Owned(self::text(&text.replace(char::is_control, " ")).into_owned());
    }
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_cell_is_neither_a_line_nor_a_formula() {
        assert_eq!(text("=1+1"), "'=1+1");
        assert_eq!(text("@x"), "'@x");
        assert_eq!(text("a\r\nb"), "a  b");
        assert_eq!(text("a=b"), "a=b");
    }
}
