//! What a bot can be told: by a name server, by a connection, and who it was that answered.

use std::net::IpAddr;

/// Addresses of one answer, held in place. More than [`Addresses::MOST`] are cut off, as bots of the field do
/// with a fixed buffer for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    items: [IpAddr; Self::MOST],
    len: u8,
}

impl Addresses {
    /// How many addresses of one answer a bot keeps.
    pub const MOST: usize = 4;

    /// The addresses, in the order of the answer.
    pub fn as_slice(&self) -> &[IpAddr] {
        &self.items[..usize::from(self.len)]
    }
}

impl Default for Addresses {
    fn default() -> Self {
        Self { items: [IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED); Self::MOST], len: 0 }
    }
}

impl FromIterator<IpAddr> for Addresses {
    fn from_iter<I: IntoIterator<Item = IpAddr>>(addresses: I) -> Self {
        let mut kept = Self::default();
        for (slot, address) in kept.items.iter_mut().zip(addresses) {
            *slot = address;
            kept.len += 1;
        }
        kept
    }
}

/// What came back for one question or one connection attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The name has these addresses (at least one), to be kept for `ttl` seconds.
    Addresses {
        /// The addresses, in the order of the answer.
        addresses: Addresses,
        /// Time to live in seconds.
        ttl: u32,
    },
    /// The name does not exist (RFC 1035, RCODE 3).
    NxDomain,
    /// The name exists but has no address (RFC 2308, section 2.2).
    NoData,
    /// The server could not answer (RFC 1035, RCODE 2).
    ServFail,
    /// The server does not want to answer (RFC 1035, RCODE 5).
    Refused,
    /// No answer within the question's time-out.
    TimedOut,
    /// The connection stands, and this is who accepted it.
    Connected(Peer),
    /// The connection was refused.
    ConnectionRefused,
    /// The connection was not accepted within the time-out.
    ConnectionTimedOut,
}

/// Who accepted a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Peer {
    /// The botmaster: the only one who can prove it.
    Herder,
    /// A sinkhole.
    Sinkhole,
    /// Somebody who has nothing to do with it.
    Stranger,
}

/// Whether a bot asks its peer for a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handshake {
    /// Only a peer that proves to be the herder is a contact; from any other the bot goes on.
    Keyed,
    /// Whoever accepts is a contact.
    None,
}
