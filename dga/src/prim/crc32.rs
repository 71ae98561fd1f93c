//! CRC-32 as in IEEE 802.3 and zlib: reflected, with the polynomial 0xEDB88320.

/// The register before the first byte; the checksum is its complement after the last.
pub(crate) const START: u32 = u32::MAX;

/// The register after one more byte.
#[inline]
pub(crate) fn with(register: u32, byte: u8) -> u32 {
    register >> 8 ^ TABLE[((register ^ u32::from(byte)) & 255) as usize]
}

/// What a byte makes of a register without other bits.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        let mut register = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            register = register >> 1 ^ (register & 1).wrapping_neg() & 0xEDB8_8320;
            bit += 1;
        }
        table[byte] = register;
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_checksums() {
        let checksum = |text: &[u8]| !text.iter().fold(START, |register, byte| with(register, *byte));
        assert_eq!(checksum(b"123456789"), 0xCBF4_3926);
        assert_eq!(checksum(b"2.feb.2016.00000000"), 0xB483_421C);
    }
}
