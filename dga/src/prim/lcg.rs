//! Linear congruential generators.

/// The generator of "Numerical Recipes": x = 1664525 x + 1013904223 modulo 2^32; a draw is the whole new state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recipes(pub(crate) u32);

impl Recipes {
    /// Steps and gives the new state.
    #[inline]
    pub(crate) fn draw(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0
    }

    /// The state before this one.
    pub(crate) fn before(self) -> u32 {
        self.0.wrapping_sub(1_013_904_223).wrapping_mul(inverse(1_664_525))
    }
}

/// `rand` of Microsoft's C runtime: x = 214013 x + 2531011 modulo 2^32; a draw is bits 16 to 30.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Microsoft(pub(crate) u32);

impl Microsoft {
    /// Steps and gives 15 bits of the new state.
    #[inline]
    pub(crate) fn draw(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(214_013).wrapping_add(2_531_011);
        (self.0 >> 16) & 0x7FFF
    }

    /// The state before this one.
    pub(crate) fn before(self) -> u32 {
        self.0.wrapping_sub(2_531_011).wrapping_mul(inverse(214_013))
    }
}

/// What an odd factor is undone with, modulo 2^32.
pub(crate) const fn inverse(factor: u32) -> u32 {
    // Newton's iteration: each round doubles the bits that are right, of which an odd number itself has three.
    let mut inverse = factor;
    let mut round = 0;
    while round < 4 {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(factor.wrapping_mul(inverse)));
        round += 1;
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_states() {
        let mut recipes = Recipes(0);
        assert_eq!([recipes.draw(), recipes.draw()], [1_013_904_223, 1_196_435_762]);
        let mut microsoft = Microsoft(1);
        assert_eq!([microsoft.draw(), microsoft.draw(), microsoft.draw()], [41, 18_467, 6_334]);
        assert_eq!([Recipes(1_196_435_762).before(), Recipes(1_013_904_223).before()], [1_013_904_223, 0]);
        assert_eq!(Microsoft(0x5AB2_12DC).before(), 87_373);
        let mut microsoft = Microsoft(87_373);
        assert_eq!(microsoft.draw(), 23_218);
        assert_eq!(microsoft.0, 0x5AB2_12DC);
    }
}
