//! Version 1 of the scenario file: every key, with its unit and the reason for its default.
//!
//! The types hold what is written, right or wrong: instants, lengths of time, names and addresses are text until the
//! meaning is made from them. Doc comments become the JSON Schema's descriptions, and from there the hints of errors.

mod bots;
mod chain;
mod expect;
mod text;
mod timeline;
mod world;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

pub use bots::{Addresses, Bots, CallBack, Churn, Handshake, Online, Resolvers};
pub use chain::{AddressList, Backoff, Domains, Generated, Layer, Order, Route};
pub use expect::{DaysUntilReturn, Expectation, Share};
pub use text::{Address, Instant, Length, Listed, SocketAddress};
pub use timeline::{
    Act, CutNameServers, Day, Entry, NullRoute, Party, PreRegister, Raise, Register, Sinkhole, Suspend,
};
pub use world::{Herder, Holder, Host, Move, Name, Operator, Process, Provider, Service, World};

/// A play: a botnet, the world it lives in, what defenders do and when, and what must come out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Spec {
    /// Version of this format. This program reads 1.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// Short name of the scenario, as reports show it.
    pub name: String,
    /// One sentence on what the scenario shows.
    #[serde(default)]
    pub about: String,
    /// Seed of every random choice, a whole number. Default 1: the same play every time unless another is asked for.
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// When the play begins and how long it lasts.
    pub clock: Clock,
    /// The population.
    pub bots: Bots,
    /// The layers on which a bot looks for its controller, in the bot's order.
    pub chain: Vec<Layer>,
    /// The custom name servers that the bots carry, in their order: hosts of the world that serve DNS. Default none.
    #[serde(default)]
    pub name_servers: Vec<String>,
    /// The world on the first day. Default: no host is up and every name is free.
    #[serde(default)]
    pub world: World,
    /// What defenders, and a herder by script, do; in the order of time. Default: nothing.
    #[serde(default)]
    pub timeline: Vec<Entry>,
    /// What the herder does by himself. Default: he notices a loss of half of his bots but does nothing about it.
    #[serde(default)]
    pub herder: Herder,
    /// What must come out; a run ends with exit code 1 when a line does not hold. Default: nothing is expected.
    #[serde(default)]
    pub expect: Vec<Expectation>,
    /// The processes that betray an infected host, for `hydrabane export`; the play does without them. Default none.
    #[serde(default)]
    pub processes: Vec<Process>,
}

/// When the play begins and how long it lasts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Clock {
    /// First moment of the play, such as `2009-11-01T00:00:00Z`.
    pub start: Instant,
    /// Length of the play in days of 24 hours, 1 to 3660.
    pub days: u32,
}

/// Named things of the world, in the file's order.
pub type Named<T> = IndexMap<String, T>;

fn default_seed() -> u64 {
    1
}
