//! Short texts without allocation, for what is hashed or encoded on the way to a name.

use std::fmt;

/// A text of at most `CAPACITY` bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<const CAPACITY: usize> {
    bytes: [u8; CAPACITY],
    length: usize,
}

impl<const CAPACITY: usize> Text<CAPACITY> {
    /// An empty text.
    #[inline]
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; CAPACITY], length: 0 }
    }

    /// Appends a byte.
    #[inline]
    pub(crate) fn push(&mut self, byte: u8) {
        self.bytes[self.length] = byte;
        self.length += 1;
    }

    /// Appends bytes.
    #[inline]
    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) {
        self.bytes[self.length..self.length + bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }

    /// Appends a number in decimal, without padding.
    #[inline]
    pub(crate) fn push_decimal(&mut self, number: u64) {
        let mut digits = [0; 20];
        let mut first = digits.len();
        let mut rest = number;
        loop {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.push_bytes(&digits[first..]);
    }

    /// Appends a number in decimal with at least `width` digits.
    pub(crate) fn push_padded(&mut self, number: u32, width: u32) {
        for place in (1..width).rev() {
            if u64::from(number) < 10_u64.pow(place) {
                self.push(b'0');
            }
        }
        self.push_decimal(u64::from(number));
    }

    /// The text's bytes.
    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl<const CAPACITY: usize> fmt::Write for Text<CAPACITY> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_bytes(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn numbers() {
        let mut text = Text::<64>::new();
        for number in [0, 7, 10, 1_234_567_890, u64::MAX] {
            text.push_decimal(number);
            text.push(b' ');
        }
        text.push_padded(5, 2);
        text.push_padded(12, 2);
        text.push_padded(7, 4);
        assert_eq!(text.as_bytes(), b"0 7 10 1234567890 18446744073709551615 05120007");
    }
}
