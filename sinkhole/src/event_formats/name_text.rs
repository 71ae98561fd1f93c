//! What strangers sent, as text that is safe on terminals and in files.

use std::fmt::Write as _;

use crate::name::Name;

/// Octets as printable ASCII: everything else is escaped as `\DDD`, a backslash as `\\`.
pub(super) fn printable(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len());
    for octet in octets {
        match octet {
            b'\\' => text.push_str("\\\\"),
            0x20..=0x7e => text.push(char::from(*octet)),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\{octet:03}");
            }
        }
    }
    text
}

/// A name in lower case, escaped as in master files, as it is compared and counted.
pub(super) fn lower(name: &Name) -> String {
    name.to_lowercase().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_sends_cannot_move_a_cursor() {
        assert_eq!(printable(b"curl/8 \x1b[2J\\\xff\n"), "curl/8 \\027[2J\\\\\\255\\010");
    }
}
