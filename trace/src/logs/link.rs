//! What a link puts before an IP packet (<https://www.tcpdump.org/linktypes.html>).

use super::entry::Reason;

/// A kind of link that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// BSD loopback: the protocol's family in the order of the machine that captured.
    Null,
    /// OpenBSD's loopback: the same in network order.
    Loop,
    /// Ethernet, with any tags of VLANs.
    Ethernet,
    /// No header: the IP version tells.
    Raw,
    /// Linux's `any` device.
    Cooked,
    /// Its second version.
    Cooked2,
}

/// Type of an Ethernet payload (IANA, "IEEE 802 Numbers").
const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
/// Tags: 802.1Q, 802.1ad, and what switches used before that for an outer tag.
const TAGS: [u16; 4] = [0x8100, 0x88a8, 0x9100, 0x9200];
/// Frames have one or two tags.
const MOST_TAGS: usize = 4;

impl Link {
    /// By the number of tcpdump.org.
    pub(super) fn of(number: u32) -> Result<Self, Reason> {
        Ok(match number {
            0 => Self::Null,
            1 => Self::Ethernet,
            // LINKTYPE_RAW is 101; files hold the number of DLT_RAW, too, which is 12 or, on OpenBSD, 14; 228 and 229
            // are of one IP version each.
            12 | 14 | 101 | 228 | 229 => Self::Raw,
            108 => Self::Loop,
            113 => Self::Cooked,
            276 => Self::Cooked2,
            link => return Err(Reason::LinkType { link }),
        })
    }

    /// The IP packet; nothing if the packet is of another protocol.
    pub(super) fn network(self, packet: &[u8]) -> Result<Option<&[u8]>, Reason> {
        let short = |layer| Reason::Packet { layer };
        let field = |at: usize| Some(u16::from_be_bytes([*packet.get(at)?, *packet.get(at + 1)?]));
        let behind = |at: usize, kind: u16| tagged(packet, at, kind);
        match self {
            Self::Raw => Ok(Some(packet)),
            Self::Ethernet => behind(14, field(12).ok_or(short("Ethernet"))?),
            Self::Cooked => {
                let kind = field(14).ok_or(short("Linux cooked"))?;
                behind(16, kind)
            }
            Self::Cooked2 => {
                let kind = field(0).ok_or(short("Linux cooked"))?;
                if packet.len() < 20 { Err(short("Linux cooked")) } else { behind(20, kind) }
            }
            Self::Null | Self::Loop => {
                let family = packet.first_chunk::<4>().ok_or(short("loopback"))?;
                // Families are small numbers, so that the order of octets shows. IPv4 is 2 everywhere; IPv6 is 24 on
                // NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS, 10 on Linux, 23 on Windows.
                let family = match u32::from_le_bytes(*family) {
                    little @ 0..=0xffff => little,
                    big => big.swap_bytes(),
                };
                Ok(matches!(family, 2 | 10 | 23 | 24 | 28 | 30).then(|| &packet[4..]))
            }
        }
    }
}

/// What lies behind the tags of VLANs, if it is IP.
fn tagged(packet: &[u8], mut at: usize, mut kind: u16) -> Result<Option<&[u8]>, Reason> {
    for _ in 0..MOST_TAGS {
        if !TAGS.contains(&kind) {
            break;
        }
        let tag = packet.get(at..).and_then(|rest| rest.first_chunk::<4>()).ok_or(Reason::Packet { layer: "VLAN" })?;
        kind = u16::from_be_bytes([tag[2], tag[3]]);
        at += 4;
    }
    Ok(packet.get(at..).filter(|_| kind == IPV4 || kind == IPV6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_gives_its_packet() {
        let zeros = |count| vec![0; count];
        for (link, header) in [
            (Link::Ethernet, [zeros(12), vec![8, 0]].concat()),
            (Link::Ethernet, [zeros(12), vec![0x88, 0xa8, 0, 7, 0x81, 0, 0, 8, 0x86, 0xdd]].concat()),
            (Link::Cooked, [zeros(14), vec![8, 0]].concat()),
            (Link::Cooked, [zeros(14), vec![0x81, 0, 0, 8, 8, 0]].concat()),
            (Link::Cooked2, [vec![0x86, 0xdd], zeros(18)].concat()),
            (Link::Null, vec![2, 0, 0, 0]),
            (Link::Null, vec![0, 0, 0, 30]),
            (Link::Loop, vec![0, 0, 0, 24]),
            (Link::Raw, vec![]),
        ] {
            let packet = [&header[..], b"IP"].concat();
            assert_eq!(link.network(&packet), Ok(Some(&b"IP"[..])), "{link:?}");
            for end in 0..header.len() {
                assert!(link.network(&packet[..end]).is_err(), "{link:?} {end}");
            }
        }
        assert_eq!(Link::Ethernet.network(&[&[0; 12][..], &[8, 6], b"ARP"].concat()), Ok(None));
        assert_eq!(Link::Null.network(&[7, 0, 0, 0]), Ok(None));
        assert!(Link::of(127).is_err());
    }
}
