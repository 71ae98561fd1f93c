//! MD5 of several short messages side by side: each hash is one long chain of steps, but no hash waits for another, and
//! the compiler makes vector instructions of what the lanes do alike.

/// How many messages are hashed side by side: so many that the compiler keeps loops over them, which is what it makes
/// vector instructions of.
pub(crate) const LANES: usize = 32;

/// The longest message, which with its padding and its length fills one block.
pub(crate) const LONGEST: usize = 55;

/// A word in each lane.
pub(crate) type Lanes = [u32; LANES];

/// Messages of one block each, word by word in all lanes.
#[derive(Clone)]
pub(crate) struct Messages([Lanes; 16]);

impl Messages {
    /// The same message in all lanes, padded; words that differ can be set afterwards.
    ///
    /// # Panics
    ///
    /// The message is longer than [`LONGEST`].
    pub(crate) fn alike(message: &[u8]) -> Self {
        Self(padded(message).map(|word| [word; LANES]))
    }

    /// Sets a word (of four bytes, the first counting least) to what it is in each lane.
    #[inline]
    pub(crate) fn set_word(&mut self, place: usize, word: impl Fn(u32) -> u32) {
        for (lane, of_lane) in self.0[place].iter_mut().enumerate() {
            *of_lane = word(lane as u32);
        }
    }

    /// As [`set_word`](Self::set_word), for words that are kept by lane.
    #[inline]
    pub(crate) fn set_lanes(&mut self, place: usize, word: impl Fn(usize) -> u32) {
        for (lane, of_lane) in self.0[place].iter_mut().enumerate() {
            *of_lane = word(lane);
        }
    }

    /// The four words of all hashes.
    #[inline(never)]
    pub(crate) fn hashes(&self) -> [Lanes; 4] {
        let Self(message) = self;
        let [mut a, mut b, mut c, mut d] = START.map(|word| [word; LANES]);
        for step in 0..4 {
            let (at, word) = (4 * step, |place: usize| &message[place % 16]);
            a = turn::<7>(choice, a, b, c, d, word(at), SINES[at]);
            d = turn::<12>(choice, d, a, b, c, word(at + 1), SINES[at + 1]);
            c = turn::<17>(choice, c, d, a, b, word(at + 2), SINES[at + 2]);
            b = turn::<22>(choice, b, c, d, a, word(at + 3), SINES[at + 3]);
        }
        for step in 4..8 {
            let (at, word) = (4 * step, |place: usize| &message[(5 * place + 1) % 16]);
            a = turn::<5>(choice_by_last, a, b, c, d, word(at), SINES[at]);
            d = turn::<9>(choice_by_last, d, a, b, c, word(at + 1), SINES[at + 1]);
            c = turn::<14>(choice_by_last, c, d, a, b, word(at + 2), SINES[at + 2]);
            b = turn::<20>(choice_by_last, b, c, d, a, word(at + 3), SINES[at + 3]);
        }
        for step in 8..12 {
            let (at, word) = (4 * step, |place: usize| &message[(3 * place + 5) % 16]);
            a = turn::<4>(parity, a, b, c, d, word(at), SINES[at]);
            d = turn::<11>(parity, d, a, b, c, word(at + 1), SINES[at + 1]);
            c = turn::<16>(parity, c, d, a, b, word(at + 2), SINES[at + 2]);
            b = turn::<23>(parity, b, c, d, a, word(at + 3), SINES[at + 3]);
        }
        for step in 12..16 {
            let (at, word) = (4 * step, |place: usize| &message[7 * place % 16]);
            a = turn::<6>(sloped, a, b, c, d, word(at), SINES[at]);
            d = turn::<10>(sloped, d, a, b, c, word(at + 1), SINES[at + 1]);
            c = turn::<15>(sloped, c, d, a, b, word(at + 2), SINES[at + 2]);
            b = turn::<21>(sloped, b, c, d, a, word(at + 3), SINES[at + 3]);
        }
        let mut hashes = [a, b, c, d];
        for (lanes, start) in hashes.iter_mut().zip(START) {
            for word in lanes {
                *word = word.wrapping_add(start);
            }
        }
        hashes
    }
}

/// Hashes of messages in a row, computed as many at a time as there are lanes.
pub(crate) struct Hashes {
    messages: Messages,
    made: [Lanes; 4],
    taken: usize,
}

impl Hashes {
    /// Hashes of messages that are like these but for what [`next`](Self::next) sets.
    pub(crate) fn new(messages: Messages) -> Self {
        Self { messages, made: [[0; LANES]; 4], taken: LANES }
    }

    /// The next hash, in words. When the lanes have been taken, `set` makes the following messages: in the first lane
    /// the one whose hash is wanted now.
    #[inline]
    pub(crate) fn next(&mut self, set: impl FnOnce(&mut Messages)) -> [u32; 4] {
        if self.taken == LANES {
            set(&mut self.messages);
            self.made = self.messages.hashes();
            self.taken = 0;
        }
        self.taken += 1;
        of_lane(&self.made, self.taken - 1)
    }
}

/// The words of one lane's hash.
#[inline]
pub(crate) fn of_lane(hashes: &[Lanes; 4], lane: usize) -> [u32; 4] {
    [hashes[0][lane], hashes[1][lane], hashes[2][lane], hashes[3][lane]]
}

/// A hash's words as bytes.
#[inline]
pub(crate) fn bytes(words: [u32; 4]) -> [u8; 16] {
    let mut bytes = [0; 16];
    for (chunk, word) in bytes.chunks_exact_mut(4).zip(words) {
        chunk.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}

/// A hash's bytes as words.
#[inline]
pub(crate) fn words(bytes: &[u8; 16]) -> [u32; 4] {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    words
}

const START: [u32; 4] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];

/// Bits 0 to 31 behind the point of the sines of 1 to 64, without their signs.
const SINES: [u32; 64] = [
    0xD76A_A478,
    0xE8C7_B756,
    0x2420_70DB,
    0xC1BD_CEEE,
    0xF57C_0FAF,
    0x4787_C62A,
    0xA830_4613,
    0xFD46_9501,
    0x6980_98D8,
    0x8B44_F7AF,
    0xFFFF_5BB1,
    0x895C_D7BE,
    0x6B90_1122,
    0xFD98_7193,
    0xA679_438E,
    0x49B4_0821,
    0xF61E_2562,
    0xC040_B340,
    0x265E_5A51,
    0xE9B6_C7AA,
    0xD62F_105D,
    0x0244_1453,
    0xD8A1_E681,
    0xE7D3_FBC8,
    0x21E1_CDE6,
    0xC337_07D6,
    0xF4D5_0D87,
    0x455A_14ED,
    0xA9E3_E905,
    0xFCEF_A3F8,
    0x676F_02D9,
    0x8D2A_4C8A,
    0xFFFA_3942,
    0x8771_F681,
    0x6D9D_6122,
    0xFDE5_380C,
    0xA4BE_EA44,
    0x4BDE_CFA9,
    0xF6BB_4B60,
    0xBEBF_BC70,
    0x289B_7EC6,
    0xEAA1_27FA,
    0xD4EF_3085,
    0x0488_1D05,
    0xD9D4_D039,
    0xE6DB_99E5,
    0x1FA2_7CF8,
    0xC4AC_5665,
    0xF429_2244,
    0x432A_FF97,
    0xAB94_23A7,
    0xFC93_A039,
    0x655B_59C3,
    0x8F0C_CC92,
    0xFFEF_F47D,
    0x8584_5DD1,
    0x6FA8_7E4F,
    0xFE2C_E6E0,
    0xA301_4314,
    0x4E08_11A1,
    0xF753_7E82,
    0xBD3A_F235,
    0x2AD7_D2BB,
    0xEB86_D391,
];

fn padded(message: &[u8]) -> [u32; 16] {
    assert!(message.len() <= LONGEST, "a block has room for {LONGEST} bytes, not {}", message.len());
    let mut block = [0; 64];
    block[..message.len()].copy_from_slice(message);
    block[message.len()] = 0x80;
    let mut words = [0; 16];
    for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    // The length in bits.
    words[14] = 8 * message.len() as u32;
    words
}

#[inline]
fn choice(b: u32, c: u32, d: u32) -> u32 {
    d ^ (b & (c ^ d))
}

#[inline]
fn choice_by_last(b: u32, c: u32, d: u32) -> u32 {
    c ^ (d & (b ^ c))
}

#[inline]
fn parity(b: u32, c: u32, d: u32) -> u32 {
    b ^ c ^ d
}

#[inline]
fn sloped(b: u32, c: u32, d: u32) -> u32 {
    c ^ (b | !d)
}

/// One step in all lanes.
#[inline]
fn turn<const LEFT: u32>(
    mix: fn(u32, u32, u32) -> u32,
    a: Lanes,
    b: Lanes,
    c: Lanes,
    d: Lanes,
    word: &Lanes,
    sine: u32,
) -> Lanes {
    let mut next = [0; LANES];
    for lane in 0..LANES {
        let sum = a[lane].wrapping_add(word[lane].wrapping_add(sine)).wrapping_add(mix(b[lane], c[lane], d[lane]));
        next[lane] = sum.rotate_left(LEFT).wrapping_add(b[lane]);
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prim::hash::md5;

    #[test]
    fn messages_of_every_length() {
        let text = b"None of the hashes in this block waits for another one.";
        for length in 0..=LONGEST {
            let hashes = Messages::alike(&text[..length]).hashes();
            for lane in 0..LANES {
                assert_eq!(bytes(of_lane(&hashes, lane)), md5(&[&text[..length]]), "{length} in lane {lane}");
            }
        }
    }

    #[test]
    fn words_that_differ_in_a_row_longer_than_the_lanes() {
        let mut hashes = Hashes::new(Messages::alike(b"0000abc"));
        for number in 0..3 * LANES as u32 {
            let hash = hashes.next(|messages| messages.set_word(0, |lane| number + lane));
            assert_eq!(bytes(hash), md5(&[&number.to_le_bytes(), b"abc"]));
        }
    }
}
