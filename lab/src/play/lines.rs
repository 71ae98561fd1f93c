//! Subscriber lines and what a sinkhole sees of them: addresses that change with each lease, and bots that share one.

use resolver_chain::Moment;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 86_400_000;

/// What is new about a call-back at the sinkhole.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct News {
    pub(crate) ever: bool,
    pub(crate) today: bool,
    pub(crate) this_hour: bool,
}

/// When something was last seen: anything that counts distinct things by hour, by day and over the play needs no
/// more than that, since time only goes forward.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    lease: i64,
    day: i64,
    hour: i64,
}

impl Default for Seen {
    fn default() -> Self {
        Self { lease: i64::MIN, day: i64::MIN, hour: i64::MIN }
    }
}

impl Seen {
    /// Takes note of a sight at `now` under lease number `lease` (0 for things that keep their identity).
    pub(crate) fn note(&mut self, now: Moment, lease: i64) -> News {
        let (day, hour) = (now.0.div_euclid(DAY), now.0.div_euclid(HOUR));
        let renewed = self.lease != lease;
        let news = News { ever: renewed, today: renewed || self.day != day, this_hour: renewed || self.hour != hour };
        *self = Self { lease, day, hour };
        news
    }
}

/// A subscriber line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) key: u64,
    pub(crate) seen: Seen,
}
