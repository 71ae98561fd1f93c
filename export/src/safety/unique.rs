//! [`Unique`]: each name once, for formats whose readers refuse a second.

use std::hash::{DefaultHasher, Hash, Hasher};

use rustc_hash::FxHashSet;

/// Tells names that have been seen, by fingerprints of 64 bits: eight bytes a name and a little more.
///
/// Two of fifty million different names have the same fingerprint with a probability of 7 in 100,000; the second would
/// then be missing from the export.
#[derive(Debug, Default)]
pub(super) struct Unique(FxHashSet<u64>);

impl Unique {
    /// Whether the name comes for the first time.
    pub(super) fn is_new(&mut self, name: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        self.0.insert(hasher.finish())
    }
}
