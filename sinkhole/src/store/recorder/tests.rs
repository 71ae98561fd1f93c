//! What is written reads back, also after damage; a full disk does what `on_full` says; the chain of segments holds.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::TimeDelta;

use super::*;
use crate::config::{OnFull, Parquet, Retention};
use crate::event::{ClientSubnet, Event, Transport};
use crate::store::layout::flag;
use crate::store::writer::minute;
use crate::store::{HEADER, Head, Kind, Records, Verified, read_events, read_stores, verify, whole_behind};

mod archiving;
mod properties;

/// A store that syncs so seldom that its thread does nothing of its own in a test.
fn store(folder: &Path) -> Store {
    Store { fsync: Duration::from_secs(3600), ..Store::new(folder) }
}

fn open(store: &Store, second: i64) -> Recorder {
    Recorder::open(store, &Answer::default(), Notify::default(), ClockSource::Virtual, at(second)).unwrap()
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + seconds, 123_456_789).unwrap()
}

/// The event of question number `id`.
fn question(id: u16, label: LabelId) -> Batch {
    let source = "[2001:db8::7]:999".parse().unwrap();
    let mut head = Head::new(Kind::Dns, Transport::Udp, at(i64::from(id)), source, ListenerId(1));
    (head.id, head.label, head.index, head.apex_labels) = (id, label, 3, 2);
    (head.qtype, head.answers, head.udp_size) = (28, AnswersId(1), 1232);
    head.flags = flag::EDNS | flag::CLIENT_SUBNET | flag::RECURSION_DESIRED;
    let (subnet, length) = layout::subnet(ClientSubnet { address: "203.0.113.0".parse().unwrap(), prefix: 24 });
    let mut batch = Batch::default();
    batch.push(&head, &[b"\x01a\x04HELD\x04test\x00", &subnet[..length]]);
    batch
}

fn ids(folder: &Path) -> (Vec<u16>, u64) {
    let mut events = read_events(folder);
    let ids = events
        .by_ref()
        .filter_map(|event| match event.unwrap() {
            Event::Dns(question) => Some(question.id),
            _ => None,
        })
        .collect();
    (ids, events.left_out().iter().map(|part| part.octets).sum())
}

fn segments(folder: &Path) -> Vec<PathBuf> {
    crate::store::segment::segments(folder).unwrap().into_iter().map(|(_, path)| path).collect()
}

/// The store is as it was written.
fn in_order(folder: &Path) -> Verified {
    let verified = verify(folder).unwrap();
    assert_eq!(verified.damage, [], "{verified:?}");
    verified
}

#[test]
fn an_event_reads_back_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = open(&store(folder.path()), 0);
    recorder.label("first");
    let label = recorder.label("second");
    let listener = recorder.listener(Protocol::Dns, "[2001:db8::53]:53".parse().unwrap());
    assert_eq!(recorder.listener(Protocol::Dns, "[2001:db8::53]:53".parse().unwrap()), listener);
    assert_ne!(recorder.listener(Protocol::Tcp, "[2001:db8::53]:53".parse().unwrap()), listener);
    assert_eq!(recorder.label("second"), label);
    assert_eq!(recorder.append(&mut question(7, label), at(7)), Permission::Leave);
    recorder.count(Counted::Refused, at(8));
    recorder.count(Counted::Limited, at(100));
    let (written, counts) = recorder.finish(at(101)).unwrap();
    assert_eq!((written, counts.refused, counts.limited), (1, 1, 1));

    let events: Vec<Event> = read_events(folder.path()).map(Result::unwrap).collect();
    let [Event::Dns(question), Event::Counters(first), Event::Counters(second)] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(question.origin.at, at(7));
    assert_eq!(question.origin.source, "[2001:db8::7]:999".parse().unwrap());
    assert_eq!(question.origin.destination, "[2001:db8::53]:53".parse().unwrap());
    assert_eq!(
        (question.name.to_string().as_str(), question.qtype, question.udp_size),
        ("a.HELD.test", 28, Some(1232))
    );
    assert_eq!((question.held.name.to_string().as_str(), question.held.label.as_str()), ("held.test", "second"));
    assert_eq!(question.client_subnet.map(|subnet| subnet.prefix), Some(24));
    assert!(question.recursion_desired && !question.mixed_case && !question.truncated);
    assert_eq!((first.counts.refused, first.counts.limited), (1, 0));
    assert_eq!((second.counts.refused, second.counts.limited), (0, 1));
    assert_eq!(second.minute, minute(at(100)));
    let verified = in_order(folder.path());
    assert_eq!((verified.segments, verified.events, verified.open), (1, 1, None));
}

#[test]
fn each_process_begins_its_own_segment_with_its_own_labels() {
    let folder = tempfile::tempdir().unwrap();
    for (id, text) in [(1, "one"), (2, "two"), (3, "three")] {
        let recorder = open(&store(folder.path()), 0);
        let label = recorder.label(text);
        recorder.append(&mut question(id, label), at(0));
        let other =
            Recorder::open(&store(folder.path()), &Answer::default(), Notify::default(), ClockSource::Virtual, at(0));
        assert!(other.unwrap_err().to_string().contains("another sinkhole"), "one process at a time");
    }
    let labels: Vec<String> = read_events(folder.path())
        .map(|event| match event.unwrap() {
            Event::Dns(question) => question.held.label,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(labels, ["one", "two", "three"]);
    assert_eq!(segments(folder.path()).len(), 3);
    let verified = in_order(folder.path());
    assert_eq!((verified.events, verified.sealed.map(|sealed| sealed.0), verified.open), (3, Some(2), Some((3, 0))));
}

#[test]
fn a_full_disk_is_said_once_and_counted_and_the_file_stays_whole() {
    for (on_full, permission) in [(OnFull::Answer, Permission::Leave), (OnFull::Stop, Permission::Refuse)] {
        let folder = tempfile::tempdir().unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let notify = Notify::new({
            let told = Arc::clone(&told);
            move |notice| told.lock().unwrap().push(notice.to_string())
        });
        let store = Store { on_full, ..store(folder.path()) };
        let recorder = Recorder::open(&store, &Answer::default(), notify, ClockSource::Virtual, at(0)).unwrap();
        let label = recorder.label("label");
        recorder.append(&mut question(1, label), at(1));
        let full = OpenOptions::new().append(true).open("/dev/full").unwrap();
        let file = recorder.writer().segment.as_mut().unwrap().replace(full);
        for id in 2..5 {
            assert_eq!(recorder.append(&mut question(id, label), at(2)), permission);
        }
        recorder.tick(at(70));
        recorder.writer().segment.as_mut().unwrap().restore(file);
        assert_eq!(recorder.append(&mut question(9, label), at(71)), Permission::Leave);
        recorder.tick(at(72));
        let (written, counts) = recorder.finish(at(72)).unwrap();
        assert_eq!((written, ids(folder.path())), (2, (vec![1, 9], 0)));
        let told = told.lock().unwrap().join("\n");
        assert!(told.starts_with("events cannot be written"), "{told}");
        match on_full {
            OnFull::Answer => {
                assert_eq!((counts.unrecorded, counts.refused), (3, 0));
                assert!(told.ends_with("3 answers went out unrecorded meanwhile"), "{told}");
                assert!(told.contains("3 answers went out unrecorded so far"), "{told}");
            }
            OnFull::Stop => assert_eq!((counts.unrecorded, counts.refused), (0, 3)),
        }
        assert_eq!(counted(folder.path()), counts, "counters wait for the disk");
        in_order(folder.path());
    }
}

/// The sum of all counters.
fn counted(folder: &Path) -> Counts {
    let counters = read_events(folder).filter_map(|event| match event.unwrap() {
        Event::Counters(counters) => Some(counters.counts),
        _ => None,
    });
    counters.fold(Counts::default(), Counts::plus)
}

#[test]
fn what_is_counted_on_a_full_disk_survives_the_process_and_is_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let recorder = open(&store, 0);
    let label = recorder.label("label");
    recorder.append(&mut question(1, label), at(0));
    let full = OpenOptions::new().append(true).open("/dev/full").unwrap();
    let file = recorder.writer().segment.as_mut().unwrap().replace(full);
    for second in [1, 2, 61, 62] {
        recorder.append(&mut question(2, label), at(second));
    }
    drop((recorder, file));
    assert_eq!(counted(folder.path()).unrecorded, 0, "only the reserve knows");

    // The next process finds room, and is killed after it has written what waited, before the reserve forgets it.
    let reserve = fs::read(folder.path().join("reserve")).unwrap();
    drop(open(&store, 100));
    assert_eq!(counted(folder.path()).unrecorded, 4);
    fs::write(folder.path().join("reserve"), reserve).unwrap();
    drop(open(&store, 200));
    assert_eq!(counted(folder.path()).unrecorded, 4, "once");
    let minutes: Vec<_> = read_events(folder.path())
        .filter_map(|event| match event.unwrap() {
            Event::Counters(counters) => Some(counters.minute),
            _ => None,
        })
        .collect();
    assert_eq!(minutes, [minute(at(1)), minute(at(61))]);
    in_order(folder.path());
}

#[test]
fn what_was_counted_up_to_the_last_tick_survives_the_process_and_is_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    let (reserve, kept) = (folder.path().join("reserve"), folder.path().join("kept"));
    let recorder = open(&store(folder.path()), 0);
    for second in 0..3 {
        recorder.count_all(&Counts { refused: 5, dropped: 1, ..Counts::default() }, at(second));
        recorder.tick(at(second));
    }
    recorder.count(Counted::Refused, at(3));
    drop(recorder);
    assert_eq!(counted(folder.path()).refused, 0, "the minute is not over");
    fs::copy(&reserve, &kept).unwrap();

    let recorder = open(&store(folder.path()), 4);
    let once = Counts { refused: 15, dropped: 3, ..Counts::default() };
    assert_eq!(counted(folder.path()), once, "all but the last second");
    drop(recorder);
    // As if the process had ended between the record and the header; the next time, between two minutes.
    fs::copy(&kept, &reserve).unwrap();
    let recorder = open(&store(folder.path()), 5);
    assert_eq!(counted(folder.path()), once, "once");
    recorder.count(Counted::Malformed, at(6));
    recorder.tick(at(6));
    recorder.tick(at(70));
    recorder.tick(at(71));
    drop(recorder);
    drop(open(&store(folder.path()), 80));
    assert_eq!(counted(folder.path()), Counts { malformed: 1, ..once });
    in_order(folder.path());
}

#[test]
fn a_clock_that_steps_back_loses_and_reorders_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = open(&store(folder.path()), 0);
    let label = recorder.label("label");
    let seconds = [0, 10, -3600, -3590, 7200, -10_000, 20];
    for (id, second) in seconds.into_iter().enumerate() {
        let mut batch = question(id as u16, label);
        batch.clear();
        let source = "192.0.2.1:1".parse().unwrap();
        let mut head = Head::new(Kind::Dns, Transport::Udp, at(second), source, ListenerId::NONE);
        (head.id, head.label) = (id as u16, label);
        batch.push(&head, &[b"\x04held\x04test\x00"]);
        assert_eq!(recorder.append(&mut batch, at(second)), Permission::Leave);
        recorder.count(Counted::Refused, at(second));
        recorder.tick(at(second));
        if id % 2 == 0 {
            recorder.roll().unwrap();
        }
    }
    let (written, counts) = recorder.finish(at(0)).unwrap();
    assert_eq!((written, counts.refused), (7, 7));
    let mut events = read_events(folder.path());
    let mut order = Vec::new();
    let mut before = None;
    while let Some(recorded) = events.next_recorded() {
        let event = recorded.unwrap();
        assert!(before < Some(event.id.sequence), "numbers grow");
        before = Some(event.id.sequence);
        if let Event::Dns(question) = event.event {
            assert_eq!(question.origin.at, at(seconds[usize::from(question.id)]));
            order.push(question.id);
        }
    }
    assert_eq!(order, [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(counted(folder.path()).refused, 7);
    let verified = in_order(folder.path());
    assert_eq!((verified.segments, verified.events), (5, 7));
}

/// A store of `count` segments with one event each.
fn chain(folder: &Path, count: u16) {
    let recorder = open(&store(folder), 0);
    let label = recorder.label("label");
    for id in 0..count {
        recorder.append(&mut question(id, label), at(i64::from(id) * 1000));
        if id + 1 < count {
            recorder.roll().unwrap();
        }
    }
    recorder.finish(at(i64::from(count) * 1000)).unwrap();
}

#[test]
fn verification_finds_every_changed_octet_in_sealed_segments_and_every_missing_one() {
    let folder = tempfile::tempdir().unwrap();
    chain(folder.path(), 4);
    let verified = in_order(folder.path());
    assert_eq!((verified.segments, verified.events, verified.open), (4, 4, None));
    let files = segments(folder.path());
    for (index, path) in files.iter().enumerate() {
        let octets = fs::read(path).unwrap();
        for at in 0..octets.len() {
            let mut damaged = octets.clone();
            damaged[at] ^= 0x40;
            fs::write(path, &damaged).unwrap();
            // What only the last record of the last segment says has nobody to vouch for it: it looks like a torn write.
            let torn = index == 3 && at >= octets.len() - 98;
            let damage = verify(folder.path()).unwrap().damage;
            assert_eq!(damage.is_empty(), torn, "segment {index}, octet {at}: {damage:?}");
            if let Some(first) = damage.first() {
                assert!(&first.segment == path || at < HEADER, "{first}");
                assert!(first.offset <= at as u64, "{first}: octet {at} was changed");
            }
        }
        // Records that are whole, but not those that were written: a checksum does not help, the hash does.
        fs::write(path, &octets).unwrap();
    }
    for path in &files[..3] {
        let octets = fs::read(path).unwrap();
        fs::remove_file(path).unwrap();
        let damage = verify(folder.path()).unwrap().damage;
        assert!(damage[0].what.contains("is missing") && &damage[0].segment == path, "{damage:?}");
        fs::write(path, octets).unwrap();
    }
    in_order(folder.path());
}

#[test]
fn a_forged_event_with_a_right_checksum_breaks_the_seal_and_a_forged_segment_the_chain() {
    let folder = tempfile::tempdir().unwrap();
    chain(folder.path(), 3);
    let path = &segments(folder.path())[1];
    let mut octets = fs::read(path).unwrap();
    let mut records = Records::new(&octets).unwrap();
    let mut places = Vec::new();
    while let Some(record) = records.next(&octets).unwrap() {
        places.push((record.offset as usize, record.sequence));
    }
    // The event: another source port, and the checksum that fits it.
    let (at, sequence) = places[2];
    octets[at + 12] ^= 1;
    let (seal, _) = places[3];
    layout::stamp(&mut octets[at..seal], sequence);
    fs::write(path, &octets).unwrap();
    let damage = verify(folder.path()).unwrap().damage;
    assert!(damage[0].what.contains("seal") && damage[0].offset == seal as u64, "{damage:?}");
    // And the seal: then the next segment does not follow any more.
    let mut digest = Digest::default();
    digest.take_in(&octets[..seal]);
    octets[seal + 66..seal + 98].copy_from_slice(&digest.hash().0);
    layout::stamp(&mut octets[seal..], sequence + 1);
    fs::write(path, &octets).unwrap();
    let damage = verify(folder.path()).unwrap().damage;
    assert_eq!(damage.len(), 1, "{damage:?}");
    assert!(damage[0].segment.ends_with("events-000003.hse") && damage[0].what.contains("SHA-256"), "{damage:?}");
}

#[test]
fn copies_and_several_stores_count_each_event_once() {
    let [one, other, copy, begun] = std::array::from_fn(|_| tempfile::tempdir().unwrap());
    chain(other.path(), 3);
    chain(one.path(), 3);
    for path in segments(one.path()) {
        fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    // A copy from before the store went on, whose last segment is not whole.
    let files = segments(one.path());
    fs::copy(&files[0], begun.path().join("events-000001.hse")).unwrap();
    let half = fs::read(&files[1]).unwrap();
    fs::write(begun.path().join("events-000002.hse"), &half[..half.len() - 150]).unwrap();
    let recorder = open(&store(one.path()), 9000);
    recorder.append(&mut question(3, LabelId::NONE), at(9000));
    recorder.finish(at(9000)).unwrap();

    let folders = [&begun, &copy, &one, &other, &one].map(|folder| folder.path().to_owned());
    let mut events = read_stores(&folders);
    let mut seen = Vec::new();
    while let Some(recorded) = events.next_recorded() {
        let event = recorded.unwrap();
        let Event::Dns(question) = event.event else { continue };
        seen.push((event.id.store, question.id));
    }
    let (stores, ids): (Vec<_>, Vec<_>) = seen.into_iter().unzip();
    assert_eq!(ids, [0, 1, 2, 3, 0, 1, 2]);
    assert!(stores[..4].iter().all(|store| *store == stores[0]) && stores[4] != stores[0]);
    assert_eq!(events.left_out(), []);

    // A copy that was served from too is not the same store any more.
    let recorder = open(&store(copy.path()), 9999);
    recorder.finish(at(9999)).unwrap();
    let error = read_stores(&folders[1..3]).next_recorded().unwrap().unwrap_err();
    assert!(error.to_string().contains("continue the same store differently"), "{error}");
}

#[test]
fn damage_before_whole_records_is_kept_when_the_store_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = open(&store(folder.path()), 0);
    let label = recorder.label("label");
    let mut ends = Vec::new();
    for id in 0..5 {
        recorder.append(&mut question(id, label), at(0));
        ends.push(recorder.writer().segment.as_ref().unwrap().length());
    }
    drop(recorder);
    let path = &segments(folder.path())[0];
    let mut octets = fs::read(path).unwrap();
    let damaged = ends[1] as usize + 20;
    octets[damaged] ^= 1;
    fs::write(path, &octets).unwrap();
    assert_eq!(whole_behind(&octets, ends[1]), Some(ends[2]));
    let found = verify(folder.path()).unwrap().damage;
    assert_eq!((found[0].offset, &found[0].segment), (ends[1], path));

    let told = Arc::new(Mutex::new(Vec::new()));
    let notify = Notify::new({
        let told = Arc::clone(&told);
        move |notice| told.lock().unwrap().push(notice.to_string())
    });
    drop(Recorder::open(&store(folder.path()), &Answer::default(), notify, ClockSource::Virtual, at(9)).unwrap());
    let cut = octets.len() as u64 - ends[1];
    let told = told.lock().unwrap().join("\n");
    assert!(told.contains(&format!("the last {cut} octets")) && told.contains("so they are kept in"), "{told}");
    let kept = fs::read(path.with_extension(format!("cut-at-{}", ends[1]))).unwrap();
    assert_eq!(kept, octets[ends[1] as usize..]);
    assert_eq!(ids(folder.path()), (vec![0, 1], cut), "the report says what is missing");
    assert_eq!(in_order(folder.path()).cut, cut);
}

#[test]
fn a_process_may_end_between_any_two_steps_of_going_on_in_another_segment() {
    let whole = tempfile::tempdir().unwrap();
    chain(whole.path(), 2);
    let [first, second] = &segments(whole.path())[..] else { panic!() };
    let (first, second) = (fs::read(first).unwrap(), fs::read(second).unwrap());
    let seal = HEAD_AND_HASH;
    // The seal, octet by octet; then the next segment's header, octet by octet.
    let states = (first.len() - seal..=first.len()).map(|length| (length, None));
    let states = states.chain((0..=HEADER).map(|length| (first.len(), Some(length))));
    for (length, next) in states {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("events-000001.hse"), &first[..length]).unwrap();
        if let Some(next) = next {
            fs::write(folder.path().join("events-000002.hse"), &second[..next]).unwrap();
        }
        in_order(folder.path());
        let recorder = open(&store(folder.path()), 50);
        recorder.append(&mut question(9, LabelId::NONE), at(50));
        recorder.finish(at(50)).unwrap();
        let torn = if length < first.len() { (length - (first.len() - seal)) as u64 } else { 0 };
        assert_eq!(ids(folder.path()), (vec![0, 9], torn), "{length} {next:?}");
        in_order(folder.path());
    }
}

/// Octets of a seal: a head, the length of its field, and a hash.
const HEAD_AND_HASH: usize = 64 + 2 + 32;

/// Waits until something that a thread does has happened.
fn wait_until(happened: impl Fn() -> bool) {
    for _ in 0..6000 {
        if happened() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("it did not happen within a minute");
}

#[test]
fn the_stores_thread_syncs_what_is_written_and_seals_what_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store { fsync: Duration::from_millis(10), segment: 1000, ..Store::new(folder.path()) };
    let recorder = open(&store, 0);
    let label = recorder.label("label");
    recorder.append(&mut question(0, label), at(0));
    wait_until(|| !recorder.writer().unsynced);
    assert_eq!(segments(folder.path()).len(), 1);
    for id in 1..10 {
        recorder.append(&mut question(id, label), at(0));
    }
    wait_until(|| segments(folder.path()).len() > 1);
    assert!(in_order(folder.path()).sealed.is_some());

    // A thread that does not keep up does not let a segment grow for ever.
    let store = Store { fsync: Duration::from_secs(3600), ..store };
    drop(recorder);
    let recorder = open(&store, 0);
    let before = segments(folder.path()).len();
    for id in 10..100 {
        let mut batch = question(id, label);
        recorder.inner.writer().append(&mut batch, at(0));
        let length = recorder.writer().segment.as_ref().unwrap().length();
        recorder.inner.length.store(length, Ordering::Relaxed);
    }
    assert_eq!(segments(folder.path()).len(), before);
    recorder.append(&mut question(100, label), at(0));
    assert_eq!(segments(folder.path()).len(), before + 1);
    recorder.finish(at(0)).unwrap();
    assert_eq!(ids(folder.path()), ((0..=100).collect(), 0));
    in_order(folder.path());
}

#[test]
fn what_is_no_segment_is_set_aside_and_what_another_version_wrote_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    chain(folder.path(), 2);
    let path = folder.path().join("events-000003.hse");
    fs::write(&path, [7; 300]).unwrap();
    drop(open(&store(folder.path()), 0));
    assert_eq!(fs::read(path.with_extension("damaged-0")).unwrap(), [7; 300]);
    in_order(folder.path());

    // A process that ended while it began a segment left nothing in it.
    fs::write(folder.path().join("events-000004.hse"), [0; 60]).unwrap();
    assert_eq!(in_order(folder.path()).open, Some((3, 0)));
    drop(open(&store(folder.path()), 0));
    assert_eq!((in_order(folder.path()).segments, ids(folder.path()).0), (4, vec![0, 1]));

    let mut older = b"HYDRASNK\x01\0\0\0\x40\0\0\0".to_vec();
    older.resize(64, 0);
    fs::write(folder.path().join("events-000009.hse"), &older).unwrap();
    let answer = Answer::default();
    let refused = Recorder::open(&store(folder.path()), &answer, Notify::default(), ClockSource::Virtual, at(0));
    assert!(refused.unwrap_err().to_string().contains("layout version 1"));
    assert!(read_events(folder.path()).any(|event| event.is_err()));
}
