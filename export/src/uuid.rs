//! Name-based identifiers: the same name, the same identifier (UUID version 5, RFC 9562, section 5.5).

use data_encoding::HEXLOWER;
use sha1::{Digest, Sha1};

/// The name space of what Hydrabane names: a constant of its own.
const HYDRABANE: [u8; 16] =
    [0x6f, 0x1c, 0x2a, 0x5e, 0x0b, 0x7d, 0x4e, 0x0f, 0x9a, 0x35, 0x52, 0x80, 0x1d, 0x6c, 0x3b, 0xe4];

/// The identifier of `name` among those of this tool.
pub(crate) fn named(name: &str) -> String {
    within(HYDRABANE, name)
}

fn within(space: [u8; 16], name: &str) -> String {
    let digest = Sha1::new().chain_update(space).chain_update(name).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x50; // The version.
    bytes[8] = bytes[8] & 0x3f | 0x80; // The variant.
    let parts = [0..4, 4..6, 6..8, 8..10, 10..16].map(|range| HEXLOWER.encode(&bytes[range]));
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::within;

    /// RFC 9562, appendix A.4: `www.example.com` in the name space of DNS.
    #[test]
    fn the_example_of_the_standard() {
        let dns = [0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8];
        assert_eq!(within(dns, "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    }
}
