//! The parts from which the family `custom` puts a generator together: one file for each question that its parameters
//! answer.

mod calendar;
mod core;
mod ending;
mod field;
mod label;
mod seed;
mod template;

pub(crate) use self::calendar::Calendar;
pub(crate) use self::core::Core;
pub(crate) use self::ending::Rule;
pub(crate) use self::field::Window;
pub(crate) use self::label::Label;
pub(crate) use self::seed::{Seed, Start};
