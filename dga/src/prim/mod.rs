//! What several families share, bit for bit: number generators, and the endings of names.

pub(crate) mod hex;
pub(crate) mod schrage;
pub(crate) mod suffix;
pub(crate) mod x87;
