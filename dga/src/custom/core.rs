//! Where the numbers come from.

use serde::{Deserialize, Serialize};

use crate::algorithm::Refusal;
use crate::prim::hash::{md5, sha256};

/// A source of numbers, as it is written.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Core {
    /// A linear congruential generator.
    Lcg(Lcg),
    /// Marsaglia's xorshift of 32 bits.
    Xorshift(Xorshift),
    /// The bits of MD5 over the seed, then those of MD5 over the hash before, and so on.
    Md5(Bits),
    /// The same with SHA-256.
    Sha256(Bits),
}

/// x = `multiplier` x + `increment` modulo 2^`modulus_bits`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lcg {
    multiplier: u64,
    increment: u64,
    #[serde(default = "usual_bits")]
    modulus_bits: u32,
    /// How many low bits of the state are left out of a draw.
    #[serde(default)]
    shift: u32,
    /// How many bits a draw has at most; by default all that are left.
    #[serde(default)]
    output_bits: Option<u32>,
    #[serde(default)]
    takes: Takes,
}

fn usual_bits() -> u32 {
    32
}

/// Which state makes a draw.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Takes {
    /// The one before the step.
    Old,
    /// The one after it.
    #[default]
    New,
}

/// Left, right and left again.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Xorshift {
    #[serde(default = "marsaglia")]
    shifts: [u32; 3],
}

fn marsaglia() -> [u32; 3] {
    [13, 17, 5]
}

/// How a hash is cut into numbers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bits {
    /// Bits of a draw: 4 (the digits of the hash in hexadecimal), 8, 16 or 32.
    #[serde(default = "byte")]
    bits: u8,
    #[serde(default)]
    little_endian: bool,
}

fn byte() -> u8 {
    8
}

impl Core {
    /// Whether it hashes a text.
    pub(crate) fn is_hash(self) -> bool {
        matches!(self, Self::Md5(_) | Self::Sha256(_))
    }

    /// Refuses numbers that have no meaning.
    pub(crate) fn check(self) -> Result<(), Refusal> {
        let wrong = |reason: &str| Err(Refusal::value("core", reason));
        match self {
            Self::Lcg(lcg) if !(1..=64).contains(&lcg.modulus_bits) => wrong("`modulus_bits` must be 1 to 64"),
            Self::Lcg(lcg) if lcg.shift >= lcg.modulus_bits => wrong("`shift` must be less than `modulus_bits`"),
            Self::Lcg(Lcg { output_bits: Some(0 | 65..), .. }) => wrong("`output_bits` must be 1 to 64"),
            Self::Xorshift(Xorshift { shifts }) if shifts.iter().any(|shift| !(1..=31).contains(shift)) => {
                wrong("each of `shifts` must be 1 to 31")
            }
            Self::Md5(Bits { bits, .. }) | Self::Sha256(Bits { bits, .. }) if ![4, 8, 16, 32].contains(&bits) => {
                wrong("`bits` must be 4, 8, 16 or 32")
            }
            _ => Ok(()),
        }
    }

    /// The numbers that follow from a text.
    #[inline]
    pub(crate) fn after_text(self, text: &[u8]) -> Source {
        Source { core: self, state: 0, hash: self.hash(text), used: 0 }
    }

    /// The numbers that follow from a number.
    #[inline]
    pub(crate) fn after_number(self, number: u64) -> Source {
        let state = match self {
            Self::Lcg(lcg) => number & low(lcg.modulus_bits),
            _ => number & low(32),
        };
        Source { core: self, state, hash: [0; 32], used: 0 }
    }

    /// The hash in the first bytes; the others are 0.
    fn hash(self, text: &[u8]) -> [u8; 32] {
        if let Self::Sha256(_) = self {
            return sha256(&[text]);
        }
        let mut hash = [0; 32];
        hash[..16].copy_from_slice(&md5(&[text]));
        hash
    }
}

/// As many ones as `bits` says, in the lowest places.
fn low(bits: u32) -> u64 {
    u64::MAX >> (64 - bits.clamp(1, 64))
}

/// A sequence of numbers, without end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    core: Core,
    /// Of `lcg` and `xorshift`.
    state: u64,
    /// Of `md5` and `sha256`.
    hash: [u8; 32],
    /// How many bits of the hash have been drawn.
    used: usize,
}

impl Source {
    /// The next number, which the sequence keeps.
    #[inline]
    pub(crate) fn peek(&self) -> u64 {
        let mut ahead = *self;
        ahead.draw()
    }

    /// The next number.
    #[inline]
    pub(crate) fn draw(&mut self) -> u64 {
        match self.core {
            Core::Lcg(lcg) => {
                let old = self.state;
                self.state = old.wrapping_mul(lcg.multiplier).wrapping_add(lcg.increment) & low(lcg.modulus_bits);
                let taken = match lcg.takes {
                    Takes::Old => old,
                    Takes::New => self.state,
                };
                taken >> lcg.shift & low(lcg.output_bits.unwrap_or(64))
            }
            Core::Xorshift(Xorshift { shifts: [first, second, third] }) => {
                let mut state = self.state as u32;
                state ^= state << first;
                state ^= state >> second;
                state ^= state << third;
                self.state = state.into();
                self.state
            }
            Core::Md5(bits) => self.cut(bits, 16),
            Core::Sha256(bits) => self.cut(bits, 32),
        }
    }

    /// The next bits of a hash of `length` bytes.
    #[inline]
    fn cut(&mut self, Bits { bits, little_endian }: Bits, length: usize) -> u64 {
        if self.used == 8 * length {
            self.hash = self.core.hash(&self.hash[..length]);
            self.used = 0;
        }
        let place = self.used / 8;
        let half = self.used % 8;
        self.used += usize::from(bits);
        if bits == 4 {
            return u64::from(self.hash[place] >> (4 - half) & 15);
        }
        let bytes = &self.hash[place..place + usize::from(bits) / 8];
        let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        if little_endian { bytes.iter().rev().fold(0, join) } else { bytes.iter().fold(0, join) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(mut source: Source, count: usize) -> Vec<u64> {
        (0..count).map(|_| source.draw()).collect()
    }

    #[test]
    fn arithmetic() {
        let rand = Lcg {
            multiplier: 214_013,
            increment: 2_531_011,
            modulus_bits: 32,
            shift: 16,
            output_bits: Some(15),
            takes: Takes::New,
        };
        assert_eq!(draws(Core::Lcg(rand).after_number(1), 3), [41, 18_467, 6_334]);
        let old = Lcg { takes: Takes::Old, shift: 0, output_bits: None, ..rand };
        assert_eq!(draws(Core::Lcg(old).after_number(1 << 32 | 1), 2), [1, 2_745_024]);
        let xorshift = Core::Xorshift(Xorshift { shifts: marsaglia() });
        assert_eq!(draws(xorshift.after_number(0x6AC0_F839), 2), [0xCD3B_B99A, 0xFB1C_375E]);
    }

    #[test]
    fn hashes_are_cut_and_go_on() {
        // MD5 of `abc` is 900150983cd24fb0d6963f7d28e17f72.
        let cut = |bits, little_endian| Core::Md5(Bits { bits, little_endian }).after_text(b"abc");
        assert_eq!(draws(cut(4, false), 5), [9, 0, 0, 1, 5]);
        assert_eq!(draws(cut(8, true), 2), [0x90, 0x01]);
        assert_eq!(draws(cut(16, false), 2), [0x9001, 0x5098]);
        assert_eq!(draws(cut(32, true), 1), [0x9850_0190]);
        let after = draws(cut(8, false), 18);
        assert_eq!(after[16..], md5(&[&md5(&[b"abc"])])[..2].iter().map(|byte| u64::from(*byte)).collect::<Vec<_>>());
        let source = cut(8, false);
        assert_eq!((source.peek(), source.peek()), (0x90, 0x90));
    }
}
