//! The events to come of a part of the population, taken strictly by (moment, bot).
//!
//! Most events lie hours ahead: the next call-back, the next session. They wait in one bucket an hour and are sorted
//! when their hour begins, which costs less than keeping all of them in order all the time. Only what becomes known
//! within its own hour goes through a heap.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use resolver_chain::Moment;

const HOUR: i64 = 3_600_000;

/// Hours ahead that have a bucket.
const BUCKETS: usize = 48;

/// An event within its hour: milliseconds since the hour's beginning, then the bot, in one number that sorts so.
type Packed = u64;

/// Events by (moment, bot).
#[derive(Debug)]
pub(super) struct Queue {
    /// Number of the hour at hand.
    hour: i64,
    /// The events of this hour that were known when it began, the latest first.
    sorted: Vec<Packed>,
    /// Events of this hour, or from before it, that became known later.
    near: BinaryHeap<Reverse<(Moment, u32)>>,
    /// The events of the hours after this one.
    ahead: VecDeque<Vec<Packed>>,
    /// Events beyond the last bucket.
    far: BinaryHeap<Reverse<(Moment, u32)>>,
}

impl Queue {
    /// No event yet; the first ones will be at `start` or later.
    pub(super) fn new(start: Moment) -> Self {
        Self {
            hour: start.0.div_euclid(HOUR),
            sorted: Vec::new(),
            near: BinaryHeap::new(),
            ahead: VecDeque::from(vec![Vec::new(); BUCKETS]),
            far: BinaryHeap::new(),
        }
    }

    /// The earliest event.
    #[inline]
    pub(super) fn first(&self) -> Option<(Moment, u32)> {
        let sorted = self.sorted.last().map(|packed| self.unpack(*packed));
        match self.near.peek() {
            Some(Reverse(near)) => Some(sorted.map_or(*near, |sorted| sorted.min(*near))),
            None => sorted,
        }
    }

    /// The bots of the next `most` events, as far as they were known when the hour began.
    pub(super) fn upcoming(&self, most: usize) -> impl Iterator<Item = u32> {
        self.sorted.iter().rev().take(most).map(|packed| *packed as u32)
    }

    /// Takes the earliest event if it lies before `before`.
    #[inline]
    pub(super) fn take(&mut self, before: Moment) -> Option<(Moment, u32)> {
        let first = self.first().filter(|(at, _)| *at < before)?;
        if self.near.peek().is_some_and(|Reverse(near)| *near == first) {
            self.near.pop();
        } else {
            self.sorted.pop();
        }
        if self.sorted.is_empty() && self.near.is_empty() {
            self.advance();
        }
        Some(first)
    }

    /// Adds an event.
    #[inline]
    pub(super) fn add(&mut self, at: Moment, bot: u32) {
        let hour = at.0.div_euclid(HOUR);
        let after = hour.saturating_sub(self.hour);
        if after <= 0 {
            self.near.push(Reverse((at, bot)));
            return;
        }
        match self.ahead.get_mut(after as usize - 1) {
            Some(bucket) => bucket.push(pack(at, hour, bot)),
            None => self.far.push(Reverse((at, bot))),
        }
        if self.sorted.is_empty() && self.near.is_empty() {
            self.advance();
        }
    }

    /// On to the next hour that has an event, so that [`Self::first`] need not search.
    fn advance(&mut self) {
        let next_far = self.far.peek().map(|Reverse((at, _))| at.0.div_euclid(HOUR));
        let next_bucket = self.ahead.iter().position(|bucket| !bucket.is_empty());
        let next = match (next_bucket.map(|index| self.hour + 1 + index as i64), next_far) {
            (Some(bucket), Some(far)) => bucket.min(far),
            (Some(hour), None) | (None, Some(hour)) => hour,
            (None, None) => return,
        };
        for _ in 0..(next - self.hour).min(BUCKETS as i64) {
            self.sorted = self.ahead.pop_front().unwrap_or_default();
            self.ahead.push_back(Vec::new());
        }
        self.hour = next;
        // Events from beyond the buckets come in when their hour does.
        while let Some(Reverse((at, bot))) = self.far.peek().copied() {
            if at.0.div_euclid(HOUR) > next {
                break;
            }
            self.far.pop();
            self.sorted.push(pack(at, next, bot));
        }
        self.sorted.sort_unstable_by_key(|packed| Reverse(*packed));
    }

    fn unpack(&self, packed: Packed) -> (Moment, u32) {
        (Moment(self.hour * HOUR + (packed >> 32) as i64), packed as u32)
    }
}

fn pack(at: Moment, hour: i64, bot: u32) -> Packed {
    ((at.0 - hour * HOUR) as u64) << 32 | u64::from(bot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_events_in_order_however_far_ahead_they_are() {
        let mut queue = Queue::new(Moment(5 * HOUR + 17));
        let mut expected = Vec::new();
        let mut number = 1_u64;
        let mut now = Moment(5 * HOUR + 17);
        for round in 0..20_000_u32 {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let reach = [1, 1_000, HOUR, 30 * HOUR, 100 * HOUR, 2_000 * HOUR][(number >> 60) as usize % 6];
            let at = Moment(now.0 + ((number >> 20) as i64).rem_euclid(reach) - i64::from(round % 50 == 0) * 7);
            queue.add(at, round);
            expected.push((at, round));
            if number >> 33 & 1 == 0 {
                let least = expected.iter().copied().min();
                assert_eq!(queue.first(), least);
                assert_eq!(queue.take(least.map_or(now, |(at, _)| at)), None);
                assert_eq!(queue.take(Moment::NEVER), least);
                expected.retain(|event| Some(*event) != least);
                now = least.map_or(now, |(at, _)| at);
            }
        }
        expected.sort_unstable();
        for event in expected {
            assert_eq!(queue.take(Moment::NEVER), Some(event));
        }
        assert_eq!(queue.first(), None);
    }
}
