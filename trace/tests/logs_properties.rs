//! What holds of every stream of octets, and of every capture.
#![allow(clippy::unwrap_used)]

mod capture;
mod log_text;

use std::fs;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::LazyLock;

use capture::{Container, Exchange, Transport};
use log_text::{settings, text};
use proptest::prelude::*;
use trace::logs::{Entry, FORMATS, Questions, find, open};

/// All samples, with their formats.
static SAMPLES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .flat_map(|format| fs::read_dir(format.unwrap().path()).unwrap())
        .map(|sample| sample.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension != "expected"))
        .collect();
    paths.sort();
    let format = |path: &Path| path.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (format(path), fs::read(path).unwrap())).collect()
});

/// Reads a log in every format, and says what is damaged of it.
fn read_in_every_format(octets: &[u8]) {
    for format in FORMATS {
        let mut last = 0;
        let log = open(octets, Some(*format), &settings());
        let Ok(log) = log else { continue };
        log.read(&mut |entry| {
            let offset = match &entry {
                Entry::Lookup(lookup) => lookup.offset,
                Entry::Damaged(damage) => damage.offset,
                Entry::Other { offset } => *offset,
                _ => 0,
            };
            last = last.max(offset);
            ControlFlow::Continue(())
        })
        .unwrap();
        let is_packed = octets.starts_with(&[0x1f, 0x8b]) || octets.starts_with(&[0x28, 0xb5]);
        assert!(is_packed || last <= octets.len() as u64, "{}", format.info().name);
    }
    let _ = open(octets, None, &settings());
    let _ = Questions::default().read(octets);
}

/// A source that gives what it has in pieces.
struct Pieces<'o>(&'o [u8], Vec<usize>);

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let piece = self.1.pop().unwrap_or(1).min(self.0.len()).min(into.len());
        into[..piece].copy_from_slice(&self.0[..piece]);
        self.0 = &self.0[piece..];
        Ok(piece)
    }
}

/// A name of one to four labels of any octets, in presentation form and on the wire.
fn name() -> impl Strategy<Value = (String, Vec<u8>)> {
    let octet = prop_oneof![9 => prop::sample::select(&b"abcXYZ0-_"[..]), 1 => any::<u8>()];
    prop::collection::vec(prop::collection::vec(octet, 1..20), 1..5).prop_map(|labels| {
        let (mut text, mut wire) = (Vec::new(), Vec::new());
        for label in labels {
            wire.push(label.len() as u8);
            wire.extend(&label);
            let written = label.iter().map(|octet| match octet {
                b'.' | b'\\' => format!("\\{}", char::from(*octet)),
                b'!'..=b'~' => char::from(*octet).to_string(),
                _ => format!("\\{octet:03}"),
            });
            text.push(written.collect::<String>());
        }
        wire.push(0);
        (text.join("."), wire)
    })
}

/// Questions and answers over one connection or in datagrams.
fn exchange() -> impl Strategy<Value = Exchange> {
    let messages = prop::collection::vec((name(), any::<bool>(), 0_u8..11), 1..6);
    let transport = prop_oneof![
        Just(Transport::Udp),
        (prop::collection::vec(1_usize..60, 1..40), any::<u64>(), any::<u32>(), any::<bool>())
            .prop_map(|(segments, order, begin, ends)| Transport::Tcp { segments, order, begin, ends }),
    ];
    (messages, transport, any::<bool>()).prop_map(|(mut messages, transport, v6)| {
        // One direction of a connection carries questions or answers.
        let is_answer = messages[0].1;
        if let Transport::Tcp { .. } = transport {
            for message in &mut messages {
                message.1 = is_answer;
            }
        }
        Exchange { messages, transport, v6 }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_octets_are_read_to_their_end(octets in prop::collection::vec(any::<u8>(), 0..2000)) {
        read_in_every_format(&octets);
    }

    #[test]
    fn damaged_samples_are_read_to_their_end(
        which in any::<prop::sample::Index>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let (_, mut octets) = which.get(&SAMPLES).clone();
        for (place, octet) in damage {
            let place = place.index(octets.len());
            octets[place] = octet;
        }
        read_in_every_format(&octets);
        octets.remove(cut.index(octets.len()));
        read_in_every_format(&octets);
    }

    #[test]
    fn pieces_do_not_matter(
        which in any::<prop::sample::Index>(),
        pieces in prop::collection::vec(1_usize..300, 0..100),
    ) {
        let (format, octets) = which.get(&SAMPLES);
        let mut seen = Vec::new();
        let log = open(Pieces(octets, pieces), None, &settings()).unwrap();
        prop_assert_eq!(log.format().info().name, format);
        log.read(&mut |entry| {
            seen.push(format!("{entry:?}"));
            ControlFlow::Continue(())
        })
        .unwrap();
        let mut whole = Vec::new();
        open(&octets[..], find(format), &settings()).unwrap().read(&mut |entry| {
            whole.push(format!("{entry:?}"));
            ControlFlow::Continue(())
        })
        .unwrap();
        prop_assert_eq!(seen, whole);
    }

    #[test]
    fn a_capture_gives_the_names_that_were_asked_for(
        exchanges in prop::collection::vec(exchange(), 1..6),
        container in prop::sample::select(&[Container::Pcap, Container::PcapBig, Container::Pcapng][..]),
    ) {
        let capture = capture::write(&exchanges, container);
        let read = text(&capture, None, &settings());
        let mut seen: Vec<_> = read.lines().filter(|line| !line.starts_with("others:")).map(|line| {
            line.splitn(3, ' ').nth(2).unwrap().to_owned()
        }).collect();
        let mut expected: Vec<_> = exchanges.iter().enumerate().flat_map(|(index, exchange)| {
            exchange.messages.iter().map(move |((name, _), is_answer, rcode)| {
                let client = capture::client(index, exchange.v6);
                let part = if *is_answer { format!("answer {rcode}") } else { "question -".into() };
                format!("{client} {part} {name}")
            })
        }).collect();
        seen.sort();
        expected.sort();
        prop_assert_eq!(seen, expected, "{}", read);
    }
}

/// A visitor that has enough is not called again, in any format.
#[test]
fn reading_ends_when_the_visitor_has_enough() {
    for (format, octets) in SAMPLES.iter() {
        let mut seen = 0;
        open(&octets[..], find(format), &settings())
            .unwrap()
            .read(&mut |_| {
                seen += 1;
                ControlFlow::Break(())
            })
            .unwrap();
        assert_eq!(seen, 1, "{format}");
    }
}

/// More connections than are kept in mind at a time: those that go on are read, and memory does not grow with those that
/// do not.
#[test]
fn a_flood_of_connections_does_not_hide_the_next() {
    let silent = |count| {
        let transport = || Transport::Tcp { segments: vec![7], order: 0, begin: 1, ends: false };
        let message = || (("x".into(), b"\x01x\0".to_vec()), false, 0);
        (0..count).map(|_| Exchange { messages: vec![message()], transport: transport(), v6: true }).collect::<Vec<_>>()
    };
    // Only the first segment of each, but of the last.
    let exchanges = silent(100_000);
    let capture = capture::write_beginnings(&exchanges);
    let read = text(&capture, None, &settings());
    assert_eq!(read.lines().filter(|line| line.contains("only the beginning")).count(), exchanges.len() - 1);
    assert_eq!(read.lines().filter(|line| line.ends_with(" question - x")).count(), 1, "the last");
}
