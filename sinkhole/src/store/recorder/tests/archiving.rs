//! Sealed segments: when they become Parquet, and when they go.

use super::*;

#[test]
fn parquet_waits_until_it_is_calm() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(folder.path());
    let recorder = open(&store, 0);
    let label = recorder.label("label");
    recorder.append(&mut question(1, label), at(0));
    recorder.tick(at(0));
    assert!(recorder.inner.is_calm());
    let mut batch = Batch::default();
    let connection = Head::new(Kind::Connection, Transport::Tcp, at(1), "192.0.2.7:1".parse().unwrap(), ListenerId(1));
    while batch.len() <= CALM {
        batch.push(&connection, &[]);
    }
    recorder.append(&mut batch, at(1));
    recorder.tick(at(1));
    assert!(!recorder.inner.is_calm());
    recorder.tick(at(2));
    assert!(recorder.inner.is_calm());
    recorder.roll().unwrap();
    drop(recorder);

    store.parquet = Parquet { enabled: true };
    archive::run(&store, true, at(3), || false).unwrap();
    assert!(!folder.path().join("parquet").exists());
    let mut times = 0;
    archive::run(&store, true, at(3), || {
        times += 1;
        times == 1
    })
    .unwrap();
    assert_eq!(times, 2);
    assert!(parquet(folder.path()).iter().all(|name| name.starts_with("events-000001-")));
}

#[test]
fn retention_removes_the_oldest_sealed_segments_and_the_rest_still_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(folder.path());
    store.parquet = Parquet { enabled: true };
    let recorder = open(&store, 0);
    let label = recorder.label("label");
    for id in 0..6 {
        recorder.append(&mut question(id, label), at(i64::from(id) * 1000));
        recorder.tick(at(i64::from(id) * 1000));
        recorder.roll().unwrap();
    }
    drop(recorder);
    let whole = in_order(folder.path());
    assert_eq!((whole.segments, whole.events, whole.removed), (7, 6, 0));
    archive::run(&store, true, at(5400), || true).unwrap();

    // Segments 1 to 6 were sealed at 0, 1000, … 5000 seconds. Older than 3100 seconds at 5500: those of 0 to 2000.
    let age = TimeDelta::seconds(3100);
    store.retention = Retention { enabled: true, age, size: u64::MAX };
    open(&store, 5500).finish(at(5500)).unwrap();
    let verified = in_order(folder.path());
    assert_eq!((verified.removed, verified.segments), (3, 5));
    assert_eq!(ids(folder.path()).0, [3, 4, 5]);
    let parquet = parquet(folder.path());
    assert!(!parquet.is_empty() && parquet.iter().all(|name| name.as_str() > "events-000003-~"), "{parquet:?}");

    // By size: everything but the last goes, oldest first, and an identity and its numbers go on.
    store.retention = Retention { enabled: true, age: TimeDelta::MAX, size: 1 };
    let recorder = open(&store, 5600);
    recorder.append(&mut question(77, label), at(5600));
    recorder.finish(at(5600)).unwrap();
    drop(recorder);
    let verified = in_order(folder.path());
    assert_eq!((verified.removed, verified.segments, verified.store), (8, 1, whole.store));
    assert_eq!(ids(folder.path()).0, [77]);

    // The ledger vouches for what is gone: without it the chain has no beginning.
    let ledger = fs::read(folder.path().join("ledger.jsonl")).unwrap();
    fs::remove_file(folder.path().join("ledger.jsonl")).unwrap();
    assert!(verify(folder.path()).unwrap().damage[0].what.contains("ledger"));
    fs::write(folder.path().join("ledger.jsonl"), ledger).unwrap();
    in_order(folder.path());
}

/// The names of all Parquet files.
fn parquet(folder: &Path) -> Vec<String> {
    let days = fs::read_dir(folder.join("parquet")).unwrap().map(|entry| entry.unwrap().path());
    let files = days.filter(|path| path.is_dir()).flat_map(|day| fs::read_dir(day).unwrap());
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}
