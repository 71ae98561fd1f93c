//! Indexes: any octets are refused without a panic, or hold what they say.

use trace::index::{Fingerprint, Index};

/// An index, or something else.
pub fn index(octets: &[u8]) {
    let Ok(index) = Index::of_bytes(octets.to_vec()) else { return };
    let mut found = Vec::new();
    index.candidates(&[Fingerprint::of(b"example.com")], &mut found);
    for (_, list) in found {
        assert!(index.list(list).0 < index.about().sources.len());
    }
}
