//! The event of a question for a held name.

use crate::names::Found;
use crate::pipeline::Exchange;
use crate::pipeline::answer::Answered;
use crate::store::layout::{self, flag};
use crate::store::{Batch, Head, Kind};
use crate::wire::Question;

/// Appends the event to `events`.
pub(super) fn pass(
    exchange: &Exchange<'_>,
    question: &Question,
    found: &Found,
    answered: &Answered,
    events: &mut Batch,
) {
    let Exchange { header, received, asked, .. } = exchange;
    let subnet = asked.edns.and_then(|edns| edns.client_subnet);
    let flags = [
        (flag::RECURSION_DESIRED, header.recursion_desired),
        (flag::MIXED_CASE, question.name.has_mixed_case()),
        (flag::EDNS, asked.edns.is_some()),
        (flag::CLIENT_SUBNET, subnet.is_some()),
        (flag::TRUNCATED, answered.truncated),
        (flag::COOKIE, exchange.confirmed()),
    ];
    let head = Head {
        at: received.at,
        kind: Kind::Dns,
        transport: received.transport,
        flags: flags.iter().filter(|(_, set)| *set).map(|(bit, _)| bit).sum(),
        source: received.source,
        destination_port: received.destination_port,
        qtype: question.qtype,
        qclass: question.qclass,
        rcode: answered.rcode,
        udp_size: asked.edns.map_or(0, |edns| edns.udp_size),
        label: found.entry.label,
        preset: found.entry.preset,
        period: found.entry.period,
        index: found.entry.index,
        apex_labels: found.apex_labels,
        id: header.id,
    };
    match subnet {
        Some(subnet) => {
            let (field, length) = layout::subnet(subnet);
            events.push(&head, &[question.name.as_wire(), &field[..length]]);
        }
        None => events.push(&head, &[question.name.as_wire()]),
    }
}
