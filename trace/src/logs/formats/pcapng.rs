//! Captures in the next generation of pcap (draft-ietf-opsawg-pcapng): sections, each in its own order of octets and
//! with its own interfaces, and blocks of packets.

use std::io;
use std::ops::ControlFlow;

use chrono::{DateTime, Utc};

use super::super::entry::{Damage, Entry, Reason};
use super::super::format::{Format, Info, Visit};
use super::super::input::Input;
use super::super::link::Link;
use super::super::packets::{Packet, Packets};
use super::super::resync::{self, Fit};
use super::super::settings::Settings;

/// Captures in the next generation of pcap.
pub(super) struct Pcapng;

static INFO: Info = Info { name: "pcapng", about: "a capture of Wireshark, dumpcap or a newer tcpdump", text: false };

/// Types of blocks (section 11.1). That of a section is the same in both orders of octets.
const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const OLD_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const PACKET: u32 = 6;
/// What a section's block has behind its length (section 4.1).
const BIG_ENDIAN: [u8; 4] = [0x1a, 0x2b, 0x3c, 0x4d];
const LITTLE_ENDIAN: [u8; 4] = [0x4d, 0x3c, 0x2b, 0x1a];
/// Type, length, and the length again at the end.
const SHORTEST: u32 = 12;
/// The draft's own advice for the longest block that is to be believed is the same.
const LONGEST: u32 = 16 * 1024 * 1024;
/// After damage, the next block must be one of an ordinary length.
const LONGEST_AFTER_DAMAGE: u32 = 512 * 1024;
/// How many interfaces of a section are kept in mind.
const MOST_INTERFACES: usize = 64 * 1024;

impl Format for Pcapng {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn detects(&self, head: &[u8]) -> bool {
        head.starts_with(&SECTION.to_be_bytes()) && order(head).is_some()
    }

    fn read(&self, input: &mut Input<'_>, settings: &Settings, visit: &mut Visit<'_>) -> io::Result<()> {
        let mut packets = Packets::new(&settings.ports);
        let mut section = Section { big_endian: false, interfaces: Vec::new() };
        loop {
            let offset = input.offset();
            let head = input.peek(SHORTEST as usize)?;
            if head.is_empty() {
                let _ = packets.end(visit);
                return Ok(());
            }
            let flow = match section.block(head) {
                None => truncated(input, offset, visit),
                Some((kind, length)) => {
                    let is_possible = (SHORTEST..=LONGEST).contains(&length) && length % 4 == 0;
                    let block = if is_possible { input.peek(length as usize)? } else { &[] };
                    match block.get(..length as usize).filter(|_| is_possible) {
                        Some(block) if block.ends_with(&block[4..8]) => {
                            let body = &block[8..block.len() - 4];
                            let flow = section.take(kind, body, offset, &mut packets, visit);
                            input.consume(length as usize);
                            flow
                        }
                        None if is_possible => truncated(input, offset, visit),
                        _ => {
                            let octets = resync::search(input, |window| section.fits(window))?;
                            let reason = Reason::Lost { length: length.into(), octets };
                            visit(Entry::Damaged(Damage { offset, reason }))
                        }
                    }
                }
            };
            if flow.is_break() {
                return Ok(());
            }
        }
    }
}

/// Tells of a block without an end, and uses it up.
fn truncated(input: &mut Input<'_>, offset: u64, visit: &mut Visit<'_>) -> ControlFlow<()> {
    input.consume(input.available().len());
    visit(Entry::Damaged(Damage { offset, reason: Reason::Truncated }))
}

/// The order of octets of a section, from the beginning of its block: whether it is big-endian.
fn order(block: &[u8]) -> Option<bool> {
    match block.get(8..12)?.try_into() {
        Ok(BIG_ENDIAN) => Some(true),
        Ok(LITTLE_ENDIAN) => Some(false),
        _ => None,
    }
}

/// The section that is being read.
struct Section {
    big_endian: bool,
    interfaces: Vec<Interface>,
}

/// An interface of a section.
struct Interface {
    /// Nothing if its kind is not known.
    link: Option<Link>,
    /// The most octets that are kept of a packet; 0 for all.
    limit: u32,
    /// Units of its stamps in a second.
    resolution: u64,
    /// What is to be added to its stamps, in seconds.
    shift: i64,
}

impl Section {
    /// A number of four octets, if it is there.
    fn number(&self, octets: &[u8], at: usize) -> Option<u32> {
        let octets = octets.get(at..)?.first_chunk()?;
        Some(if self.big_endian { u32::from_be_bytes(*octets) } else { u32::from_le_bytes(*octets) })
    }

    /// A number of two octets, if it is there.
    fn short(&self, octets: &[u8], at: usize) -> Option<u16> {
        let octets = octets.get(at..)?.first_chunk()?;
        Some(if self.big_endian { u16::from_be_bytes(*octets) } else { u16::from_le_bytes(*octets) })
    }

    /// The type and length of the block that begins so; nothing if there are too few octets. A new section's order of
    /// octets is its own.
    fn block(&self, head: &[u8]) -> Option<(u32, u32)> {
        let is_section = head.starts_with(&SECTION.to_be_bytes());
        let section = Self {
            big_endian: if is_section { order(head).unwrap_or(self.big_endian) } else { self.big_endian },
            interfaces: Vec::new(),
        };
        (head.len() >= SHORTEST as usize).then_some(())?;
        Some((section.number(head, 0)?, section.number(head, 4)?))
    }

    /// Whether a block begins here that a capture usually has, with the same length at its end.
    fn fits(&self, window: &[u8]) -> Fit {
        let Some((kind, length)) = self.block(window) else { return Fit::More };
        let is_usual = matches!(kind, INTERFACE..=PACKET) || (kind == SECTION && order(window).is_some());
        if !is_usual || !(SHORTEST..=LONGEST_AFTER_DAMAGE).contains(&length) || length % 4 != 0 {
            return Fit::No;
        }
        match window.get(length as usize - 4..length as usize) {
            Some(end) if end == &window[4..8] => Fit::Yes,
            Some(_) => Fit::No,
            None => Fit::More,
        }
    }

    /// Takes a block.
    fn take(
        &mut self,
        kind: u32,
        body: &[u8],
        offset: u64,
        packets: &mut Packets<'_>,
        visit: &mut Visit<'_>,
    ) -> ControlFlow<()> {
        let packet = match kind {
            SECTION => {
                // Its order of octets stands at the beginning of the body.
                match body.first_chunk() {
                    Some(&BIG_ENDIAN) => self.big_endian = true,
                    Some(&LITTLE_ENDIAN) => self.big_endian = false,
                    _ => return visit(Entry::Damaged(Damage { offset, reason: Reason::Header { format: INFO.name } })),
                }
                self.interfaces.clear();
                return ControlFlow::Continue(());
            }
            INTERFACE => {
                return match self.interface(body) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(reason) => visit(Entry::Damaged(Damage { offset, reason })),
                };
            }
            PACKET => self.packet(body, self.number(body, 0)),
            OLD_PACKET => self.packet(body, self.short(body, 0).map(u32::from)),
            SIMPLE_PACKET => self.simple_packet(body),
            // Names, statistics and other blocks.
            _ => return ControlFlow::Continue(()),
        };
        let interface = match packet {
            Ok(Raw { interface, at, kept, length }) => match self.interfaces.get(interface as usize) {
                Some(Interface { link: Some(link), .. }) => {
                    return packets.take(&Packet { offset, at, link: *link, kept, length }, visit);
                }
                // Its kind of link was complained of where it was described.
                Some(_) => return visit(Entry::Other { offset }),
                None => interface,
            },
            Err(reason) => return visit(Entry::Damaged(Damage { offset, reason })),
        };
        visit(Entry::Damaged(Damage { offset, reason: Reason::Interface { interface } }))
    }

    /// Keeps an interface in mind (section 4.2).
    fn interface(&mut self, body: &[u8]) -> Result<(), Reason> {
        /// Options' codes: the resolution of stamps, and what is to be added to them.
        const RESOLUTION: u16 = 9;
        const SHIFT: u16 = 14;
        let number = self.short(body, 0).ok_or(Reason::TooShort)?;
        let limit = self.number(body, 4).ok_or(Reason::TooShort)?;
        let (mut resolution, mut shift) = (Some(1_000_000), 0);
        let mut options = &body[8..];
        while let (Some(code), Some(length)) = (self.short(options, 0), self.short(options, 2)) {
            let Some(value) = options.get(4..4 + usize::from(length)) else { break };
            match (code, value) {
                (0, _) => break,
                // A power of ten, or of two if the highest bit says so.
                (RESOLUTION, [exponent]) if exponent & 0x80 == 0 => resolution = 10_u64.checked_pow((*exponent).into()),
                (RESOLUTION, [exponent]) => resolution = 2_u64.checked_pow((exponent & 0x7f).into()),
                (SHIFT, value) => {
                    if let Ok(octets) = value.try_into() {
                        shift = if self.big_endian { i64::from_be_bytes(octets) } else { i64::from_le_bytes(octets) };
                    }
                }
                _ => {}
            }
            // Options are padded to four octets.
            options = options.get(4 + usize::from(length).next_multiple_of(4)..).unwrap_or_default();
        }
        if self.interfaces.len() >= MOST_INTERFACES {
            return Err(Reason::Interface { interface: self.interfaces.len() as u32 });
        }
        let link = Link::of(number.into());
        // Stamps finer than 64 bits can count are left out, by a resolution that no second has.
        let resolution = resolution.unwrap_or(0);
        let (link, told) = match link {
            Ok(link) => (Some(link), Ok(())),
            Err(reason) => (None, Err(reason)),
        };
        self.interfaces.push(Interface { link, limit, resolution, shift });
        told
    }

    /// A packet with a stamp (section 4.3, and appendix A for the old form, whose fields lie at the same places).
    fn packet<'b>(&self, body: &'b [u8], interface: Option<u32>) -> Result<Raw<'b>, Reason> {
        let field = |at| self.number(body, at).ok_or(Reason::TooShort);
        let interface = interface.ok_or(Reason::TooShort)?;
        let (high, low, kept, length) = (field(4)?, field(8)?, field(12)?, field(16)?);
        let kept = body.get(20..).and_then(|octets| octets.get(..kept as usize)).ok_or(Reason::TooShort)?;
        let at = self
            .interfaces
            .get(interface as usize)
            .and_then(|interface| interface.moment(u64::from(high) << 32 | u64::from(low)));
        Ok(Raw { interface, at, kept, length: length as usize })
    }

    /// A packet of the first interface, without a stamp (section 4.4).
    fn simple_packet<'b>(&self, body: &'b [u8]) -> Result<Raw<'b>, Reason> {
        let length = self.number(body, 0).ok_or(Reason::TooShort)? as usize;
        let limit = self.interfaces.first().map_or(0, |interface| interface.limit as usize);
        let kept = if limit == 0 { length } else { length.min(limit) };
        let kept = body.get(4..).and_then(|octets| octets.get(..kept)).ok_or(Reason::TooShort)?;
        Ok(Raw { interface: 0, at: None, kept, length })
    }
}

/// A packet as a block has it.
struct Raw<'b> {
    interface: u32,
    at: Option<DateTime<Utc>>,
    kept: &'b [u8],
    length: usize,
}

impl Interface {
    /// When a stamp says it was.
    fn moment(&self, stamp: u64) -> Option<DateTime<Utc>> {
        let seconds = stamp.checked_div(self.resolution)?;
        let rest = stamp % self.resolution;
        let nanoseconds = match self.resolution {
            1_000_000 => rest * 1000,
            resolution => (u128::from(rest) * 1_000_000_000 / u128::from(resolution)) as u64,
        };
        let seconds = i64::try_from(seconds).ok()?.checked_add(self.shift)?;
        DateTime::from_timestamp(seconds, nanoseconds as u32)
    }
}
