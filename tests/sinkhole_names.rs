//! The names of a served sinkhole: what `hydrabane generate` writes is held with family, preset, period and place, and
//! other names are taken while it runs, without a question that is not answered.
#![allow(clippy::unwrap_used)]

mod sinkhole_process;

use std::collections::HashMap;
use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use serde_json::Value;
use sinkhole_process::{Serving, configure, hydrabane, query, question, receive, send, tcp, udp};

/// An answer, no such name, and refused (RFC 1035 §4.1.1).
const NO_ERROR: u8 = 0;
const NO_SUCH_NAME: u8 = 3;
const REFUSED: u8 = 5;

/// Asks for the address of a name; gives the answer.
fn answer(socket: &UdpSocket, name: &str) -> Vec<u8> {
    socket.send(&query(7, name)).unwrap();
    let mut reply = vec![0; 1500];
    let length = socket.recv(&mut reply).unwrap();
    reply.truncate(length);
    assert_eq!(question(&reply).0, name);
    reply
}

/// Asks for the address of a name; gives the RCODE.
fn ask(socket: &UdpSocket, name: &str) -> u8 {
    question(&answer(socket, name)).1
}

/// Whether an answer holds this address.
fn has_address(reply: &[u8], address: [u8; 4]) -> bool {
    reply.windows(4).any(|octets| octets == address)
}

/// What `generate` writes of one day of all presets of Conficker.
fn generate(folder: &Path, file: &str, format: &str) {
    let path = folder.join(file);
    let day = "2026-11-22";
    let output = hydrabane(&[
        "generate",
        "conficker",
        "--preset",
        "all",
        "--from",
        day,
        "--to",
        day,
        "--format",
        format,
        "-o",
        path.to_str().unwrap(),
    ]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Serves `file`, asks for these names, and gives the questions' events.
fn events(folder: &Path, source: &str, names: &[&str]) -> Vec<Value> {
    configure(folder, "rate_limit: { enabled: false }");
    let config = folder.join("sinkhole.yaml");
    let text = fs::read_to_string(&config).unwrap();
    let text = text.replace("{ file: ozdok.txt, family: ozdok }", source);
    fs::write(&config, text).unwrap();
    let serving = Serving::start(folder);
    let socket = udp(serving.dns);
    for name in names {
        assert_eq!(ask(&socket, name), NO_ERROR, "{name}");
    }
    let store = serving.events();
    assert_eq!(serving.terminate().0.code(), Some(0));
    let exported = hydrabane(&["sinkhole", "export", "--store", store.to_str().unwrap(), "--format", "jsonl"]);
    let lines = exported.stdout.split(|octet| *octet == b'\n');
    let events = lines.filter(|line| !line.is_empty()).map(|line| serde_json::from_slice::<Value>(line).unwrap());
    let events: Vec<Value> = events.filter(|event| event["kind"] == "dns").collect();
    fs::remove_dir_all(store).unwrap();
    events
}

#[test]
fn what_generate_writes_is_held_with_family_preset_period_and_place() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (file, format) in [("names.csv", "csv"), ("names.jsonl", "jsonl"), ("names.parquet", "parquet")] {
        generate(folder, file, format);
    }
    let table = fs::read_to_string(folder.join("names.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().skip(2).map(|line| line.split(',').collect()).collect();
    let presets: Vec<&str> = rows.iter().map(|row| row[2]).collect();
    assert!(rows.len() >= 500 && presets.contains(&"a") && presets.contains(&"b"), "{}", rows.len());
    let asked: Vec<&Vec<&str>> = [0, 1, 200, 300, rows.len() - 1].iter().map(|row| &rows[*row]).collect();
    let below: Vec<String> = asked.iter().map(|row| format!("www.{}", row[3])).collect();
    let names: Vec<&str> = below.iter().map(String::as_str).collect();
    for file in ["names.csv", "names.jsonl", "names.parquet"] {
        let events = events(folder, &format!("{{ file: {file} }}"), &names);
        assert_eq!(events.len(), asked.len(), "{file}");
        for (event, row) in events.iter().zip(&asked) {
            assert_eq!(event["held_name"], row[3], "{file}: {event}");
            assert_eq!((&event["label"], &event["preset"]), (&row[0].into(), &row[2].into()), "{file}: {event}");
            let period = event["period"].as_str().unwrap();
            assert!(period.starts_with("2026-11-22T00:00:00"), "{file}: {event}");
            assert_eq!(event["index"].to_string(), row[8], "{file}: {event}");
        }
    }
    // The rule makes the same names as the file, and a label in the configuration counts before that of a row.
    let rule = "{ family: conficker, presets: [all], from: 2026-11-22, to: 2026-11-22 }";
    let without_origin = |source| {
        let events = events(folder, source, &names);
        let held = ["held_name", "label", "preset", "period", "index"];
        events.iter().map(|event| held.map(|key| event[key].clone())).collect::<Vec<_>>()
    };
    assert_eq!(without_origin(rule), without_origin("{ file: names.parquet }"));
    let labelled = without_origin("{ file: names.parquet, family: mine }");
    assert!(labelled.iter().all(|held| held[1] == "mine" && held[3].is_string()), "{labelled:?}");
}

/// Asks the same name over UDP and TCP without a pause until it is told to end. Gives how many answers came, by RCODE;
/// a question without an answer ends the test.
fn stream(address: SocketAddr, end: &Arc<AtomicBool>) -> JoinHandle<HashMap<u8, u64>> {
    let end = Arc::clone(end);
    thread::spawn(move || {
        let (socket, mut stream) = (udp(address), tcp(address));
        let mut rcodes = HashMap::new();
        while !end.load(Ordering::Relaxed) {
            *rcodes.entry(ask(&socket, "www.held.test")).or_default() += 1;
            send(&mut stream, &query(8, "www.held.test")).unwrap();
            *rcodes.entry(question(&receive(&mut stream).unwrap()).1).or_default() += 1;
        }
        rcodes
    })
}

#[test]
fn other_names_are_taken_under_a_stream_of_questions() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    configure(folder, "rate_limit: { enabled: false }\nwatch: { enabled: false, every: 1s }");
    let list = folder.join("ramnit.txt");
    let serving = Serving::start(folder);
    let end = Arc::new(AtomicBool::new(false));
    let streams = [stream(serving.dns, &end), stream(serving.dns, &end)];
    let socket = udp(serving.dns);
    let (mut old, mut answered) = ("other.test".to_owned(), 0);
    for round in 0..20 {
        let new = format!("new{round}.test");
        assert_eq!((ask(&socket, &old), ask(&socket, &new)), (NO_ERROR, REFUSED));
        // A list of some length, so that it is read while others ask.
        let more: Vec<String> = (0..20_000).map(|number| format!("n{number}.round{round}.test")).collect();
        fs::write(&list, format!("{new}\n{}\n", more.join("\n"))).unwrap();
        serving.hang_up();
        assert_eq!(serving.wait_for("reloaded"), "reloaded: 20002 names are held");
        assert_eq!((ask(&socket, &old), ask(&socket, &new)), (REFUSED, NO_ERROR));
        answered += 2;
        old = new;
    }
    end.store(true, Ordering::Relaxed);
    for stream in streams {
        let rcodes = stream.join().unwrap();
        assert_eq!(rcodes.keys().collect::<Vec<_>>(), [&NO_ERROR], "{rcodes:?}");
        answered += rcodes[&NO_ERROR];
    }
    let (status, said) = serving.terminate();
    assert_eq!(status.code(), Some(0));
    let kept = format!("ended: {answered} events are kept");
    assert!(said.iter().any(|line| line.starts_with(&kept)), "{kept}: {said:?}");
}

#[test]
fn a_source_has_addresses_of_its_own_or_lures_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let config = configure(folder.path(), "rate_limit: { enabled: false }");
    let text = fs::read_to_string(&config).unwrap();
    let text = text
        .replace("family: ozdok }", "family: ozdok, answer: { a: [\"198.51.100.9\"] } }")
        .replace("family: ramnit }", "family: ramnit, lure: false }");
    fs::write(&config, text).unwrap();
    let serving = Serving::start(folder.path());
    let socket = udp(serving.dns);
    let (own, none) = (answer(&socket, "held.test"), answer(&socket, "a.other.test"));
    assert_eq!((question(&own).1, has_address(&own, [198, 51, 100, 9])), (NO_ERROR, true));
    assert_eq!((question(&none).1, has_address(&none, [192, 0, 2, 53])), (NO_SUCH_NAME, false));
    let (status, said) = serving.terminate();
    assert_eq!(status.code(), Some(0));
    assert!(said.iter().any(|line| line.starts_with("ended: 2 events are kept")), "{said:?}");
    // Events know which of the answers they got.
    let config = config.display().to_string();
    let cof = hydrabane(&["sinkhole", "export", "--config", &config, "--format", "cof"]);
    let lines = String::from_utf8(cof.stdout).unwrap();
    assert!(lines.contains("\"rdata\":\"198.51.100.9\"") && !lines.contains("192.0.2.53"), "{lines}");
}

#[test]
fn changed_files_are_read_again_and_broken_ones_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let config = configure(folder, "rate_limit: { enabled: false }\nwatch: { enabled: true, every: 100ms }");
    let list = folder.join("ramnit.txt");
    let serving = Serving::start(folder);
    let socket = udp(serving.dns);

    fs::write(&list, "one.test\ntwo.test\n").unwrap();
    assert_eq!(serving.wait_for("reloaded"), "reloaded: 3 names are held");
    assert_eq!((ask(&socket, "other.test"), ask(&socket, "two.test")), (REFUSED, NO_ERROR));

    // Replaced by another file, as editors and downloads do it, with something wrong in it.
    fs::write(folder.join("next"), "three.test\nfour..test\n").unwrap();
    fs::rename(folder.join("next"), &list).unwrap();
    serving.wait_for("warning: not reloaded, all names stay as they are");
    let problem = serving.wait_for(&list.display().to_string());
    assert!(problem.ends_with("ramnit.txt:2:1: `four..test`: the name has an empty label"), "{problem}");
    assert_eq!((ask(&socket, "two.test"), ask(&socket, "three.test")), (NO_ERROR, REFUSED));

    // A list that is gone for a while.
    fs::remove_file(&list).unwrap();
    serving.wait_for("warning: not reloaded");
    assert_eq!(ask(&socket, "two.test"), NO_ERROR);
    fs::write(&list, "three.test\n").unwrap();
    assert_eq!(serving.wait_for("reloaded"), "reloaded: 2 names are held");
    assert_eq!((ask(&socket, "two.test"), ask(&socket, "three.test")), (REFUSED, NO_ERROR));

    // Another list in the configuration, before it is there; and what needs a restart.
    let text = fs::read_to_string(&config).unwrap();
    let text = text
        .replace("{ file: ramnit.txt, family: ramnit }", "{ file: later.txt, family: later }")
        .replace("fsync: 100ms", "fsync: 200ms")
        .replace("192.0.2.53", "192.0.2.99");
    fs::write(&config, text).unwrap();
    serving.wait_for("warning: not reloaded");
    fs::write(folder.join("later.txt"), "later.test\n").unwrap();
    let notice = serving.wait_for("warning: `");
    assert!(notice.starts_with("warning: `store` has changed; that needs a restart"), "{notice}");
    assert_eq!(serving.wait_for("reloaded"), "reloaded: 2 names are held");
    assert_eq!((ask(&socket, "three.test"), ask(&socket, "held.test")), (REFUSED, NO_ERROR));
    assert!(has_address(&answer(&socket, "later.test"), [192, 0, 2, 99]));
    assert_eq!(serving.terminate().0.code(), Some(0));
}
