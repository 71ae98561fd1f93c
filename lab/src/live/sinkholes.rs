//! The real sinkholes of a live run, in virtual time: they get the names that defenders point at them, and their
//! event files give the counts of the report.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use resolver_chain::resolve::Perimeter;
use resolver_chain::{Moment, NameId};
use rustc_hash::{FxHashMap, FxHashSet};
use sinkhole::report::Reporter;
use sinkhole::{Clock, Config, HeldName, Report, Sinkhole};
use tempfile::TempDir;

use super::{LiveError, layout};
use crate::outcome::Outcome;
use crate::play::Director;
use crate::scenario::{HostId, Operator};

/// The play's time as the sinkholes see it.
#[derive(Debug)]
pub(super) struct VirtualClock {
    now: AtomicI64,
}

impl VirtualClock {
    pub(super) fn new(now: Moment) -> Self {
        Self { now: AtomicI64::new(now.0) }
    }

    pub(super) fn set(&self, now: Moment) {
        self.now.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> DateTime<Utc> {
        Moment(self.now.load(Ordering::SeqCst)).utc()
    }
}

/// A sinkhole on one of the world's hosts.
struct Station {
    sinkhole: Sinkhole,
    events: PathBuf,
}

/// All sinkholes of a run.
pub(super) struct Sinkholes {
    stations: FxHashMap<HostId, Station>,
    held: FxHashSet<(NameId, HostId)>,
    // Events live as long as the run; the report is what stays.
    _folder: TempDir,
}

impl Sinkholes {
    /// Starts a sinkhole on every host of the world that is one.
    pub(super) async fn start(
        director: &Director<'_>,
        clock: &Arc<VirtualClock>,
        perimeter: &Perimeter,
    ) -> Result<Self, LiveError> {
        let folder = tempfile::tempdir().map_err(LiveError::socket("make a folder for the sinkhole's events"))?;
        let mut stations = FxHashMap::default();
        let world = &director.world;
        for id in world.host_ids().filter(|id| world.host(*id).operator == Operator::Sinkhole) {
            let host = world.host(id);
            let events = folder.path().join(id.0.to_string());
            let mut config = Config::new(&events);
            let listen = SocketAddr::new(layout::host(id), 0);
            config.listen.dns = vec![listen];
            config.listen.http = vec![listen];
            (config.answer.a, config.answer.aaaa) = match host.address {
                IpAddr::V4(address) => (vec![address], Vec::new()),
                IpAddr::V6(address) => (Vec::new(), vec![address]),
            };
            config.answer.ttl = director.scenario.world.sinkhole_ttl;
            config.answer.negative_ttl = director.scenario.world.negative_ttl;
            // Days of questions pass in a minute: a limit per second of virtual time would say nothing.
            config.rate_limit.enabled = false;
            std::fs::create_dir_all(&events).map_err(LiveError::socket("make a folder for the sinkhole's events"))?;
            let clock: Arc<dyn Clock> = Arc::<VirtualClock>::clone(clock);
            let sinkhole = Sinkhole::start(config, clock).await.map_err(LiveError::Sinkhole)?;
            for address in sinkhole.dns_addresses().iter().chain(sinkhole.http_addresses()) {
                perimeter.take_in(*address).map_err(LiveError::socket("take in the sinkhole"))?;
            }
            stations.insert(id, Station { sinkhole, events });
        }
        Ok(Self { stations, held: FxHashSet::default(), _folder: folder })
    }

    /// Where each sinkhole serves DNS.
    pub(super) fn dns(&self) -> FxHashMap<HostId, SocketAddr> {
        let address = |station: &Station| station.sinkhole.dns_addresses().first().copied();
        self.stations.iter().filter_map(|(id, station)| Some((*id, address(station)?))).collect()
    }

    /// Where the sinkhole on `host` takes call-backs.
    pub(super) fn http(&self, host: HostId) -> Option<SocketAddr> {
        self.stations.get(&host)?.sinkhole.http_addresses().first().copied()
    }

    /// Gives the sinkholes the names that point at them now, and takes away those that do not any more.
    pub(super) fn publish(&mut self, director: &Director<'_>) {
        let now: FxHashSet<(NameId, HostId)> = director.world.names.sinkholed().collect();
        let name = |id: NameId| director.itinerary.name(id).as_str().parse::<sinkhole::Name>();
        for (id, host) in self.held.difference(&now) {
            if let (Some(station), Ok(name)) = (self.stations.get(host), name(*id)) {
                station.sinkhole.release([&name]);
            }
        }
        for (id, host) in now.difference(&self.held) {
            if let (Some(station), Ok(name)) = (self.stations.get(host), name(*id)) {
                station.sinkhole.hold([HeldName { name, label: director.scenario.name.clone(), index: id.0 }]);
            }
        }
        self.held = now;
    }

    /// Ends the sinkholes, reads back what they recorded, and puts it into the report in place of the model's counts.
    pub(super) async fn close(self, outcome: &mut Outcome) -> Result<(), LiveError> {
        let mut reporter = Reporter::default();
        for station in self.stations.into_values() {
            station.sinkhole.shutdown().await.map_err(LiveError::SinkholeStop)?;
            let mut reader = sinkhole::read_events(&station.events);
            for event in reader.by_ref() {
                reporter.add(&event.map_err(|error| LiveError::Events(Box::new(error)))?);
            }
        }
        count(&reporter.finish(), outcome);
        Ok(())
    }
}

fn count(report: &Report, outcome: &mut Outcome) {
    outcome.sinkhole.questions = report.dns.questions;
    outcome.sinkhole.resolvers = report.dns.resolvers;
    outcome.sinkhole.connections = report.hosts.connections;
    outcome.sinkhole.addresses = report.hosts.hosts;
    for day in &mut outcome.sinkhole.days {
        let Some(at) = midnight(&day.day) else { continue };
        let (dns, hosts) = (report.dns.days.get(&at), report.hosts.days.get(&at));
        day.questions = dns.map_or(0, |count| count.count);
        day.connections = hosts.map_or(0, |count| count.count);
        day.addresses = hosts.map_or(0, |count| count.sources);
    }
    for hour in &mut outcome.hours {
        let Ok(end) = hour.at.parse::<DateTime<Utc>>() else { continue };
        let Some(from) = full_hour(end - TimeDelta::milliseconds(1)) else { continue };
        hour.sinkhole_questions = report.dns.hours.get(&from).map_or(0, |count| count.count);
        hour.sinkhole_addresses = report.hosts.hours.get(&from).map_or(0, |count| count.sources);
    }
}

fn midnight(day: &str) -> Option<DateTime<Utc>> {
    let date: chrono::NaiveDate = day.parse().ok()?;
    Some(date.and_time(chrono::NaiveTime::MIN).and_utc())
}

/// The full hour at or before an instant.
fn full_hour(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(at.timestamp().div_euclid(3_600) * 3_600, 0)
}
