//! What stands before every format: only names that may be handed over get through.

mod gate;
mod keep_out;
mod unique;

pub use gate::{Gate, Left, Models};
pub use keep_out::KeepOut;
pub(crate) use keep_out::is_host_name;
