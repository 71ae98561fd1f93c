//! What the generators of the Zeus lineage (Murofet, Gameover) and Tufik share: messages of a date and an index, MD5,
//! and two ways to make letters of its bytes.

use crate::name::Name;

/// The periods of a month for messages of a week: days 1 to 6, 7 to 13, 14 to 20, 21 to 27 and the rest.
pub(crate) const WEEKS: &[u32] = &[1, 7, 14, 21, 28];

/// The message for an index within a period of about a week.
#[inline]
pub(crate) fn message_of_week((year, month, day): (u32, u32, u32), index: u32) -> [u8; 7] {
    let [a, b, c, d] = index.to_le_bytes();
    [(year as u8).wrapping_add(48), month as u8, (day / 7 * 7) as u8, a, b, c, d]
}

/// The message for an index of a day, combined with a key; two neighbouring indices share one.
#[inline]
pub(crate) fn message_of_day((year, month, day): (u32, u32, u32), index: u32, key: u32) -> [u8; 8] {
    let date = u32::from_le_bytes([(year as u8).wrapping_add(48), month as u8, day as u8, 0]);
    let mut message = [0; 8];
    message[..4].copy_from_slice(&(date ^ key).to_le_bytes());
    message[4..].copy_from_slice(&((index & !1) ^ key).to_le_bytes());
    message
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
        let letter = b'a' + (byte & 15) + (byte >> 4);
        name.push_if(letter <= b'z', letter);
    }
}

/// Which of `count` zones an index takes: the first whose distance from the end of the list divides it.
#[inline]
pub(crate) fn zone(index: u32, count: u32) -> usize {
    (0..count).find(|number| index.is_multiple_of(count - number)).unwrap_or(0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages() {
        assert_eq!(message_of_week((2014, 1, 31), 0), [0x0E, 1, 0x1C, 0, 0, 0, 0]);
        let message = [0xB2, 0xA6, 0xCA, 0xD6, 0xBE, 0xA4, 0xD7, 0xD6];
        assert_eq!(message_of_day((2012, 2, 29), 1, 0xD6D7_A4BE), message);
    }

    #[test]
    fn zones() {
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(|index| zone(index, 6)), [0, 5, 4, 3, 2, 1, 0, 5]);
    }
}
