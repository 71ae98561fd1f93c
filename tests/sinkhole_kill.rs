//! A sinkhole that is killed under load has written every question that it answered.
#![allow(clippy::unwrap_used)]

mod sinkhole_process;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use sinkhole::event::Counts;
use sinkhole::{Event, read_events};
use sinkhole_process::{PATIENCE, Serving, configure, hydrabane, query, question, receive, send, tcp, udp};

/// What the clients got answers for.
#[derive(Default)]
struct Answered {
    names: Mutex<HashSet<String>>,
    count: AtomicUsize,
}

impl Answered {
    fn add(&self, reply: &[u8]) {
        let (name, rcode) = question(reply);
        assert_eq!(rcode, 0);
        self.names.lock().unwrap().insert(name);
        self.count.fetch_add(1, Ordering::Relaxed);
    }
}

/// Questions in flight for each client.
const WINDOW: usize = 16;

/// Asks over UDP until the sinkhole is gone.
fn ask_udp(client: usize, to: SocketAddr, answered: &Answered) {
    let socket = udp(to);
    // A lost datagram holds up only its window.
    socket.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    let mut reply = [0; 1500];
    for round in 0.. {
        for place in 0..WINDOW {
            if socket.send(&query(place as u16, &format!("u{client}-{round}-{place}.held.test"))).is_err() {
                return;
            }
        }
        for _ in 0..WINDOW {
            match socket.recv(&mut reply) {
                Ok(length) => answered.add(&reply[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => break,
                Err(_) => return,
            }
        }
    }
}

/// Asks over TCP until the sinkhole is gone.
fn ask_tcp(client: usize, to: SocketAddr, answered: &Answered) {
    let mut stream = tcp(to);
    for round in 0.. {
        for place in 0..WINDOW {
            if send(&mut stream, &query(place as u16, &format!("t{client}-{round}-{place}.held.test"))).is_err() {
                // Answers that are in the buffer already have left the sinkhole.
                break;
            }
        }
        for _ in 0..WINDOW {
            match receive(&mut stream) {
                Ok(reply) => answered.add(&reply),
                Err(_) => return,
            }
        }
    }
}

/// The names of all questions in the events, and how many segments end in a torn record.
fn recorded(folder: &std::path::Path) -> (HashSet<String>, usize) {
    let mut events = read_events(folder);
    let mut names = HashSet::new();
    for event in events.by_ref() {
        if let Event::Dns(question) = event.unwrap() {
            assert_eq!(question.held.label, "ozdok");
            names.insert(question.name.to_string());
        }
    }
    let torn = events.left_out().len();
    (names, torn)
}

#[test]
fn every_question_that_was_answered_before_a_kill_is_in_the_events() {
    let folder = tempfile::tempdir().unwrap();
    let config = configure(folder.path(), "rate_limit: { enabled: false }");
    // So small that segments are sealed and begun all the time, also when the sinkhole is killed.
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("fsync: 100ms", "fsync: 10ms, segment: 64KiB")).unwrap();
    let mut all = HashSet::new();
    for (round, enough) in [300, 1500, 4000, 2300].into_iter().enumerate() {
        let serving = Serving::start(folder.path());
        let (dns, events) = (serving.dns, serving.events());
        let answered = Arc::new(Answered::default());
        let clients: Vec<_> = (0..6)
            .map(|client| {
                let answered = Arc::clone(&answered);
                let client = round * 10 + client;
                thread::spawn(move || {
                    if client % 3 == 2 { ask_tcp(client, dns, &answered) } else { ask_udp(client, dns, &answered) }
                })
            })
            .collect();
        let mut waited = Duration::ZERO;
        while answered.count.load(Ordering::Relaxed) < enough {
            assert!(waited < PATIENCE, "the sinkhole answers");
            thread::sleep(Duration::from_millis(1));
            waited += Duration::from_millis(1);
        }
        serving.kill();
        for client in clients {
            client.join().unwrap();
        }
        let verify = hydrabane(&["sinkhole", "verify", "--config", config.to_str().unwrap()]);
        let said = String::from_utf8(verify.stdout).unwrap();
        assert_eq!(verify.status.code(), Some(0), "round {round}: {said}");
        assert!(said.contains(": in order; "), "{said}");
        all.extend(answered.names.lock().unwrap().drain());
        let (names, torn) = recorded(&events);
        let missing: Vec<_> = all.difference(&names).collect();
        assert!(missing.is_empty(), "round {round}: {} answered, {} missing: {missing:?}", all.len(), missing.len());
        println!("round {round}: {} answered so far, {} recorded, {torn} torn ends", all.len(), names.len());
    }

    // After the kills a new sinkhole goes on in a segment of its own, and nothing that was written is lost. What is
    // sealed became Parquet too.
    let serving = Serving::start(folder.path());
    let socket = udp(serving.dns);
    socket.send(&query(1, "after.held.test")).unwrap();
    socket.recv(&mut [0; 1500]).unwrap();
    let events = serving.events();
    let files = std::fs::read_dir(&events).unwrap().map(|file| file.unwrap().path());
    let segments = files.filter(|file| file.extension().is_some_and(|extension| extension == "hse")).count();
    assert!(segments > 8, "{segments}");
    let converted = || std::fs::read_to_string(events.join("parquet/_converted")).unwrap_or_default();
    let mut waited = Duration::ZERO;
    while converted().trim().parse() != Ok(segments - 1) {
        assert!(waited < PATIENCE, "{} of {segments} became Parquet", converted());
        thread::sleep(Duration::from_millis(10));
        waited += Duration::from_millis(10);
    }
    let (status, _) = serving.terminate();
    assert_eq!(status.code(), Some(0));
    let (names, _) = recorded(&events);
    assert!(names.contains("after.held.test") && all.is_subset(&names));
    let verified = sinkhole::verify(&events).unwrap();
    assert_eq!((verified.segments as usize, verified.open), (segments, None));
    assert_eq!(converted().trim().parse(), Ok(segments));
    assert_eq!(verified.events as usize, names.len(), "each question once");
}

/// Everything that was counted, as the events of `folder` have it.
fn counted(folder: &std::path::Path) -> Counts {
    let counters = read_events(folder).filter_map(|event| match event.unwrap() {
        Event::Counters(counters) => Some(counters.counts),
        _ => None,
    });
    counters.fold(Counts::default(), Counts::plus)
}

/// What the reserve says was refused, read as docs/events.md describes it.
fn refused_in_reserve(folder: &std::path::Path) -> u64 {
    let octets = std::fs::read(folder.join("reserve")).unwrap();
    let generation = &octets[12..16];
    let slots = octets[64..].chunks_exact(64).take_while(|slot| &slot[56..60] == generation);
    slots.map(|slot| u64::from_le_bytes(slot[8..16].try_into().unwrap())).sum()
}

#[test]
fn what_was_counted_is_in_the_events_after_a_kill_and_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path(), "rate_limit: { enabled: false }");
    let (mut refused, mut malformed) = (0, 0);
    for round in 0..4 {
        let serving = Serving::start(folder.path());
        let events = serving.events();
        let socket = udp(serving.dns);
        // Nobody knows what this operation was. It comes first, so that it is written down when the others are.
        let mut status = query(7, "held.test");
        status[2] |= 2 << 3;
        socket.send(&status).unwrap();
        socket.recv(&mut [0; 512]).unwrap();
        malformed += 1;
        for id in 0..100 + round {
            socket.send(&query(id, "stranger.example")).unwrap();
            let length = socket.recv(&mut [0; 512]).unwrap();
            assert!(length > 12);
            refused += 1;
        }
        let mut waited = Duration::ZERO;
        // Part of them may stand in the events already, if a minute ended.
        while counted(&events).refused + refused_in_reserve(&events) < refused {
            assert!(waited < PATIENCE, "they are written down once a second");
            thread::sleep(Duration::from_millis(5));
            waited += Duration::from_millis(5);
        }
        serving.kill();
    }
    let serving = Serving::start(folder.path());
    let events = serving.events();
    assert_eq!(serving.terminate().0.code(), Some(0));
    let counts = counted(&events);
    assert_eq!((counts.refused, counts.malformed), (refused, malformed));
    assert_eq!(sinkhole::verify(&events).unwrap().damage, []);
}
