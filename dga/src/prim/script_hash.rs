//! The hash by which scripts of the Proslikefan lineage make letters: a 32-bit hash of a text, iterated over what has
//! been written so far.

use crate::name::Name;

/// The factor of the hash, which is a polynomial of the text's bytes modulo 2^32.
const FACTOR: u32 = 31;

/// The most decimal digits that a number has.
const DIGITS: usize = 10;

/// The hash of a text that consists of these parts.
pub(crate) fn hash(parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().copied().flatten();
    absolute(bytes.fold(0, |hash, byte| hash.wrapping_mul(FACTOR).wrapping_add(u32::from(*byte))))
}

/// Appends the 6 to 12 letters that follow from a number below 2^32.
pub(crate) fn append_label(number: u64, name: &mut Name) {
    let mut number = number as u32;
    let mut written = 0_u32;
    let mut length = 0;
    // The number changes with every letter, and with it how many letters are wanted.
    while length < number % 7 + 6 {
        number = absolute(followed_by(written, number)) as u32;
        let letter = b'a' + (number % 26) as u8;
        written = written.wrapping_mul(FACTOR).wrapping_add(letter.into());
        name.push(letter);
        length += 1;
    }
}

/// The absolute value of a hash as a signed number, which may be 2^31.
fn absolute(hash: u32) -> u64 {
    u64::from(hash.cast_signed().unsigned_abs())
}

/// The hash of a text with this hash, followed by a number in decimal.
///
/// A digit is a quotient by a power of ten less ten times the next one, so the digits' part of the polynomial is a sum over
/// quotients, none of which waits for another.
#[inline]
fn followed_by(hash: u32, number: u32) -> u32 {
    let quotients = [
        number / 10,
        number / 100,
        number / 1_000,
        number / 10_000,
        number / 100_000,
        number / 1_000_000,
        number / 10_000_000,
        number / 100_000_000,
        number / 1_000_000_000,
    ];
    let mut digits = number;
    let mut length = 1;
    for (quotient, power) in quotients.into_iter().zip(POWERS) {
        digits = digits.wrapping_add(quotient.wrapping_mul(power.wrapping_mul(FACTOR - 10)));
        length += usize::from(quotient > 0);
    }
    hash.wrapping_mul(POWERS[length]).wrapping_add(digits).wrapping_add(ZEROS[length])
}

/// Powers of the factor.
const POWERS: [u32; DIGITS + 1] = {
    let mut powers = [1_u32; DIGITS + 1];
    let mut index = 1;
    while index <= DIGITS {
        powers[index] = powers[index - 1].wrapping_mul(FACTOR);
        index += 1;
    }
    powers
};

/// Hashes of texts of so many zeros: what a number's digits have in common.
const ZEROS: [u32; DIGITS + 1] = {
    let mut zeros = [0_u32; DIGITS + 1];
    let mut index = 1;
    while index <= DIGITS {
        zeros[index] = zeros[index - 1].wrapping_mul(FACTOR).wrapping_add(b'0' as u32);
        index += 1;
    }
    zeros
};

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

    #[test]
    fn numbers_of_every_length() {
        let text = |number: u32| absolute(followed_by(0x1234_5678, number));
        for number in [0, 9, 10, 99, 100, 12_345, 999_999_999, 1_000_000_000, 2_147_483_657, u32::MAX] {
            let digits = number.to_string();
            let slowly =
                digits.bytes().fold(0x1234_5678_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
            assert_eq!(text(number), absolute(slowly), "{number}");
        }
    }
}
