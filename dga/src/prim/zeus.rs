//! What the generators of the Zeus lineage (Murofet, Gameover) and Tufik share: messages of a date and an index, MD5,
//! and two ways to make letters of its bytes.

use crate::name::Name;
use crate::prim::md5_lanes::{Hashes, LANES, Messages};

/// The periods of a month for messages of a week: days 1 to 6, 7 to 13, 14 to 20, 21 to 27 and the rest.
pub(crate) const WEEKS: &[u32] = &[1, 7, 14, 21, 28];

/// MD5 of an index within a period of about a week: of the indices in a row, as they are asked for.
pub(crate) struct HashesOfWeek {
    hashes: Hashes,
    date: [u8; 3],
}

impl HashesOfWeek {
    /// The hashes of the period that a date belongs to.
    pub(crate) fn new((year, month, day): (u32, u32, u32)) -> Self {
        let date = [(year as u8).wrapping_add(48), month as u8, (day / 7 * 7) as u8];
        Self { hashes: Hashes::new(Messages::alike(&[date[0], date[1], date[2], 0, 0, 0, 0])), date }
    }

    /// The hash of this index, which follows the one before.
    #[inline]
    pub(crate) fn next(&mut self, index: u32) -> [u32; 4] {
        let [first, second, third] = self.date;
        self.hashes.next(|messages| {
            messages.set_word(0, |lane| {
                u32::from_le_bytes([first, second, third, index.wrapping_add(lane).to_le_bytes()[0]])
            });
            // The index's upper bytes, and the mark of the message's end.
            messages.set_word(1, |lane| (index.wrapping_add(lane) >> 8) | 0x8000_0000);
        })
    }
}

/// MD5 of an index of a day, combined with a key: of the even indices in a row, as they are asked for. Each stands for
/// the odd one after it, too.
pub(crate) struct HashesOfDay {
    hashes: Hashes,
    key: u32,
}

impl HashesOfDay {
    /// The hashes of a date.
    pub(crate) fn new((year, month, day): (u32, u32, u32), key: u32) -> Self {
        let date = u32::from_le_bytes([(year as u8).wrapping_add(48), month as u8, day as u8, 0]);
        let mut message = [0; 8];
        message[..4].copy_from_slice(&(date ^ key).to_le_bytes());
        Self { hashes: Hashes::new(Messages::alike(&message)), key }
    }

    /// Calls `passed` for every key of a block with which the label of this even index begins as `label`.
    pub(crate) fn sift(
        (year, month, day): (u32, u32, u32),
        index: u32,
        label: &[u8],
        keys: std::ops::Range<u64>,
        passed: &mut dyn FnMut(u64),
    ) {
        let date = u32::from_le_bytes([(year as u8).wrapping_add(48), month as u8, day as u8, 0]);
        let mut messages = Messages::alike(&[0; 8]);
        for start in keys.clone().step_by(LANES) {
            messages.set_word(0, |lane| date ^ (start as u32).wrapping_add(lane));
            messages.set_word(1, |lane| index ^ (start as u32).wrapping_add(lane));
            let [words, ..] = messages.hashes();
            for (key, word) in (start..keys.end).zip(words) {
                let mut letters = label.iter();
                let begins = word.to_le_bytes().into_iter().map(sum).filter(|letter| *letter <= b'z');
                if begins.into_iter().all(|letter| letters.next() == Some(&letter)) {
                    passed(key);
                }
            }
        }
    }

    /// The hash of this even index, which follows the one before.
    #[inline]
    pub(crate) fn next(&mut self, index: u32) -> [u32; 4] {
        let key = self.key;
        self.hashes.next(|messages| messages.set_word(1, |lane| index.wrapping_add(2 * lane) ^ key))
    }
}

/// Two letters of each byte, from its lower and its upper five bits; what is no letter is left out, and so are both if
/// they are equal.
#[inline]
pub(crate) fn append_five_bits(hash: &[u8; 16], name: &mut Name) {
    for byte in hash {
        let (low, high) = (b'a' + (byte & 31), b'a' + (byte >> 3));
        for letter in [low, high] {
            name.push_if(low != high && letter <= b'z', letter);
        }
    }
}

/// A letter of each byte, from the sum of its halves; what is no letter is left out.
#[inline]
pub(crate) fn append_sums(hash: &[u8; 16], name: &mut Name) {
    for byte in hash {
        let letter = sum(*byte);
        name.push_if(letter <= b'z', letter);
    }
}

/// The letter, or what lies beyond the letters, of the sum of a byte's halves.
#[inline]
fn sum(byte: u8) -> u8 {
    b'a' + (byte & 15) + (byte >> 4)
}

/// Which of `count` zones an index takes: the first whose distance from the end of the list divides it.
#[inline]
pub(crate) fn zone(index: u32, count: u32) -> usize {
    (0..count).find(|number| index.is_multiple_of(count - number)).unwrap_or(0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prim::hash::md5;
    use crate::prim::md5_lanes::bytes;

    #[test]
    fn messages() {
        let mut of_week = HashesOfWeek::new((2014, 1, 31));
        let mut of_day = HashesOfDay::new((2012, 2, 29), 0xD6D7_A4BE);
        for index in 0_u32..300 {
            let [a, b, c, d] = index.to_le_bytes();
            let message = [0x0E, 1, 0x1C, a, b, c, d];
            assert_eq!(bytes(of_week.next(index)), md5(&[&message]), "{index}");
            let even = ((2 * index) ^ 0xD6D7_A4BE).to_le_bytes();
            assert_eq!(bytes(of_day.next(2 * index)), md5(&[&[0xB2, 0xA6, 0xCA, 0xD6], &even]), "{index}");
        }
    }

    #[test]
    fn zones() {
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(|index| zone(index, 6)), [0, 5, 4, 3, 2, 1, 0, 5]);
    }
}
