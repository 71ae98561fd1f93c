//! Live.
use crate::play::{Options, Play, Progress, PlayError};
use crate::scenario::Scenario;

/// A live run that could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    /// The play itself.
    #[error(transparent)]
    Play(#[from] PlayError),
}
impl LiveError {
    /// x
    pub fn hint(&self) -> Option<&'static str> { None }
    /// x
    pub fn is_environment(&self) -> bool { true }
}
/// Run.
pub fn run(_: &Scenario, _: &Options, _: &mut (dyn Progress + Send)) -> Result<Play, LiveError> { unreachable!() }
