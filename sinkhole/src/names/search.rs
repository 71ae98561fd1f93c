//! The search for the deepest held name at or above another: from the whole name to its last label.

use crate::name::NAME_LIMIT;
use crate::names::fingerprint::Key;

/// How to search.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search<'a> {
    /// Of all fingerprints.
    pub(super) key: &'a Key,
    /// Bit n is set when there may be held names with n labels: no other endings of a name need a look.
    pub(super) depths: u128,
}

/// Where the search for a name begins: at its deepest ending with as many labels as some held name has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Probe {
    /// Of that ending.
    pub(super) fingerprint: u64,
    /// How many labels the name has.
    pub(super) labels: u8,
    /// How many the ending has; 0 if there is none to look up.
    depth: u8,
}

impl Search<'_> {
    /// Where to begin with the name whose octets on the wire are `name`.
    pub(super) fn begin(self, name: &[u8]) -> Probe {
        let labels = label_count(name);
        self.next(&Lower::new(name), labels, labels)
    }

    /// The deepest ending for whose fingerprint `look_up` has something, and how many labels that ending has.
    pub(super) fn go_on<Value>(
        self,
        name: &[u8],
        begin: Probe,
        mut look_up: impl FnMut(u64) -> Option<Value>,
    ) -> Option<(Value, u8)> {
        let Probe { mut fingerprint, labels, mut depth } = begin;
        // Most names are found at once, or have no other ending.
        let mut lower = None;
        while depth > 0 {
            if let Some(found) = look_up(fingerprint) {
                return Some((found, depth));
            }
            let lower = lower.get_or_insert_with(|| Lower::new(name));
            Probe { fingerprint, depth, .. } = self.next(lower, usize::from(labels), usize::from(depth) - 1);
        }
        None
    }

    /// The next ending to look up of a name with so many labels, of those with at most `depth` labels.
    fn next(self, lower: &Lower, labels: usize, depth: usize) -> Probe {
        let depths = self.depths & !(u128::MAX << 1 << depth) & !1;
        let depth = (u128::BITS - 1).saturating_sub(depths.leading_zeros()) as usize;
        let fingerprint = if depth == 0 { 0 } else { self.key.fingerprint(lower.last_labels(labels - depth)) };
        Probe { fingerprint, labels: labels as u8, depth: depth as u8 }
    }
}

/// A name on the wire in lower case.
struct Lower {
    octets: [u8; NAME_LIMIT],
    length: usize,
}

impl Lower {
    fn new(name: &[u8]) -> Self {
        let mut octets = [0; NAME_LIMIT];
        octets[..name.len()].copy_from_slice(name);
        // Octets that tell a label's length are below those of letters.
        octets[..name.len()].make_ascii_lowercase();
        Self { octets, length: name.len() }
    }

    /// The name without its first `skipped` labels.
    fn last_labels(&self, skipped: usize) -> &[u8] {
        let mut rest = &self.octets[..self.length];
        for _ in 0..skipped {
            rest = &rest[1 + usize::from(rest[0])..];
        }
        rest
    }
}

/// How many labels there are in the octets of a whole uncompressed name.
pub(super) fn label_count(wire: &[u8]) -> usize {
    let mut labels = 0;
    let mut at = 0;
    while wire[at] != 0 {
        at += 1 + usize::from(wire[at]);
        labels += 1;
    }
    labels
}
