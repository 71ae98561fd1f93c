//! Logs read into text that a person can check.
#![allow(dead_code)]

use std::fmt::Write;
use std::ops::ControlFlow;

use trace::logs::{Entry, Format, Settings, open};

/// The settings of all samples. Some captures are of a server at port 5301.
pub(crate) fn settings() -> Settings {
    Settings { ports: vec![53, 5301], ..Settings::new("2026-11-22T12:00:00Z".parse().unwrap()) }
}

/// A log, one line an entry: offset, time, client, part, code, name; or the damage. Other records are counted at the end.
pub(crate) fn text(octets: &[u8], format: Option<&'static dyn Format>, settings: &Settings) -> String {
    let (mut text, mut others) = (String::new(), 0);
    let log = open(octets, format, settings).unwrap();
    log.read(&mut |entry| {
        match entry {
            Entry::Lookup(lookup) => {
                let at = lookup.at.map_or("-".into(), |at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
                let client = lookup.client.map_or("-".into(), |client| client.to_string());
                let rcode = lookup.rcode.map_or("-".into(), |code| code.to_string());
                let part = format!("{:?}", lookup.part).to_lowercase();
                writeln!(text, "{} {at} {client} {part} {rcode} {}", lookup.offset, lookup.name).unwrap();
            }
            Entry::Damaged(damage) => writeln!(text, "{damage}").unwrap(),
            _ => others += 1,
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    if others > 0 {
        writeln!(text, "others: {others}").unwrap();
    }
    text
}
