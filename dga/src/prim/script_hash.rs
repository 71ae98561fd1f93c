//! The hash by which scripts of the Proslikefan lineage make letters: a 32-bit hash of a text, iterated over what has been
//! written so far.

use crate::name::Name;
use crate::prim::text::Text;

/// A hash in the making: signed 32-bit arithmetic, as a script's bit operations do it.
#[derive(Clone, Copy, Debug)]
struct Hash(i32);

impl Hash {
    #[inline]
    fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(31).wrapping_add(i32::from(*byte));
        }
    }

    /// The absolute value, which may be 2^31.
    fn finish(self) -> u64 {
        u64::from(self.0.unsigned_abs())
    }
}

/// The hash of a text that consists of these parts.
pub(crate) fn hash(parts: &[&[u8]]) -> u64 {
    let mut hash = Hash(0);
    for part in parts {
        hash.update(part);
    }
    hash.finish()
}

/// Appends the 6 to 12 letters that follow from a number.
pub(crate) fn append_label(mut number: u64, name: &mut Name) {
    let mut written = Hash(0);
    let mut length = 0;
    // The number changes with every letter, and with it how many letters are wanted.
    while length < number % 7 + 6 {
        let mut digits = Text::<20>::new();
        digits.push_decimal(number);
        let mut both = written;
        both.update(digits.as_bytes());
        number = both.finish();
        let letter = b'a' + (number % 26) as u8;
        written.update(&[letter]);
        name.push(letter);
        length += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_published() {
        assert_eq!(hash(&[b"prospect.2.29.", b"2012.eu"]), 1_347_974_186);
        assert_eq!(hash(&[b"w659048126"]), 1_918_112_324);
        let mut name = Name::new();
        append_label(1_347_974_186, &mut name);
        assert_eq!(name, "wyewqtnot");
    }
}
