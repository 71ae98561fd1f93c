//! EDNS (RFC 6891): the OPT record of a query, and how large its answer may be.

use crate::event::Transport;
use crate::pipeline::{Received, Verdict, reply};
use crate::wire::{self, Edns, Header, Question, rcode};

/// Reads the OPT record. Broken records are answered FORMERR, a version other than 0 BADVERS (RFC 6891 §6.1.3).
pub(super) fn pass(received: &Received<'_>, header: Header, question: &Question) -> Result<Option<Edns>, Verdict> {
    let edns = wire::read_edns(received.octets)
        .map_err(|_| reply::error(header, Some(question), None, rcode::FORMAT_ERROR))?;
    match &edns {
        Some(edns) if edns.version != 0 => Err(reply::error(header, Some(question), Some(edns), rcode::BAD_VERSION)),
        _ => Ok(edns),
    }
}

/// How many octets an answer may have: over UDP what the query's EDNS allows, at least 512 (RFC 6891 §6.2.3) and at most
/// [`wire::UDP_LARGEST`]; over TCP what the length prefix can say (RFC 1035 §4.2.2).
pub(super) fn limit(transport: Transport, udp_size: Option<u16>) -> usize {
    match transport {
        Transport::Tcp => usize::from(u16::MAX),
        Transport::Udp => {
            usize::from(udp_size.map_or(wire::UDP_PLAIN, |size| size.clamp(wire::UDP_PLAIN, wire::UDP_LARGEST)))
        }
    }
}
