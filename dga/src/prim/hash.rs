//! Hashes over several parts, without putting these together first.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// MD5 of the parts, one after the other.
#[inline]
pub(crate) fn md5(parts: &[&[u8]]) -> [u8; 16] {
    all(Md5::new(), parts).finalize().into()
}

/// SHA-1 of the parts, one after the other.
#[inline]
pub(crate) fn sha1(parts: &[&[u8]]) -> [u8; 20] {
    all(Sha1::new(), parts).finalize().into()
}

/// SHA-256 of the parts, one after the other.
#[inline]
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    all(Sha256::new(), parts).finalize().into()
}

#[inline]
fn all<D: Digest>(mut digest: D, parts: &[&[u8]]) -> D {
    for part in parts {
        digest.update(part);
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prim::hex;

    #[test]
    fn of_abc() {
        let parts: &[&[u8]] = &[b"a", b"", b"bc"];
        assert_eq!(hex::text(&md5(parts)), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(hex::text(&sha1(parts)), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(hex::text(&sha256(parts)), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
