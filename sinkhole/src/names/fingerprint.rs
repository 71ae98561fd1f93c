//! Fingerprints of names: 64 bits of a keyed hash, by which names are told apart without being kept.
//!
//! The hash is SipHash-1-3 with a random key, as the standard library's maps use it. Whoever does not know the key cannot
//! choose a name whose fingerprint is that of another one, so the chance that a question is taken for a held name is that
//! of two random numbers being equal: with n names, n / 2⁶⁴ for each ending of the question that is looked up. With 50
//! million names that is one wrong answer in 3.7 · 10¹¹ look-ups. Two held names have the same fingerprint with a chance
//! of n² / 2⁶⁵: 7 in 100,000 for 50 million names; then the second one counts as the first.

use std::hash::{BuildHasher, Hasher, RandomState};

/// The key of one table's fingerprints.
#[derive(Clone, Debug, Default)]
pub(crate) struct Key(RandomState);

impl Key {
    /// The fingerprint of a name's octets on the wire, which are in lower case.
    pub(super) fn fingerprint(&self, lower: &[u8]) -> u64 {
        let mut hasher = self.0.build_hasher();
        hasher.write(lower);
        hasher.finish()
    }
}
