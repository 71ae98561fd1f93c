//! From names back to their makers: which family, variant, preset and period made a name.
//!
//! An [`index::Index`] says which lists may hold a name; [`Makers`] makes those lists again, so that nothing is said that
//! is not proved. [`identify::Identifier`] does both for names as people and logs write them.
#![deny(unsafe_code)]

mod asked;
pub mod collisions;
pub mod identify;
pub mod index;
pub mod logs;
mod made;
mod makers;
pub mod recover;
pub mod scan;

pub use asked::Asked;
pub use makers::{Maker, Makers, Proof};
