//! The step from one name's state to the next in Ramnit: the product of a state and the one that the generator of
//! [`schrage`](super::schrage) makes of it, whose halves are added; and the way back.
//!
//! Adding the halves of a product is reducing it modulo 2^32 - 1, but for a carry that gets lost. The state is
//! 127773 q + r and the one after it 16807 r - 2836 q, so for every quotient q the way back is a quadratic equation in r
//! modulo 2^32 - 1 = 3 · 5 · 17 · 257 · 65537, which is solved modulo each of these primes.

use std::sync::OnceLock;

use super::schrage::Schrage;

/// The sum of the halves of a product, modulo 2^32.
#[inline]
pub(crate) fn product(one: u32, another: u32) -> u32 {
    let product = u64::from(one) * u64::from(another);
    (product as u32).wrapping_add((product >> 32) as u32)
}

/// The state that starts the next name.
fn next(state: u32) -> u32 {
    let mut random = Schrage(state);
    random.draw(1);
    product(state, random.0)
}

/// The prime factors of 2^32 - 1, the largest first: it rules out half of the equations, which is most of the work.
const PRIMES: [u32; 5] = [65_537, 257, 17, 5, 3];

const MODULUS: u64 = 0xFFFF_FFFF;

/// How large a remainder can be.
const REMAINDERS: u64 = 127_773;

/// The coefficient of r².
const SQUARE: u64 = 16_807;

/// All states that are followed by `state`: none, one, or several, for the step is no bijection.
pub(crate) fn before(state: u32) -> Vec<u32> {
    let Tables { equations, first_discriminants, primes } = tables();
    let mut found = Vec::new();
    // A lost carry takes 1 from the sum.
    for target in [u64::from(state), u64::from(state) + 1] {
        // What the target adds to the discriminants.
        let added = PRIMES.map(|prime| (4 * SQUARE * (target % u64::from(prime)) % u64::from(prime)) as u32);
        for (equation, first) in equations.iter().zip(first_discriminants) {
            if primes[0].root(sum(*first, added[0], PRIMES[0])).is_none() {
                continue;
            }
            equation.roots(added, primes, |remainder| {
                let before = REMAINDERS * equation.quotient + remainder;
                if remainder < REMAINDERS
                    && let Ok(before) = u32::try_from(before)
                    && next(before) == state
                    && !found.contains(&before)
                {
                    found.push(before);
                }
            });
        }
    }
    found.sort_unstable();
    found
}

/// A sum modulo a prime, of numbers below it.
#[inline]
fn sum(one: u32, another: u32, prime: u32) -> u32 {
    let sum = one + another;
    if sum >= prime { sum - prime } else { sum }
}

/// The equation of a quotient: (127773 q + r) (16807 r - 2836 q) = target, where a negative second factor is one more,
/// because it wraps at 2^32.
struct Equation {
    quotient: u64,
    /// The discriminant modulo each prime, for the target 0.
    discriminants: [u32; PRIMES.len()],
    /// Half the negative linear coefficient, divided by the square one: both roots lie as far from it.
    centres: [u32; PRIMES.len()],
}

impl Equation {
    fn new(quotient: u64, negative: bool, halved: [u64; PRIMES.len()]) -> Self {
        // 16807 r² + linear r - constant.
        let more = u64::from(negative);
        let linear = (REMAINDERS * SQUARE - 2_836) * quotient + more;
        let constant = u128::from(REMAINDERS * quotient) * u128::from(2_836 * quotient);
        let constant = constant - u128::from(more * REMAINDERS * quotient);
        let discriminants = PRIMES.map(|prime| {
            let prime = u64::from(prime);
            let (linear, constant) = (linear % prime, (constant % u128::from(prime)) as u64);
            ((linear * linear + 4 * SQUARE * constant) % prime) as u32
        });
        let centres = std::array::from_fn(|place| {
            let prime = u64::from(PRIMES[place]);
            ((prime - linear % prime) * halved[place] % prime) as u32
        });
        Self { quotient, discriminants, centres }
    }

    /// Calls `found` with every root modulo 2^32 - 1, where the target adds so much to the discriminants.
    fn roots(&self, added: [u32; PRIMES.len()], primes: &[Prime; PRIMES.len()], mut found: impl FnMut(u64)) {
        // Of each prime one or two roots, as the parts that they contribute to a root of the whole.
        let mut parts = [[0; 2]; PRIMES.len()];
        let mut counts = [0; PRIMES.len()];
        for (place, prime) in primes.iter().enumerate() {
            let modulus = PRIMES[place];
            let Some(distance) = prime.root(sum(self.discriminants[place], added[place], modulus)) else { return };
            for distance in [distance, modulus - distance] {
                let root = sum(self.centres[place], distance % modulus, modulus);
                parts[place][counts[place]] = u64::from(root) * prime.part % MODULUS;
                counts[place] += 1;
                if distance == 0 {
                    break;
                }
            }
        }
        for choice in 0..counts.iter().product() {
            let (mut choice, mut sum): (usize, u64) = (choice, 0);
            for (parts, count) in parts.iter().zip(counts) {
                sum += parts[choice % count];
                choice /= count;
            }
            found(sum % MODULUS);
        }
    }
}

/// What is known of a prime.
struct Prime {
    /// Of each discriminant how far its roots lie from the centre; [`NONE`] where there are none.
    roots: Vec<u32>,
    /// 1 modulo this prime, and 0 modulo the others.
    part: u64,
}

const NONE: u32 = u32::MAX;

impl Prime {
    fn new(prime: u32) -> Self {
        let prime = u64::from(prime);
        let mut roots = vec![NONE; prime as usize];
        let halved = inverse(2 * SQUARE, prime);
        for root in 0..=prime / 2 {
            roots[(root * root % prime) as usize] = (root * halved % prime) as u32;
        }
        let others = MODULUS / prime;
        Self { roots, part: others * inverse(others, prime) % MODULUS }
    }

    #[inline]
    fn root(&self, discriminant: u32) -> Option<u32> {
        Some(self.roots[discriminant as usize]).filter(|root| *root != NONE)
    }
}

/// What undoes a multiplication modulo a prime.
fn inverse(factor: u64, prime: u64) -> u64 {
    // By Fermat's little theorem.
    (0..prime - 2).fold(1, |power, _| power * (factor % prime) % prime)
}

/// Whatever does not depend on the target.
struct Tables {
    equations: Vec<Equation>,
    /// Of each equation the discriminant modulo the first prime.
    first_discriminants: Vec<u32>,
    primes: [Prime; PRIMES.len()],
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let halved = PRIMES.map(|prime| inverse(2 * SQUARE, prime.into()));
        let quotients = 0..=u64::from(u32::MAX) / REMAINDERS;
        let equations: Vec<Equation> = quotients
            .flat_map(|quotient| [false, true].map(|negative| Equation::new(quotient, negative, halved)))
            .collect();
        let first_discriminants = equations.iter().map(|equation| equation.discriminants[0]).collect();
        Tables { equations, first_discriminants, primes: PRIMES.map(Prime::new) }
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
