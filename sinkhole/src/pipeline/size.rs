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
/// cookie what the query allows, at least 512 (RFC 6891 §6.2.3) and at most [`UDP_LARGEST`]; otherwise what
/// [`in_proportion`] says.
pub(super) fn limit(exchange: &Exchange<'_>, holds: Holds) -> usize {
    let udp_size = exchange.message.edns.map(|edns| edns.udp_size);
    match exchange.received.transport {
        Transport::Tcp => usize::from(u16::MAX),
        Transport::Udp if exchange.confirmed() => allowed(udp_size),
        Transport::Udp => in_proportion(exchange.received.octets.len(), udp_size, holds),
    }
}

/// How many octets an answer may have to a question of `size` octets whose source may be forged: at most twice as many for
/// addresses, and at most four times as many and [`UDP_PLAIN`] for other data. `udp_size` is what EDNS allows, if there
/// is an OPT record.
pub(super) fn in_proportion(size: usize, udp_size: Option<u16>, holds: Holds) -> usize {
    match holds {
        Holds::Addresses => allowed(udp_size).min(2 * size),
        Holds::Other => usize::from(UDP_PLAIN).min(4 * size),
    }
}

fn allowed(udp_size: Option<u16>) -> usize {
    usize::from(udp_size.map_or(UDP_PLAIN, |size| size.clamp(UDP_PLAIN, UDP_LARGEST)))
}
