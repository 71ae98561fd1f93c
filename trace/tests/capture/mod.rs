//! Captures of made-up traffic.
#![allow(dead_code)]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use etherparse::PacketBuilder;

/// In what form a capture is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Container {
    Pcap,
    PcapBig,
    Pcapng,
}

/// Messages of one direction: name in presentation form and on the wire, whether it is an answer, the code.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) messages: Vec<((String, Vec<u8>), bool, u8)>,
    pub(crate) transport: Transport,
    pub(crate) v6: bool,
}

/// How messages travel.
#[derive(Clone, Debug)]
pub(crate) enum Transport {
    Udp,
    /// In segments of these lengths, over and over, which come in an order made from a number, some twice.
    Tcp {
        segments: Vec<usize>,
        order: u64,
        begin: u32,
        ends: bool,
    },
}

/// Who asks in an exchange.
pub(crate) fn client(index: usize, v6: bool) -> IpAddr {
    if v6 {
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, (index >> 16) as u16, index as u16).into()
    } else {
        Ipv4Addr::new(192, 0, 2, index as u8).into()
    }
}

/// Writes a capture in which the messages of all exchanges take turns.
pub(crate) fn write(exchanges: &[Exchange], container: Container) -> Vec<u8> {
    let mut flows: Vec<_> = exchanges.iter().enumerate().map(|(index, exchange)| packets(index, exchange)).collect();
    let mut all = Vec::new();
    while flows.iter().any(|flow| !flow.is_empty()) {
        for flow in &mut flows {
            if !flow.is_empty() {
                all.push(flow.remove(0));
            }
        }
    }
    contain(&all, container)
}

/// Writes a capture of the first two packets of each exchange, and of all packets of the last.
pub(crate) fn write_beginnings(exchanges: &[Exchange]) -> Vec<u8> {
    let last = exchanges.len() - 1;
    let packets = |(index, exchange)| {
        let all = packets(index, exchange);
        let count = if index == last { all.len() } else { 2 };
        all.into_iter().take(count)
    };
    contain(&exchanges.iter().enumerate().flat_map(packets).collect::<Vec<_>>(), Container::Pcap)
}

/// The packets of an exchange.
fn packets(index: usize, exchange: &Exchange) -> Vec<Vec<u8>> {
    let is_answer = exchange.messages[0].1;
    match &exchange.transport {
        Transport::Udp => {
            let datagram = |(name, is_answer, rcode): &((String, Vec<u8>), bool, u8)| {
                let message = message(&name.1, *is_answer, *rcode);
                packet(index, exchange.v6, *is_answer, None, &message)
            };
            exchange.messages.iter().map(datagram).collect()
        }
        Transport::Tcp { segments, order, begin, ends } => {
            let mut stream = Vec::new();
            for ((_, wire), is_answer, rcode) in &exchange.messages {
                let message = message(wire, *is_answer, *rcode);
                stream.extend((message.len() as u16).to_be_bytes());
                stream.extend(message);
            }
            let mut parts = vec![(begin.wrapping_add(1), Vec::new())];
            let (mut at, mut lengths) = (0, segments.iter().cycle());
            while at < stream.len() {
                let end = stream.len().min(at + lengths.next().unwrap());
                parts.push((begin.wrapping_add(1 + at as u32), stream[at..end].to_vec()));
                at = end;
            }
            // Neighbours change places, and some come twice, but not before the connection begins.
            let mut order = *order;
            for place in 2..parts.len() {
                if order & 1 == 1 {
                    parts.swap(place - 1, place);
                }
                if order & 6 == 6 {
                    let again = parts[place].clone();
                    parts.push(again);
                }
                order = order.rotate_right(3);
            }
            parts[0].0 = *begin;
            let segment = |(place, (sequence, octets)): (usize, &(u32, Vec<u8>))| {
                packet(index, exchange.v6, is_answer, Some((*sequence, place == 0, false)), octets)
            };
            let mut packets: Vec<_> = parts.iter().enumerate().map(segment).collect();
            if *ends {
                let end = begin.wrapping_add(1 + stream.len() as u32);
                packets.push(packet(index, exchange.v6, is_answer, Some((end, false, true)), &[]));
            }
            packets
        }
    }
}

/// A DNS message with one question.
fn message(wire: &[u8], is_answer: bool, rcode: u8) -> Vec<u8> {
    let flags = if is_answer { [0x84, 0x80 | rcode] } else { [1, 0] };
    [&[0x12, 0x34], &flags[..], &[0, 1, 0, 0, 0, 0, 0, 0], wire, &[0, 1, 0, 1]].concat()
}

/// A packet between a client and the server; of a connection with its number and flags.
fn packet(index: usize, v6: bool, from_server: bool, tcp: Option<(u32, bool, bool)>, payload: &[u8]) -> Vec<u8> {
    let server = if v6 { IpAddr::from(Ipv6Addr::LOCALHOST) } else { IpAddr::from(Ipv4Addr::LOCALHOST) };
    let (mut from, mut to) = ((client(index, v6), 40_000), (server, 53));
    if from_server {
        std::mem::swap(&mut from, &mut to);
    }
    let builder = PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]);
    let builder = match (from.0, to.0) {
        (IpAddr::V4(from), IpAddr::V4(to)) => builder.ipv4(from.octets(), to.octets(), 64),
        (IpAddr::V6(from), IpAddr::V6(to)) => builder.ipv6(from.octets(), to.octets(), 64),
        _ => unreachable!("both are of one version"),
    };
    let mut octets = Vec::new();
    match tcp {
        None => builder.udp(from.1, to.1).write(&mut octets, payload).unwrap(),
        Some((sequence, begins, ends)) => {
            let mut builder = builder.tcp(from.1, to.1, sequence, 1024);
            if begins {
                builder = builder.syn();
            }
            if ends {
                builder = builder.fin();
            }
            builder.write(&mut octets, payload).unwrap();
        }
    }
    octets
}

/// Writes packets into a file of Ethernet.
fn contain(packets: &[Vec<u8>], container: Container) -> Vec<u8> {
    let number = |number: u32| match container {
        Container::PcapBig => number.to_be_bytes(),
        Container::Pcap | Container::Pcapng => number.to_le_bytes(),
    };
    let mut file = Vec::new();
    if let Container::Pcapng = container {
        let block = |kind: u32, body: &[u8]| {
            let padded = body.len().next_multiple_of(4);
            let length = number(12 + padded as u32);
            [&number(kind)[..], &length, body, &vec![0; padded - body.len()], &length].concat()
        };
        file.extend(block(0x0a0d_0d0a, &[&number(0x1a2b_3c4d)[..], &number(1), &[0xff; 8]].concat()));
        file.extend(block(1, &[number(1), number(0)].concat()));
        for (index, packet) in packets.iter().enumerate() {
            let length = packet.len() as u32;
            let fields = [0, 0x6000, index as u32, length, length].map(number).concat();
            file.extend(block(6, &[&fields[..], packet].concat()));
        }
        return file;
    }
    // Version 2.4; no correction of time; the longest packet; Ethernet.
    let version = if let Container::PcapBig = container { 0x0002_0004 } else { 0x0004_0002 };
    file.extend([0xa1b2_c3d4, version, 0, 0, 0x0004_0000, 1].map(number).concat());
    for (index, packet) in packets.iter().enumerate() {
        let length = packet.len() as u32;
        file.extend([1_795_334_400 + index as u32 / 1000, index as u32 % 1000, length, length].map(number).concat());
        file.extend(packet);
    }
    file
}
