//! `hydrabane generate`.

use crate::exit::{Exit, Failure};

/// Arguments of `hydrabane generate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

/// Runs the command.
pub(crate) fn run(_arguments: &Arguments) -> Result<Exit, Failure> {
    Err(Failure::usage("not built yet"))
}
