//! A generator that resembles Park and Miller's minimal standard in Schrage's form but wraps at 2^32 instead of being
//! corrected when its difference is negative. Several families carry it (among them Ramnit and DirCrypt).

/// The generator's state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schrage(pub(crate) u32);

impl Schrage {
    /// Steps, and reduces the new state modulo `modulus`.
    #[inline]
    pub(crate) fn draw(&mut self, modulus: u32) -> u32 {
        let (quotient, remainder) = (self.0 / 127_773, self.0 % 127_773);
        self.0 = remainder.wrapping_mul(16_807).wrapping_sub(quotient.wrapping_mul(2_836));
        self.0 % modulus
    }
}

#[cfg(test)]
mod tests {
    use super::Schrage;

    #[test]
    fn states_as_published() {
        let mut generator = Schrage(0x7915_9C10);
        assert_eq!(generator.draw(12), 10);
        assert_eq!(generator.0, 0x79B9_1C8A);
        // A state above 2^31: division and remainder are unsigned, and a negative difference wraps.
        let mut generator = Schrage(0xF211_3C2A);
        let draws = [generator.draw(13), generator.draw(26), generator.draw(26)];
        assert_eq!(draws, [2, 17, 0]);
        assert_eq!(generator.0, 0x3DF6_8040);
    }
}
