//! What must come out of a play, as a file says it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::text::Instant;

/// One line of `expect`: a share `at` a moment, a share `between` two moments, or the `days-until-return`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Expectation {
    /// The moment at which the share is looked at, such as `2009-11-08T00:00:00Z`.
    pub at: Option<Instant>,
    /// The window at whose every full hour the share is looked at: first and last moment.
    pub between: Option<[Instant; 2]>,
    /// The share of the bots online that is looked at: `herder`, `held`, `counted` or `stranded`.
    pub share: Option<Share>,
    /// The share must be above this, 0 to 1.
    pub above: Option<f64>,
    /// The share must be below this, 0 to 1.
    pub below: Option<f64>,
    /// Bounds of the days from the first act of a defender until the herder's share is back. A herder who does not
    /// come back within the play lies above every number.
    pub days_until_return: Option<DaysUntilReturn>,
}

/// A share of the bots that are online.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Share {
    /// In contact with the herder.
    Herder,
    /// Held by the sinkhole.
    Held,
    /// Seen by the sinkhole, but gone on to the chain's end.
    Counted,
    /// At the chain's end without having met anybody.
    Stranded,
}

/// Bounds of the days until the herder is back.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct DaysUntilReturn {
    /// The days must be more than this, 0 and up.
    pub above: Option<f64>,
    /// The days must be less than this, 0 and up.
    pub below: Option<f64>,
}
