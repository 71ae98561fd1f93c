//! EDNS (RFC 6891): versions, and what the OPT record of an answer says.

use crate::event::Transport;
use crate::pipeline::Exchange;
use crate::wire::{AnswerEdns, rcode};

/// BADVERS for a version other than 0, which must be told by an OPT record of version 0 (RFC 6891 §6.1.3).
pub(super) fn pass(exchange: &Exchange<'_>) -> Result<(), u16> {
    match exchange.asked.edns {
        Some(edns) if edns.version != 0 => Err(rcode::BAD_VERSION),
        _ => Ok(()),
    }
}

/// The OPT record of every answer to a question that had one; none otherwise (RFC 6891 §7).
pub(super) fn answer<'a>(exchange: &Exchange<'a>) -> Option<AnswerEdns<'a>> {
    let edns = exchange.asked.edns?;
    Some(AnswerEdns {
        dnssec_ok: edns.dnssec_ok,
        cookie: exchange.cookie.map(|cookie| cookie.octets()),
        client_subnet: None,
        nsid: exchange.pipeline.nsid.as_deref().filter(|_| edns.nsid),
        // Over UDP it has no meaning (RFC 7828 §3.2.2).
        keepalive: (edns.keepalive && exchange.received.transport == Transport::Tcp)
            .then_some(exchange.pipeline.keepalive),
    })
}
