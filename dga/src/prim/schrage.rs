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

    /// The states before this one: none, one or two, for the wrapping makes the step no bijection.
    pub(crate) fn before(self) -> impl Iterator<Item = u32> {
        // The state is 16807 r - 2836 q, exactly or but for 2^32, for a quotient q and a remainder r of the state before.
        let state = i64::from(self.0);
        [state, state - (1 << 32)].into_iter().flat_map(|state| {
            // 5790 undoes a multiplication by 2836 modulo 16807.
            let least = (-state * 5_790).rem_euclid(16_807);
            (0..=2).map(move |turn| least + 16_807 * turn).filter_map(move |quotient| {
                let remainder = (state + 2_836 * quotient) / 16_807;
                let before = (0..127_773).contains(&remainder).then_some(127_773 * quotient + remainder)?;
                u32::try_from(before).ok()
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Schrage;

    #[test]
    fn one_step_back() {
        for state in [0, 1, 127_772, 127_773, 0x7915_9C10, 0xF211_3C2A, u32::MAX] {
            let mut generator = Schrage(state);
            generator.draw(1);
            let before: Vec<_> = generator.before().collect();
            assert!(before.contains(&state), "{state:#x}: {before:x?}");
            for other in before {
                let mut again = Schrage(other);
                again.draw(1);
                assert_eq!(again.0, generator.0, "{other:#x}");
            }
        }
        assert_eq!(Schrage(0x9000_0000).before().count(), 0, "beyond what the step can give");
    }

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
