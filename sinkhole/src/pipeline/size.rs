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

/// How many octets an answer may have. Over TCP what the length prefix can say (RFC 1035 §4.2.2); over UDP with a valid
/// cookie what the query allows, at least 512 (RFC 6891 §6.2.3) and at most [`UDP_LARGEST`]; otherwise at most twice the
/// question's size for addresses, and at most four times and [`UDP_PLAIN`] for other data.
pub(super) fn limit(exchange: &Exchange<'_>, holds: Holds) -> usize {
    if exchange.received.transport == Transport::Tcp {
        return usize::from(u16::MAX);
    }
    let asked = exchange.asked.edns.map_or(UDP_PLAIN, |edns| edns.udp_size.clamp(UDP_PLAIN, UDP_LARGEST));
    let size = exchange.received.octets.len();
    match holds {
        _ if exchange.confirmed() => usize::from(asked),
        Holds::Addresses => usize::from(asked).min(2 * size),
        Holds::Other => usize::from(UDP_PLAIN).min(4 * size),
    }
}
