//! Base64 into a fixed buffer.

use crate::prim::text::Text;

/// The standard alphabet.
pub(crate) const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// The alphabet that is safe in URLs.
pub(crate) const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// `bytes` in Base64, padded with `=`.
pub(crate) fn encode<const CAPACITY: usize>(bytes: &[u8], alphabet: &[u8; 64]) -> Text<CAPACITY> {
    let mut text = Text::new();
    for chunk in bytes.chunks(3) {
        let mut block = [0; 3];
        block[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, block[0], block[1], block[2]]);
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            text.push(if place <= chunk.len() { alphabet[digit as usize] } else { b'=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_rfc_4648() {
        for (bytes, expected) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(encode::<16>(bytes.as_bytes(), STANDARD).as_bytes(), expected.as_bytes());
        }
        assert_eq!(encode::<4>(&[0xFB, 0xFF], URL_SAFE).as_bytes(), b"-_8=");
    }
}
