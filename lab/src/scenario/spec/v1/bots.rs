//! The population, as a file says it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::text::Length;

/// The population.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Bots {
    /// Bots on the first day, online or not, 1 to 100000000.
    pub count: u32,
    /// How often a bot calls back.
    #[serde(default)]
    pub call_back: CallBack,
    /// Whether a bot asks its peer for a proof. Default `none`: the case in which a sinkhole holds bots.
    #[serde(default)]
    pub handshake: Handshake,
    /// When bots are online. Default: always.
    #[serde(default)]
    pub online: Online,
    /// Who leaves and joins. Default: nobody.
    #[serde(default)]
    pub churn: Churn,
    /// The public addresses that a sinkhole sees.
    #[serde(default)]
    pub addresses: Addresses,
    /// The recursive resolvers that ask for the bots.
    #[serde(default)]
    pub resolvers: Resolvers,
}

/// How often a bot calls back: one walk along the chain, from waking to contact or to the chain's end.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct CallBack {
    /// Time from one call-back to the next while a bot is online, 1s to 30d. Default `1h`, an interval often
    /// reported for bots of this kind.
    pub every: Length,
    /// Share of `every` by which it varies to either side, 0 to 1. Default 0.2: bots do not march in step.
    pub jitter: f64,
}

impl Default for CallBack {
    fn default() -> Self {
        Self { every: "1h".into(), jitter: 0.2 }
    }
}

/// Whether a bot asks its peer for a proof.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Handshake {
    /// Whoever accepts is a contact.
    #[default]
    None,
    /// Only a peer that proves to be the herder is a contact; from any other the bot goes on.
    Keyed,
}

/// When bots are online.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Online {
    /// Mean share of the time that a bot is online, above 0 and up to 1. Default 1.
    pub mean: f64,
    /// Whether the online hours follow the day at the bot's place. Default false: only sensible with a mean below 1.
    pub diurnal: bool,
}

impl Default for Online {
    fn default() -> Self {
        Self { mean: 1.0, diurnal: false }
    }
}

/// Who leaves and joins.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Churn {
    /// Share of the population that is cleaned in a day, 0 to 1. Default 0.
    pub leave_per_day: f64,
    /// Share of `count` that is newly infected in a day, 0 to 10. Default 0.
    pub join_per_day: f64,
}

/// The public addresses that a sinkhole sees.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Addresses {
    /// How long a bot's public address stays the same, 1m to 3660d. Default `24h`, the lease of many dial-up lines.
    pub lease: Length,
    /// Share of bots that stand with others behind one public address, 0 to 1. Default 0.
    pub nat: f64,
}

impl Default for Addresses {
    fn default() -> Self {
        Self { lease: "24h".into(), nat: 0.0 }
    }
}

/// The recursive resolvers that ask for the bots.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Resolvers {
    /// Number of resolvers, 1 to 1000000. Default 100: enough for caches to matter without hiding every bot.
    pub count: u32,
    /// Exponent of the Zipf law by which bots spread over resolvers, 0 (evenly) to 5. Default 1, Zipf's own.
    pub skew: f64,
}

impl Default for Resolvers {
    fn default() -> Self {
        Self { count: 100, skew: 1.0 }
    }
}
