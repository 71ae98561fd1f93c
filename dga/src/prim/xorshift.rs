//! Marsaglia's xorshift of 32 bits, with the shifts 13, 17 and 5.

/// The generator's state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Xorshift(pub(crate) u32);

impl Xorshift {
    /// Steps and gives the new state.
    #[inline]
    pub(crate) fn draw(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn known_states() {
        let mut generator = super::Xorshift(0x6AC0_F839);
        assert_eq!(generator.draw(), 0xCD3B_B99A);
        assert_eq!(generator.draw(), 0xFB1C_375E);
    }
}
