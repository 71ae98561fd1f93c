//! Logs that real programs write in the test: what servers log of questions that `dig` asks, what captures hold of them,
//! and what Suricata and tshark make of those captures.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod log_writers;
mod readers;
mod resolver_process;

use std::cell::Cell;
use std::fs;
use std::path::Path;

use log_writers::{ASKED, CLIENT, Running, appears, ask, awaited, expected, of_file, through_syslog, told};
use resolver_process::{Server, accepts, found};
use tempfile::TempDir;
use trace::logs::Settings;

/// Only stamps without a year depend on it.
fn settings(port: u16) -> Settings {
    Settings { ports: vec![port], ..Settings::new("2037-01-01T00:00:00Z".parse().unwrap()) }
}

/// A `named` that has the zone `asked.test` and logs in all forms, and its port.
fn named(folder: &Path) -> (Server, u16) {
    let asked = Cell::new(0);
    let zone = "$TTL 60\n@ SOA ns. hostmaster. 1 1 1 1 1\n@ NS ns.\nfound A 192.0.2.80\n";
    fs::write(folder.join("asked.zone"), zone).unwrap();
    let server = Server::start("named", folder, |port| {
        asked.set(port);
        let folder = folder.to_str().unwrap();
        let conf = format!(
            r#"options {{
  directory "{folder}"; pid-file none; session-keyfile none; managed-keys-directory "{folder}";
  listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
  recursion no; dnssec-validation no;
  dnstap {{ all; }}; dnstap-output file "{folder}/named.dnstap";
}};
controls {{ }};
logging {{
  channel local {{ file "{folder}/local.log"; print-time local; print-category yes; print-severity yes; }};
  channel iso {{ file "{folder}/iso.log"; print-time iso8601; }};
  channel utc {{ file "{folder}/utc.log"; print-time iso8601-utc; print-category yes; }};
  channel bare {{ file "{folder}/bare.log"; print-time no; print-severity yes; }};
  channel errors {{ file "{folder}/errors.log"; print-time local; print-category yes; severity dynamic; }};
  category queries {{ local; iso; utc; bare; }};
  category query-errors {{ errors; }};
}};
view "inside" {{ match-clients {{ any; }}; zone "asked.test" {{ type primary; file "asked.zone"; }}; }};
"#
        );
        let path = format!("{folder}/named.conf");
        fs::write(&path, conf).unwrap();
        ["-f", "-c", &path].map(str::to_owned).to_vec()
    });
    (server, asked.get())
}

#[test]
fn bind_writes_its_query_log_and_dnstap() {
    if !found(&["named", "dig", "logger"], "bind9 bind9-dnsutils bsdutils") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (server, port) = named(folder.path());
    ask(port);
    // `ready.invalid` is not the server's, which the log of errors has.
    drop(server);
    for log in ["local", "iso", "utc", "bare"] {
        let (format, told) = of_file(&folder.path().join(format!("{log}.log")), &settings(port));
        assert_eq!((format.as_str(), told), ("bind", expected(true, None)), "{log}");
    }
    for style in ["--rfc3164", "--rfc5424"] {
        let log = through_syslog("named", style, &fs::read_to_string(folder.path().join("bare.log")).unwrap());
        let (format, mut told) = told(log.as_bytes(), &settings(port));
        told.sort();
        assert_eq!((format.as_str(), told), ("bind", expected(true, None)), "{style}: {log}");
    }
    let (format, told) = of_file(&folder.path().join("named.dnstap"), &settings(port));
    assert_eq!((format.as_str(), told), ("dnstap", expected(true, Some(CLIENT))));
}

/// An Unbound that has the zone `asked.test`, with more in its `server:` clause and behind it.
fn unbound(folder: &Path, more: &str, clauses: &str) -> (Server, u16) {
    let more = format!(
        r#"  logfile: "{}/queries.log"
  module-config: "iterator"
  local-zone: "asked.test." static
  local-data: "found.asked.test. A 192.0.2.80"
  local-zone: "invalid." static
{more}"#,
        folder.display()
    );
    let server = Server::unbound(folder, &more, clauses);
    let port = server.port();
    (server, port)
}

#[test]
fn unbound_writes_its_queries_and_replies() {
    if !found(&["unbound", "unbound-checkconf", "dig"], "unbound bind9-dnsutils") {
        return;
    }
    // Unbound writes a question mark for an octet that is not visible.
    let visible = |lines: Vec<String>| {
        let mut lines: Vec<_> = lines.into_iter().map(|line| line.replace("odd\\027\\032", "odd??")).collect();
        lines.sort();
        lines
    };
    for (more, questions, answers) in [
        ("  log-queries: yes", true, None),
        ("  log-replies: yes\n  log-time-ascii: yes", false, Some(CLIENT)),
        ("  log-queries: yes\n  log-replies: yes\n  log-tag-queryreply: yes", true, Some(CLIENT)),
    ] {
        let folder = TempDir::new().unwrap();
        let (server, port) = unbound(folder.path(), more, "");
        ask(port);
        drop(server);
        let (format, told) = of_file(&folder.path().join("queries.log"), &settings(port));
        assert_eq!((format.as_str(), told), ("unbound", visible(expected(questions, answers))), "{more}");
    }
}

#[test]
fn unbound_sends_dnstap_to_a_socket() {
    let package = "unbound bind9-dnsutils fstrm-bin";
    if !found(&["unbound", "unbound-checkconf", "dig", "fstrm_capture"], package) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (socket, file) = (path("dnstap.sock"), path("unbound.dnstap"));
    let arguments = ["-ddddd", "-t", "protobuf:dnstap.Dnstap", "-u", &socket, "-w", &file];
    let Some(receiver) = Running::start("fstrm_capture", &arguments, "opened output file") else { return };
    appears(Path::new(&socket));
    let clauses = format!(
        "dnstap:\n  dnstap-enable: yes\n  dnstap-socket-path: \"{socket}\"\n  dnstap-log-client-query-messages: yes\n  \
         dnstap-log-client-response-messages: yes\n"
    );
    let (server, port) = unbound(folder.path(), "", &clauses);
    ask(port);
    // Unbound sends what it has once a second, and forgets it when it ends. The first two frames are of the question
    // that found it ready.
    let all = expected(true, Some(CLIENT));
    receiver.says("processing data frame", 2 + all.len());
    drop(server);
    receiver.stop();
    let (format, told) = of_file(Path::new(&file), &settings(port));
    assert_eq!((format.as_str(), told), ("dnstap", all));
}

#[test]
fn dnsmasq_writes_its_queries_and_replies() {
    if !found(&["dnsmasq", "dig"], "dnsmasq-base bind9-dnsutils") {
        return;
    }
    for (style, client) in [("--log-queries", "-"), ("--log-queries=extra", CLIENT)] {
        let folder = TempDir::new().unwrap();
        let log = folder.path().join("queries.log");
        let asked = Cell::new(0);
        let server = Server::start("dnsmasq", folder.path(), |port| {
            asked.set(port);
            let own = [format!("--port={port}"), format!("--log-facility={}", log.display()), style.to_owned()];
            let common = [
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--no-resolv",
                "--no-hosts",
                "--user=root",
                "--pid-file",
                "--local=/asked.test/",
                "--address=/found.asked.test/192.0.2.80",
            ];
            common.map(str::to_owned).into_iter().chain(own).collect()
        });
        ask(asked.get());
        drop(server);
        let (format, told) = of_file(&log, &settings(asked.get()));
        // dnsmasq does not write names that it cannot show.
        let is_shown = |line: &String| !line.contains("odd");
        let expected: Vec<_> = expected(true, Some(client)).into_iter().filter(is_shown).collect();
        assert_eq!((format.as_str(), told), ("dnsmasq", expected), "{style}");
    }
}

#[test]
fn captures_hold_what_was_asked() {
    let package = "bind9 bind9-dnsutils tcpdump tshark wireshark-common";
    if !found(&["named", "dig", "tcpdump", "tshark", "dumpcap", "editcap", "gzip"], package) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (server, port) = named(folder.path());
    let settings = settings(port);
    let filter = format!("port {port}");
    let tcpdump = |device: &str, link: &str, file: &str| {
        let arguments = ["-i", device, "-y", link, "-U", "-Z", "root", "-w", file, &filter];
        Running::start("tcpdump", &arguments, "listening on")
    };
    let (plain, cooked, ng) = (path("lo.pcap"), path("any.pcap"), path("lo.pcapng"));
    let Some(one) = tcpdump("lo", "EN10MB", &plain) else { return };
    let Some(two) = tcpdump("any", "LINUX_SLL2", &cooked) else { return };
    let dumpcap = ["-i", "lo", "-q", "-w", &ng, "-f", &filter];
    let Some(three) = Running::start("dumpcap", &dumpcap, "File: ") else { return };
    ask(port);
    let all = expected(true, Some(CLIENT));
    for (file, wanted) in [(&plain, "pcap"), (&cooked, "pcap"), (&ng, "pcapng")] {
        let (format, told) = awaited(Path::new(file), &settings, all.len());
        assert_eq!((format.as_str(), told), (wanted, all.clone()), "{file}");
    }
    [one, two, three].into_iter().for_each(Running::stop);
    drop(server);

    // The same packets in other files.
    let (nanoseconds, swapped, packed) = (path("ns.pcap"), path("from-pcap.pcapng"), path("lo.pcap.gz"));
    accepts("editcap", &["-F", "nsecpcap", &ng, &nanoseconds]);
    accepts("editcap", &["-F", "pcapng", &plain, &swapped]);
    accepts("gzip", &["-k", &plain]);
    for (file, wanted) in [(&nanoseconds, "pcap"), (&swapped, "pcapng"), (&packed, "pcap")] {
        let (format, told) = of_file(Path::new(file), &settings);
        assert_eq!((format.as_str(), told), (wanted, all.clone()), "{file}");
    }
    // Two sections, one after the other.
    let both = [fs::read(&ng).unwrap(), fs::read(&swapped).unwrap()].concat();
    assert_eq!(told(&both, &settings).1.len(), 2 * all.len());

    // tshark finds the same names in the same order.
    let decode = [format!("udp.port=={port},dns"), format!("tcp.port=={port},dns")];
    let fields = ["-r", &plain, "-d", &decode[0], "-d", &decode[1], "-Y", "dns", "-T", "fields", "-e", "dns.qry.name"];
    let printed = accepts("tshark", &fields);
    let theirs: Vec<_> =
        printed.lines().filter(|line| line.ends_with(".asked.test") && !line.contains("odd")).collect();
    let (_, ours) = told(&fs::read(&plain).unwrap(), &settings);
    let ours: Vec<_> =
        ours.iter().filter_map(|line| line.rsplit(' ').next()).filter(|name| !name.contains("odd")).collect();
    assert_eq!(theirs, ours);
    assert_eq!(ours.len(), 2 * (ASKED.len() - 1));

    suricata(Path::new(&plain), port, &settings);
}

/// Suricata reads a capture, and its events tell the same.
fn suricata(capture: &Path, port: u16, settings: &Settings) {
    if !found(&["suricata"], "suricata (Debian 12: from bookworm-backports)") {
        return;
    }
    let logs = TempDir::new().unwrap();
    let port = ["udp", "tcp"].map(|kind| format!("app-layer.protocols.dns.{kind}.detection-ports.dp={port}"));
    let (capture, folder) = (capture.to_str().unwrap(), logs.path().to_str().unwrap());
    let rules = logs.path().join("none.rules");
    fs::write(&rules, "").unwrap();
    // Loopback's packets carry no checksums.
    let rules = rules.to_str().unwrap();
    accepts(
        "suricata",
        &["-r", capture, "-S", rules, "-l", folder, "-k", "none", "--set", &port[0], "--set", &port[1]],
    );
    let (format, told) = of_file(&logs.path().join("eve.json"), settings);
    let is_plain = |line: &String| !line.contains("odd");
    let told: Vec<_> = told.into_iter().filter(is_plain).collect();
    let expected: Vec<_> = expected(true, Some(CLIENT)).into_iter().filter(is_plain).collect();
    assert_eq!((format.as_str(), told), ("suricata", expected));
}
