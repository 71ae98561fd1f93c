//! What the events say, in two ledgers that are never added up: DNS events are evidence of resolvers, HTTP and TCP
//! events of hosts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;

use chrono::{DateTime, Duration, DurationRound, Utc};
use serde::Serialize;

use crate::event::{ClientSubnet, Counts, DnsQuestion, Event, Held, Transport};
use crate::name::Name;
use crate::store::LeftOut;

/// A and AAAA questions (and repeats) of one source for one name within this time are one look-up: a host asks for both
/// families at once, and resolvers repeat within a second or two. No official reference.
pub const MERGE_WITHIN: Duration = Duration::seconds(2);

/// Look-ups that are remembered before those that are over are forgotten.
const OPEN_LIMIT: usize = 1 << 17;

const A: u16 = 1;
const AAAA: u16 = 28;

/// What the events say.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The first event's time.
    pub first: Option<DateTime<Utc>>,
    /// The last event's time.
    pub last: Option<DateTime<Utc>>,
    /// The DNS ledger: resolvers.
    pub dns: DnsLedger,
    /// The HTTP and TCP ledger: hosts.
    pub hosts: HostLedger,
    /// Messages without an event of their own.
    pub counters: Counts,
    /// Octets at the ends of segments that hold no whole record.
    pub left_out: u64,
}

/// Questions for held names. A question is what a resolver's cache did not hold, so the sources here are resolvers.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct DnsLedger {
    /// All questions.
    pub questions: u64,
    /// Those that came over TCP, where the source cannot be forged.
    pub over_tcp: u64,
    /// Those with a valid cookie over UDP, whose source is not forged either.
    pub with_cookie: u64,
    /// Look-ups of addresses: A and AAAA of one source for one name within [`MERGE_WITHIN`] are one.
    pub look_ups: u64,
    /// Questions that are no call-backs: NS, SOA and every other type.
    pub other_questions: u64,
    /// Questions by type, under the type's name or `TYPEn` (RFC 3597 §5).
    pub by_type: BTreeMap<String, u64>,
    /// Different sources of look-ups over the whole time.
    pub resolvers: u64,
    /// Those of them that asked over TCP or with a valid cookie at least once. The others may not exist: over UDP anybody
    /// can write any source.
    pub confirmed_resolvers: u64,
    /// Different networks behind large resolvers (RFC 7871), over the whole time.
    pub client_subnets: u64,
    /// Look-ups and their different sources per UTC day.
    pub days: BTreeMap<DateTime<Utc>, Count>,
    /// Look-ups and their different sources per UTC hour.
    pub hours: BTreeMap<DateTime<Utc>, Count>,
    /// Look-ups and their different sources per label.
    pub labels: BTreeMap<String, Count>,
    /// Look-ups and their different sources per held name.
    pub names: BTreeMap<String, NameCount>,
}

/// Connections, HTTP requests and beginnings of TLS. Each source here is a host, or the network address translator in front of several.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct HostLedger {
    /// Connections accepted by HTTP and TCP listeners.
    pub connections: u64,
    /// HTTP requests.
    pub requests: u64,
    /// Requests with a `Referer`: more likely visitors of compromised pages than bots.
    pub with_referer: u64,
    /// Beginnings of TLS, which is not answered.
    pub tls_hellos: u64,
    /// Different sources over the whole time.
    pub hosts: u64,
    /// Connections and their different sources per UTC day.
    pub days: BTreeMap<DateTime<Utc>, Count>,
    /// Connections and their different sources per UTC hour.
    pub hours: BTreeMap<DateTime<Utc>, Count>,
    /// Requests and beginnings of TLS, and their different sources, per label of the host's name in them.
    pub labels: BTreeMap<String, Count>,
}

/// How many, from how many different source addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// How many look-ups, connections or requests.
    pub count: u64,
    /// From how many different source addresses. Sources of several periods must not be added up.
    pub sources: u64,
}

/// How many for one held name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NameCount {
    /// The name's label.
    pub label: String,
    /// How many look-ups.
    pub look_ups: u64,
    /// From how many different source addresses.
    pub sources: u64,
}

/// Makes a [`Report`] from events in the order of the files.
#[derive(Debug, Default)]
pub struct Reporter {
    report: Report,
    resolvers: HashSet<IpAddr>,
    /// Sources that cannot be forged, of whatever question.
    confirmed: HashSet<IpAddr>,
    subnets: HashSet<ClientSubnet>,
    hosts: HashSet<IpAddr>,
    dns_days: BTreeMap<DateTime<Utc>, Tally>,
    dns_hours: BTreeMap<DateTime<Utc>, Tally>,
    dns_labels: BTreeMap<String, Tally>,
    dns_names: BTreeMap<Name, (String, Tally)>,
    host_days: BTreeMap<DateTime<Utc>, Tally>,
    host_hours: BTreeMap<DateTime<Utc>, Tally>,
    host_labels: BTreeMap<String, Tally>,
    /// When the look-up began that a further question of this source, subnet and name would belong to.
    open: HashMap<(IpAddr, Option<ClientSubnet>, Name), DateTime<Utc>>,
    /// At so many of them those that are over are taken out.
    sweep: usize,
}

/// A count whose sources are still a set.
#[derive(Debug, Default)]
struct Tally {
    count: u64,
    sources: HashSet<IpAddr>,
}

impl Tally {
    fn add(&mut self, source: IpAddr) {
        self.count += 1;
        self.sources.insert(source);
    }

    fn count(&self) -> Count {
        Count { count: self.count, sources: self.sources.len() as u64 }
    }
}

impl Reporter {
    /// Counts one event.
    pub fn add(&mut self, event: &Event) {
        let at = match event {
            Event::Dns(question) => {
                self.add_question(question);
                question.origin.at
            }
            Event::Http(request) => {
                let source = request.origin.source.ip();
                self.report.hosts.requests += 1;
                self.report.hosts.with_referer += u64::from(request.has_referer);
                self.hosts.insert(source);
                if let Some(Held { label, .. }) = &request.held {
                    tally(&mut self.host_labels, label).add(source);
                }
                request.origin.at
            }
            Event::Tcp(connection) => {
                let (source, at) = (connection.origin.source.ip(), connection.origin.at);
                self.report.hosts.connections += 1;
                self.hosts.insert(source);
                self.host_days.entry(floor(at, Duration::days(1))).or_default().add(source);
                self.host_hours.entry(floor(at, Duration::hours(1))).or_default().add(source);
                at
            }
            Event::Tls(hello) => {
                let source = hello.origin.source.ip();
                self.report.hosts.tls_hellos += 1;
                self.hosts.insert(source);
                if let Some(Held { label, .. }) = &hello.held {
                    tally(&mut self.host_labels, label).add(source);
                }
                hello.origin.at
            }
            // Its connection is counted.
            Event::Octets(octets) => octets.origin.at,
            Event::Counters(counters) => {
                self.report.counters = self.report.counters.plus(counters.counts);
                return;
            }
        };
        self.report.first = Some(self.report.first.map_or(at, |first| first.min(at)));
        self.report.last = Some(self.report.last.map_or(at, |last| last.max(at)));
    }

    /// Counts what a reader could not read.
    pub fn add_left_out(&mut self, left_out: &[LeftOut]) {
        self.report.left_out += left_out.iter().map(|part| part.octets).sum::<u64>();
    }

    fn add_question(&mut self, question: &DnsQuestion) {
        let ledger = &mut self.report.dns;
        ledger.questions += 1;
        let over_tcp = question.transport == Transport::Tcp;
        ledger.over_tcp += u64::from(over_tcp);
        ledger.with_cookie += u64::from(question.valid_cookie && !over_tcp);
        if over_tcp || question.valid_cookie {
            self.confirmed.insert(question.origin.source.ip());
        }
        let of_type = type_name(question.qtype);
        *ledger.by_type.entry(of_type).or_default() += 1;
        let (at, source) = (question.origin.at, question.origin.source.ip());
        if !matches!(question.qtype, A | AAAA) {
            ledger.other_questions += 1;
            return;
        }
        // A prefix of no bits is a client that asked not to be told about (RFC 7871 §7.1.2).
        let subnet = question.client_subnet.filter(|subnet| subnet.prefix > 0);
        self.subnets.extend(subnet);
        if self.open.len() >= self.sweep {
            self.open.retain(|_, opened| at - *opened <= MERGE_WITHIN);
            // In a flood all of them stay: who looked at each of them for each question would never end.
            self.sweep = OPEN_LIMIT.max(2 * self.open.len());
        }
        let key = (source, subnet, question.name.to_lowercase());
        let opened = self.open.entry(key).or_insert(DateTime::<Utc>::MIN_UTC);
        if (at - *opened).abs() <= MERGE_WITHIN {
            return;
        }
        *opened = at;
        ledger.look_ups += 1;
        self.resolvers.insert(source);
        self.dns_days.entry(floor(at, Duration::days(1))).or_default().add(source);
        self.dns_hours.entry(floor(at, Duration::hours(1))).or_default().add(source);
        tally(&mut self.dns_labels, &question.held.label).add(source);
        let held = &question.held;
        if !self.dns_names.contains_key(&held.name) {
            self.dns_names.insert(held.name.clone(), (held.label.clone(), Tally::default()));
        }
        if let Some((_, tally)) = self.dns_names.get_mut(&held.name) {
            tally.add(source);
        }
    }

    /// The report.
    pub fn finish(self) -> Report {
        let mut report = self.report;
        report.dns.resolvers = self.resolvers.len() as u64;
        report.dns.confirmed_resolvers = self.resolvers.intersection(&self.confirmed).count() as u64;
        report.dns.client_subnets = self.subnets.len() as u64;
        report.dns.days = counts(self.dns_days);
        report.dns.hours = counts(self.dns_hours);
        report.dns.labels = counts(self.dns_labels);
        report.dns.names = self
            .dns_names
            .into_iter()
            .map(|(name, (label, tally))| {
                let Count { count, sources } = tally.count();
                (name.to_string(), NameCount { label, look_ups: count, sources })
            })
            .collect();
        report.hosts.hosts = self.hosts.len() as u64;
        report.hosts.days = counts(self.host_days);
        report.hosts.hours = counts(self.host_hours);
        report.hosts.labels = counts(self.host_labels);
        report
    }
}

fn tally<'a>(tallies: &'a mut BTreeMap<String, Tally>, label: &str) -> &'a mut Tally {
    if !tallies.contains_key(label) {
        tallies.insert(label.to_owned(), Tally::default());
    }
    tallies.entry(label.to_owned()).or_default()
}

fn counts<Key: Ord>(tallies: BTreeMap<Key, Tally>) -> BTreeMap<Key, Count> {
    tallies.into_iter().map(|(key, tally)| (key, tally.count())).collect()
}

fn floor(at: DateTime<Utc>, step: Duration) -> DateTime<Utc> {
    at.duration_trunc(step).unwrap_or(at)
}

/// The name of a record type (IANA's registry), or `TYPEn` (RFC 3597 §5) for the rarer ones.
pub fn type_name(qtype: u16) -> String {
    let name = match qtype {
        1 => "A",
        2 => "NS",
        5 => "CNAME",
        6 => "SOA",
        12 => "PTR",
        15 => "MX",
        16 => "TXT",
        28 => "AAAA",
        33 => "SRV",
        43 => "DS",
        48 => "DNSKEY",
        64 => "SVCB",
        65 => "HTTPS",
        252 => "AXFR",
        255 => "ANY",
        257 => "CAA",
        _ => return format!("TYPE{qtype}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests;
