//! The hash by which scripts of the Proslikefan lineage make letters: a 32-bit hash of a text, iterated over what has
//! been written so far.

use chrono::{DateTime, Utc};

use super::calendar::date;
use super::text::Text;
use crate::name::Name;

/// The factor of the hash, which is a polynomial of the text's bytes modulo 2^32.
const FACTOR: u32 = 31;

/// The most decimal digits that a number has.
const DIGITS: usize = 10;

/// What is kept of a text to which more will be appended.
pub(crate) fn polynomial(text: &[u8]) -> u32 {
    text.iter().fold(0, |hash, byte| hash.wrapping_mul(FACTOR).wrapping_add(u32::from(*byte)))
}

/// The hash of a text of which `start` is kept, with these parts behind it.
pub(crate) fn hash(start: u32, parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().copied().flatten();
    absolute(bytes.fold(start, |hash, byte| hash.wrapping_mul(FACTOR).wrapping_add(u32::from(*byte))))
}

/// A word of capital letters of which this is kept.
///
/// `None` if there is none of seven letters and a few more, which has not been seen.
pub(crate) fn word(polynomial: u32) -> Option<String> {
    // Digits from 0 to 25 in base 31, and as many times `A` as there are letters.
    (7..=10).find_map(|length| {
        let base = (0..length).fold(0_u64, |sum, _| 31 * sum + 65);
        let least = u64::from(polynomial.wrapping_sub(base as u32));
        let beyond = 31_u64.pow(length);
        (0..4096_u64).map(|turn| least + (turn << 32)).take_while(|number| *number < beyond).find_map(|number| {
            let digits = (0..length).rev().map(|place| number / 31_u64.pow(place) % 31);
            digits.map(|digit| (digit < 26).then(|| char::from(b'A' + digit as u8))).collect()
        })
    })
}

/// Calls `passed` for every number of a block with which, kept of a text, the label number `number` begins as `label`
/// does; `behind` is what follows the text.
pub(crate) fn sift(
    behind: &[&[u8]],
    number: u32,
    letters: [u32; 2],
    numbers: std::ops::Range<u64>,
    passed: &mut dyn FnMut(u64),
) {
    let length: usize = behind.iter().map(|part| part.len()).sum();
    let factor = (0..length).fold(1_u32, |power, _| power.wrapping_mul(FACTOR));
    let added = behind.iter().copied().flatten();
    let added = added.fold(0_u32, |hash, byte| hash.wrapping_mul(FACTOR).wrapping_add(u32::from(*byte)));
    let [first, second] = letters;
    crate::search::sift(numbers, passed, |start| {
        let start = absolute(start.wrapping_mul(factor).wrapping_add(added)) as u32;
        let one = absolute(followed_by(0, start.wrapping_add(number))) as u32;
        one % 26 == first && absolute(followed_by(u32::from(b'a').wrapping_add(first), one)) % 26 == u64::from(second)
    });
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

/// What stands between the word and the zone: month, day and year, with dots around them.
pub(crate) fn dotted(at: DateTime<Utc>) -> Text<16> {
    let mut dotted = Text::<16>::new();
    let (year, month, day) = date(at);
    for part in [month, day, year] {
        dotted.push(b'.');
        dotted.push_decimal(part.into());
    }
    dotted.push(b'.');
    dotted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_published() {
        assert_eq!(hash(0, &[b"prospect.2.29.", b"2012.eu"]), 1_347_974_186);
        assert_eq!(hash(polynomial(b"prospect"), &[b".2.29.", b"2012.eu"]), 1_347_974_186);
        assert_eq!(hash(0, &[b"w659048126"]), 1_918_112_324);
        let mut name = Name::new();
        append_label(1_347_974_186, &mut name);
        assert_eq!(name, "wyewqtnot");
    }

    #[test]
    fn every_number_has_a_word() {
        for number in (0..10_000_u32).map(|number| number.wrapping_mul(0x9E37_79B9)).chain([0, 1, u32::MAX]) {
            let word = word(number).unwrap_or_else(|| panic!("{number:#x} has none"));
            assert_eq!(polynomial(word.as_bytes()), number, "{word}");
        }
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
