//! The secret under which DNS cookies are made. It is never shown.

use std::fmt;

use data_encoding::HEXLOWER_PERMISSIVE;

/// A key of `SipHash`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret([u8; 16]);

impl Secret {
    /// These octets.
    pub fn new(octets: [u8; 16]) -> Self {
        Self(octets)
    }

    /// Reads 32 hexadecimal digits, as BIND's `cookie-secret` and Knot's `mod-cookies.secret` are written.
    pub fn read(text: &str) -> Option<Self> {
        HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?.try_into().ok().map(Self)
    }

    /// The octets.
    pub(crate) fn octets(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_thirty_two_digits_and_not_shown() {
        let secret = Secret::read("000102030405060708090a0B0c0D0e0F").unwrap();
        assert_eq!(secret, Secret::new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]));
        assert_eq!(format!("{secret:?}"), "Secret");
        for text in ["", "0001", "000102030405060708090a0b0c0d0e0f00", "000102030405060708090a0b0c0d0e0g"] {
            assert_eq!(Secret::read(text), None, "{text}");
        }
    }
}
