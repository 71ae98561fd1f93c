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
            let before = state[index - 1];
            state[index] = (before ^ (before >> 30)).wrapping_mul(1_812_433_253).wrapping_add(index as u32);
        }
        Self { state, next: WORDS, renewed }
    }

    /// The next 32 bits.
    #[inline]
    pub(crate) fn draw(&mut self) -> u32 {
        if self.next == WORDS {
            self.twist();
        }
        let mut word = self.state[self.next];
        self.next += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9D2C_5680;
        word ^= (word << 15) & 0xEFC6_0000;
        word ^ (word >> 18)
    }

    fn twist(&mut self) {
        for index in 0..self.renewed {
            let bits = (self.state[index] & 0x8000_0000) | (self.state[(index + 1) % WORDS] & 0x7FFF_FFFF);
            let odd = (bits & 1).wrapping_neg() & 0x9908_B0DF;
            self.state[index] = self.state[(index + MIDDLE) % WORDS] ^ (bits >> 1) ^ odd;
        }
        self.next = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::MersenneTwister;

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
