//! CRC-32 as in IEEE 802.3 and zlib: reflected, with the polynomial 0xEDB88320.

/// The checksum of `bytes`.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |register, byte| {
        (0..8).fold(register ^ u32::from(*byte), |register, _| {
            register >> 1 ^ (register & 1).wrapping_neg() & 0xEDB8_8320
        })
    })
}

#[cfg(test)]
mod tests {
    use super::crc32;

    #[test]
    fn known_checksums() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b"2.feb.2016.00000000"), 0xB483_421C);
    }
}
