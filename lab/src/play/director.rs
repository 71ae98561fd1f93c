//! What happens around the bots: the timeline, the herder, filters that end, and the look at every full hour.
//!
//! Between two of these moments the world is constant. At one moment the order is: the hour's figures are taken,
//! filters end, the timeline's acts are carried out, the herder looks.

use resolver_chain::{Itinerary, LayerError, Moment, Server, Span};

use super::shard::{Shard, Status};
use super::tally::{Came, Tally};
use crate::outcome::{Happening, Hour, SinkholeDay};
use crate::scenario::{Party, Scenario};
use crate::world::{Botmaster, Deed, World};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// The play around the bots.
#[derive(Debug)]
pub(crate) struct Director<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) world: World,
    pub(crate) itinerary: Itinerary,
    pub(crate) now: Moment,
    pub(crate) hours: Vec<Hour>,
    pub(crate) days: Vec<SinkholeDay>,
    pub(crate) happenings: Vec<Happening>,
    /// Everything so far.
    pub(crate) total: Tally,
    pub(crate) first_act: Option<Moment>,
    pub(crate) lost: Option<Moment>,
    pub(crate) back: Option<Moment>,
    pub(crate) acts: Option<Moment>,
    pub(crate) came_back_through: Option<Came>,
    had_control: bool,
    hour: Tally,
    herder: Botmaster,
    next_entry: usize,
}

impl<'a> Director<'a> {
    /// The first moment of the play: the timeline's acts of that moment are done.
    pub(crate) fn new(scenario: &'a Scenario, shards: &[Shard]) -> Result<Self, LayerError> {
        let mut itinerary = Itinerary::new(&scenario.chain);
        let world = World::new(scenario, &mut itinerary);
        let mut director = Self {
            scenario,
            world,
            itinerary,
            now: scenario.start,
            hours: Vec::new(),
            days: Vec::new(),
            happenings: Vec::new(),
            total: Tally::default(),
            first_act: None,
            lost: None,
            back: None,
            acts: None,
            came_back_through: None,
            had_control: false,
            hour: Tally::default(),
            herder: Botmaster::new(scenario.herder.clone()),
            next_entry: 0,
        };
        director.take_hour(shards);
        director.change()?;
        director.prepare()?;
        Ok(director)
    }

    /// The first moment after `now` at which anything may change; the play's end if nothing does.
    pub(crate) fn until(&self) -> Moment {
        let next_hour = Moment((self.now.0.div_euclid(HOUR) + 1) * HOUR);
        let entry = self.scenario.timeline.get(self.next_entry).map(|entry| entry.at);
        let lift = self.world.next_lift();
        [Some(self.scenario.end), entry, lift].into_iter().flatten().fold(next_hour, Moment::min)
    }

    /// Whether the play is over.
    pub(crate) fn over(&self) -> bool {
        self.now >= self.scenario.end
    }

    /// Brings the world from `now` to [`Self::until`], after the bots have lived through that window.
    pub(crate) fn close(&mut self, window: &Tally, shards: &[Shard]) -> Result<(), LayerError> {
        self.hour.add(window);
        self.now = self.until();
        if self.now.0 % HOUR == 0 {
            let share = self.take_hour(shards);
            self.change()?;
            self.herder_looks(share)?;
        } else {
            self.change()?;
        }
        self.prepare()
    }

    fn prepare(&mut self) -> Result<(), LayerError> {
        // A bot that asks just before a change hears, and goes on, after it.
        let stages = self.scenario.chain.stages().iter();
        let longest = stages.map(|stage| stage.patience.time_out).max().unwrap_or_default();
        self.itinerary.extend(&self.scenario.chain, self.now, self.until() + longest + Span::seconds(1))
    }

    /// Takes the figures of a full hour; returns the herder's share of the bots that are online.
    fn take_hour(&mut self, shards: &[Shard]) -> Option<f64> {
        let (mut infected, mut online) = (0, [0; 6]);
        for shard in shards {
            let (shard_infected, shard_online) = shard.census();
            infected += shard_infected;
            for (sum, count) in online.iter_mut().zip(shard_online) {
                *sum += count;
            }
        }
        let tally = std::mem::take(&mut self.hour);
        let of = |status: Status| online[status as usize];
        let hour = Hour {
            at: self.now.to_string(),
            infected,
            online: online.iter().sum(),
            herder: of(Status::Herder),
            held: of(Status::Held),
            counted: of(Status::Counted),
            stranded: of(Status::Stranded),
            stranger: of(Status::Stranger),
            waiting: of(Status::Waiting),
            call_backs: tally.call_backs,
            ended: tally.ended,
            by_layer: (0..self.scenario.chain.stages().len())
                .map(|stage| tally.stages.get(stage).map_or(0, |stage| stage.contacts))
                .collect(),
            sinkhole_addresses: tally.sinkhole_addresses[0],
            sinkhole_bots: tally.sinkhole_bots[0],
            sinkhole_questions: tally.sinkhole_questions,
        };
        self.count_day(&tally);
        let called_back = hour.online - hour.waiting;
        let share = (called_back > 0).then(|| hour.herder as f64 / called_back as f64);
        self.watch_control(share, &tally);
        self.total.add(&tally);
        self.hours.push(hour);
        share
    }

    fn count_day(&mut self, tally: &Tally) {
        if self.hours.is_empty() {
            return;
        }
        let day = Moment((self.now.0 - 1).div_euclid(DAY) * DAY).utc().date_naive().to_string();
        if self.days.last().is_none_or(|last| last.day != day) {
            self.days.push(SinkholeDay { day, ..SinkholeDay::default() });
        }
        if let Some(last) = self.days.last_mut() {
            last.questions += tally.sinkhole_questions;
            last.connections += tally.sinkhole_connections;
            last.addresses += tally.sinkhole_addresses[1];
            last.bots += tally.sinkhole_bots[1];
        }
    }

    fn watch_control(&mut self, share: Option<f64>, tally: &Tally) {
        let Some(share) = share else { return };
        let has_control = share >= self.scenario.herder.notices_below;
        if self.had_control && !has_control && self.lost.is_none() {
            self.lost = Some(self.now);
        } else if has_control && self.lost.is_some() && self.back.is_none() {
            self.back = Some(self.now);
            // Ties are broken by the chain's order, so that the outcome does not depend on who was counted first.
            let server = |server| match server {
                Server::Host | Server::Direct => 0,
                Server::NameServer(index) => u16::from(index) + 1,
            };
            let key =
                |(came, count): &(Came, u64)| (*count, std::cmp::Reverse((came.stage, came.name, server(came.server))));
            self.came_back_through = tally.came.iter().max_by_key(|came| key(came)).map(|(came, _)| *came);
        }
        self.had_control |= has_control;
    }

    fn change(&mut self) -> Result<(), LayerError> {
        let lifted = self.world.lift_filters(self.now);
        if !lifted.is_empty() {
            let what = format!("the filter on {} ends", self.world.host_names(&lifted));
            self.report("world", Deed { what, without_effect: Vec::new() });
        }
        while let Some(entry) = self.scenario.timeline.get(self.next_entry).filter(|entry| entry.at <= self.now) {
            self.next_entry += 1;
            let deed = self.world.act(&entry.act, &self.scenario.chain, &mut self.itinerary, self.now)?;
            let by = match entry.by {
                Party::Defender => {
                    self.first_act.get_or_insert(self.now);
                    "defender"
                }
                Party::Herder => "herder",
            };
            self.report(by, deed);
        }
        Ok(())
    }

    fn herder_looks(&mut self, share: Option<f64>) -> Result<(), LayerError> {
        let (chain, itinerary) = (&self.scenario.chain, &mut self.itinerary);
        let deeds = self.herder.look(share, &mut self.world, chain, itinerary, self.now)?;
        if self.acts.is_none() {
            self.acts = self.herder.acts_at();
        }
        for deed in deeds {
            self.report("herder", deed);
        }
        Ok(())
    }

    fn report(&mut self, by: &str, deed: Deed) {
        let Deed { what, without_effect } = deed;
        self.happenings.push(Happening { at: self.now.to_string(), by: by.to_owned(), what, without_effect });
    }
}
