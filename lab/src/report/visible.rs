//! Text that a stranger may have written, made harmless for the eyes and for the terminal.
//!
//! Control characters can steer a terminal, bidirectional overrides can make a name read as another one, and
//! characters without width can hide in it. All of them are shown as `\u{…}`.

/// Whether a character does something else than to stand for itself.
pub fn is_steering(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}'                       // soft hyphen, Arabic letter mark, Mongolian separator
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'     // zero width, marks of direction, separators, overrides
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}') // tags
}

/// One line of text for a terminal or a page: white space of every kind is a space, all that steers is spelled out.
pub fn line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.trim_matches([' ', '\t', '\r', '\n']).chars() {
        match character {
            '\n' | '\r' | '\t' => shown.push(' '),
            _ if is_steering(character) => shown.extend(character.escape_unicode()),
            _ => shown.push(character),
        }
    }
    shown
}

/// JSON in which characters that steer stand as `\u` escapes. `document` must be valid JSON: such characters then
/// only occur within its strings, but for the white space between its values.
pub fn json(document: &str) -> String {
    escape_json(document, |character| is_steering(character) && character != '\n')
}

/// JSON that can stand within a `<script>` element: nothing in it can end the element or begin a comment.
pub fn json_in_html(document: &str) -> String {
    escape_json(document, |character| matches!(character, '<' | '>' | '&') || is_steering(character))
}

fn escape_json(document: &str, steers: impl Fn(char) -> bool) -> String {
    use std::fmt::Write;
    let mut shown = String::with_capacity(document.len());
    for character in document.chars() {
        if steers(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_spells_out_what_steers() {
        assert_eq!(line("red \u{1b}[31m"), "red \\u{1b}[31m");
        assert_eq!(line("gnp\u{202e}exe\u{200b}"), "gnp\\u{202e}exe\\u{200b}");
        assert_eq!(line("\u{9b}2J"), "\\u{9b}2J");
        assert_eq!(line(" two\nlines\u{2028} \n"), "two lines\\u{2028}");
        assert_eq!(line("bücher.example 名"), "bücher.example 名");
    }

    #[test]
    fn json_stays_the_same_value() {
        let value = serde_json::json!({ "a": "</script><!-- \u{2028} \u{9b} \u{e0041} & ü" });
        for compact in [json(&value.to_string()), json_in_html(&value.to_string())] {
            assert!(!compact.contains(['\u{2028}', '\u{9b}', '\u{e0041}']));
            assert_eq!(serde_json::from_str::<serde_json::Value>(&compact).unwrap(), value);
        }
        assert!(!json_in_html(&value.to_string()).contains(['<', '>', '&']));
    }
}
