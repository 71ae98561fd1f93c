//! Identifiers that stay the same from export to export, so that platforms update what they have instead of adding it
//! a second time.

use sha1::{Digest, Sha1};
use uuid::{Builder, Uuid};

/// The namespace of everything that this crate names by itself: a random UUID, chosen once for that.
pub(crate) const NAMESPACE: Uuid = Uuid::from_u128(0x0138_425e_c7dd_4024_97ae_60d8_57a0_07ed);

/// The UUID of version 5 (RFC 9562, section 5.5) of these texts in a namespace. The name that is hashed is the JSON text of the
/// list, `["indicator","conficker"]`, so that no text can run into the next, and anyone can compute it again.
pub(crate) fn stable_id(namespace: Uuid, texts: &[&str]) -> Uuid {
    let mut hash = Sha1::new();
    hash.update(namespace);
    hash.update(serde_json::Value::from(texts).to_string());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Builder::from_sha1_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Python: `uuid.uuid5(uuid.NAMESPACE_DNS, '["a\\"b","c"]')`.
    #[test]
    fn as_other_implementations_compute_it() {
        let dns = Uuid::from_u128(0x6ba7_b810_9dad_11d1_80b4_00c0_4fd4_30c8);
        assert_eq!(stable_id(dns, &["a\"b", "c"]).to_string(), "92d72906-26d0-5079-94c9-3be2aaaed4f6");
        assert_eq!(stable_id(dns, &[]).get_version_num(), 5);
    }

    #[test]
    fn texts_do_not_run_together() {
        assert_ne!(stable_id(NAMESPACE, &["a", "b"]), stable_id(NAMESPACE, &["a\",\"b"]));
        assert_ne!(stable_id(NAMESPACE, &["ab", ""]), stable_id(NAMESPACE, &["a", "b"]));
    }
}
