//! How large an answer may be, so that a question with a forged source brings the forged one little more than it cost.
//!
//! Who answered TCP's handshake or showed a valid cookie is where it says, and gets what the transport can carry. Anybody
//! else gets an answer in proportion to the question, or TC.

use crate::event::Transport;
use crate::pipeline::Exchange;
use crate::wire::{UDP_LARGEST, UDP_PLAIN};

/// What an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Addresses, or nothing: what everybody asks for.
    Addresses,
    /// "No such data", SOA, NS, TXT and the like, which are longer and asked for by few.
    Other,
}

/// Who asks, and with how much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asker {
    pub(super) transport: Transport,
    /// A valid cookie showed that the source address is not forged.
    pub(super) confirmed: bool,
    /// UDP payload size from EDNS; nothing without EDNS.
    pub(super) udp_size: Option<u16>,
    /// Octets of the message.
    pub(super) length: usize,
}

impl From<&Exchange<'_>> for Asker {
    fn from(exchange: &Exchange<'_>) -> Self {
        Self {
            transport: exchange.received.transport,
            confirmed: exchange.confirmed(),
            udp_size: exchange.asked.edns.map(|edns| edns.udp_size),
            length: exchange.received.octets.len(),
        }
    }
}

/// How many octets an answer may have. Over TCP what the length prefix can say (RFC 1035 §4.2.2); over UDP with a valid
/// cookie what the query allows, at least 512 (RFC 6891 §6.2.3) and at most [`UDP_LARGEST`]; otherwise at most twice the
/// question's size for addresses, and at most four times and [`UDP_PLAIN`] for other data.
pub(super) fn limit(asker: Asker, holds: Holds) -> usize {
    if asker.transport == Transport::Tcp {
        return usize::from(u16::MAX);
    }
    let allowed = usize::from(asker.udp_size.map_or(UDP_PLAIN, |size| size.clamp(UDP_PLAIN, UDP_LARGEST)));
    match holds {
        _ if asker.confirmed => allowed,
        Holds::Addresses => allowed.min(2 * asker.length),
        Holds::Other => usize::from(UDP_PLAIN).min(4 * asker.length),
    }
}
