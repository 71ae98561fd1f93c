//! What `dig` and `kdig` see of a sinkhole, as a transcript.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod sinkhole_process;

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use sinkhole_process::{Serving, configure};

/// What both ask, after the server's address and port.
const QUESTIONS: &[&str] = &[
    "held.test A",
    "held.test AAAA",
    "held.test SOA",
    "held.test NS",
    "held.test TXT",
    "held.test MX",
    "held.test DS",
    "a.b.held.test A",
    "a.b.held.test AAAA",
    "a.b.held.test SOA",
    "a.b.held.test NS",
    "a.b.held.test TXT",
    "HeLd.TeSt A",
    "A.b.HeLd.TeSt MX",
    // Another source of names, with an address of its own.
    "other.test A",
    "sub.other.test AAAA",
    // Registered, and not lured.
    "quiet.test A",
    "quiet.test SOA",
    "quiet.test NS",
    "quiet.test TXT",
    "www.quiet.test AAAA",
    "+tcp held.test A",
    "+tcp Sub.held.test SOA",
    "+tcp held.test AAAA",
    // Several questions on one connection.
    "+tcp +keepopen held.test A www.held.test AAAA unknown.example A",
    "+notcp held.test ANY",
    "+notcp www.held.test ANY",
    "+notcp quiet.test ANY",
    "+noedns held.test A",
    "+dnssec other.test A",
    "+bufsize=4096 held.test A",
    "+cookie=0102030405060708 held.test A",
    "+cookie=0102030405060708 unknown.example A",
    "+nsid held.test A",
    "+subnet=203.0.113.0/24 held.test A",
    "+ednsopt=65001:c0ffee held.test A",
    "+tcp held.test AXFR",
    "+tcp held.test IXFR=1",
    "unknown.example A",
    "unknown.example ANY",
    "+tcp unknown.example SOA",
    "held.test CH TXT",
    "version.bind CH TXT",
];

/// What only dig can ask.
const OF_DIG: &[&str] = &[
    "+edns=1 +noednsnegotiation held.test A",
    "+opcode=notify held.test SOA",
    "+opcode=update held.test SOA",
    "+opcode=status held.test SOA",
    "+header-only",
    "+header-only +cookie=0102030405060708",
    "+tcp +keepalive held.test A",
    "+cookie=01020304050607080102030405060708 held.test A",
    "+ignore +noedns held.test AAAA",
    "+ignore +noedns held.test TXT",
    "+cdflag +adflag held.test A",
];

/// What only kdig can ask.
const OF_KDIG: &[&str] = &["+edns=1 held.test A", "+padding=200 held.test A"];

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
    let config = configure(folder.path(), "nsid: ns1.test");
    fs::write(folder.path().join("quiet.txt"), "quiet.test\n").unwrap();
    let text = fs::read_to_string(&config).unwrap();
    let sources = "family: ramnit, answer: { a: [192.0.2.54] } }\n  - { file: quiet.txt, family: quiet, lure: false }";
    fs::write(&config, text.replace("family: ramnit }", sources)).unwrap();
    let serving = Serving::start(folder.path());
    let port = serving.dns.port().to_string();
    let mut transcript = String::new();
    for program in ["dig", "kdig"] {
        let own = if program == "dig" { OF_DIG } else { OF_KDIG };
        for question in QUESTIONS.iter().chain(own) {
            let mut arguments = vec!["@127.0.0.1", "-p", &port, "+retry=0", "+time=30"];
            if program == "dig" {
                // kdig sends no cookie and no EDNS of its own accord, and has no such options.
                arguments.extend(["-r", "+nocookie", "+nocmd"]);
            }
            arguments.extend(question.split(' '));
            let output = Command::new(program).args(&arguments).output().unwrap();
            let mut seen = normal(&String::from_utf8(output.stdout).unwrap());
            if !output.status.success() {
                writeln!(seen, "(exit code {})", output.status.code().unwrap()).unwrap();
            }
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

/// A transcript without what differs from run to run or from version to version: identifiers, times, ports, cookies,
/// sizes of the program's own making, banners, empty lines, runs of blanks.
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
        let line = match line.split_once("0102030405060708") {
            Some((before, cookie)) if cookie.len() >= 32 => format!("{before}0102030405060708 COOKIE{}", &cookie[32..]),
            _ => line,
        };
        let line = match line.split_once("127.0.0.1@") {
            Some((before, behind)) => {
                format!("{before}127.0.0.1@PORT{}", behind.trim_start_matches(|digit: char| digit.is_ascii_digit()))
            }
            None => line,
        };
        normal.push_str(&line);
        normal.push('\n');
    }
    normal
}
