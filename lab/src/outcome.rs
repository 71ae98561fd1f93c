//! What came out of a play: the figures that every report is made from.
//!
//! All counts are exact counts of the play, not estimates, unless a field says otherwise. Simulation and live run
//! fill the same type.

use serde::Serialize;

/// What came out of a play.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Outcome {
    /// One entry for every full hour of the play from its start to its end, both included.
    pub hours: Vec<Hour>,
    /// What happened, by time.
    pub happenings: Vec<Happening>,
    /// The chain's layers in the bots' order.
    pub layers: Vec<LayerTally>,
    /// The listed names and the most asked generated names, most questions first.
    pub names: Vec<NameTally>,
    /// How many further generated names were asked that [`Outcome::names`] leaves out.
    pub names_left_out: u64,
    /// Who was asked: the hosts' resolvers together, then each custom name server.
    pub servers: Vec<ServerTally>,
    /// Hosts of the world with the connections that reached them.
    pub hosts: Vec<HostTally>,
    /// The sinkhole's own counts beside the truth.
    pub sinkhole: SinkholeTally,
    /// The population.
    pub population: Population,
    /// When the herder lost his bots, noticed, acted and came back.
    pub control: Control,
    /// The scenario's expectations, in the file's order.
    pub verdicts: Vec<Verdict>,
}

/// The state of the bots at one full hour.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Hour {
    /// The moment (RFC 3339).
    pub at: String,
    /// Bots that are infected, online or not.
    pub infected: u64,
    /// Bots online.
    pub online: u64,
    /// Of these: in contact with the herder.
    pub herder: u64,
    /// Held by the sinkhole.
    pub held: u64,
    /// Seen by the sinkhole, but gone on to the chain's end.
    pub counted: u64,
    /// At the chain's end without having met anybody.
    pub stranded: u64,
    /// In contact with somebody who has nothing to do with it.
    pub stranger: u64,
    /// Online, but without a finished call-back yet. Not in the denominator of shares.
    pub waiting: u64,
    /// Call-backs that ended in the hour before.
    pub call_backs: u64,
    /// The same by where they ended: at the herder, the sinkhole, a stranger, nowhere.
    pub ended: Ends,
    /// Call-backs that ended in the hour before, by the layer on which the contact was made (index as in
    /// [`Outcome::layers`]); those that met nobody are left out.
    pub by_layer: Vec<u64>,
    /// Distinct addresses that called the sinkhole over TCP in the hour before: what an operator sees.
    pub sinkhole_addresses: u64,
    /// Bots that called the sinkhole over TCP in the hour before: the truth beside it.
    pub sinkhole_bots: u64,
    /// DNS questions that reached the sinkhole in the hour before (cache misses of resolvers).
    pub sinkhole_questions: u64,
}

/// Call-backs by where they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Ends {
    /// At the herder.
    pub herder: u64,
    /// At the sinkhole, which holds the bot.
    pub held: u64,
    /// At the chain's end, after the sinkhole had seen the bot.
    pub counted: u64,
    /// At the chain's end, having met nobody.
    pub stranded: u64,
    /// At a stranger.
    pub stranger: u64,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Happening {
    /// When (RFC 3339).
    pub at: String,
    /// `defender`, `herder` or `world`.
    pub by: String,
    /// What, as a short sentence (`null-routes c2-1`).
    pub what: String,
    /// What had no effect and why (`c2-7: provider tr-1 refuses`); empty when everything worked.
    pub without_effect: Vec<String>,
}

/// What was asked and met on one layer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LayerTally {
    /// Kind of the layer (`domains`, `dga`, `addresses`).
    pub kind: String,
    /// What it is in words (`dga ozdok/model`).
    pub about: String,
    /// Call-backs that came to this layer.
    pub entered: u64,
    /// By route (`host`, `name-servers`, `direct`), in the layer's order.
    pub routes: Vec<RouteTally>,
}

/// Questions and connections over one route of one layer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RouteTally {
    /// `host`, `name-servers` or `direct`.
    pub route: String,
    /// Answers to questions, by kind.
    pub answers: AnswerTally,
    /// Connection attempts, by what came of them.
    pub connections: ConnectionTally,
}

/// Answers to questions, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AnswerTally {
    /// The name has addresses.
    pub addresses: u64,
    /// The name does not exist.
    pub nxdomain: u64,
    /// The name has no address.
    pub nodata: u64,
    /// The server failed.
    pub servfail: u64,
    /// The server refused.
    pub refused: u64,
    /// No answer in time.
    pub timed_out: u64,
}

/// Connection attempts, by what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConnectionTally {
    /// Accepted by the herder.
    pub herder: u64,
    /// Accepted by the sinkhole.
    pub sinkhole: u64,
    /// Accepted by a stranger.
    pub stranger: u64,
    /// Refused.
    pub refused: u64,
    /// Not accepted in time.
    pub timed_out: u64,
}

impl ConnectionTally {
    /// Attempts in all.
    pub fn sum(&self) -> u64 {
        self.herder + self.sinkhole + self.stranger + self.refused + self.timed_out
    }
}

impl AnswerTally {
    /// Questions in all.
    pub fn sum(&self) -> u64 {
        self.addresses + self.nxdomain + self.nodata + self.servfail + self.refused + self.timed_out
    }
}

/// Questions for one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct NameTally {
    /// The name.
    pub name: String,
    /// `listed` or `generated`.
    pub origin: String,
    /// Questions that bots asked, whatever the route.
    pub questions: u64,
    /// Who holds it at the play's end: `herder`, `sinkhole`, `stranger`, `nobody`, or `suspended`.
    pub holder_at_end: String,
}

/// Questions to one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ServerTally {
    /// `host resolvers` or the name server's host.
    pub server: String,
    /// Questions that bots asked it.
    pub questions: u64,
    /// Of these, answered from a resolver's cache (0 for custom name servers).
    pub from_cache: u64,
    /// Of these, without an answer.
    pub timed_out: u64,
}

/// Connections to one host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct HostTally {
    /// The host.
    pub host: String,
    /// Its address in the scenario.
    pub address: String,
    /// `herder`, `sinkhole` or `stranger`.
    pub operator: String,
    /// Connections that it accepted.
    pub accepted: u64,
    /// Its state at the play's end: `up`, `down` or `null-routed`.
    pub state_at_end: String,
}

/// The sinkhole's own counts beside the truth. Two ledgers that are never added up: DNS questions are evidence of
/// resolvers, TCP connections of hosts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SinkholeTally {
    /// DNS questions that reached it.
    pub questions: u64,
    /// Distinct addresses that asked (resolvers).
    pub resolvers: u64,
    /// TCP connections (call-backs over HTTP).
    pub connections: u64,
    /// Distinct addresses that connected, over the whole play: the footprint as it appears.
    pub addresses: u64,
    /// Bots that connected, over the whole play: the footprint as it is.
    pub bots: u64,
    /// Per day (UTC): what it saw and what was true.
    pub days: Vec<SinkholeDay>,
}

/// One day at the sinkhole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SinkholeDay {
    /// The day (`2009-11-06`).
    pub day: String,
    /// DNS questions.
    pub questions: u64,
    /// TCP connections.
    pub connections: u64,
    /// Distinct addresses that connected on this day.
    pub addresses: u64,
    /// Bots that connected on this day.
    pub bots: u64,
}

/// The population over the play.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Population {
    /// Bots on the first day.
    pub at_start: u64,
    /// Infected during the play.
    pub joined: u64,
    /// Cleaned during the play.
    pub left: u64,
    /// Call-backs in all.
    pub call_backs: u64,
    /// Questions asked in all.
    pub questions: u64,
    /// Connections tried in all.
    pub connections: u64,
}

/// The herder's control over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Control {
    /// First act of a defender (RFC 3339).
    pub first_act: Option<String>,
    /// First full hour at which his share was below `notices-below`, after having been at least that.
    pub lost: Option<String>,
    /// When he acts on it.
    pub acts: Option<String>,
    /// First full hour after the loss at which his share was at least `notices-below` again.
    pub back: Option<String>,
    /// Days from the first act of a defender until he was back; none if he was not within the play or lost nothing.
    pub days_until_return: Option<f64>,
    /// The layer over which most bots came back to him at that hour, in words.
    pub came_back_through: Option<String>,
}

/// What became of one expectation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Verdict {
    /// The expectation in words (`share held above 0.9 from … to …`).
    pub expected: String,
    /// What was seen, in words, with the worst moment for a window.
    pub seen: String,
    /// Whether it holds.
    pub holds: bool,
}
