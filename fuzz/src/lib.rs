//! What the fuzz targets do with octets, one module a room. Tests of the workspace replay the committed corpus through
//! the same functions.
//!
//! `cargo fuzz run TARGET` runs a target on a nightly toolchain, `RUSTC_BOOTSTRAP=1 cargo fuzz run TARGET` on a stable one.

pub mod index;
pub mod logs;
pub mod replay;
pub mod sinkhole;
