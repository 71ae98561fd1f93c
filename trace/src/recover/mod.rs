//! Unknown seeds, found from names that were captured: a search over the whole space of numbers, on all cores, that can be
//! interrupted and resumed; and the way back from an inner state where a name's place is not known.
//!
//! A [`Task`] says what is known. [`Plan`] makes passes over blocks of numbers of it, [`run`] goes through them and writes
//! into a [`Ledger`] what is done and what was hit, and [`solve`] verifies the hits with the family's own generator and
//! walks back where that is needed.

mod differ;
mod ledger;
mod plan;
mod solve;
mod task;
mod work;

pub use differ::{Decision, decide};
pub use ledger::{Hit, Ledger};
pub use plan::Plan;
pub use solve::{Outcome, Solution, solve};
pub use task::{Captured, Error, Places, Task};
pub use work::{run, units_done};
