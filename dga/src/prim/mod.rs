//! What several families share, bit for bit: number generators, hashes, encodings, and the endings of names.

pub(crate) mod base64;
pub(crate) mod calendar;
pub(crate) mod crc32;
pub(crate) mod folded;
pub(crate) mod hash;
pub(crate) mod hex;
pub(crate) mod lcg;
pub(crate) mod md5_lanes;
pub(crate) mod md6;
pub(crate) mod mt19937;
pub(crate) mod parts;
pub(crate) mod schrage;
pub(crate) mod script_hash;
pub(crate) mod suffix;
pub(crate) mod text;
pub(crate) mod x87;
pub(crate) mod xorshift;
pub(crate) mod zeus;
