//! [`Pick`]: a random selection from a list without repetition, as some bots take it from a list that is too long to
//! be tried as a whole. It is a number, not a list: a million bots each have their own.

/// Rounds of the network; four make a permutation that no test of the field tells from a random one.
const ROUNDS: u64 = 4;

/// A random order of a list's places, computed place by place.
///
/// A Feistel network over the smallest power of four that holds the list, walked on while it leads outside of it
/// (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pick(u64);

impl Pick {
    /// The order that `key` stands for.
    pub(crate) fn new(key: u64) -> Self {
        Self(key)
    }

    /// The place in a list of `length` that comes at `turn`, both counted from 0.
    pub(crate) fn place(self, turn: u32, length: u32) -> u32 {
        debug_assert!(turn < length, "turn {turn} of a list of {length}");
        let half = (u32::BITS - length.saturating_sub(1).leading_zeros()).div_ceil(2).max(1);
        let mask = (1_u64 << half) - 1;
        let mut place = u64::from(turn);
        loop {
            let (mut left, mut right) = (place >> half, place & mask);
            for round in 0..ROUNDS {
                (left, right) = (right, left ^ (mix(self.0, round, right) & mask));
            }
            place = left << half | right;
            if place < u64::from(length) {
                return place as u32;
            }
        }
    }
}

/// One round's function: the finaliser of `SplitMix64` (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators", 2014).
fn mix(key: u64, round: u64, half: u64) -> u64 {
    let mut z = key.wrapping_add((round << 32 | half).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::Pick;

    #[test]
    fn every_place_comes_once() {
        for length in [1, 2, 3, 5, 16, 17, 1_000, 50_000] {
            for key in [0, 1, u64::MAX] {
                let mut seen = vec![false; length as usize];
                for turn in 0..length {
                    let place = Pick::new(key).place(turn, length) as usize;
                    assert!(!std::mem::replace(&mut seen[place], true), "{place} of {length} twice with key {key}");
                }
            }
        }
    }

    /// A bot that tries 500 of 50,000 names meets one of 50 that are held with probability 1 - C(49,950; 500) /
    /// C(50,000; 500) = 0.3951, wherever in the list they stand.
    #[test]
    fn a_selection_meets_what_is_held_as_often_as_chance_has_it() {
        for first in [0, 20_000, 49_950] {
            let meets =
                |key: u64| (0..500).any(|turn| (first..first + 50).contains(&Pick::new(key).place(turn, 50_000)));
            let bots = 4_000;
            let met = (0..bots).filter(|bot| meets(u64::wrapping_mul(*bot, 0x1234_5678_9ABC_DEF1))).count();
            let share = met as f64 / bots as f64;
            // Four standard deviations of that many bots.
            assert!((share - 0.3951).abs() < 0.031, "{share} of the bots met one of the 50 from {first} on");
        }
    }
}
