//! Lower-case hexadecimal digits.

use crate::name::Name;

/// The digits, by value.
pub(crate) const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Appends `bytes` in hexadecimal to a name.
#[inline]
pub(crate) fn append(bytes: &[u8], name: &mut Name) {
    for byte in bytes {
        name.push(DIGITS[usize::from(byte >> 4)]);
        name.push(DIGITS[usize::from(byte & 15)]);
    }
}

/// `bytes` in hexadecimal.
pub(crate) fn text(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes() {
        assert_eq!(super::text(&[0x00, 0x9a, 0xff]), "009aff");
        let mut name = crate::name::Name::new();
        super::append(&[0x1b, 0xc0], &mut name);
        assert_eq!(name, "1bc0");
    }
}
