//! Call-backs over HTTP and other connections; the end by SIGTERM; the exit codes of `hydrabane sinkhole`.
#![allow(clippy::unwrap_used)]

mod readers;
mod sinkhole_process;

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener};
use std::process::{Command, Stdio};

use readers::runs;
use sinkhole::{Event, read_events};
use sinkhole_process::{Serving, configure, hydrabane, query, question, receive, send, tcp, udp};

/// Sends a request and takes the whole answer.
fn call_back(to: SocketAddr, request: &[u8]) -> String {
    let mut stream = tcp(to);
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

#[test]
fn a_call_back_gets_nothing_and_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let config = configure(folder.path(), "mark: { enabled: true, text: \"malware-sinkhole\" }");
    let serving = Serving::start(folder.path());
    let secret = "password=hunter2";
    let requests = [
        format!(
            "POST /gate.php?id=7 HTTP/1.1\r\nHost: bot.Held.test:80\r\nUser-Agent: Mozilla/4.0 \u{202e}\r\n\
             Content-Length: {}\r\n\r\n{secret}",
            secret.len()
        ),
        "GET /page HTTP/1.0\r\nHost: stranger.example\r\nReferer: http://hacked.example/\r\n\r\n".to_owned(),
    ];
    for request in &requests {
        let answer = call_back(serving.http, request.as_bytes());
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let lines: Vec<&str> = head.lines().collect();
        assert!(lines[0].starts_with("HTTP/1.") && lines[0].ends_with(" 200 OK"), "{answer}");
        for line in ["X-Sinkhole: malware-sinkhole", "Content-Length: 0", "Connection: close"] {
            assert!(lines.contains(&line), "{line}: {answer}");
        }
        assert_eq!(body, "");
    }
    // What is no HTTP still is a call-back of a host. So is a connection to a port of another protocol.
    call_back(serving.http, b"\x00\x01\x02\x03 not http at all\r\n\r\n");
    assert_eq!(call_back(serving.tcp, b""), "");
    let events = serving.events();
    let (status, said) = serving.terminate();
    assert_eq!(status.code(), Some(0));
    assert!(said.iter().any(|line| line.starts_with("ended: 6 events are kept in ")), "{said:?}");

    let events: Vec<Event> = read_events(&events).map(Result::unwrap).collect();
    let requests: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Http(request) => Some(request),
            _ => None,
        })
        .collect();
    assert_eq!(requests.len(), 2);
    assert_eq!((&*requests[0].method, &*requests[0].path), (&b"POST"[..], &b"/gate.php?id=7"[..]));
    assert_eq!((&*requests[0].host, requests[0].body_length), (&b"bot.Held.test:80"[..], secret.len() as u64));
    let held = requests[0].held.as_ref().unwrap();
    assert_eq!((held.name.to_string().as_str(), held.label.as_str()), ("held.test", "ozdok"));
    assert!(requests[1].has_referer && requests[1].held.is_none());
    let connections: Vec<bool> = events
        .iter()
        .filter_map(|event| match event {
            Event::Tcp(connection) => Some(connection.http),
            _ => None,
        })
        .collect();
    assert_eq!(connections, [true, true, true, false]);

    let config = config.to_str().unwrap();
    let export = hydrabane(&["sinkhole", "export", "--format", "jsonl", "--config", config]);
    assert_eq!(export.status.code(), Some(0));
    let text = String::from_utf8(export.stdout).unwrap();
    assert!(text.bytes().all(|octet| octet == b'\n' || (0x20..0x7f).contains(&octet)), "{text}");
    let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!((first["tool"].as_str(), first["schema"].as_str()), (Some("hydrabane"), Some("sinkhole-events/1")));
    assert_eq!(first["version"].as_str(), Some(env!("CARGO_PKG_VERSION")));
    assert_eq!(text.lines().count(), 1 + 6);
    assert!(text.contains("Mozilla/4.0 \\\\226\\\\128\\\\174"), "{text}");
    let mut written = vec![folder.path().join("events")];
    while let Some(path) = written.pop() {
        if path.is_dir() {
            written.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let octets = fs::read(&path).unwrap();
        assert!(!octets.windows(7).any(|window| window == b"hunter2"), "bodies are not kept: {}", path.display());
    }
}

#[test]
fn who_speaks_tls_is_recorded_with_the_server_name_and_gets_no_answer() {
    if !runs("openssl", &["version"], "openssl") || !runs("curl", &["--version"], "curl") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let config = configure(folder.path(), "");
    let serving = Serving::start(folder.path());
    let clients = |to: SocketAddr| {
        let (address, port) = (to.to_string(), to.port());
        [
            vec!["openssl", "s_client", "-servername", "Bot.held.test", "-connect", &address],
            // As a bot of 2012 does it.
            vec!["openssl", "s_client", "-tls1_2", "-noservername", "-connect", &address],
            vec![
                "curl",
                "--silent",
                "--resolve",
                &format!("www.other.test:{port}:127.0.0.1"),
                &format!("https://www.other.test:{port}/gate?hunter2"),
            ],
        ]
        .map(|words| words.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    for words in clients(serving.tcp).into_iter().chain(clients(serving.http)) {
        let output = Command::new(&words[0]).args(&words[1..]).stdin(Stdio::null()).output().unwrap();
        assert!(!output.status.success(), "nobody answers: {}", String::from_utf8_lossy(&output.stdout));
    }
    // Neither is anything of what is no TLS kept but its length, also when it begins like it.
    for (to, octets) in [(serving.tcp, &b"USER hunter2\r\n"[..]), (serving.http, b"\x16\x03\x01\x00\x09 hunter2")] {
        let mut stream = tcp(to);
        stream.write_all(octets).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert_eq!(answer, b"");
    }
    let (events, tls, http) = (serving.events(), serving.tcp, serving.http);
    assert_eq!(serving.terminate().0.code(), Some(0));

    let read: Vec<Event> = read_events(&events).map(Result::unwrap).collect();
    let hellos: Vec<_> = read
        .iter()
        .filter_map(|event| match event {
            Event::Tls(hello) => {
                assert_eq!(hello.origin.destination, if hello.http { http } else { tls });
                let label = hello.held.as_ref().map(|held| held.label.as_str());
                Some((hello.http, std::str::from_utf8(&hello.server_name).unwrap(), label))
            }
            _ => None,
        })
        .collect();
    let each =
        |http| [(http, "Bot.held.test", Some("ozdok")), (http, "", None), (http, "www.other.test", Some("ramnit"))];
    assert_eq!(hellos, [each(false), each(true)].concat());
    let lengths: Vec<_> = read
        .iter()
        .filter_map(|event| match event {
            Event::Octets(octets) => Some((octets.http, octets.length)),
            _ => None,
        })
        .collect();
    assert_eq!(lengths, [(false, 14), (true, 13)]);
    let connections = read.iter().filter(|event| matches!(event, Event::Tcp(_))).count();
    assert_eq!((connections, read.len()), (8, 16));
    for file in fs::read_dir(&events).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        let octets = fs::read(&file).unwrap();
        assert!(!octets.windows(7).any(|window| window == b"hunter2"), "payloads are not kept: {}", file.display());
    }
    let reports = folder.path().join("reports");
    let (config, out) = (config.to_str().unwrap(), reports.to_str().unwrap());
    let export = hydrabane(&["sinkhole", "export", "--format", "shadowserver", "-o", out, "--config", config]);
    assert_eq!(export.status.code(), Some(0), "{}", String::from_utf8_lossy(&export.stderr));
    let table = fs::read_to_string(reports.join("event4_sinkhole.csv")).unwrap();
    assert!(table.lines().filter(|line| line.contains("\"Bot.held.test\"") && line.contains("\"ozdok\"")).count() == 2);
    let report = hydrabane(&["sinkhole", "report", "--format", "json", "--config", config]);
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    assert_eq!(report["hosts"]["tls_hellos"].as_u64(), Some(6));
    assert_eq!(report["hosts"]["labels"]["ramnit"]["count"].as_u64(), Some(2));
}

#[test]
fn sigterm_finishes_what_is_in_hand() {
    let folder = tempfile::tempdir().unwrap();
    let config = configure(folder.path(), "");
    let serving = Serving::start(folder.path());
    let socket = udp(serving.dns);
    let mut stream = tcp(serving.dns);
    for id in 0..50 {
        socket.send(&query(id, &format!("u{id}.held.test"))).unwrap();
        send(&mut stream, &query(id, &format!("t{id}.Other.test"))).unwrap();
    }
    socket.send(&query(99, "stranger.example")).unwrap();
    let mut refused = [0; 512];
    for _ in 0..51 {
        let length = socket.recv(&mut refused).unwrap();
        let (name, rcode) = question(&refused[..length]);
        assert_eq!(rcode == 5, name == "stranger.example", "{name}");
    }
    for id in 0..50 {
        assert_eq!(question(&receive(&mut stream).unwrap()), (format!("t{id}.Other.test"), 0));
    }
    let idle = tcp(serving.dns);
    let (status, said) = serving.terminate();
    assert_eq!(status.code(), Some(0), "{said:?}");
    assert!(said.iter().any(|line| line.starts_with("ended: 100 events")), "{said:?}");
    drop(idle);

    let config = config.to_str().unwrap();
    let report = hydrabane(&["sinkhole", "report", "--format", "json", "--config", config]);
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    assert_eq!((report["tool"].as_str(), report["schema"].as_str()), (Some("hydrabane"), Some("sinkhole-report/1")));
    let dns = &report["dns"];
    assert_eq!((dns["questions"].as_u64(), dns["look_ups"].as_u64()), (Some(100), Some(100)));
    assert_eq!((dns["over_tcp"].as_u64(), dns["resolvers"].as_u64()), (Some(50), Some(1)));
    assert_eq!(dns["labels"]["ramnit"]["count"].as_u64(), Some(50));
    assert_eq!(dns["names"]["held.test"]["look_ups"].as_u64(), Some(50));
    assert_eq!(report["counters"]["refused"].as_u64(), Some(1));
    assert_eq!((report["hosts"]["hosts"].as_u64(), report["left_out"].as_u64()), (Some(0), Some(0)));
    let text = hydrabane(&["sinkhole", "report", "--config", config]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("DNS: evidence of resolvers") && text.contains("HTTP and TCP: evidence of hosts"), "{text}");
}

#[test]
fn what_cannot_be_done_has_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let config = configure(folder.path(), "");
    let path = config.to_str().unwrap();
    assert_eq!(hydrabane(&["sinkhole", "check", "--config", path]).status.code(), Some(0));

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("http: [\"127.0.0.1:0\"]", &format!("http: [\"{address}\"]"))).unwrap();
    let serve = hydrabane(&["sinkhole", "serve", "--config", path]);
    let said = String::from_utf8(serve.stderr).unwrap();
    assert_eq!(serve.status.code(), Some(3), "{said}");
    assert!(said.contains(&address) && said.contains("hint"), "{said}");

    fs::write(&config, text.replace("ttl: 300", "tll: 300")).unwrap();
    let check = hydrabane(&["sinkhole", "check", "--config", path]);
    let said = String::from_utf8(check.stderr).unwrap();
    assert_eq!(check.status.code(), Some(2), "{said}");
    assert!(said.contains("sinkhole.yaml:9:3: ") && said.contains("did you mean `ttl`?"), "{said}");

    let report = hydrabane(&["sinkhole", "report", "--config", "/nowhere/sinkhole.yaml"]);
    assert_eq!(report.status.code(), Some(2));
    fs::write(&config, &text).unwrap();
    assert_eq!(hydrabane(&["sinkhole", "report", "--config", path]).status.code(), Some(3), "there is no folder yet");
}

#[test]
fn the_template_is_what_check_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let template = hydrabane(&["sinkhole", "template"]);
    assert_eq!(template.status.code(), Some(0));
    let config = folder.path().join("sinkhole.yaml");
    fs::write(&config, template.stdout).unwrap();
    fs::write(folder.path().join("names.txt"), "example.test\n").unwrap();
    let check = hydrabane(&["sinkhole", "check", "--config", config.to_str().unwrap()]);
    assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stderr));
}
