//! The layers on which a bot looks for its controller, as a file says them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::text::{Length, Listed, SocketAddress};

/// One layer of the chain.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// A fixed list of names.
    Domains(Domains),
    /// Names that an algorithm generates from the date.
    Dga(Generated),
    /// A fixed list of addresses.
    Addresses(AddressList),
}

/// A fixed list of names.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Domains {
    /// The names in the bot's order, each under `.test` or `.example`.
    pub names: Vec<Listed>,
    /// The routes over which names are asked, in the bot's order: `host`, `name-servers`. Default `[host]`, what
    /// a bot without resolver code of its own does.
    #[serde(default = "default_routes")]
    pub routes: Vec<Route>,
    /// How names and routes are interleaved. Default `per-name`.
    #[serde(default)]
    pub order: Order,
    /// The TCP ports that a resolved address is tried on, in this order, 1 to 65535. Default `[80]`, which most
    /// networks let out.
    #[serde(default = "default_ports")]
    pub ports: Vec<u16>,
    /// Time-out of one question or one connection attempt, 1ms to 1h. Default `5s`, as in the resolvers of common
    /// systems.
    #[serde(default = "default_time_out")]
    pub time_out: Length,
    /// Attempts in all at one question or connection that times out, 1 to 100. Default 1.
    #[serde(default = "default_attempts")]
    pub attempts: u8,
    /// The pauses between attempts.
    #[serde(default)]
    pub backoff: Backoff,
}

/// Names that an algorithm generates.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Generated {
    /// The family of the catalogue, such as `ozdok`; `hydrabane families list` prints all.
    pub family: String,
    /// One of the family's known configurations; `hydrabane families show FAMILY` prints them. Default: the family's
    /// first, unless `variant` or `params` is given.
    #[serde(default)]
    pub preset: Option<String>,
    /// A variant of the algorithm, for families that have several. Default: the preset's.
    #[serde(default)]
    pub variant: Option<String>,
    /// Parameters that differ from the preset's, or from the specification's where no preset is given.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub params: BTreeMap<String, serde_yaml::Value>,
    /// The routes over which names are asked, in the bot's order: `host`, `name-servers`. Default `[host]`, what
    /// a bot without resolver code of its own does.
    #[serde(default = "default_routes")]
    pub routes: Vec<Route>,
    /// How names and routes are interleaved. Default `per-name`.
    #[serde(default)]
    pub order: Order,
    /// The TCP ports that a resolved address is tried on, in this order, 1 to 65535. Default `[80]`, which most
    /// networks let out.
    #[serde(default = "default_ports")]
    pub ports: Vec<u16>,
    /// Time-out of one question or one connection attempt, 1ms to 1h. Default `5s`, as in the resolvers of common
    /// systems.
    #[serde(default = "default_time_out")]
    pub time_out: Length,
    /// Attempts in all at one question or connection that times out, 1 to 100. Default 1.
    #[serde(default = "default_attempts")]
    pub attempts: u8,
    /// The pauses between attempts.
    #[serde(default)]
    pub backoff: Backoff,
}

/// A fixed list of addresses.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AddressList {
    /// Addresses with ports in the bot's order, from the documentation ranges, such as `["198.51.100.7:443"]`.
    pub list: Vec<SocketAddress>,
    /// The only route that addresses can take, `direct`. Default `[direct]`.
    #[serde(default = "direct")]
    pub routes: Vec<Route>,
    /// Time-out of one connection attempt, 1ms to 1h. Default `5s`, as in the resolvers of common systems.
    #[serde(default = "default_time_out")]
    pub time_out: Length,
    /// Attempts in all at one connection that times out, 1 to 100. Default 1.
    #[serde(default = "default_attempts")]
    pub attempts: u8,
    /// The pauses between attempts.
    #[serde(default)]
    pub backoff: Backoff,
}

/// A way to a controller.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// The name is asked of the machine's own resolver.
    Host,
    /// The name is asked of each custom name server, in the order of the bot's list.
    NameServers,
    /// No name is asked: the candidate is an address.
    Direct,
}

/// How names and routes are interleaved.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Each name over every route, then the next name.
    #[default]
    PerName,
    /// All names over a route, then the next route.
    PerRoute,
}

/// The pauses between attempts: `first`, then `factor` times as long each time, at most `most`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Backoff {
    /// Pause before the second attempt, 0s to 7d. Default `1s`.
    pub first: Length,
    /// Growth from one pause to the next, 1 to 100. Default 2, the usual doubling.
    pub factor: f64,
    /// Upper bound of a pause before jitter, 0s to 7d. Default `60s`: a minute is long enough to spare a server.
    pub most: Length,
    /// Share of the pause by which it varies to either side, 0 to 1. Default 0.
    pub jitter: f64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: "1s".into(), factor: 2.0, most: "60s".into(), jitter: 0.0 }
    }
}

fn default_routes() -> Vec<Route> {
    vec![Route::Host]
}

fn direct() -> Vec<Route> {
    vec![Route::Direct]
}

fn default_ports() -> Vec<u16> {
    vec![80]
}

fn default_time_out() -> Length {
    "5s".into()
}

fn default_attempts() -> u8 {
    1
}
