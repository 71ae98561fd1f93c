//! What defenders, and a herder by script, do; as a file says it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::text::{Instant, Length, Listed};

/// Somebody acts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Entry {
    /// When, such as `2009-11-05T22:00:00Z`; not before the entry above.
    pub at: Instant,
    /// Who: `defender` or `herder`.
    pub by: Party,
    /// What: one of `null-route`, `cut-name-servers`, `suspend`, `sinkhole`, `pre-register` for a defender;
    /// `register`, `raise` for the herder.
    pub act: Act,
}

/// Who acts.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The defenders.
    Defender,
    /// The botmaster, by script.
    Herder,
}

/// What somebody does.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Defender: an abuse notice to each host's provider, which takes the host off the net if it complies.
    NullRoute(NullRoute),
    /// Defender: carriers filter custom name servers, whatever their providers say.
    CutNameServers(CutNameServers),
    /// Defender: the registrar takes names out of the zone.
    Suspend(Suspend),
    /// Defender: names, free or held, are pointed at a sinkhole.
    Sinkhole(Sinkhole),
    /// Defender: the free names that a `dga` layer will produce are registered and pointed at a sinkhole.
    PreRegister(PreRegister),
    /// Herder: registers free names and points them to hosts.
    Register(Register),
    /// Herder: puts hosts on the net.
    Raise(Raise),
}

/// An abuse notice to each host's provider.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NullRoute {
    /// The hosts, by their names in the world.
    pub hosts: Vec<String>,
}

/// Carriers filter custom name servers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CutNameServers {
    /// The custom name servers, by their hosts' names in the world.
    pub hosts: Vec<String>,
    /// How long the filter stays, 1s to 3660d. Default: for good.
    #[serde(default)]
    pub lasts: Option<Length>,
}

/// The registrar takes names out of the zone.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Suspend {
    /// The names, each under `.test` or `.example`.
    pub names: Vec<Listed>,
}

/// Names are pointed at a sinkhole.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Sinkhole {
    /// The names, each under `.test` or `.example`.
    pub names: Vec<Listed>,
    /// The sinkhole: a host of the world whose operator is `sinkhole`.
    pub host: String,
}

/// Names that a layer will produce are registered in advance.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PreRegister {
    /// The layer: `dga`; or `dga-1`, `dga-2` and so on where the chain has several.
    pub layer: String,
    /// First day of the window, such as `2009-11-06`, or an instant.
    pub from: Day,
    /// Length of the window in days, 1 to 3660.
    pub days: u32,
    /// The sinkhole: a host of the world whose operator is `sinkhole`.
    pub host: String,
}

/// A day, or an instant in UTC (RFC 3339).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Day(pub String);

/// The herder registers free names.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Register {
    /// The names, each under `.test` or `.example`.
    pub names: Vec<Listed>,
    /// The hosts they point to, by their names in the world.
    pub points_to: Vec<String>,
}

/// The herder puts hosts on the net.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Raise {
    /// The hosts, by their names in the world.
    pub hosts: Vec<String>,
}
