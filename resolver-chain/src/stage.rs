//! One layer on a bot's chain: over which routes its names are asked, in which order, and with how much patience.

use rand_core::Rng;

use crate::time::Span;

/// A way to a controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// The name is asked of the machine's own resolver.
    Host,
    /// The name is asked of each custom name server, in the order of the bot's list.
    NameServers,
    /// No name is asked: the candidate is an address.
    Direct,
}

/// How names and routes are interleaved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Each name over every route, then the next name.
    PerName,
    /// All names over a route, then the next route.
    PerRoute,
}

/// The pauses between attempts at one question or one connection.
///
/// The pause before attempt `k + 1` is `first × factor^(k - 1)`, at most `most`, times a number drawn evenly from
/// `1 - jitter` to `1 + jitter`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    /// Pause before the second attempt.
    pub first: Span,
    /// Growth from one pause to the next.
    pub factor: f64,
    /// Upper bound of a pause before jitter.
    pub most: Span,
    /// Share of the pause by which it varies to either side, from 0 to 1.
    pub jitter: f64,
}

/// How long a bot waits for an answer, and how often it asks again when none comes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    /// Time-out of one question or one connection attempt.
    pub time_out: Span,
    /// Attempts in all, at least 1. Only a time-out leads to a further attempt.
    pub attempts: u8,
    /// The pauses between them.
    pub backoff: Backoff,
}

impl Default for Patience {
    /// One attempt of five seconds: the time-out that the resolvers of common systems use
    /// (`RES_TIMEOUT` of the BSD resolver).
    fn default() -> Self {
        Self {
            time_out: Span::seconds(5),
            attempts: 1,
            backoff: Backoff { first: Span::seconds(1), factor: 2.0, most: Span::seconds(60), jitter: 0.0 },
        }
    }
}

impl Backoff {
    /// The pause after `failed` attempts (at least 1) have failed.
    pub fn pause(&self, failed: u8, random: &mut impl Rng) -> Span {
        let grown = self.first.0 as f64 * self.factor.powi(i32::from(failed) - 1);
        let bounded = grown.min(self.most.0 as f64);
        // 53 random bits make an even number in [0, 1).
        let even = (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        Span((bounded * (1.0 + self.jitter * (2.0 * even - 1.0))).round() as i64)
    }
}
