//! Texts that a spreadsheet would take for formulas, and back.

use std::borrow::Cow;

/// Keeps a spreadsheet from taking text for a formula: an apostrophe stands before it. A text that begins with
/// apostrophes and then would be a formula gets one more, so that the text can be had back.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    if is_formula(text) { format!("'{text}").into() } else { text.into() }
}

/// The text as it was before [`text`].
pub(crate) fn undone(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::{text, undone};

    #[test]
    fn formulas_become_text_and_back() {
        for formula in ["=cmd|' /C calc'!A0", "+1", "-o8illa.ru", "@x", "'=x", "''-x"] {
            assert_eq!(text(formula), format!("'{formula}"));
            assert_eq!(undone(&text(formula)), formula);
        }
        for plain in ["a=b.com", "", "'", "'a", "''"] {
            assert_eq!(text(plain), plain);
            assert_eq!(undone(plain), plain);
        }
    }
}
