//! How much a network may ask over UDP, so that questions with a forged source do not turn the sinkhole against the
//! forged one (response rate limiting, after P. Vixie and V. Schryver, ISC-TN-2012-1).
//!
//! A bucket per source network holds what it may still be answered. An empty bucket is met with silence, and every
//! [`SLIP`]th time with an answer that holds nothing but TC: a resolver behind a real address then asks over TCP, which
//! is not limited because its source has answered a handshake. Limited questions have no event; they are counted.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::event::Transport;
use crate::pipeline::Received;

/// IPv4 sources are limited by their /24 (the default of BIND's `ipv4-prefix-length` and NSD's `rrl-ipv4-prefix-length`).
pub const PREFIX_V4: u8 = 24;
/// IPv6 sources are limited by their /56 (the default of BIND's `ipv6-prefix-length`).
pub const PREFIX_V6: u8 = 56;
/// Answers that a network gets per second. Five times NSD's default (`rrl-ratelimit: 200`), which counts each kind of
/// question apart while this counts all together: a large public resolver speaks for many bots.
pub const PER_SECOND: u32 = 1000;
/// Answers that a network gets at once after a pause: two seconds' worth. No official reference.
pub const BURST: u32 = 2 * PER_SECOND;
/// Every second limited question is answered with TC (the default of BIND's `slip` and NSD's `rrl-slip`).
pub const SLIP: u8 = 2;
/// Buckets. Networks whose keyed hash falls into the same bucket share it; the table never grows (1.5 MiB).
pub const BUCKETS: usize = 1 << 16;

const NANOSECONDS: i64 = 1_000_000_000;

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

/// The buckets of all networks.
#[derive(Debug)]
pub(crate) struct RateLimit {
    keys: RandomState,
    buckets: Mutex<Vec<Bucket>>,
}

/// What one network may still be answered.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// Time of the last question in nanoseconds since 1970.
    at: i64,
    answers: f64,
    limited: u8,
}

impl RateLimit {
    pub(crate) fn new() -> Self {
        let full = Bucket { at: i64::MIN, answers: f64::from(BURST), limited: 0 };
        Self { keys: RandomState::new(), buckets: Mutex::new(vec![full; BUCKETS]) }
    }

    /// Takes one answer from the source's bucket. TCP is not limited.
    pub(crate) fn pass(&self, received: &Received<'_>) -> Allowance {
        if received.transport == Transport::Tcp {
            return Allowance::Pass;
        }
        let slot = self.keys.hash_one(network(received.source.ip())) as usize % BUCKETS;
        let at = received.at.timestamp_nanos_opt().unwrap_or(i64::MAX);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = &mut buckets[slot];
        // A clock that steps back gives nothing and takes nothing.
        let passed = at.saturating_sub(bucket.at).clamp(0, i64::from(BURST) * NANOSECONDS);
        bucket.at = at;
        let gained = passed as f64 * f64::from(PER_SECOND) / NANOSECONDS as f64;
        bucket.answers = (bucket.answers + gained).min(f64::from(BURST));
        if bucket.answers >= 1.0 {
            bucket.answers -= 1.0;
            return Allowance::Pass;
        }
        bucket.limited = (bucket.limited + 1) % SLIP;
        if bucket.limited == 0 { Allowance::Truncate } else { Allowance::Drop }
    }
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
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use crate::store::ListenerId;

    fn ask(limit: &RateLimit, source: &str, transport: Transport, at: DateTime<Utc>) -> Allowance {
        let source = std::net::SocketAddr::new(source.parse().unwrap(), 53_000);
        limit.pass(&Received { octets: &[], source, transport, listener: ListenerId::NONE, at })
    }

    #[test]
    fn a_network_over_its_limit_gets_silence_and_truncation_in_turn() {
        let limit = RateLimit::new();
        let start = DateTime::<Utc>::UNIX_EPOCH;
        for index in 0..BURST {
            let source = format!("198.51.100.{}", index % 250);
            assert_eq!(ask(&limit, &source, Transport::Udp, start), Allowance::Pass, "{index}");
        }
        assert_eq!(ask(&limit, "198.51.100.7", Transport::Udp, start), Allowance::Drop);
        assert_eq!(ask(&limit, "198.51.100.8", Transport::Udp, start), Allowance::Truncate);
        assert_eq!(ask(&limit, "198.51.100.9", Transport::Udp, start), Allowance::Drop);
        assert_eq!(ask(&limit, "198.51.100.9", Transport::Tcp, start), Allowance::Pass);

        let later = start + TimeDelta::milliseconds(10);
        let passed = (0..20).filter(|_| ask(&limit, "198.51.100.7", Transport::Udp, later) == Allowance::Pass).count();
        assert_eq!(passed, 10, "a thousand a second are ten in ten milliseconds");
    }

    #[test]
    fn a_clock_that_steps_back_gives_nothing() {
        let limit = RateLimit::new();
        let start = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(1);
        for _ in 0..BURST {
            ask(&limit, "2001:db8::1", Transport::Udp, start);
        }
        let earlier = start - TimeDelta::hours(1);
        assert_ne!(ask(&limit, "2001:db8::2", Transport::Udp, earlier), Allowance::Pass);
        assert_eq!(network("::ffff:192.0.2.9".parse().unwrap()), network("192.0.2.1".parse().unwrap()));
        assert_ne!(network("2001:db8:0:100::1".parse().unwrap()), network("2001:db8:0:200::1".parse().unwrap()));
        assert_eq!(network("2001:db8:0:1ff::1".parse().unwrap()), network("2001:db8:0:100::2".parse().unwrap()));
    }
}
