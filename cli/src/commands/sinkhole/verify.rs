//! `hydrabane sinkhole verify`: whether stores are as they were written.

use std::path::Path;

use sinkhole::store::{SegmentHash, Verified};

use crate::commands::sinkhole::stores::Stores;
use crate::commands::sinkhole::write;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Arguments of `hydrabane sinkhole verify`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    stores: Stores,

    /// A segment's SHA-256 that was kept elsewhere, as `verify` printed it then: it must still be in the chain of a store.
    /// May be given several times.
    #[arg(long, value_name = "SHA256")]
    expect: Vec<SegmentHash>,
}

/// Runs the command: 0 if everything is in order, 1 if something is not.
pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut output = Output::open(None)?;
    let mut exit = Exit::Done;
    let mut known = Vec::new();
    for folder in arguments.stores.folders()? {
        let verified = sinkhole::verify(&folder)?;
        if !verified.damage.is_empty() {
            exit = Exit::No;
        }
        write(&mut output, &text(&folder, &verified))?;
        known.extend(verified.hashes);
    }
    for hash in arguments.expect.iter().filter(|hash| !known.contains(hash)) {
        exit = Exit::No;
        write(&mut output, &format!("no sealed segment has SHA-256 {hash}\n"))?;
    }
    output.finish()?;
    Ok(exit)
}

/// What was found, for people: the verdict first, the damage in the order of the segments.
fn text(folder: &Path, verified: &Verified) -> String {
    let folder = folder.display();
    let mut lines = Vec::new();
    let verdict = if verified.damage.is_empty() { "in order" } else { "DAMAGED" };
    let (events, segments) = (verified.events, verified.segments);
    lines.push(format!("{folder}: {verdict}; {events} events in {segments} segments"));
    lines.extend(verified.damage.iter().map(|damage| format!("  damage: {damage}")));
    if let Some(store) = verified.store {
        lines.push(format!("  store {store}"));
    }
    if let Some((number, hash, at)) = verified.sealed {
        let at = at.format("%F %T UTC");
        lines.push(format!("  sealed up to segment {number}, {at}; its SHA-256 is {hash}"));
    }
    match verified.open {
        Some((number, 0)) => lines.push(format!("  segment {number} is not sealed yet")),
        Some((number, torn)) => lines.push(format!(
            "  segment {number} is not sealed yet; its last {torn} octets are no whole record (a write that was torn, or \
             goes on)"
        )),
        None => {}
    }
    if verified.removed > 0 {
        lines.push(format!("  {} segments before were removed, as the ledger says", verified.removed));
    }
    if verified.cut > 0 {
        lines.push(format!("  {} octets were torn when a process ended, and cut off", verified.cut));
    }
    lines.join("\n") + "\n"
}
