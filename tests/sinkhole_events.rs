//! Exports of a served sinkhole's events, read back by programs that others wrote: BIND's `dnstap-read`, pyarrow, `jq`,
//! `IntelMQ`.
#![allow(clippy::unwrap_used)]

mod readers;
mod sinkhole_process;

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use readers::{python_has, runs};
use sinkhole_process::{Serving, configure, hydrabane, query, receive, send, tcp, udp};

/// Names that are asked for in mixed case, each over UDP and TCP.
const NAMES: [&str; 3] = ["a.hElD.test", "=cmd.Held.test", "b.other.test"];

/// Serves once: questions, one of them with EDNS and a client subnet, a request, and a connection. Gives the folder of
/// the events.
fn serve(folder: &Path) -> PathBuf {
    configure(folder, "rate_limit: { enabled: false }");
    serve_again(folder)
}

/// As [`serve`], in a folder that is configured.
fn serve_again(folder: &Path) -> PathBuf {
    let serving = Serving::start(folder);
    let (socket, mut stream) = (udp(serving.dns), tcp(serving.dns));
    for (id, name) in NAMES.iter().enumerate() {
        let mut message = query(4000 + id as u16, name);
        send(&mut stream, &message).unwrap();
        receive(&mut stream).unwrap();
        // OPT with 1400 octets and the client subnet 203.0.113.0/24 (RFC 6891 §6.1.2, RFC 7871 §6).
        message[11] = 1;
        message.extend([0, 0, 41, 5, 120, 0, 0, 0, 0, 0, 11, 0, 8, 0, 7, 0, 1, 24, 0, 203, 0, 113]);
        socket.send(&message).unwrap();
        socket.recv(&mut [0; 1500]).unwrap();
    }
    let mut call_back = tcp(serving.http);
    write!(call_back, "GET /gate HTTP/1.1\r\nHost: held.test\r\nUser-Agent: @bot\r\nConnection: close\r\n\r\n")
        .unwrap();
    call_back.read_to_end(&mut Vec::new()).unwrap();
    let mut connection = tcp(serving.tcp);
    connection.shutdown(Shutdown::Write).unwrap();
    connection.read_to_end(&mut Vec::new()).unwrap();
    let events = serving.events();
    let (status, _) = serving.terminate();
    assert_eq!(status.code(), Some(0));
    events
}

/// Exports stores with further arguments.
fn export(stores: &[&Path], more: &[&str]) -> Output {
    let mut arguments = vec!["sinkhole", "export"];
    for store in stores {
        arguments.extend(["--store", store.to_str().unwrap()]);
    }
    arguments.extend(more);
    let output = hydrabane(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// The lines of an export as JSON.
fn lines(output: &[u8]) -> Vec<serde_json::Value> {
    output.split(|octet| *octet == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

#[test]
fn binds_dnstap_read_reads_the_questions() {
    // It has no option with which it succeeds.
    if !runs("sh", &["-c", "command -v dnstap-read"], "bind9-dnsutils") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let events = serve(folder.path());
    let path = folder.path().join("events.dnstap");
    let exported = export(&[&events], &["--format", "dnstap", "-o", path.to_str().unwrap()]);
    let said = String::from_utf8(exported.stderr).unwrap();
    assert!(said.starts_with("6 records are exported; 3 are of kinds that `dnstap` has no place for"), "{said}");
    let read = |options: &[&str], path: &Path| {
        let output = Command::new("dnstap-read").args(options).arg(path).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };

    let (good, text) = read(&[], &path);
    assert!(good && text.lines().count() == 6, "{text}");
    let expected = lines(&export(&[&events], &["--format", "jsonl"]).stdout);
    let questions: Vec<_> = expected.iter().filter(|line| line["kind"] == "dns").collect();
    for (line, question) in text.lines().zip(questions) {
        let from = format!(" AQ {}:{} -> ", question["source"].as_str().unwrap(), question["source_port"]);
        let transport = question["transport"].as_str().unwrap().to_uppercase();
        let name = question["name"].as_str().unwrap();
        assert!(line.contains(&from) && line.ends_with(&format!("b {name}/IN/A")), "{line}\n{question}");
        let to =
            format!(" -> {}:{} {transport} ", question["destination"].as_str().unwrap(), question["destination_port"]);
        assert!(to.starts_with(" -> 127.0.0.1:") && line.contains(&to), "{line}\n{question}");
    }
    // The messages, as BIND prints them: identifier, flags, EDNS with the client subnet.
    let (good, text) = read(&["-y"], &path);
    assert!(good);
    for expected in
        ["type: AUTH_QUERY", "id: 4001", "flags: rd", "udp: 1400", "203.0.113.0/24/0", "query_zone: held.test"]
    {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    // The reader is no rubber stamp: another content type, a length that is not the
    // frame's.
    let whole = fs::read(&path).unwrap();
    for place in [20, 45] {
        let mut octets = whole.clone();
        octets[place] ^= 1;
        fs::write(&path, octets).unwrap();
        let (good, text) = read(&[], &path);
        assert!(!good || text.lines().count() < 6, "octet {place}: {text}");
    }
}

#[test]
fn pyarrow_reads_the_same_from_an_export_and_from_sealed_segments_as_stands_in_csv() {
    if !python_has("pyarrow") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let events = serve(folder.path());
    serve_again(folder.path());
    let (table, hive) = (folder.path().join("events.csv"), folder.path().join("hive"));
    export(&[&events], &["--format", "csv", "-o", table.to_str().unwrap()]);
    export(&[&events], &["--format", "parquet", "-o", hive.to_str().unwrap()]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/sinkhole_events/parquet_as_csv.py");
    for parquet in [hive, events.join("parquet")] {
        let output = Command::new("python3").arg(&script).arg(&parquet).arg(&table).output().unwrap();
        let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && said.trim() == "18 rows", "{said}{wrong}");
    }
}

#[test]
fn intelmq_reads_shadowservers_reports() {
    // Later versions fetch what they know of reports from Shadowserver when they run.
    let script =
        "import intelmq.bots.parsers.shadowserver._config as c; assert c.get_feed_by_filename('event4_sinkhole')";
    if !runs("python3", &["-W", "ignore", "-c", script], "intelmq==3.2.1 'setuptools<81'") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let events = serve(folder.path());
    let reports = folder.path().join("reports");
    export(&[&events], &["--format", "shadowserver", "-o", reports.to_str().unwrap()]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/sinkhole_events/shadowserver.py");
    let read = || Command::new("python3").args(["-W", "ignore"]).arg(&script).arg(&reports).output().unwrap();
    let output = read();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read_events = lines(&output.stdout);
    let expected = lines(&export(&[&events], &["--format", "jsonl"]).stdout);
    let of_kind = |kind: &str| expected.iter().filter(|line| line["kind"] == kind).cloned().collect::<Vec<_>>();
    let [questions, requests] = ["dns", "http"].map(of_kind);
    let connections: Vec<_> = of_kind("tcp").into_iter().filter(|line| line["http"] == false).collect();
    let rows: Vec<_> = connections.iter().chain(&questions).chain(&requests).collect();
    assert_eq!((rows.len(), read_events.len()), (8, 8), "{read_events:?}");
    for (event, row) in read_events.iter().zip(rows) {
        assert_eq!((&event["source.ip"], &event["source.port"]), (&row["source"], &row["source_port"]), "{event}");
        let time = row["time"].as_str().unwrap();
        assert_eq!(event["time.source"].as_str().unwrap()[..19], time[..19]);
        assert_eq!(event["protocol.transport"], row.get("transport").cloned().unwrap_or("tcp".into()));
        assert_eq!(event["malware.name"], row["label"]);
        match row["kind"].as_str().unwrap() {
            "dns" => {
                assert_eq!(event["extra.dns_query_type"], row["type"]);
                let query = event["extra.dns_query"].as_str().unwrap().trim_start_matches('\'');
                assert_eq!(query, row["name"].as_str().unwrap());
                assert_eq!(event["classification.type"], "other");
            }
            kind => {
                assert_eq!(event["classification.type"], "infected-system");
                assert_eq!(event["destination.ip"], row["destination"]);
                assert_eq!(event["destination.port"], row["destination_port"]);
                let id = format!("{}-{}", row["store"].as_str().unwrap(), row["sequence"]);
                assert_eq!(event["extra.event_id"], id);
                if kind == "http" {
                    assert_eq!(event["destination.url"], "http://held.test/gate");
                    assert_eq!((&event["destination.fqdn"], &event["extra.infection"]), (&row["host"], &row["label"]));
                }
            }
        }
    }
    // The reader is no rubber stamp: a port that is none, and a column that is missing.
    for (text, by) in [("\"127.0.0.1\",\"", "\"127.0.0.1\",\"x"), ("\"src_port\"", "\"port\"")] {
        let path = reports.join("event4_sinkhole.csv");
        let whole = fs::read_to_string(&path).unwrap();
        assert!(whole.contains(text));
        fs::write(&path, whole.replacen(text, by, 1)).unwrap();
        assert!(!read().status.success(), "{by} passed");
        fs::write(&path, whole).unwrap();
    }
}

#[test]
fn jq_reads_passive_dns_and_counts_what_was_answered() {
    if !runs("jq", &["--version"], "jq") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let events = serve(folder.path());
    let path = folder.path().join("cof.jsonl");
    export(&[&events], &["--format", "cof", "-o", path.to_str().unwrap()]);
    let filter = r#"select(.time_first <= .time_last) | "\(.rrname) \(.rrtype) \(.rdata) \(.count) \(.bailiwick)""#;
    let output = Command::new("jq").args(["-r", filter]).arg(&path).output().unwrap();
    assert!(output.status.success());
    let rows: Vec<_> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(
        rows,
        [
            "a.held.test A 192.0.2.53 2 held.test",
            "b.other.test A 192.0.2.53 2 other.test",
            "=cmd.held.test A 192.0.2.53 2 held.test",
        ]
    );
}

#[test]
fn several_stores_and_copies_count_each_event_once() {
    let [one, other] = std::array::from_fn(|_| tempfile::tempdir().unwrap());
    let (first, second) = (serve(one.path()), serve(other.path()));
    let copy = one.path().join("copy");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(&first).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    // The store goes on after it was copied.
    serve_again(one.path());
    let all = lines(&export(&[&copy, &first, &second, &first], &[]).stdout);
    let identities: BTreeSet<_> =
        all[1..].iter().map(|line| (line["store"].to_string(), line["sequence"].as_u64())).collect();
    assert_eq!((all.len() - 1, identities.len()), (27, 27), "two servings of one store, one of the other");
    let stores: BTreeSet<_> = identities.iter().map(|(store, _)| store).collect();
    assert_eq!(stores.len(), 2);
}

#[test]
fn pseudonyms_hide_every_address_the_same_way_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let events = serve(folder.path());
    let key = folder.path().join("key");
    fs::write(&key, [0x5a; 32]).unwrap();
    let hidden = ["--pseudonymise", key.to_str().unwrap()];
    let (plain, pseudonyms) = (lines(&export(&[&events], &[]).stdout), lines(&export(&[&events], &hidden).stdout));
    assert_eq!(plain.len(), pseudonyms.len());
    let mut known: HashMap<String, String> = HashMap::new();
    for (plain, pseudonym) in plain.iter().zip(&pseudonyms).skip(1) {
        for field in ["source", "client_subnet"] {
            let (Some(address), Some(hidden)) = (plain[field].as_str(), pseudonym[field].as_str()) else { continue };
            assert_ne!(address, hidden);
            assert_eq!(known.entry(address.to_owned()).or_insert_with(|| hidden.to_owned()), hidden);
            assert_eq!(address.ends_with("/24"), hidden.ends_with(".0/24"), "a network stays one: {hidden}");
        }
        let mut rest = pseudonym.clone();
        for field in ["source", "client_subnet"] {
            if plain.get(field).is_some() {
                rest[field] = plain[field].clone();
            }
        }
        assert_eq!(&rest, plain, "nothing else changes");
    }
    let reports = folder.path().join("reports");
    let mut arguments = vec!["--format", "shadowserver", "-o", reports.to_str().unwrap()];
    arguments.extend(hidden);
    export(&[&events], &arguments);
    let mut files: Vec<_> =
        fs::read_dir(&reports).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    assert_eq!(files, ["event4_sinkhole.csv", "event4_sinkhole_dns.csv", "event4_sinkhole_http.csv"]);
    for file in files {
        let text = fs::read_to_string(reports.join(&file)).unwrap();
        // The sinkhole's own address stands once a row, where the report has a column for it.
        let own = usize::from(!file.contains("dns"));
        assert!(text.contains(&format!("\"{}\"", known["127.0.0.1"])), "{file}: {text}");
        assert_eq!(text.matches("127.0.0.1").count(), own, "{file}: {text}");
    }

    fs::write(&key, "secret").unwrap();
    let refused = hydrabane(&["sinkhole", "export", "--store", events.to_str().unwrap(), hidden[0], hidden[1]]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(2) && said.contains("is no key"), "{said}");
}

#[test]
fn an_export_that_cannot_be_made_leaves_nothing_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let events = serve(folder.path());
    let store = events.to_str().unwrap();
    let code = |arguments: &[&str]| {
        let output = hydrabane(&[&["sinkhole", "export", "--store", store], arguments].concat());
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (exit, said) = code(&["--format", "parquet"]);
    assert!(exit == Some(2) && said.contains("-o FOLDER"), "{said}");
    assert_eq!(code(&["--format", "pcap"]).0, Some(2));
    assert_eq!(code(&["--format", "csv", "-o", "/nowhere/events.csv"]).0, Some(3));
    let full = folder.path().join("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("mine"), "").unwrap();
    assert_eq!(code(&["--format", "parquet", "-o", full.to_str().unwrap()]).0, Some(2));
    assert!(full.join("mine").exists());
    assert_eq!(code(&["--format", "parquet", "-o", full.to_str().unwrap(), "--replace"]).0, Some(0));
    assert!(!full.join("mine").exists());
}
