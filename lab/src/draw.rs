//! Random numbers that depend only on what they are for: seed, subject, purpose and index.
//!
//! A draw does not change when another one is added or when work is split over threads. The mixing function is
//! `SplitMix64`'s finaliser (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).

use std::f64::consts::TAU;

/// What a number is drawn for; each purpose has its own stream.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Resolver = 1,
    Zone,
    Phase,
    SessionLength,
    SessionPlace,
    CallBack,
    FirstCallBack,
    Join,
    Leave,
    Nat,
    Lease,
    Bot,
}

/// The streams of one scenario.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw {
    seed: u64,
}

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// 64 even bits.
    pub(crate) fn bits(self, purpose: Purpose, subject: u64, index: u64) -> u64 {
        let stream = mix(self.seed ^ (purpose as u64) << 56);
        mix(mix(stream ^ subject).wrapping_add(index))
    }

    /// An even number in [0, 1).
    pub(crate) fn even(self, purpose: Purpose, subject: u64, index: u64) -> f64 {
        (self.bits(purpose, subject, index) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// An exponentially distributed number with mean 1.
    pub(crate) fn exponential(self, purpose: Purpose, subject: u64, index: u64) -> f64 {
        -(1.0 - self.even(purpose, subject, index)).ln()
    }

    /// A normally distributed number with mean 0 and variance 1 (Box and Muller 1958).
    pub(crate) fn normal(self, purpose: Purpose, subject: u64, index: u64) -> f64 {
        let radius = (2.0 * self.exponential(purpose, subject, 2 * index)).sqrt();
        radius * (TAU * self.even(purpose, subject, 2 * index + 1)).cos()
    }
}

fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_even_and_independent_of_each_other() {
        let draw = Draw::new(7);
        let mean = (0..10_000).map(|index| draw.even(Purpose::CallBack, 3, index)).sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        let exponential = (0..10_000).map(|subject| draw.exponential(Purpose::Leave, subject, 0)).sum::<f64>() / 1e4;
        assert!((exponential - 1.0).abs() < 0.05, "{exponential}");
        assert_ne!(draw.bits(Purpose::Join, 1, 2), draw.bits(Purpose::Leave, 1, 2));
        assert_ne!(draw.bits(Purpose::Join, 1, 2), draw.bits(Purpose::Join, 2, 1));
    }
}
