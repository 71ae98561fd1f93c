//! [`Unique`]: each name once, for formats whose readers refuse a second.

use std::hash::{DefaultHasher, Hash, Hasher};

use rustc_hash::FxHashSet;

/// Tells names that have been seen, by fingerprints of 64 bits: eight bytes a name and a little more.
///
/// They lie in many small sets, of which one at a time grows: growing needs the old and the new set at once.
///
/// Two of fifty million different names have the same fingerprint with a probability of 7 in 100,000; the second would
/// then be missing from the export.
#[derive(Debug)]
pub(super) struct Unique([FxHashSet<u64>; SETS]);

/// How many sets there are.
const SETS: usize = 64;

impl Default for Unique {
    fn default() -> Self {
        Self(std::array::from_fn(|_| FxHashSet::default()))
    }
}

impl Unique {
    /// Whether the name comes for the first time.
    pub(super) fn is_new(&mut self, name: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        let fingerprint = hasher.finish();
        self.0[(fingerprint % SETS as u64) as usize].insert(fingerprint)
    }
}
