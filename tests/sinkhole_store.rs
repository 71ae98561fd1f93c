//! What happens to the events of a served sinkhole: a full disk under both choices, a torn write, damage, retention, and
//! what `hydrabane sinkhole verify` says of each.
#![allow(clippy::unwrap_used)]

mod readers;
mod sinkhole_process;

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::UdpSocket;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use sinkhole::{Event, read_events};
use sinkhole_process::{Serving, configure, hydrabane, query, question, udp};

/// A file system of a test's own, so small that it is soon full. Unmounted when dropped, also on a panic.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts one of `size` octets at `folder`; says why the test is skipped if that is not allowed.
    fn mount(folder: &Path, size: u64) -> Option<Self> {
        fs::create_dir_all(folder).unwrap();
        let options = format!("size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "hydrabane-test"]).arg(folder);
        let mounted = mount.output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(folder.to_owned())),
            Ok(output) => {
                let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                readers::skipped(&format!("no tmpfs can be mounted (that needs root): {why}"));
                None
            }
            Err(error) => {
                readers::skipped(&format!("mount does not run ({error}): install mount"));
                None
            }
        }
    }

    /// Takes all room that is left.
    fn fill(&self) {
        let mut ballast = OpenOptions::new().append(true).create(true).open(self.0.join("ballast")).unwrap();
        for size in [1 << 16, 1 << 12, 1] {
            while ballast.write(&vec![0; size]).is_ok_and(|written| written > 0) {}
        }
    }

    /// Gives the room back.
    fn clear(&self) {
        fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A file system in use is unmounted when its last user goes.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Asks a question and gives the RCODE of the answer.
fn ask(socket: &UdpSocket, id: u16, name: &str) -> u8 {
    socket.send(&query(id, name)).unwrap();
    let mut reply = [0; 1500];
    let length = socket.recv(&mut reply).unwrap();
    let (asked, rcode) = question(&reply[..length]);
    assert_eq!(asked, name);
    rcode
}

/// The names of all recorded questions in order, and the sums of counters: unrecorded, refused.
fn recorded(events: &Path) -> (Vec<String>, (u64, u64)) {
    let (mut names, mut counts) = (Vec::new(), (0, 0));
    for event in read_events(events) {
        match event.unwrap() {
            Event::Dns(question) => names.push(question.name.to_string()),
            Event::Counters(counters) => {
                counts.0 += counters.counts.unrecorded;
                counts.1 += counters.counts.refused;
            }
            _ => {}
        }
    }
    (names, counts)
}

/// What `hydrabane sinkhole verify` says of a store, and whether it is in order.
fn verify(events: &Path) -> (bool, String) {
    let output = hydrabane(&["sinkhole", "verify", "--store", events.to_str().unwrap()]);
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    (code == Some(0), String::from_utf8(output.stdout).unwrap())
}

/// Questions that are asked while the disk is full.
const MEANWHILE: u16 = 300;

/// What was found when a disk had been full.
struct Found {
    /// Questions that were answered while it was full.
    answered: u64,
    /// Those that were refused.
    refused: u64,
    /// What the sinkhole said.
    said: Vec<String>,
    events: PathBuf,
    // Unmounted before its folder is removed.
    _disk: SmallDisk,
    _folder: tempfile::TempDir,
}

/// Fills the disk under a sinkhole and asks. With `kill` it is killed while the disk is full, and another one goes on when
/// there is room again.
fn full_disk(on_full: &str, kill: bool) -> Option<Found> {
    let folder = tempfile::tempdir().unwrap();
    let events = folder.path().join("events");
    let disk = SmallDisk::mount(&events, 2 << 20)?;
    let config = configure(folder.path(), "rate_limit: { enabled: false }");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("fsync: 100ms", &format!("fsync: 100ms, on_full: {on_full}"))).unwrap();

    let mut serving = Serving::start(folder.path());
    let socket = udp(serving.dns);
    assert_eq!(ask(&socket, 1, "before.held.test"), 0);
    disk.fill();
    // What is left of the segment's last page takes some events still.
    let (mut answered, mut refused) = (0, 0);
    for id in 0..MEANWHILE {
        match ask(&socket, id, &format!("n{id}.held.test")) {
            0 => answered += 1,
            5 => refused += 1,
            other => panic!("RCODE {other}"),
        }
    }
    if kill {
        serving.kill();
        disk.clear();
        serving = Serving::start(folder.path());
    } else {
        disk.clear();
    }
    let socket = udp(serving.dns);
    assert_eq!(ask(&socket, 2, "after.held.test"), 0);
    let (status, said) = serving.terminate();
    assert_eq!(status.code(), Some(0));
    Some(Found { answered, refused, said, events, _disk: disk, _folder: folder })
}

/// Every question is either recorded or counted, never both and never neither; the store is in order.
fn nothing_is_lost(events: &Path, counted: impl Fn((u64, u64)) -> u64) {
    let (names, counts) = recorded(events);
    assert_eq!(
        (names.first().unwrap().as_str(), names.last().unwrap().as_str()),
        ("before.held.test", "after.held.test")
    );
    let meanwhile = names.len() as u64 - 2;
    assert!(meanwhile < u64::from(MEANWHILE), "the disk was full");
    assert_eq!(meanwhile + counted(counts), u64::from(MEANWHILE), "{counts:?}");
    let (in_order, said) = verify(events);
    assert!(in_order, "{said}");
}

#[test]
fn on_a_full_disk_a_sinkhole_answers_and_counts_what_it_cannot_record() {
    let Some(found) = full_disk("answer", false) else { return };
    assert_eq!((found.answered, found.refused), (u64::from(MEANWHILE), 0), "every question is answered");
    nothing_is_lost(&found.events, |(unrecorded, _)| unrecorded);
    let said = found.said.join("\n");
    assert!(said.contains("warning: events cannot be written (No space left on device"), "{said}");
    assert!(said.contains("answers went out unrecorded"), "{said}");
}

#[test]
fn a_sinkhole_that_is_killed_on_a_full_disk_has_counted_every_answer() {
    let Some(found) = full_disk("answer", true) else { return };
    assert_eq!((found.answered, found.refused), (u64::from(MEANWHILE), 0));
    nothing_is_lost(&found.events, |(unrecorded, _)| unrecorded);
}

#[test]
fn a_sinkhole_that_is_started_on_a_full_disk_answers_counts_and_records_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let events = folder.path().join("events");
    let Some(disk) = SmallDisk::mount(&events, 2 << 20) else { return };
    configure(folder.path(), "rate_limit: { enabled: false }");
    serve_and_kill(folder.path(), &["before.held.test"]);
    disk.fill();
    let serving = Serving::start(folder.path());
    assert!(serving.said().iter().any(|line| line.contains("events cannot be written")), "{:?}", serving.said());
    let socket = udp(serving.dns);
    for id in 0..20 {
        assert_eq!(ask(&socket, id, &format!("n{id}.held.test")), 0);
    }
    disk.clear();
    // It looks for room every second.
    let mut asked = 20;
    while recorded(&events).0.len() < 2 {
        assert!(asked < 6000, "there is room");
        assert_eq!(ask(&socket, asked, &format!("n{asked}.held.test")), 0);
        asked += 1;
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    serving.terminate();
    let (names, (unrecorded, _)) = recorded(&events);
    assert_eq!(names[0], "before.held.test");
    assert_eq!(names.len() as u64 - 1 + unrecorded, u64::from(asked), "recorded or counted");
    let (in_order, said) = verify(&events);
    assert!(in_order && said.contains("in 2 segments"), "{said}");
}

#[test]
fn on_a_full_disk_a_sinkhole_for_evidence_refuses_what_it_cannot_record() {
    let Some(found) = full_disk("stop", false) else { return };
    assert_eq!(found.answered + found.refused, u64::from(MEANWHILE));
    nothing_is_lost(&found.events, |(unrecorded, counted)| {
        assert_eq!((unrecorded, counted), (0, found.refused), "what was refused is counted as refused");
        counted
    });
    assert!(found.said.iter().any(|line| line.contains("questions are refused")), "{:?}", found.said);
}

/// The path of a segment.
fn segment(events: &Path, number: u64) -> PathBuf {
    events.join(format!("events-{number:06}.hse"))
}

/// Serves, asks for `names`, and is killed.
fn serve_and_kill(folder: &Path, names: &[&str]) -> PathBuf {
    let serving = Serving::start(folder);
    let socket = udp(serving.dns);
    for name in names {
        assert_eq!(ask(&socket, 7, name), 0);
    }
    let events = serving.events();
    serving.kill();
    events
}

#[test]
fn a_torn_write_is_cut_off_and_said_and_everything_before_it_stays() {
    let folder = tempfile::tempdir().unwrap();
    let config = configure(folder.path(), "");
    let names = ["a.held.test", "b.held.test", "c.held.test"];
    let events = serve_and_kill(folder.path(), &names);
    // Half of the last event reached the disk: 20 octets of it are missing.
    let file = OpenOptions::new().write(true).open(segment(&events, 1)).unwrap();
    let length = file.metadata().unwrap().len() - 20;
    file.set_len(length).unwrap();
    let (in_order, said) = verify(&events);
    assert!(in_order && said.contains("octets are no whole record"), "a torn write is no damage: {said}");

    let serving = Serving::start(folder.path());
    let warning = serving.said().iter().find(|line| line.contains("were cut off")).cloned();
    assert!(warning.as_deref().is_some_and(|line| line.contains("events-000001.hse")), "{warning:?}");
    let socket = udp(serving.dns);
    assert_eq!(ask(&socket, 8, "d.held.test"), 0);
    // The next one is torn otherwise: its last octets are garbage.
    serving.kill();
    let file = OpenOptions::new().write(true).open(segment(&events, 2)).unwrap();
    file.write_all_at(&[0xa5; 30], file.metadata().unwrap().len() - 30).unwrap();
    let serving = Serving::start(folder.path());
    assert_eq!(ask(&udp(serving.dns), 9, "e.held.test"), 0);
    serving.terminate();

    let (recorded, _) = recorded(&events);
    assert_eq!(recorded, ["a.held.test", "b.held.test", "e.held.test"]);
    let (in_order, said) = verify(&events);
    assert!(in_order && said.contains("octets were torn when a process ended, and cut off"), "{said}");
    let report = hydrabane(&["sinkhole", "report", "--format", "json", "--config", config.to_str().unwrap()]);
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    assert!(report["left_out"].as_u64().unwrap() > 60, "{report}");
}

#[test]
fn verification_names_the_segment_and_the_octet_of_the_first_damage() {
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path(), "");
    for name in ["a.held.test", "b.held.test", "c.held.test"] {
        serve_and_kill(folder.path(), &[name]);
    }
    let events = folder.path().join("events");
    let (in_order, said) = verify(&events);
    assert!(in_order && said.contains("3 events in 3 segments") && said.contains("sealed up to segment 2"), "{said}");

    let path = segment(&events, 2);
    let whole = fs::read(&path).unwrap();
    let mut damaged = whole.clone();
    let place = whole.windows(6).position(|octets| octets == b"\x01b\x04hel").unwrap();
    damaged[place + 1] = b'x';
    fs::write(&path, &damaged).unwrap();
    let (in_order, said) = verify(&events);
    // The record begins before its head and the length of its first field.
    let record = place - 64 - 2;
    let expected = format!("  damage: `{}` at octet {record}: the record's checksum is wrong", path.display());
    assert!(!in_order && said.lines().nth(1) == Some(&*expected), "{said}\n{expected}");
    assert!(said.contains("DAMAGED") && said.contains("events-000003.hse` at octet 0"), "the chain broke too: {said}");

    // Only who kept a hash elsewhere notices that the last segments were taken away.
    fs::write(&path, &whole).unwrap();
    let (_, said) = verify(&events);
    let (_, kept) = said.lines().find_map(|line| line.split_once("its SHA-256 is ")).unwrap();
    let last = [3, 2].map(|number| (segment(&events, number), fs::read(segment(&events, number)).unwrap()));
    let expect = || {
        let arguments = ["sinkhole", "verify", "--store", events.to_str().unwrap(), "--expect", kept];
        hydrabane(&arguments).status.code()
    };
    assert_eq!(expect(), Some(0));
    for (path, _) in &last {
        fs::remove_file(path).unwrap();
    }
    assert_eq!((verify(&events).0, expect()), (true, Some(1)));
    for (path, octets) in &last {
        fs::write(path, octets).unwrap();
    }

    fs::remove_file(segment(&events, 1)).unwrap();
    let (in_order, said) = verify(&events);
    assert!(!in_order && said.contains("events-000001.hse` at octet 0: the segment is missing"), "{said}");
    assert_eq!(hydrabane(&["sinkhole", "verify", "--store", "/nowhere"]).status.code(), Some(3));
    assert_eq!(hydrabane(&["sinkhole", "verify"]).status.code(), Some(2));
}

#[test]
fn retention_removes_sealed_segments_and_leaves_a_store_that_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let config = configure(folder.path(), "");
    for name in ["a.held.test", "b.held.test"] {
        serve_and_kill(folder.path(), &[name]);
    }
    let events = folder.path().join("events");
    let text = fs::read_to_string(&config).unwrap();
    let retention = "fsync: 100ms, retention: { enabled: true, age: 365d, size: 1KiB }";
    fs::write(&config, text.replace("fsync: 100ms", retention)).unwrap();
    let serving = Serving::start(folder.path());
    assert_eq!(ask(&udp(serving.dns), 9, "c.held.test"), 0);
    serving.terminate();
    assert!(!segment(&events, 1).exists() && !segment(&events, 2).exists() && segment(&events, 3).exists());
    let (in_order, said) = verify(&events);
    assert!(in_order && said.contains("2 segments before were removed"), "{said}");
    let (names, _) = recorded(&events);
    assert_eq!(names, ["c.held.test"]);
    let mut days = fs::read_dir(events.join("parquet")).unwrap().map(|entry| entry.unwrap().path());
    let day = days.find(|path| path.is_dir()).unwrap();
    assert!(day.file_name().unwrap().to_str().unwrap().starts_with("date="));
    let files: Vec<_> = fs::read_dir(day).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(files.iter().all(|name| name.to_str().unwrap().starts_with("events-000003-")), "{files:?}");
}

#[test]
fn two_sinkholes_do_not_write_to_one_store() {
    let folder = tempfile::tempdir().unwrap();
    let config = configure(folder.path(), "");
    let serving = Serving::start(folder.path());
    let second = hydrabane(&["sinkhole", "serve", "--config", config.to_str().unwrap()]);
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(3), "{said}");
    assert!(said.contains("another sinkhole writes to this folder"), "{said}");
    assert_eq!(ask(&udp(serving.dns), 1, "a.held.test"), 0);
}
