//! How many events a second of processor time the store takes, by the size of a batch:
//! `cargo run --release -p hydrabane-sinkhole --example append_speed [FOLDER]`.
//!
//! Encoding, checksums and the write are counted, each batch as a transport would make it. The second figure also counts
//! what the store's own thread does meanwhile: syncing, and hashing what was written.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rustix::time::{ClockId, clock_gettime};
use sinkhole::Notify;
use sinkhole::clock::ClockSource;
use sinkhole::config::{Answer, Parquet, Store};
use sinkhole::event::Transport;
use sinkhole::store::{Batch, Head, Kind, Permission, Protocol, Recorder};

/// Events for each size of batch.
const EVENTS: u64 = 2_000_000;
/// A question's name: of usual length for what bots ask.
const NAME: &[u8] = b"\x0cqwertzuiopas\x03com\x00";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    println!("batch  events/s of the caller's processor time  of the process's  octets an event");
    for size in [1, 32, 64] {
        let folder = folder.join(format!("append-speed-{}", std::process::id()));
        let measured = measure(&folder, size).and_then(|measured| Ok((measured, archive(&folder)?)));
        fs::remove_dir_all(&folder)?;
        let ((caller, process, octets), (archived, parquet)) = measured?;
        println!("{size:>5}  {caller:>40.0}  {process:>16.0}  {octets:>15.1}");
        println!("       Parquet of them: {archived:.0} events/s of processor time, {parquet:.1} octets an event");
    }
    Ok(())
}

/// Makes Parquet of a store's sealed segments; gives events a second of the process's processor time, and octets an
/// event.
fn archive(folder: &Path) -> Result<(f64, f64), Box<dyn Error>> {
    let at = DateTime::<Utc>::from_timestamp(1_700_000_000, 0).ok_or("no time")?;
    let store = Store { parquet: Parquet { enabled: true }, ..Store::new(folder) };
    let process = seconds(ClockId::ProcessCPUTime);
    Recorder::open(&store, &Answer::default(), Notify::default(), ClockSource::Virtual, at)?.finish(at)?;
    let process = seconds(ClockId::ProcessCPUTime) - process;
    let octets = octets(&folder.join("parquet/date=2023-11-14"), "parquet")?;
    Ok((EVENTS as f64 / process, octets as f64 / EVENTS as f64))
}

/// Octets of all files in a folder with that extension.
fn octets(folder: &Path, extension: &str) -> Result<u64, Box<dyn Error>> {
    let mut octets = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|other| other == extension) {
            octets += fs::metadata(path)?.len();
        }
    }
    Ok(octets)
}

/// Writes [`EVENTS`] in batches of `size`; gives events a second of the caller's and of the process's processor time,
/// and octets an event.
fn measure(folder: &Path, size: u64) -> Result<(f64, f64, f64), Box<dyn Error>> {
    let at = DateTime::<Utc>::from_timestamp(1_700_000_000, 0).ok_or("no time")?;
    let recorder =
        Recorder::open(&Store::new(folder), &Answer::default(), Notify::default(), ClockSource::Virtual, at)?;
    let label = recorder.label("ozdok");
    let listener = recorder.listener(Protocol::Dns, "192.0.2.53:53".parse()?);
    let mut batch = Batch::with_capacity(size as usize);
    let (caller, process) = (seconds(ClockId::ThreadCPUTime), seconds(ClockId::ProcessCPUTime));
    for first in (0..EVENTS).step_by(size as usize) {
        batch.clear();
        for event in first..first + size {
            let source = (((event * 2_654_435_761) as u32).to_be_bytes(), event as u16).into();
            let mut head = Head::new(Kind::Dns, Transport::Udp, at, source, listener);
            (head.id, head.qtype, head.label, head.apex_labels) = (event as u16, 1, label, 2);
            batch.push(&head, &[NAME]);
        }
        if recorder.append(&mut batch, at) != Permission::Leave {
            return Err("an event could not be written".into());
        }
    }
    let caller = seconds(ClockId::ThreadCPUTime) - caller;
    let process = seconds(ClockId::ProcessCPUTime) - process;
    recorder.finish(at)?;
    let octets = octets(folder, "hse")?;
    let events = EVENTS as f64;
    Ok((events / caller, events / process, octets as f64 / events))
}

fn seconds(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
