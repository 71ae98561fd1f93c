//! What is written reads back, also after damage; a full disk does what `on_full` says.

use std::fs::{self, OpenOptions};
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::event::{ClientSubnet, Event, Origin, Transport};
use crate::store::layout::{Head, Kind, flag};
use crate::store::read_events;

fn store(folder: &std::path::Path, on_full: OnFull) -> Store {
    Store { folder: folder.to_owned(), fsync: Duration::from_secs(1), on_full }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + seconds, 123_456_789).unwrap()
}

/// The event of question number `id`.
fn question(id: u16, label: LabelId) -> Vec<u8> {
    let origin = Origin { at: at(i64::from(id)), source: "[2001:db8::7]:999".parse().unwrap(), destination_port: 53 };
    let mut head = Head::new(Kind::Dns, Transport::Udp, origin);
    (head.id, head.label, head.index, head.apex_labels) = (id, label, 3, 2);
    (head.qtype, head.qclass, head.udp_size) = (28, 1, 1232);
    head.flags = flag::EDNS | flag::CLIENT_SUBNET | flag::RECURSION_DESIRED;
    let subnet = layout::subnet(ClientSubnet { address: "203.0.113.0".parse().unwrap(), prefix: 24 });
    let mut record = Vec::new();
    layout::append(&head, &[b"\x01a\x04HELD\x04test\x00", &subnet], &mut record);
    record
}

fn ids(folder: &std::path::Path) -> (Vec<u16>, u64) {
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

#[test]
fn an_event_reads_back_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::open(&store(folder.path(), OnFull::Answer), Notify::default(), at(0)).unwrap();
    recorder.label("first");
    let label = recorder.label("second");
    assert_eq!(recorder.label("second"), label);
    assert_eq!(recorder.record(&question(7, label), 1, at(7)), Permission::Leave);
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
}

#[test]
fn each_process_begins_its_own_segment_with_its_own_labels() {
    let folder = tempfile::tempdir().unwrap();
    for (id, text) in [(1, "one"), (2, "two"), (3, "three")] {
        let recorder = Recorder::open(&store(folder.path(), OnFull::Answer), Notify::default(), at(0)).unwrap();
        let label = recorder.label(text);
        recorder.record(&question(id, label), 1, at(0));
    }
    let labels: Vec<String> = read_events(folder.path())
        .map(|event| match event.unwrap() {
            Event::Dns(question) => question.held.label,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(labels, ["one", "two", "three"]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
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
        let recorder = Recorder::open(&store(folder.path(), on_full), notify, at(0)).unwrap();
        let label = recorder.label("label");
        recorder.record(&question(1, label), 1, at(1));
        let full = OpenOptions::new().append(true).open("/dev/full").unwrap();
        let file = recorder.writer().segment.replace(full);
        for id in 2..5 {
            assert_eq!(recorder.record(&question(id, label), 1, at(2)), permission);
        }
        recorder.tick(at(70));
        recorder.writer().segment.replace(file);
        assert_eq!(recorder.record(&question(9, label), 1, at(71)), Permission::Leave);
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
        let counters = read_events(folder.path()).filter_map(|event| match event.unwrap() {
            Event::Counters(counters) => Some(counters.counts),
            _ => None,
        });
        assert_eq!(counters.fold(Counts::default(), Counts::plus), counts, "counters wait for the disk");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_segment_that_is_cut_or_damaged_gives_what_stands_before(cut in any::<prop::sample::Index>(), flip in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let recorder = Recorder::open(&store(folder.path(), OnFull::Answer), Notify::default(), at(0)).unwrap();
        let label = recorder.label("label");
        let mut ends = vec![0];
        for id in 0..20 {
            recorder.record(&question(id, label), 1, at(0));
            ends.push(recorder.writer().segment.length());
        }
        let path = folder.path().join("events-000001.hse");
        let mut octets = fs::read(&path).unwrap();
        let whole = octets.len();
        let at = cut.index(whole);
        if flip {
            octets[at] ^= 0x10;
        } else {
            octets.truncate(at);
        }
        fs::write(&path, &octets).unwrap();
        let (ids, left_out) = ids(folder.path());
        // The definition of the label stands before the first event, in the first write.
        let before = ends.iter().filter(|end| **end > 0 && **end <= at as u64).count();
        prop_assert!(ids.iter().copied().eq(0..before as u16), "{ids:?} {before}");
        prop_assert!(left_out <= octets.len() as u64);
        prop_assert!(!flip || left_out > 0, "damage is never taken for an end");
    }

    #[test]
    fn a_reader_survives_any_file(octets in prop::collection::vec(any::<u8>(), 0..400), header in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let mut file = if header { layout::segment_header(1, at(0)).to_vec() } else { Vec::new() };
        file.extend(&octets);
        fs::write(folder.path().join("events-000001.hse"), &file).unwrap();
        let mut events = read_events(folder.path());
        prop_assert_eq!(events.by_ref().map(Result::unwrap).count(), 0);
        let left_out: u64 = events.left_out().iter().map(|part| part.octets).sum();
        prop_assert_eq!(left_out, octets.len() as u64);
    }
}
