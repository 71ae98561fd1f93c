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

/// The prime factors of 2^32 - 1, the largest first: it rules out most equations.
const PRIMES: [i64; 5] = [65_537, 257, 17, 5, 3];

const MODULUS: i64 = 0xFFFF_FFFF;

/// All states that are followed by `state`: none, one, or several, for the step is no bijection.
pub(crate) fn before(state: u32) -> Vec<u32> {
    let mut found = Vec::new();
    for quotient in 0..=i64::from(u32::MAX) / 127_773 {
        // (127773 q + r) (16807 r - 2836 q) = 16807 r² + linear r + constant.
        let linear = (127_773 * 16_807 - 2_836) * quotient;
        let constant = -127_773 * 2_836 * quotient % MODULUS * quotient;
        // A negative difference wraps, which adds 2^32, hence 1, to the second factor; a lost carry takes 1 from the sum.
        for (linear, constant) in [(linear, constant), (linear + 1, constant + 127_773 * quotient)] {
            for target in [i64::from(state), i64::from(state) + 1] {
                roots([16_807, linear, constant - target], |remainder| {
                    if remainder >= 127_773 {
                        return;
                    }
                    if let Ok(before) = u32::try_from(127_773 * quotient + remainder)
                        && next(before) == state
                        && !found.contains(&before)
                    {
                        found.push(before);
                    }
                });
            }
        }
    }
    found.sort_unstable();
    found
}

/// Calls `found` with every root of `square x² + linear x + constant` modulo 2^32 - 1.
fn roots([square, linear, constant]: [i64; 3], mut found: impl FnMut(i64)) {
    let tables = tables();
    // Of each prime one or two roots, as the parts that they contribute to a root of the whole.
    let mut parts = [[0; 2]; PRIMES.len()];
    let mut counts = [0; PRIMES.len()];
    for (place, (prime, table)) in PRIMES.into_iter().zip(tables).enumerate() {
        let [square, linear, constant] = [square, linear, constant].map(|coefficient| coefficient.rem_euclid(prime));
        let discriminant = (linear * linear - 4 * square * constant % prime).rem_euclid(prime);
        let Some(root) = table.roots[discriminant as usize] else { return };
        let root = i64::from(root);
        for sign in [root, -root] {
            let value = ((sign - linear) * table.halved).rem_euclid(prime);
            parts[place][counts[place]] = value * table.part % MODULUS;
            counts[place] += 1;
            if root == 0 {
                break;
            }
        }
    }
    for choice in 0..counts.iter().product() {
        let (mut choice, mut sum): (usize, i64) = (choice, 0);
        for (parts, count) in parts.iter().zip(counts) {
            sum += parts[choice % count];
            choice /= count;
        }
        found(sum % MODULUS);
    }
}

/// What is known of a prime.
struct Table {
    /// A square root of each residue that has one.
    roots: Vec<Option<u16>>,
    /// What twice the equation's square coefficient is divided by with.
    halved: i64,
    /// 1 modulo this prime, and 0 modulo the others.
    part: i64,
}

fn tables() -> &'static [Table; PRIMES.len()] {
    static TABLES: OnceLock<[Table; PRIMES.len()]> = OnceLock::new();
    TABLES.get_or_init(|| {
        PRIMES.map(|prime| {
            let mut roots = vec![None; prime as usize];
            // Of the two roots the smaller, which fits into 16 bits.
            for root in (0..=prime / 2).rev() {
                roots[(root * root % prime) as usize] = Some(root as u16);
            }
            let inverse = |of: i64| (1..prime).find(|other| of % prime * other % prime == 1).unwrap_or(0);
            let others = MODULUS / prime;
            Table { roots, halved: inverse(2 * 16_807), part: others * inverse(others) % MODULUS }
        })
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
