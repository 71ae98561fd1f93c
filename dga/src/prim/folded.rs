//! The step from one name's state to the next in Ramnit: the product of a state and the one that the generator of
//! [`schrage`](super::schrage) makes of it, whose halves are added; and the way back.
//!
//! Adding the halves of a product is reducing it modulo 2^32 - 1, but for a carry that gets lost. The state is
//! 127773 q + r and the one after it 16807 r - 2836 q, so for every quotient q the way back is a quadratic equation in r
//! modulo 2^32 - 1. That number is a multiple of the prime 65537, and r is below twice that prime: two roots modulo it
//! leave four remainders to try.

use std::sync::OnceLock;

use super::schrage::Schrage;

/// The sum of the halves of a product, modulo 2^32.
#[inline]
pub(crate) fn product(one: u32, another: u32) -> u32 {
    let product = u64::from(one) * u64::from(another);
    (product as u32).wrapping_add((product >> 32) as u32)
}

/// The state that starts the next name.
#[inline]
fn next(state: u32) -> u32 {
    let mut random = Schrage(state);
    random.draw(1);
    product(state, random.0)
}

/// A prime factor of 2^32 - 1.
const PRIME: u64 = 65_537;

/// How large a remainder can be.
const REMAINDERS: u64 = 127_773;

/// The coefficient of r².
const SQUARE: u64 = 16_807;

/// All states that are followed by `state`: none, one, or several, for the step is no bijection.
pub(crate) fn before(state: u32) -> Vec<u32> {
    let Tables { equations, roots } = tables();
    let mut found = Vec::new();
    // A lost carry takes 1 from the sum.
    for target in [u64::from(state), u64::from(state) + 1] {
        let added = (4 * SQUARE * (target % PRIME) % PRIME) as u32;
        for Equation { first, discriminant, centre } in equations {
            let distance = roots[sum(*discriminant, added) as usize];
            if distance == NONE {
                continue;
            }
            for root in [sum(*centre, distance), sum(*centre, (PRIME as u32 - distance) % PRIME as u32)] {
                for remainder in [u64::from(root), u64::from(root) + PRIME] {
                    if remainder < REMAINDERS
                        && let Ok(before) = u32::try_from(first + remainder)
                        && next(before) == state
                        && !found.contains(&before)
                    {
                        found.push(before);
                    }
                }
            }
        }
    }
    found.sort_unstable();
    found
}

/// A sum modulo the prime, of numbers below it.
#[inline]
fn sum(one: u32, another: u32) -> u32 {
    let sum = one + another;
    if sum >= PRIME as u32 { sum - PRIME as u32 } else { sum }
}

/// The equation of a quotient: (127773 q + r) (16807 r - 2836 q) = target, where a negative second factor is one more,
/// because it wraps at 2^32.
struct Equation {
    /// 127773 q.
    first: u64,
    /// The discriminant modulo the prime, for the target 0.
    discriminant: u32,
    /// Half the negative linear coefficient, divided by the square one: both roots lie as far from it.
    centre: u32,
}

impl Equation {
    fn new(quotient: u64, negative: bool, halved: u64) -> Self {
        // 16807 r² + linear r - constant.
        let (first, more) = (REMAINDERS * quotient, u64::from(negative));
        let linear = ((REMAINDERS * SQUARE - 2_836) * quotient + more) % PRIME;
        let constant = (first % PRIME * (2_836 * quotient % PRIME) + (PRIME - more) * (first % PRIME)) % PRIME;
        Self {
            first,
            discriminant: ((linear * linear + 4 * SQUARE * constant) % PRIME) as u32,
            centre: ((PRIME - linear) * halved % PRIME) as u32,
        }
    }
}

/// Whatever does not depend on the target.
struct Tables {
    equations: Vec<Equation>,
    /// Of each discriminant how far its roots lie from the centre; [`NONE`] where there are none.
    roots: Vec<u32>,
}

const NONE: u32 = u32::MAX;

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        // What divides by twice the square coefficient, by Fermat's little theorem.
        let halved = (0..PRIME - 2).fold(1, |power, _| power * (2 * SQUARE) % PRIME);
        let mut roots = vec![NONE; PRIME as usize];
        for root in 0..=PRIME / 2 {
            roots[(root * root % PRIME) as usize] = (root * halved % PRIME) as u32;
        }
        let quotients = 0..=u64::from(u32::MAX) / REMAINDERS;
        let equations = quotients
            .flat_map(|quotient| [false, true].map(|negative| Equation::new(quotient, negative, halved)))
            .collect();
        Tables { equations, roots }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_before_the_next() {
        for state in [0, 1, 2, 127_772, 127_773, 0x7915_9C10, 0xEF21_4BBF, 0xFFFF_FFFE, u32::MAX] {
            let before = before(next(state));
            assert!(before.contains(&state), "{state:#x}: {before:x?}");
        }
    }

    /// As many states are before others as there are states: none is missed and none is invented.
    #[test]
    fn as_many_as_a_search_finds() {
        let targets: Vec<u32> = (0..8_u32).map(|number| number.wrapping_mul(0x9E37_79B9).wrapping_add(5)).collect();
        let mut searched = vec![Vec::new(); targets.len()];
        // A sample of all states is enough to find what is missing; the whole space is searched by hand.
        for state in (0..u32::MAX).step_by(97) {
            let next = next(state);
            if let Some(place) = targets.iter().position(|target| *target == next) {
                searched[place].push(state);
            }
        }
        for (target, searched) in targets.iter().zip(searched) {
            let solved = before(*target);
            assert!(searched.iter().all(|state| solved.contains(state)), "{target:#x}: {searched:x?} {solved:x?}");
            assert!(solved.iter().all(|state| next(*state) == *target));
        }
    }
}
