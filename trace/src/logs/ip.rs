//! Headers of IPv4 (RFC 791), IPv6 and its extensions (RFC 8200), UDP (RFC 768) and TCP (RFC 9293), also of packets of
//! which a capture kept only the beginning.

use std::net::IpAddr;

/// Numbers of protocols (IANA, "Protocol Numbers").
const HOP_BY_HOP: u8 = 0;
pub(super) const TCP: u8 = 6;
pub(super) const UDP: u8 = 17;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;
const AUTHENTICATION: u8 = 51;
const DESTINATION: u8 = 60;
const MOBILITY: u8 = 135;
const HOST_IDENTITY: u8 = 139;
const SHIM: u8 = 140;

/// An IP packet.
#[derive(Debug, PartialEq)]
pub(super) struct Ip<'p> {
    /// Its source.
    pub(super) from: IpAddr,
    /// Its destination.
    pub(super) to: IpAddr,
    /// What its payload is.
    pub(super) protocol: u8,
    /// What was kept of its payload.
    pub(super) payload: &'p [u8],
    /// How many octets of its payload were not kept.
    pub(super) missing: usize,
    /// Whether it is a fragment but not the first, so that the payload begins without a header.
    pub(super) is_later_fragment: bool,
}

impl<'p> Ip<'p> {
    /// Reads the headers; nothing if they contradict themselves or were not kept as a whole.
    pub(super) fn read(packet: &'p [u8]) -> Option<Self> {
        match packet.first()? >> 4 {
            4 => Self::read_v4(packet),
            6 => Self::read_v6(packet),
            _ => None,
        }
    }

    /// RFC 791 section 3.1.
    fn read_v4(packet: &'p [u8]) -> Option<Self> {
        let fixed = packet.first_chunk::<20>()?;
        let length = usize::from(fixed[0] & 0xf) * 4;
        let declared = usize::from(u16::from_be_bytes([fixed[2], fixed[3]]));
        // A network card that cuts a packet only later leaves the length at 0.
        let declared = if declared == 0 { packet.len() } else { declared };
        if length < fixed.len() || declared < length {
            return None;
        }
        let [_, _, _, _, _, _, high, low, _, protocol, _, _, from @ .., _, _, _, _] = *fixed;
        let ip = Self {
            from: from.into(),
            to: [fixed[16], fixed[17], fixed[18], fixed[19]].into(),
            protocol,
            payload: packet.get(length..declared.min(packet.len()))?,
            missing: declared.saturating_sub(packet.len()),
            is_later_fragment: u16::from_be_bytes([high & 0x1f, low]) != 0,
        };
        ip.without_extensions()
    }

    /// RFC 8200 section 3.
    fn read_v6(packet: &'p [u8]) -> Option<Self> {
        let fixed = packet.first_chunk::<40>()?;
        let rest = &packet[fixed.len()..];
        let declared = usize::from(u16::from_be_bytes([fixed[4], fixed[5]]));
        // As above, and so it is in packets of more than 64 KiB (RFC 2675).
        let declared = if declared == 0 { rest.len() } else { declared };
        let ip = Self {
            from: fixed[8..24].first_chunk::<16>().copied()?.into(),
            to: fixed[24..].first_chunk::<16>().copied()?.into(),
            protocol: fixed[6],
            payload: &rest[..declared.min(rest.len())],
            missing: declared.saturating_sub(rest.len()),
            is_later_fragment: false,
        };
        ip.without_extensions()
    }

    /// Takes extension headers off the payload (RFC 8200 section 4; RFC 4302 for the one of authentication).
    fn without_extensions(mut self) -> Option<Self> {
        while !self.is_later_fragment {
            let length = |unit, more| Some((usize::from(*self.payload.get(1)?) + more) * unit);
            let length = match self.protocol {
                HOP_BY_HOP | ROUTING | DESTINATION | MOBILITY | HOST_IDENTITY | SHIM => length(8, 1)?,
                AUTHENTICATION => length(4, 2)?,
                FRAGMENT => 8,
                _ => break,
            };
            let (header, payload) = self.payload.split_at_checked(length)?;
            if self.protocol == FRAGMENT {
                self.is_later_fragment = u16::from_be_bytes([header[2], header[3]]) >> 3 != 0;
            }
            (self.protocol, self.payload) = (header[0], payload);
        }
        Some(self)
    }
}

/// The ports of a datagram or segment: of the source and of the destination.
pub(super) fn ports(payload: &[u8]) -> Option<(u16, u16)> {
    let [a, b, c, d] = *payload.first_chunk()?;
    Some((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
}

/// What a UDP datagram carries, as far as it was kept.
pub(super) fn udp(payload: &[u8]) -> Option<&[u8]> {
    let [_, _, _, _, high, low, _, _] = *payload.first_chunk()?;
    let declared = match u16::from_be_bytes([high, low]) {
        // In packets of more than 64 KiB (RFC 2675 section 4).
        0 => payload.len(),
        length => usize::from(length),
    };
    payload.get(8..declared.min(payload.len()))
}

/// A TCP segment.
#[derive(Debug, PartialEq)]
pub(super) struct Tcp<'p> {
    /// The number of its first octet.
    pub(super) sequence: u32,
    /// Whether it begins the direction: SYN.
    pub(super) begins: bool,
    /// Whether it ends it: FIN or RST.
    pub(super) ends: bool,
    /// What it carries, as far as it was kept.
    pub(super) payload: &'p [u8],
}

impl<'p> Tcp<'p> {
    /// RFC 9293 section 3.1.
    pub(super) fn read(payload: &'p [u8]) -> Option<Self> {
        let fixed = payload.first_chunk::<20>()?;
        let length = usize::from(fixed[12] >> 4) * 4;
        Some(Self {
            sequence: u32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]),
            begins: fixed[13] & 0x02 != 0,
            ends: fixed[13] & 0x05 != 0,
            payload: payload.get(length..).filter(|_| length >= fixed.len())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use etherparse::{IpNumber, Ipv6FragmentHeader, Ipv6RawExtHeader, PacketBuilder};

    use super::*;

    /// A UDP packet over IPv6 with the extensions that may stand in it, written by another hand.
    fn with_extensions(offset: u16) -> Vec<u8> {
        let mut extensions = etherparse::Ipv6Extensions {
            hop_by_hop_options: Some(Ipv6RawExtHeader::new_raw(IpNumber::UDP, &[0; 14]).unwrap()),
            fragment: Some(Ipv6FragmentHeader::new(IpNumber::UDP, offset.try_into().unwrap(), true, 7)),
            destination_options: Some(Ipv6RawExtHeader::new_raw(IpNumber::UDP, &[0; 6]).unwrap()),
            ..etherparse::Ipv6Extensions::default()
        };
        let first = extensions.set_next_headers(IpNumber::UDP);
        let mut header = etherparse::Ipv6Header { next_header: first, ..Default::default() };
        (header.source[15], header.destination[15]) = (1, 2);
        header.payload_length = (extensions.header_len() + 12) as u16;
        let mut octets = header.to_bytes().to_vec();
        extensions.write(&mut octets, first).unwrap();
        octets.extend([0, 7, 0, 53, 0, 12, 0, 0, b'd', b'a', b't', b'a']);
        octets
    }

    #[test]
    fn extensions_are_taken_off() {
        let packet = with_extensions(0);
        let ip = Ip::read(&packet).unwrap();
        assert_eq!((ip.from, ip.to), ("::1".parse().unwrap(), "::2".parse().unwrap()));
        assert_eq!((ip.protocol, ip.missing, ip.is_later_fragment), (UDP, 0, false));
        assert_eq!((ports(ip.payload), udp(ip.payload)), (Some((7, 53)), Some(&b"data"[..])));
        assert!(Ip::read(&with_extensions(3)).unwrap().is_later_fragment);
        // What was kept of it is what can be read.
        for end in 0..packet.len() {
            match Ip::read(&packet[..end]) {
                Some(ip) => assert_eq!((ip.payload.len() + ip.missing, ip.missing), (12, packet.len() - end)),
                None => assert!(end < packet.len() - 12),
            }
        }
    }

    #[test]
    fn segments_are_read_with_their_options() {
        let builder = PacketBuilder::ipv4([192, 0, 2, 7], [192, 0, 2, 53], 64).tcp(40_000, 53, 0xdead_beef, 1024);
        let options = [etherparse::TcpOptionElement::MaximumSegmentSize(1460)];
        let mut packet = Vec::new();
        builder.syn().options(&options).unwrap().write(&mut packet, b"data").unwrap();
        let ip = Ip::read(&packet).unwrap();
        assert_eq!((ip.from, ip.protocol), ("192.0.2.7".parse().unwrap(), TCP));
        let segment = Tcp { sequence: 0xdead_beef, begins: true, ends: false, payload: b"data" };
        assert_eq!(Tcp::read(ip.payload), Some(segment));
        packet[2..4].copy_from_slice(&[0, 0]);
        assert_eq!(Ip::read(&packet).unwrap().missing, 0, "a length of 0");
        packet[3] = 19;
        assert_eq!(Ip::read(&packet), None, "shorter than its header");
    }
}
