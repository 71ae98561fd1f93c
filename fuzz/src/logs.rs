//! The readers of logs: each reads any octets to their end without a panic, names no place outside of them, and reads the
//! same however they come in pieces.

use std::io::Read;
use std::ops::ControlFlow;

use chrono::DateTime;
use trace::logs::{Entry, FORMATS, Format, Questions, Settings, find, open};

/// Formats of text; the first octet says which.
pub fn text(octets: &[u8]) {
    let Some((first, octets)) = octets.split_first() else { return };
    let formats: Vec<_> = FORMATS.iter().filter(|format| format.info().text).collect();
    read(octets, *formats[usize::from(*first) % formats.len()]);
}

/// Captures in the classic format.
pub fn pcap(octets: &[u8]) {
    read(octets, find("pcap").expect("it is a format"));
}

/// Captures in the next generation of it.
pub fn pcapng(octets: &[u8]) {
    read(octets, find("pcapng").expect("it is a format"));
}

/// dnstap.
pub fn dnstap(octets: &[u8]) {
    read(octets, find("dnstap").expect("it is a format"));
}

/// DNS messages.
pub fn question(octets: &[u8]) {
    let mut questions = Questions::default();
    if let Ok(Some(question)) = questions.read(octets) {
        assert!(!question.name.is_empty() && question.name.len() <= 4 * 255);
        assert!(question.name.bytes().all(|octet| octet.is_ascii_graphic()), "{:?}", question.name);
    }
}

/// Whatever the first octets say that it is, packed or not.
pub fn unpack(octets: &[u8]) {
    /// What a small stream can unpack to is large; the beginning is enough.
    const ENTRIES: usize = 10_000;
    let mut entries = 0;
    if let Ok(log) = open(octets, None, &settings()) {
        let visited = log.read(&mut |_| {
            entries += 1;
            if entries < ENTRIES { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        visited.expect("octets in memory do not fail");
    }
}

/// Reads a log in one piece and in small ones, and compares.
fn read(octets: &[u8], format: &'static dyn Format) {
    // What is packed is another target's.
    if octets.starts_with(&[0x1f, 0x8b]) || octets.starts_with(&[0x28, 0xb5]) || octets.get(1) == Some(&0x2a) {
        return;
    }
    let entries = |source: Box<dyn Read + Send + '_>| {
        let mut entries = Vec::new();
        let log = open(source, Some(format), &settings()).expect("octets in memory do not fail");
        let visited = log.read(&mut |entry| {
            let offset = match &entry {
                Entry::Lookup(lookup) => lookup.offset,
                Entry::Damaged(damage) => damage.offset,
                Entry::Other { offset } => *offset,
                _ => 0,
            };
            assert!(offset <= octets.len() as u64, "{entry:?}");
            entries.push(format!("{entry:?}"));
            ControlFlow::Continue(())
        });
        visited.expect("octets in memory do not fail");
        entries
    };
    assert_eq!(entries(Box::new(octets)), entries(Box::new(Pieces(octets))));
}

/// Gives seven octets at a time.
struct Pieces<'o>(&'o [u8]);

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let (piece, rest) = self.0.split_at(self.0.len().min(into.len()).min(7));
        into[..piece.len()].copy_from_slice(piece);
        self.0 = rest;
        Ok(piece.len())
    }
}

/// Any will do.
fn settings() -> Settings {
    Settings { ports: vec![53, 5301], ..Settings::new(DateTime::UNIX_EPOCH) }
}
