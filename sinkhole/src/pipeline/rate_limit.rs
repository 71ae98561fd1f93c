//! How much a network may ask over UDP, so that questions with a forged source do not turn the sinkhole against the
//! forged one (response rate limiting, after P. Vixie and V. Schryver, ISC-TN-2012-1).
//!
//! A bucket per source network holds what it may still be answered, whatever the answer is: refusals and errors are
//! answers, too. An empty bucket is met with silence, and every so often with an answer that holds nothing but TC: a
//! resolver behind a real address then asks over TCP, which is not limited because its source has answered a handshake.
//! Sources that showed a valid cookie are not limited either. Limited questions have no event; they are counted.
//!
//! A bucket is one number that threads change without locks. It counts time in the moments at which an answer more is
//! allowed, so nothing is lost to rounding and no fraction is needed.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};

use crate::config;
use crate::event::Transport;
use crate::pipeline::{Exchange, Verdict, reply};
use crate::store::Counted;

/// IPv4 sources are limited by their /24 (the default of BIND's `ipv4-prefix-length` and NSD's `rrl-ipv4-prefix-length`).
pub const PREFIX_V4: u8 = 24;
/// IPv6 sources are limited by their /56 (the default of BIND's `ipv6-prefix-length`).
pub const PREFIX_V6: u8 = 56;
/// Answers that a network gets per second by default. Five times NSD's default (`rrl-ratelimit: 200`), which counts each
/// kind of question apart while this counts all together: a large public resolver speaks for many bots.
pub const PER_SECOND: u32 = 1000;
/// The most answers per second that can be configured: half of what a bucket counts to.
pub const PER_SECOND_LIMIT: u32 = 500_000;
/// A network that has paused gets so many seconds' answers at once. No official reference.
pub const BURST_SECONDS: u32 = 2;
/// Every second limited question is answered with TC by default (the default of BIND's `slip` and NSD's `rrl-slip`).
pub const SLIP: u8 = 2;
/// The largest slip that can be configured (that of BIND's `slip`).
pub const SLIP_LIMIT: u8 = 10;
/// Buckets. Networks whose keyed hash falls into the same bucket share it; the table never grows (512 KiB).
pub const BUCKETS: usize = 1 << 16;

const NANOSECONDS: u64 = 1_000_000_000;
/// Bits of a bucket for the time of its last question. At a thousand a second they wrap after 34 years; a network that
/// was silent for just that long waits two seconds for its full share.
const TIME_BITS: u32 = 40;
/// Bits of a bucket for the answers that are left in it.
const LEFT_BITS: u32 = 20;

/// Whether a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allowance {
    /// It is.
    Pass,
    /// With nothing but TC.
    Truncate,
    /// It is not.
    Drop,
}

/// Lets a question go on, or ends it. TCP and valid cookies are not limited, and take nothing from their network.
pub(super) fn pass(limit: Option<&RateLimit>, exchange: &Exchange<'_>) -> Result<(), Verdict> {
    let Some(limit) = limit else { return Ok(()) };
    let received = exchange.received;
    if received.transport == Transport::Tcp || exchange.confirmed() {
        return Ok(());
    }
    match limit.pass(received.source.ip(), received.at) {
        Allowance::Pass => Ok(()),
        Allowance::Truncate => Err(reply::truncated(exchange)),
        Allowance::Drop => Err(reply::silence(Counted::Limited)),
    }
}

/// The buckets of all networks.
#[derive(Debug)]
pub(crate) struct RateLimit {
    keys: RandomState,
    per_second: u64,
    burst: u64,
    slip: u64,
    buckets: Box<[AtomicU64]>,
}

/// What a bucket's number says.
#[derive(Clone, Copy)]
struct Bucket {
    /// Time of the last question, in parts of a second of which there are as many as answers, from 1970 on; as many
    /// bits as are kept of it.
    at: u64,
    /// Answers left.
    left: u64,
    /// Limited questions since the last one that was answered with TC.
    limited: u64,
}

impl RateLimit {
    /// Full buckets for all networks, or nothing if there is no limit.
    pub(crate) fn new(config: config::RateLimit) -> Option<Self> {
        let per_second = u64::from(config.per_second.clamp(1, PER_SECOND_LIMIT));
        let burst = per_second * u64::from(BURST_SECONDS);
        let full = Bucket { at: 0, left: burst, limited: 0 }.pack();
        config.enabled.then(|| Self {
            keys: RandomState::new(),
            per_second,
            burst,
            slip: u64::from(config.slip.min(SLIP_LIMIT)),
            buckets: (0..BUCKETS).map(|_| AtomicU64::new(full)).collect(),
        })
    }

    /// Takes one answer from the bucket of the source's network. Nothing is allocated and nobody waits for another
    /// thread.
    pub(crate) fn pass(&self, source: IpAddr, at: DateTime<Utc>) -> Allowance {
        let slot = self.keys.hash_one(network(source)) as usize % BUCKETS;
        let parts = u64::from(at.timestamp_subsec_nanos()) * self.per_second / NANOSECONDS;
        let now = (at.timestamp() as u64).wrapping_mul(self.per_second).wrapping_add(parts) & mask(TIME_BITS);
        let bucket = &self.buckets[slot];
        let mut seen = bucket.load(Ordering::Relaxed);
        loop {
            let (after, allowance) = self.take(Bucket::unpack(seen), now);
            match bucket.compare_exchange_weak(seen, after.pack(), Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return allowance,
                Err(other) => seen = other,
            }
        }
    }

    /// What a question at `now` leaves in a bucket.
    fn take(&self, bucket: Bucket, now: u64) -> (Bucket, Allowance) {
        let passed = now.wrapping_sub(bucket.at) & mask(TIME_BITS);
        // A clock that steps back gives nothing and takes nothing: the upper half of the numbers lies in the past.
        let gained = if passed >> (TIME_BITS - 1) == 0 { passed } else { 0 };
        let left = bucket.left.saturating_add(gained).min(self.burst);
        if let Some(left) = left.checked_sub(1) {
            return (Bucket { at: now, left, limited: bucket.limited }, Allowance::Pass);
        }
        let limited = bucket.limited + 1;
        if limited == self.slip {
            (Bucket { at: now, left, limited: 0 }, Allowance::Truncate)
        } else {
            (Bucket { at: now, left, limited: limited.min(u64::from(SLIP_LIMIT)) }, Allowance::Drop)
        }
    }
}

impl Bucket {
    fn pack(self) -> u64 {
        self.at | self.left << TIME_BITS | self.limited << (TIME_BITS + LEFT_BITS)
    }

    fn unpack(number: u64) -> Self {
        Self {
            at: number & mask(TIME_BITS),
            left: number >> TIME_BITS & mask(LEFT_BITS),
            limited: number >> (TIME_BITS + LEFT_BITS),
        }
    }
}

/// A number whose lowest `bits` are set.
const fn mask(bits: u32) -> u64 {
    (1 << bits) - 1
}

/// The network of a source. IPv4 inside IPv6 (`::ffff:0:0/96`) is the IPv4 network.
fn network(source: IpAddr) -> [u8; 8] {
    match source.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            [0, 0, 0, 0, 4, a, b, c]
        }
        IpAddr::V6(address) => {
            let mut network = [0; 8];
            network[0] = 6;
            network[1..].copy_from_slice(&address.octets()[..7]);
            network
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::atomic::AtomicUsize;

    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    /// A day of the test's own.
    const DAY: DateTime<Utc> = DateTime::from_timestamp_nanos(1_728_000_000 * 1_000_000_000);

    fn limit(per_second: u32, slip: u8) -> RateLimit {
        RateLimit::new(config::RateLimit { enabled: true, per_second, slip }).unwrap()
    }

    fn ask(limit: &RateLimit, source: &str, at: DateTime<Utc>) -> Allowance {
        limit.pass(source.parse().unwrap(), at)
    }

    #[test]
    fn a_network_over_its_limit_gets_silence_and_truncation_in_turn() {
        let limit = limit(PER_SECOND, SLIP);
        for index in 0..BURST_SECONDS * PER_SECOND {
            let source = format!("198.51.100.{}", index % 250);
            assert_eq!(ask(&limit, &source, DAY), Allowance::Pass, "{index}");
        }
        for source in ["198.51.100.7", "198.51.100.8", "198.51.100.9", "198.51.100.7"].chunks(2) {
            assert_eq!(ask(&limit, source[0], DAY), Allowance::Drop);
            assert_eq!(ask(&limit, source[1], DAY), Allowance::Truncate);
        }
        let later = DAY + TimeDelta::milliseconds(10);
        let passed = (0..20).filter(|_| ask(&limit, "198.51.100.7", later) == Allowance::Pass).count();
        assert_eq!(passed, 10, "a thousand a second are ten in ten milliseconds");
    }

    #[test]
    fn a_slip_of_zero_is_silence_and_one_is_always_truncation() {
        for (slip, expected) in [(0, [Allowance::Drop; 12]), (1, [Allowance::Truncate; 12])] {
            let limit = limit(1, slip);
            let answers: Vec<_> = (0..14).map(|_| ask(&limit, "192.0.2.1", DAY)).collect();
            assert_eq!(answers[..2], [Allowance::Pass; 2]);
            assert_eq!(answers[2..], expected);
        }
        assert!(RateLimit::new(config::RateLimit { enabled: false, ..config::RateLimit::default() }).is_none());
    }

    #[test]
    fn a_clock_that_steps_back_gives_nothing_and_takes_nothing() {
        let limit = limit(PER_SECOND, SLIP);
        let burst = BURST_SECONDS * PER_SECOND;
        for _ in 0..burst - 1 {
            ask(&limit, "2001:db8::1", DAY);
        }
        for hours in [1, 24 * 365] {
            let earlier = DAY - TimeDelta::hours(hours);
            if hours == 1 {
                assert_eq!(ask(&limit, "2001:db8::2", earlier), Allowance::Pass, "the last one is still there");
            }
            assert_ne!(ask(&limit, "2001:db8::2", earlier), Allowance::Pass);
            let passed = (0..20)
                .filter(|_| ask(&limit, "2001:db8::2", earlier + TimeDelta::milliseconds(10)) == Allowance::Pass)
                .count();
            assert_eq!(passed, 10, "it goes on from the new time");
        }
    }

    #[test]
    fn networks_are_those_of_the_prefixes() {
        let network = |source: &str| network(source.parse().unwrap());
        assert_eq!(network("::ffff:192.0.2.9"), network("192.0.2.1"));
        assert_ne!(network("192.0.3.1"), network("192.0.2.1"));
        assert_ne!(network("2001:db8:0:100::1"), network("2001:db8:0:200::1"));
        assert_eq!(network("2001:db8:0:1ff::1"), network("2001:db8:0:100::2"));
    }

    #[test]
    fn threads_together_get_no_more_than_one_would() {
        let limit = limit(PER_SECOND, SLIP);
        let passed = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for thread in 0..4_u8 {
                let (limit, passed) = (&limit, &passed);
                scope.spawn(move || {
                    let source = IpAddr::from(Ipv4Addr::new(203, 0, 113, thread));
                    let mine = (0..2000).filter(|_| limit.pass(source, DAY) == Allowance::Pass).count();
                    passed.fetch_add(mine, Ordering::Relaxed);
                });
            }
        });
        assert_eq!(passed.into_inner(), (BURST_SECONDS * PER_SECOND) as usize);
    }

    proptest! {
        #[test]
        fn however_the_clock_goes_a_network_gets_its_burst_and_what_passed_forward(
            per_second in 1..=PER_SECOND_LIMIT,
            steps in prop::collection::vec(prop_oneof![4 => 0..3_000_000_i64, 1 => -5_000_000..0_i64], 1..300),
        ) {
            let limit = limit(per_second, SLIP);
            let (mut at, mut forward, mut passed) = (DAY, 0, 0);
            for step in steps {
                at += TimeDelta::microseconds(step);
                forward += step.max(0);
                passed += i64::from(ask(&limit, "192.0.2.1", at) == Allowance::Pass);
            }
            let most = i64::from(per_second) * (i64::from(BURST_SECONDS) * 1_000_000 + forward) / 1_000_000;
            // Each step back may let a part of a second begin again.
            prop_assert!(passed <= most + 300);
        }
    }
}
