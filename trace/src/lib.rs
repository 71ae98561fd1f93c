//! From names back to their makers: which family, variant, preset and period made a name.
#![deny(unsafe_code)]

pub mod index;
pub mod logs;
pub mod recover;
