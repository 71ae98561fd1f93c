//! The world on the first day and the herder's rules, as a file says them.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Named;
use super::text::{Address, Length, Listed};

/// The world on the first day.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct World {
    /// The hosts by name: controllers, custom name servers, sinkholes, strangers; at most 65535.
    pub hosts: Named<Host>,
    /// The hosting providers by name.
    pub providers: Named<Provider>,
    /// Who holds which name; every name that is not listed is free.
    #[schemars(with = "std::collections::BTreeMap<String, Name>")]
    pub names: indexmap::IndexMap<Listed, Name>,
    /// Time to live of the herder's and strangers' addresses, 0s to 7d. Default `5m`: herders keep it short to move fast.
    pub ttl: Length,
    /// Time to live of "no such name", 0s to 7d (RFC 2308). Default `15m`, what the zones com and net answer with.
    pub negative_ttl: Length,
    /// Time to live of the sinkhole's answers, 0s to 7d. Default `5m`: short enough to count by, long enough to bear.
    pub sinkhole_ttl: Length,
}

impl Default for World {
    fn default() -> Self {
        Self {
            hosts: Named::default(),
            providers: Named::default(),
            names: indexmap::IndexMap::default(),
            ttl: "5m".into(),
            negative_ttl: "15m".into(),
            sinkhole_ttl: "5m".into(),
        }
    }
}

/// A host of the world.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Host {
    /// Its address, from the documentation ranges 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 and `2001:db8::/32`.
    pub address: Address,
    /// Who runs it: `herder`, `sinkhole` or `stranger`.
    pub operator: Operator,
    /// The provider at which it stands. Default none: nobody takes it off the net.
    #[serde(default)]
    pub provider: Option<String>,
    /// `dns` makes it one of the bots' custom name servers. Default: it accepts call-backs.
    #[serde(default)]
    pub serves: Option<Service>,
    /// Whether it is up on the first day. Default true; a host that is not is one the herder may raise later.
    #[serde(default = "up")]
    pub up: bool,
}

/// Who runs a host.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    /// The botmaster.
    Herder,
    /// The defenders' sinkhole.
    Sinkhole,
    /// Somebody who has nothing to do with it.
    Stranger,
}

/// What a host serves other than call-backs.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Names, to bots that ask it as a custom name server.
    Dns,
}

/// A hosting provider.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Provider {
    /// Whether it follows an abuse notice.
    pub complies: bool,
}

/// Who holds a name on the first day, and where it points.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Name {
    /// Who holds it: `herder`, `sinkhole`, `stranger`, or `none` for a free name.
    pub holder: Holder,
    /// The hosts it points to. Default none: a held name then exists without an address.
    #[serde(default)]
    pub points_to: Vec<String>,
}

/// Who holds a name.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    /// The botmaster.
    Herder,
    /// The defenders' sinkhole.
    Sinkhole,
    /// Somebody who has nothing to do with it.
    Stranger,
    /// Nobody: the name is free.
    None,
}

/// What the herder does by himself.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Herder {
    /// He notices when less than this share of the online bots is in contact with him, 0 to 1. Default 0.5: nobody
    /// overlooks the loss of half.
    pub notices_below: f64,
    /// Time from noticing to acting, 0s to 3660d. Default `1d`.
    pub reacts_after: Length,
    /// What he may do, in the order in which he tries it. Default nothing: the effect of the defenders alone.
    pub may: Vec<Move>,
}

impl Default for Herder {
    fn default() -> Self {
        Self { notices_below: 0.5, reacts_after: "1d".into(), may: Vec::new() }
    }
}

/// What a herder can do to come back.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    /// Register the first listed name that is still free.
    RegisterSpare,
    /// Register the next generated name that is still free.
    RegisterGenerated,
    /// Put a new host on the net and point what he still controls at it.
    RaiseHost,
}

/// A process that betrays an infected host.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Process {
    /// The image's file name, as a list of processes shows it, such as `mask_svc.exe`.
    pub image: String,
    /// The program that it belongs to, such as `MaskVPN`. Default: nobody says.
    #[serde(default)]
    pub program: String,
}

fn up() -> bool {
    true
}
