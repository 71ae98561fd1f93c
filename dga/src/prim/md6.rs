//! MD6 with 256 bits, without key, for messages of one block.

/// Words of a block, of the compression function's whole input, and of the digest.
const BLOCK: usize = 64;
const INPUT: usize = 89;
const ROUNDS: usize = 104;
const STEPS: usize = 16;

/// The constant words at the beginning of every input.
const CONSTANTS: [u64; 15] = [
    0x7311_C281_2425_CFA0,
    0x6432_2864_34AA_C8E7,
    0xB604_50E9_EF68_B7C1,
    0xE8FB_2390_8D9F_06F1,
    0xDD2E_76CB_A691_E5BF,
    0x0CD0_D63B_2C30_BC41,
    0x1F8C_CF68_2305_8F8A,
    0x54E5_ED5B_88E3_775D,
    0x4AD1_2AAE_0A6D_6031,
    0x3E7F_16BB_8822_2E0D,
    0x8AF8_671D_3FB5_0C2C,
    0x995A_D117_8BD2_5C31,
    0xC878_C1DD_04C4_B633,
    0x3B72_066C_7A15_52AC,
    0x0D6F_3522_631E_FFCB,
];
/// Shifts of each step of a round.
const RIGHT: [u32; STEPS] = [10, 5, 13, 10, 11, 12, 2, 7, 14, 15, 7, 13, 11, 7, 6, 12];
const LEFT: [u32; STEPS] = [11, 24, 9, 16, 15, 9, 27, 15, 6, 2, 29, 8, 15, 5, 31, 9];

/// The digest of a message of at most 512 bytes.
pub(crate) fn md6(message: &[u8]) -> [u8; 32] {
    assert!(message.len() <= BLOCK * 8, "a block has {} bytes, not {}", BLOCK * 8, message.len());
    let mut block = [0; BLOCK * 8];
    block[..message.len()].copy_from_slice(message);
    let mut words = Vec::with_capacity(INPUT + ROUNDS * STEPS);
    words.extend(CONSTANTS);
    // No key; the first node of the first level; then rounds, mode, the mark of the last block, padding, digest length.
    words.extend([0; 8]);
    let padding = ((BLOCK * 8 - message.len()) * 8) as u64;
    words.extend([0x0100_0000_0000_0000, 0x0068_4010_0000_0100 | padding << 20]);
    words.extend(block.as_chunks::<8>().0.iter().map(|bytes| u64::from_be_bytes(*bytes)));
    let mut constant = 0x0123_4567_89AB_CDEF_u64;
    for _ in 0..ROUNDS {
        for (right, left) in RIGHT.into_iter().zip(LEFT) {
            let back = |distance: usize| words[words.len() - distance];
            let mut word = constant ^ back(89) ^ back(17) ^ (back(18) & back(21)) ^ (back(31) & back(67));
            word ^= word >> right;
            words.push(word ^ word << left);
        }
        constant = constant.rotate_left(1) ^ (constant & CONSTANTS[0]);
    }
    let mut digest = [0; 32];
    for (bytes, word) in digest.chunks_exact_mut(8).zip(&words[words.len() - 4..]) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::md6;
    use crate::prim::hex;

    #[test]
    fn known_digests() {
        assert_eq!(hex::text(&md6(b"")), "bca38b24a804aa37d821d31af00f5598230122c5bbfc4c4ad5ed40e4258f04ca");
        let index = 769_u32.to_le_bytes();
        assert_eq!(hex::text(&md6(&index)), "c8427a4f0034b188cd78b63fe3c34b8c949094fec303f6615e0df41389904a3f");
    }
}
