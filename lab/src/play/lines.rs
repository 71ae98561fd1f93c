//! Subscriber lines and what a sinkhole sees of them: addresses that change with each lease, and bots that share one.

use resolver_chain::Moment;

const HOUR: i64 = 3_600_000;

/// What is new about a call-back at the sinkhole.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct News {
    pub(crate) ever: bool,
    pub(crate) today: bool,
    pub(crate) this_hour: bool,
}

/// The hour in which something was last seen: anything that counts distinct things by hour, by day and over the play
/// needs no more than that, since time only goes forward.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    hour: i32,
}

const NEVER: i32 = i32::MIN;

impl Default for Seen {
    fn default() -> Self {
        Self { hour: NEVER }
    }
}

impl Seen {
    /// Takes note of a sight at `now`.
    #[inline]
    pub(crate) fn note(&mut self, now: Moment) -> News {
        let (last, hour) = (self.hour, now.0.div_euclid(HOUR) as i32);
        self.hour = hour;
        News { ever: last == NEVER, today: last.div_euclid(24) != hour.div_euclid(24), this_hour: last != hour }
    }
}

/// A subscriber line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) key: u64,
    lease: i64,
    seen: Seen,
}

impl Line {
    /// A line that nobody has seen.
    pub(crate) fn new(key: u64) -> Self {
        Self { key, lease: i64::MIN, seen: Seen::default() }
    }

    /// Takes note of a sight at `now` under lease number `lease`: each lease is another address.
    #[inline]
    pub(crate) fn note(&mut self, now: Moment, lease: i64) -> News {
        if self.lease != lease {
            self.lease = lease;
            self.seen = Seen::default();
        }
        self.seen.note(now)
    }
}
