//! The bots as machines: when each is infected, online and cleaned, which resolver and which public address it has.
//!
//! All of it follows from the scenario's seed and the bot's number; nothing depends on what the bots meet.

use resolver_chain::{Moment, Span};

use crate::draw::{Draw, Purpose};
use crate::scenario::{Bots, Scenario};

const DAY: i64 = 86_400_000;

/// Where the bots' local days lie: share of the bots, hours from UTC. Chosen after the countries named for Mega-D
/// (Brazil first, then India and Viet Nam), coarsely.
const ZONES: [(f64, f64); 4] = [(0.30, -3.0), (0.20, 2.0), (0.25, 5.5), (0.25, 7.0)];

/// Local hour around which the online hours of a day lie when they follow the day. Chosen: mid-afternoon.
const MIDDLE_OF_DAY: f64 = 15.0;

/// Standard deviation in hours of the middle of a day's online hours around [`MIDDLE_OF_DAY`]. Chosen.
const SPREAD_OF_DAY: f64 = 2.5;

/// Bots that share one public address. Chosen: a household or a small office.
const BEHIND_ONE_ADDRESS: u64 = 3;

/// A window of time in which a bot is online.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) from: Moment,
    pub(crate) until: Moment,
}

/// The machines of a scenario.
#[derive(Clone, Debug)]
pub(crate) struct Machines {
    bots: Bots,
    draw: Draw,
    start: Moment,
    end: Moment,
    at_start: u32,
    total: u32,
    resolver_shares: Vec<f64>,
}

impl Machines {
    /// The machines of `scenario` with `count` bots on the first day.
    pub(crate) fn new(scenario: &Scenario, count: u32) -> Self {
        let bots = scenario.bots.clone();
        let days = (scenario.end - scenario.start).as_days();
        let joins = (bots.join_per_day * f64::from(count) * days).round() as u32;
        // Zipf: the resolver of rank k serves a share proportional to k^-skew.
        let mut resolver_shares: Vec<f64> = (1..=bots.resolvers).map(|rank| f64::from(rank).powf(-bots.skew)).collect();
        let sum: f64 = resolver_shares.iter().sum();
        let mut running = 0.0;
        for share in &mut resolver_shares {
            running += *share / sum;
            *share = running;
        }
        Self {
            draw: Draw::new(scenario.seed),
            start: scenario.start,
            end: scenario.end,
            at_start: count,
            total: count.saturating_add(joins),
            resolver_shares,
            bots,
        }
    }

    /// The first moment of the play.
    pub(crate) fn start(&self) -> Moment {
        self.start
    }

    /// Bots that are infected at any time of the play.
    pub(crate) fn total(&self) -> u32 {
        self.total
    }

    /// Bots that are infected on the first day.
    pub(crate) fn at_start(&self) -> u32 {
        self.at_start
    }

    /// The resolver that serves `bot`, as a rank from 0 (the largest).
    pub(crate) fn resolver(&self, bot: u32) -> u32 {
        let even = self.draw.even(Purpose::Resolver, bot.into(), 0);
        self.resolver_shares.partition_point(|share| *share <= even).min(self.resolver_shares.len() - 1) as u32
    }

    /// When `bot` is infected.
    pub(crate) fn infected(&self, bot: u32) -> Moment {
        if bot < self.at_start {
            return self.start;
        }
        let play = self.end - self.start;
        self.start + play.scaled(self.draw.even(Purpose::Join, bot.into(), 0))
    }

    /// When `bot` is cleaned.
    pub(crate) fn cleaned(&self, bot: u32) -> Moment {
        if self.bots.leave_per_day <= 0.0 {
            return Moment::NEVER;
        }
        let days = self.draw.exponential(Purpose::Leave, bot.into(), 0) / self.bots.leave_per_day;
        let span = Span((days * DAY as f64).min(i64::MAX as f64 / 4.0) as i64);
        self.infected(bot) + span
    }

    /// The first session of `bot` that ends after `at`; it may have begun before.
    pub(crate) fn session(&self, bot: u32, at: Moment) -> Session {
        if self.bots.online >= 1.0 {
            return Session { from: Moment(i64::MIN), until: Moment::NEVER };
        }
        // Each bot's time is cut into cells of 24 hours with exactly one session inside each.
        let phase = self.phase(bot);
        let mut cell = (at.0 - phase).div_euclid(DAY);
        loop {
            let session = self.session_of(bot, phase, cell);
            if session.until > at {
                return session;
            }
            cell += 1;
        }
    }

    /// The start of the bot's cells, relative to midnight UTC. With `diurnal` the middle of a cell is the middle of
    /// the local day.
    fn phase(&self, bot: u32) -> i64 {
        if !self.bots.diurnal {
            return (self.draw.bits(Purpose::Phase, bot.into(), 0) % DAY as u64) as i64;
        }
        let mut even = self.draw.even(Purpose::Zone, bot.into(), 0);
        let mut offset = ZONES[ZONES.len() - 1].1;
        for (share, hours) in ZONES {
            if even < share {
                offset = hours;
                break;
            }
            even -= share;
        }
        ((MIDDLE_OF_DAY - 12.0 - offset) * 3_600_000.0) as i64
    }

    fn session_of(&self, bot: u32, phase: i64, cell: i64) -> Session {
        let (mean, index) = (self.bots.online, cell as u64);
        // Lengths vary evenly around the mean, as far as a day allows.
        let room = (mean / 2.0).min(1.0 - mean);
        let even = self.draw.even(Purpose::SessionLength, bot.into(), index);
        let length = ((mean + (2.0 * even - 1.0) * room) * DAY as f64) as i64;
        let slack = DAY - length;
        let place = if self.bots.diurnal {
            let shift = self.draw.normal(Purpose::SessionPlace, bot.into(), index) * SPREAD_OF_DAY * 3_600_000.0;
            (slack / 2 + shift as i64).clamp(0, slack)
        } else {
            (self.draw.even(Purpose::SessionPlace, bot.into(), index) * slack as f64) as i64
        };
        let from = Moment(phase + cell * DAY + place);
        Session { from, until: from + Span(length.max(1)) }
    }

    /// The first call-back of a bot that is online when the play begins: somewhere in its first interval.
    pub(crate) fn first_call_back(&self, bot: u32) -> Moment {
        self.start + self.bots.every.scaled(self.draw.even(Purpose::FirstCallBack, bot.into(), 0))
    }

    /// The time from the end of call-back number `index` to the next.
    pub(crate) fn interval(&self, bot: u32, index: u32) -> Span {
        let even = self.draw.even(Purpose::CallBack, bot.into(), index.into());
        Span(self.bots.every.scaled(1.0 + self.bots.jitter * (2.0 * even - 1.0)).0.max(1))
    }

    /// The subscriber line of `bot`: bots behind one address have one line. Bots of one line share a resolver.
    pub(crate) fn line(&self, bot: u32) -> u64 {
        if self.draw.even(Purpose::Nat, bot.into(), 0) >= self.bots.nat {
            return u64::from(bot) << 1;
        }
        // Neighbours are found among as many lines as give groups of this mean size at this resolver.
        let resolver = self.resolver(bot);
        let share = self.resolver_shares[resolver as usize]
            - if resolver == 0 { 0.0 } else { self.resolver_shares[resolver as usize - 1] };
        let lines = (f64::from(self.total) * share * self.bots.nat / BEHIND_ONE_ADDRESS as f64).ceil().max(1.0) as u64;
        let line = self.draw.bits(Purpose::Nat, bot.into(), 1) % lines;
        (u64::from(resolver) << 32 | line) << 1 | 1
    }

    /// Which of its line's leases a moment falls into. The address of a bot is its line with this number.
    pub(crate) fn lease(&self, line: u64, at: Moment) -> i64 {
        let lease = self.bots.lease.0;
        let phase = (self.draw.bits(Purpose::Lease, line, 0) % lease as u64) as i64;
        (at.0 - phase).div_euclid(lease)
    }

    /// Seed of the bot's own random stream.
    pub(crate) fn seed(&self, bot: u32) -> u64 {
        self.draw.bits(Purpose::Bot, bot.into(), 0)
    }
}
