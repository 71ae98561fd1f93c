//! What a scenario means: the types that the simulation and the live run work with. Nothing invalid can be held.
//!
//! What a file says stands in [`spec`]; [`parse`] leads from one to the other.

mod marks;
mod meaning;
mod nearest;
mod parse;
mod place;
mod problem;
mod render;
pub mod spec;
mod structure;

use std::net::IpAddr;

use dga::Name;
use resolver_chain::{Chain, Handshake, Moment, Span};

pub use parse::{LARGEST_FILE, parse};
pub use problem::{Problem, Problems};

/// A scenario, ready to be played.
#[derive(Debug)]
pub struct Scenario {
    /// Its name, as reports show it.
    pub name: String,
    /// One sentence on what it shows; may be empty.
    pub about: String,
    /// Seed of every random stream.
    pub seed: u64,
    /// SHA-256 of the scenario file, in lower-case hexadecimal.
    pub hash: String,
    /// First moment of the play.
    pub start: Moment,
    /// First moment after it.
    pub end: Moment,
    /// The population.
    pub bots: Bots,
    /// How a bot finds its controller.
    pub chain: Chain,
    /// The custom name servers that the bots carry, in their order.
    pub name_servers: Vec<HostId>,
    /// The world on the first day.
    pub world: World,
    /// What defenders (and a scripted herder) do, by time; entries of one moment keep the file's order.
    pub timeline: Vec<Entry>,
    /// What the herder does by himself.
    pub herder: Herder,
    /// What must come out.
    pub expect: Vec<Expectation>,
    /// The processes that betray an infected host, in the file's order; each image once in any letter case.
    pub processes: Vec<Process>,
}

/// A process that betrays an infected host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// The image's file name, as a list of processes shows it.
    pub image: String,
    /// The program that it belongs to; empty where nobody says.
    pub program: String,
}

/// The population of bots.
#[derive(Clone, Debug)]
pub struct Bots {
    /// Bots on the first day, online or not.
    pub count: u32,
    /// Time from one call-back to the next while a bot is online.
    pub every: Span,
    /// Share of `every` by which it varies to either side, 0 to 1.
    pub jitter: f64,
    /// Whether a bot asks its peer for a proof.
    pub handshake: Handshake,
    /// Mean share of the time that a bot is online, above 0 and up to 1.
    pub online: f64,
    /// Whether the online hours follow the day of the bot's place.
    pub diurnal: bool,
    /// Share of the population that is cleaned in a day, 0 to 1.
    pub leave_per_day: f64,
    /// Share of `count` that is newly infected in a day, 0 and up.
    pub join_per_day: f64,
    /// How long a bot's public address stays the same.
    pub lease: Span,
    /// Share of bots that stand with others behind one public address, 0 to 1.
    pub nat: f64,
    /// Number of recursive resolvers that serve the bots, at least 1.
    pub resolvers: u32,
    /// Exponent of the Zipf law by which bots spread over resolvers, 0 (evenly) and up.
    pub skew: f64,
}

/// Index of a host in [`World::hosts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostId(pub u16);

/// Who runs a host or holds a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The botmaster.
    Herder,
    /// The defenders' sinkhole.
    Sinkhole,
    /// Somebody who has nothing to do with it.
    Stranger,
}

/// A host of the world.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its name in the scenario.
    pub name: String,
    /// Its address, from the documentation ranges.
    pub address: IpAddr,
    /// Who runs it.
    pub operator: Operator,
    /// Index of its provider in [`World::providers`].
    pub provider: Option<usize>,
    /// Whether it answers DNS, as one of the bots' custom name servers (else it accepts call-backs).
    pub serves_dns: bool,
    /// Whether it is up on the first day. A host that is not is one that the herder may raise later.
    pub up: bool,
}

/// A hosting provider.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its name in the scenario.
    pub name: String,
    /// Whether it follows an abuse notice.
    pub complies: bool,
}

/// Who holds a listed name on the first day.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The name.
    pub name: Name,
    /// Its holder; `None` means that it is free.
    pub holder: Option<Operator>,
    /// The hosts it points to; none with a holder means that the name exists without an address.
    pub points_to: Vec<HostId>,
}

/// The world on the first day.
#[derive(Clone, Debug)]
pub struct World {
    /// The hosts.
    pub hosts: Vec<Host>,
    /// The providers.
    pub providers: Vec<Provider>,
    /// The names that are held; all others are free.
    pub names: Vec<Listed>,
    /// Time to live of the herder's and strangers' addresses, in seconds.
    pub ttl: u32,
    /// Time to live of "no such name" in the registries' zones, in seconds (RFC 2308).
    pub negative_ttl: u32,
    /// Time to live of the sinkhole's answers, in seconds.
    pub sinkhole_ttl: u32,
}

/// Somebody acts.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: Moment,
    /// Who.
    pub by: Party,
    /// What.
    pub act: Act,
}

/// Who acts on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The defenders.
    Defender,
    /// The botmaster, by script.
    Herder,
}

/// What somebody does.
#[derive(Clone, Debug)]
pub enum Act {
    /// Defender: an abuse notice to each host's provider, which takes its address off the net if it complies.
    NullRoute {
        /// The hosts.
        hosts: Vec<HostId>,
    },
    /// Defender: carriers filter custom name servers, whatever their providers say.
    CutNameServers {
        /// The name servers' hosts.
        hosts: Vec<HostId>,
        /// How long the filter stays; `None` is for good.
        lasts: Option<Span>,
    },
    /// Defender: the registrar takes names out of the zone.
    Suspend {
        /// The names.
        names: Vec<Name>,
    },
    /// Defender: names (free or held) are pointed at a sinkhole.
    Sinkhole {
        /// The names.
        names: Vec<Name>,
        /// The sinkhole's host.
        host: HostId,
    },
    /// Defender: the free names that a generating layer will produce in a window of time are registered and pointed
    /// at a sinkhole.
    PreRegister {
        /// Index of the `dga` stage on the chain.
        stage: usize,
        /// First moment of the window.
        from: Moment,
        /// First moment after it.
        until: Moment,
        /// The sinkhole's host.
        host: HostId,
    },
    /// Herder: registers free names and points them to hosts.
    Register {
        /// The names.
        names: Vec<Name>,
        /// The hosts.
        points_to: Vec<HostId>,
    },
    /// Herder: puts hosts on the net.
    Raise {
        /// The hosts.
        hosts: Vec<HostId>,
    },
}

/// The botmaster's rules.
#[derive(Clone, Debug)]
pub struct Herder {
    /// He notices when less than this share of the online bots is in contact with him, 0 to 1; he counts as back
    /// when the share is at least this again.
    pub notices_below: f64,
    /// Time from noticing to acting.
    pub reacts_after: Span,
    /// What he may do, in the order in which he tries it.
    pub may: Vec<Move>,
}

/// What a herder can do to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Put a new host on the net and point what he still controls at it.
    RaiseHost,
    /// Register the first listed name that is still free.
    RegisterSpare,
    /// Register the next generated name that is still free.
    RegisterGenerated,
}

/// A share of the bots that are online.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// The bounds that a figure must keep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// It must be above this.
    pub above: Option<f64>,
    /// It must be below this.
    pub below: Option<f64>,
}

/// One line of `expect:`.
#[derive(Clone, Debug)]
pub enum Expectation {
    /// A share at one moment.
    At {
        /// When.
        at: Moment,
        /// Which share.
        share: Share,
        /// Its bounds.
        bounds: Bounds,
    },
    /// A share at every full hour of a window, both ends included.
    Between {
        /// First moment.
        from: Moment,
        /// Last moment.
        until: Moment,
        /// Which share.
        share: Share,
        /// Its bounds.
        bounds: Bounds,
    },
    /// Days from the first act of a defender until the herder's share is back. "Never within the play" lies above
    /// every number.
    DaysUntilReturn {
        /// Their bounds.
        bounds: Bounds,
    },
}
