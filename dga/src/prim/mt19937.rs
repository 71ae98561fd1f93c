//! The Mersenne Twister MT19937 of 32 bits, seeded with one word.

const WORDS: usize = 624;
const MIDDLE: usize = 397;

/// The generator.
#[derive(Clone, Debug)]
pub(crate) struct MersenneTwister {
    state: [u32; WORDS],
    next: usize,
    /// How many words each twist renews.
    renewed: usize,
}

impl MersenneTwister {
    /// The standard generator.
    pub(crate) fn new(seed: u32) -> Self {
        Self::seeded(seed, WORDS)
    }

    /// A generator whose twist forgets the last word, which thus keeps its first value for ever.
    pub(crate) fn forgetting_the_last_word(seed: u32) -> Self {
        Self::seeded(seed, WORDS - 1)
    }

    fn seeded(seed: u32, renewed: usize) -> Self {
        let mut state = [seed; WORDS];
        for index in 1..WORDS {
            state[index] = seeded_after(state[index - 1], index as u32);
        }
        Self { state, next: WORDS, renewed }
    }

    /// The next 32 bits.
    #[inline]
    pub(crate) fn draw(&mut self) -> u32 {
        if self.next == WORDS {
            self.twist();
        }
        self.next += 1;
        tempered(self.state[self.next - 1])
    }

    fn twist(&mut self) {
        for index in 0..self.renewed {
            let following = self.state[(index + 1) % WORDS];
            self.state[index] = twisted(self.state[index], following, self.state[(index + MIDDLE) % WORDS]);
        }
        self.next = 0;
    }
}

/// The word of a seeded state that follows another, whose index is given.
#[inline]
fn seeded_after(before: u32, index: u32) -> u32 {
    (before ^ (before >> 30)).wrapping_mul(1_812_433_253).wrapping_add(index)
}

/// A word's successor, of itself, the following word and the one in the middle distance.
#[inline]
fn twisted(word: u32, following: u32, middle: u32) -> u32 {
    let bits = (word & 0x8000_0000) | (following & 0x7FFF_FFFF);
    middle ^ (bits >> 1) ^ (bits & 1).wrapping_neg() & 0x9908_B0DF
}

/// The number that is drawn for a word.
#[inline]
fn tempered(mut word: u32) -> u32 {
    word ^= word >> 11;
    word ^= (word << 7) & 0x9D2C_5680;
    word ^= (word << 15) & 0xEFC6_0000;
    word ^ (word >> 18)
}

/// How many seeds [`draws`] takes at a time: so many that the compiler makes vector instructions of loops over them.
pub(crate) const LANES: usize = 32;

/// The last draw, counted from 0, that [`draws`] can give: later ones need words that have been renewed themselves.
pub(crate) const LAST: usize = WORDS - MIDDLE - 2;

/// The numbers that generators with these seeds draw, `COUNT` in a row from number `first` on (counted from 0), without
/// the rest of their states.
///
/// # Panics
///
/// The last of them is beyond [`LAST`].
#[inline(never)]
pub(crate) fn draws<const COUNT: usize>(seeds: &[u32; LANES], first: usize) -> [[u32; LANES]; COUNT] {
    assert!(first + COUNT <= LAST + 1, "draw {} needs words that have been renewed", first + COUNT - 1);
    let mut words = *seeds;
    let mut index = 0;
    let mut step_to = |wanted: usize, words: &mut [u32; LANES]| {
        while index < wanted {
            index += 1;
            for word in &mut *words {
                *word = seeded_after(*word, index as u32);
            }
        }
    };
    let mut own = [[0; LANES]; COUNT];
    for (number, own) in own.iter_mut().enumerate() {
        step_to(first + number, &mut words);
        *own = words;
    }
    step_to(first + COUNT, &mut words);
    let last = words;
    let mut drawn = [[0; LANES]; COUNT];
    for number in 0..COUNT {
        step_to(first + number + MIDDLE, &mut words);
        let following = if number + 1 < COUNT { &own[number + 1] } else { &last };
        for lane in 0..LANES {
            drawn[number][lane] = tempered(twisted(own[number][lane], following[lane], words[lane]));
        }
    }
    drawn
}

/// Calls `passed` for every number of a block whose seed, by `seed`, draws what `test` accepts.
#[inline]
pub(crate) fn sift<const COUNT: usize>(
    numbers: std::ops::Range<u64>,
    first: usize,
    passed: &mut dyn FnMut(u64),
    seed: impl Fn(u32) -> u32,
    test: impl Fn([u32; COUNT]) -> bool,
) {
    for start in numbers.clone().step_by(LANES) {
        let seeds = std::array::from_fn(|lane| seed((start as u32).wrapping_add(lane as u32)));
        let drawn = draws::<COUNT>(&seeds, first);
        for (lane, number) in (start..numbers.end).take(LANES).enumerate() {
            if test(std::array::from_fn(|draw| drawn[draw][lane])) {
                passed(number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_of_many_seeds_are_those_of_each() {
        let seeds = std::array::from_fn(|lane| 0x9E37_79B9_u32.wrapping_mul(lane as u32));
        for first in [0, 1, 100, LAST - 2] {
            let drawn = draws::<3>(&seeds, first);
            for (lane, seed) in seeds.into_iter().enumerate() {
                let mut generator = MersenneTwister::new(seed);
                let expected: Vec<_> = (0..first + 3).map(|_| generator.draw()).collect();
                assert_eq!(drawn.map(|lanes| lanes[lane]).as_slice(), &expected[first..], "{seed:#x}");
            }
        }
    }

    #[test]
    fn the_standards_ten_thousandth_number() {
        let mut generator = MersenneTwister::new(5489);
        assert_eq!((0..10_000).map(|_| generator.draw()).last(), Some(4_123_659_995));
    }

    #[test]
    fn the_defect_shows_at_the_last_word() {
        let mut standard = MersenneTwister::new(434_921);
        let mut defective = MersenneTwister::forgetting_the_last_word(434_921);
        assert_eq!([defective.draw(), defective.draw()], [0xEE50_9CBB, 0x4294_58B2]);
        standard.draw();
        standard.draw();
        for _ in 2..623 {
            assert_eq!(standard.draw(), defective.draw());
        }
        assert_ne!(standard.draw(), defective.draw());
    }
}
