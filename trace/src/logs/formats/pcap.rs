//! Captures in the classic format of libpcap (draft-ietf-opsawg-pcap), in both orders of octets, with microseconds or
//! nanoseconds.

use std::io;

use chrono::DateTime;

use super::super::entry::{Damage, Entry, Reason};
use super::super::format::{Format, Info, Visit};
use super::super::input::Input;
use super::super::link::Link;
use super::super::packets::{Packet, Packets};
use super::super::resync::{self, Fit};
use super::super::settings::Settings;

/// Captures in the classic format.
pub(super) struct Pcap;

static INFO: Info = Info { name: "pcap", about: "a capture in the classic format of tcpdump", text: false };

/// The file's header: magic number, version, two unused fields, the most octets that are kept of a packet, link type.
const HEADER: usize = 24;
/// A record's: seconds, fraction, octets kept, octets that the packet had.
const RECORD: usize = 16;
/// libpcap's largest limit to what is kept of a packet (`MAXIMUM_SNAPLEN`), which most programs set.
const USUAL_LIMIT: u32 = 256 * 1024;
/// No link has longer packets than this; a header that says more is not believed.
const HIGHEST_LIMIT: u32 = 16 * 1024 * 1024;
/// How far the time of two neighbouring records may lie apart for the second to be taken for one after damage.
const DAY: u32 = 24 * 60 * 60;

impl Format for Pcap {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn detects(&self, head: &[u8]) -> bool {
        Header::of(head).is_some()
    }

    fn read(&self, input: &mut Input<'_>, settings: &Settings, visit: &mut Visit<'_>) -> io::Result<()> {
        let mut packets = Packets::new(&settings.ports);
        let head = input.peek(HEADER)?;
        let link = match Header::of(head) {
            Some(header) => Ok((header, Link::of(header.link))),
            None if head.is_empty() => return Ok(()),
            None if head.len() < HEADER => Err(Reason::Truncated),
            None => Err(Reason::Header { format: INFO.name }),
        };
        let (header, link) = match link {
            Ok((header, Ok(link))) => (header, link),
            // Without header and link nothing can be read.
            Ok((_, Err(reason))) | Err(reason) => {
                let _ = visit(Entry::Damaged(Damage { offset: 0, reason }));
                return Ok(());
            }
        };
        input.consume(HEADER);
        let mut last = None;
        loop {
            let offset = input.offset();
            let window = input.peek(RECORD)?;
            if window.is_empty() {
                let _ = packets.end(visit);
                return Ok(());
            }
            let record = window.first_chunk().map(|octets| header.record(octets));
            let flow = match record {
                Some(record) if record.kept > header.limit => {
                    let octets = resync::search(input, |window| header.fits(window, last))?;
                    let reason = Reason::Lost { length: record.kept.into(), octets };
                    visit(Entry::Damaged(Damage { offset, reason }))
                }
                Some(record) => {
                    let end = RECORD + record.kept as usize;
                    let window = input.peek(end)?;
                    if let Some(kept) = window.get(RECORD..end) {
                        last = Some(record.seconds);
                        let at = DateTime::from_timestamp(
                            record.seconds.into(),
                            record.fraction.saturating_mul(header.nanoseconds),
                        );
                        let packet = Packet { offset, at, link, kept, length: record.length as usize };
                        let flow = packets.take(&packet, visit);
                        input.consume(end);
                        flow
                    } else {
                        truncated(input, offset, visit)
                    }
                }
                None => truncated(input, offset, visit),
            };
            if flow.is_break() {
                return Ok(());
            }
        }
    }
}

/// Tells of a record without an end, and uses it up.
fn truncated(input: &mut Input<'_>, offset: u64, visit: &mut Visit<'_>) -> std::ops::ControlFlow<()> {
    input.consume(input.available().len());
    visit(Entry::Damaged(Damage { offset, reason: Reason::Truncated }))
}

/// What the file's header says.
#[derive(Clone, Copy)]
struct Header {
    big_endian: bool,
    /// In one unit of a stamp's fraction.
    nanoseconds: u32,
    /// The most octets that a record holds.
    limit: u32,
    link: u32,
}

/// A record's header.
struct Record {
    seconds: u32,
    fraction: u32,
    kept: u32,
    length: u32,
}

impl Header {
    /// The header at the beginning of a file, if it is one.
    fn of(head: &[u8]) -> Option<Self> {
        let head = head.first_chunk::<HEADER>()?;
        let (big_endian, nanoseconds) = match head[..4] {
            [0xa1, 0xb2, 0xc3, 0xd4] => (true, 1000),
            [0xd4, 0xc3, 0xb2, 0xa1] => (false, 1000),
            [0xa1, 0xb2, 0x3c, 0x4d] => (true, 1),
            [0x4d, 0x3c, 0xb2, 0xa1] => (false, 1),
            _ => return None,
        };
        let header = Self { big_endian, nanoseconds, limit: 0, link: 0 };
        let limit = header.number(head, 16).clamp(USUAL_LIMIT, HIGHEST_LIMIT);
        // The upper bits tell of check sequences behind the packets.
        Some(Self { limit, link: header.number(head, 20) & 0x0fff_ffff, ..header })
    }

    /// A number of four octets at a place that is there.
    fn number(self, octets: &[u8], at: usize) -> u32 {
        let octets = [octets[at], octets[at + 1], octets[at + 2], octets[at + 3]];
        if self.big_endian { u32::from_be_bytes(octets) } else { u32::from_le_bytes(octets) }
    }

    /// A record's header.
    fn record(self, octets: &[u8; RECORD]) -> Record {
        Record {
            seconds: self.number(octets, 0),
            fraction: self.number(octets, 4),
            kept: self.number(octets, 8),
            length: self.number(octets, 12),
        }
    }

    /// Whether two records follow each other here, the first soon before or after the last that was sound.
    fn fits(self, window: &[u8], last: Option<u32>) -> Fit {
        let is_sound = |record: &Record, last: Option<u32>| {
            last.is_none_or(|last| record.seconds.abs_diff(last) <= DAY)
                && record.fraction < 1_000_000_000 / self.nanoseconds
                && (1..=self.limit).contains(&record.kept)
                && (record.kept..=HIGHEST_LIMIT).contains(&record.length)
        };
        let Some(first) = window.first_chunk().map(|octets| self.record(octets)) else { return Fit::More };
        if !is_sound(&first, last) {
            return Fit::No;
        }
        match window.get(RECORD + first.kept as usize..).and_then(|rest| rest.first_chunk()) {
            Some(octets) if is_sound(&self.record(octets), Some(first.seconds)) => Fit::Yes,
            Some(_) => Fit::No,
            None => Fit::More,
        }
    }
}
