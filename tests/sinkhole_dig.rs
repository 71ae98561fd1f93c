//! What `dig` and `kdig` see of a sinkhole, as a transcript.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod sinkhole_process;

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use sinkhole_process::{Serving, configure};

/// What is asked, after the server's address and port.
const QUESTIONS: &[&str] = &[
    "held.test A",
    "held.test AAAA",
    "held.test SOA",
    "held.test NS",
    "held.test TXT",
    "a.b.held.test A",
    "a.b.held.test AAAA",
    "a.b.held.test SOA",
    "a.b.held.test NS",
    "a.b.held.test TXT",
    "HeLd.TeSt A",
    "A.b.HeLd.TeSt MX",
    "+tcp held.test A",
    "+tcp Sub.held.test SOA",
    "+notcp held.test ANY",
    "+noedns held.test A",
    "+dnssec other.test A",
    "unknown.example A",
    "+tcp unknown.example SOA",
    "held.test CH TXT",
];

#[test]
fn dig_and_kdig_see_an_authority() {
    let missing: Vec<_> =
        ["dig", "kdig"].into_iter().filter(|program| Command::new(program).arg("-v").output().is_err()).collect();
    if !missing.is_empty() {
        let why = format!("{} not found: install bind9-dnsutils and knot-dnsutils", missing.join(" and "));
        assert_ne!(std::env::var("HYDRABANE_REQUIRE").as_deref(), Ok("all"), "{why}");
        println!("skipped: {why}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path(), "");
    let serving = Serving::start(folder.path());
    let port = serving.dns.port().to_string();
    let mut transcript = String::new();
    for program in ["dig", "kdig"] {
        for question in QUESTIONS {
            let mut arguments = vec!["@127.0.0.1", "-p", &port, "+retry=0", "+time=30"];
            if program == "dig" {
                // kdig sends no cookie and no EDNS of its own accord, and has no such options.
                arguments.extend(["-r", "+nocookie", "+nocmd"]);
            }
            arguments.extend(question.split(' '));
            let output = Command::new(program).args(&arguments).output().unwrap();
            assert!(output.status.success(), "{program} {question}: {}", String::from_utf8_lossy(&output.stdout));
            let seen = normal(&String::from_utf8(output.stdout).unwrap());
            write!(transcript, "$ {program} {question}\n{seen}\n").unwrap();
        }
    }
    let (status, _) = serving.terminate();
    assert_eq!(status.code(), Some(0));

    let snapshot = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/snapshots/sinkhole_dig.txt");
    let expected = fs::read_to_string(&snapshot).unwrap_or_default();
    if transcript != expected {
        let actual = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sinkhole_dig.txt");
        fs::write(&actual, &transcript).unwrap();
        let first = transcript.lines().zip(expected.lines()).find(|(seen, wanted)| seen != wanted);
        panic!(
            "the transcript differs from {}; it is in {}; first difference: {first:?}",
            snapshot.display(),
            actual.display()
        );
    }
}

/// A transcript without what differs from run to run or from version to version: identifiers, times, ports, sizes of
/// the program's own making, banners, empty lines, runs of blanks.
fn normal(text: &str) -> String {
    let passing = [";; Query time", ";; SERVER", ";; WHEN", ";; Time", ";; From", ";; global options", ";; Got answer"];
    let mut normal = String::new();
    for line in text.lines() {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let banner = line.starts_with("; <<>>") || line.starts_with("; (1 server");
        if line.is_empty() || banner || passing.iter().any(|start| line.starts_with(start)) {
            continue;
        }
        let line = match line.split_once("id: ") {
            Some((before, _)) if line.starts_with(";; ->>HEADER<<-") => format!("{before}id: ID"),
            _ => line,
        };
        normal.push_str(&line);
        normal.push('\n');
    }
    normal
}
