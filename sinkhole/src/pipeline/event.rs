//! The event of a question for a held name.

use crate::event::ClientSubnet;
use crate::names::Found;
use crate::pipeline::Received;
use crate::store::layout::{self, flag};
use crate::store::{AnswersId, Batch, Head, Kind};

/// What was asked, and how it was answered, as the event keeps it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    /// The name as sent, in wire form.
    pub(super) name: &'a [u8],
    pub(super) id: u16,
    pub(super) qtype: u16,
    pub(super) rcode: u16,
    pub(super) recursion_desired: bool,
    /// UDP payload size from EDNS; nothing without EDNS.
    pub(super) udp_size: Option<u16>,
    pub(super) client_subnet: Option<ClientSubnet>,
    pub(super) truncated: bool,
    /// The number of what it was answered with.
    pub(super) answers: AnswersId,
    /// A valid cookie showed that the source address is not forged.
    pub(super) confirmed: bool,
}

/// Appends the event to `events`.
pub(super) fn pass(received: &Received<'_>, seen: &Seen<'_>, found: &Found, events: &mut Batch) {
    let flags = [
        (flag::RECURSION_DESIRED, seen.recursion_desired),
        (flag::MIXED_CASE, has_mixed_case(seen.name)),
        (flag::EDNS, seen.udp_size.is_some()),
        (flag::CLIENT_SUBNET, seen.client_subnet.is_some()),
        (flag::TRUNCATED, seen.truncated),
        (flag::COOKIE, seen.confirmed),
    ];
    let head = Head {
        at: received.at,
        kind: Kind::Dns,
        transport: received.transport,
        flags: flags.iter().filter(|(_, set)| *set).map(|(bit, _)| bit).sum(),
        source: received.source,
        listener: received.listener,
        qtype: seen.qtype,
        answers: seen.answers,
        rcode: seen.rcode,
        udp_size: seen.udp_size.unwrap_or_default(),
        label: found.entry.label,
        preset: found.entry.preset,
        period: found.entry.period,
        index: found.entry.index,
        apex_labels: found.apex_labels,
        id: seen.id,
    };
    match seen.client_subnet {
        Some(subnet) => {
            let (field, length) = layout::subnet(subnet);
            events.push(&head, &[seen.name, &field[..length]]);
        }
        None => events.push(&head, &[seen.name]),
    }
}

/// Whether a name on the wire holds both cases: a resolver that hardens its questions (draft-vixie-dnsext-dns0x20).
fn has_mixed_case(name: &[u8]) -> bool {
    // Lengths of labels are at most 63, below every letter.
    name.iter().any(u8::is_ascii_uppercase) && name.iter().any(u8::is_ascii_lowercase)
}
