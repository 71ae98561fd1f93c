//! Resolvers and other servers of different makers with a sinkhole: what it answers is good enough for them to resolve by,
//! and its cookies are theirs.
#![allow(clippy::unwrap_used)]

mod readers;
mod resolver_process;
mod sinkhole_process;

use std::fs;
use std::path::Path;

use resolver_process::{Server, accepts, found, run};
use serde_json::Value;
use sinkhole_process::{Serving, configure, hydrabane};

/// What resolvers and tests need of Debian.
const PACKAGES: &str = "unbound bind9 bind9-utils bind9-dnsutils knot-dnsutils nsd knot";
const PROGRAMS: [&str; 9] =
    ["unbound", "unbound-checkconf", "named", "named-checkconf", "dig", "kdig", "nsd", "nsd-checkconf", "knotd"];

/// A sinkhole that holds `held.test`, `other.test` and `quiet.test`, which is not lured; `more` is added to its
/// configuration, and `changes` are made in it.
fn sinkhole(folder: &Path, more: &str, changes: &[(&str, &str)]) -> Serving {
    let config = configure(folder, more);
    fs::write(folder.join("quiet.txt"), "quiet.test\n").unwrap();
    let quiet = "family: ramnit }\n  - { file: quiet.txt, family: quiet, lure: false }";
    let mut text = fs::read_to_string(&config).unwrap();
    for (from, to) in [("family: ramnit }", quiet)].iter().chain(changes) {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    fs::write(&config, text).unwrap();
    Serving::start(folder)
}

/// An unbound that asks the sinkhole for everything below `test`, with the least that RFC 9156 lets it ask.
fn unbound(folder: &Path, upstream: &Serving) -> Server {
    let more = "  module-config: \"iterator\"
  local-zone: \"test.\" nodefault
  qname-minimisation: yes
  qname-minimisation-strict: yes
  harden-below-nxdomain: yes
  harden-referral-path: no
  use-caps-for-id: yes";
    let stub = format!("stub-zone:\n  name: \"test.\"\n  stub-addr: 127.0.0.1@{}", upstream.dns.port());
    Server::unbound(folder, more, &stub)
}

/// A named that forwards to the sinkhole, with cookies as it has them by default.
fn named(folder: &Path, upstream: &Serving) -> Server {
    let options = format!(
        "recursion yes; dnssec-validation no; forward only; forwarders {{ 127.0.0.1 port {}; }};",
        upstream.dns.port()
    );
    Server::named(folder, &options, "")
}

/// An NSD with the zone `example` and a secret for cookies.
fn nsd(folder: &Path, secret: &str) -> Server {
    Server::start("nsd", folder, |port| {
        let folder = folder.to_str().unwrap();
        let text = format!(
            "server:
  ip-address: 127.0.0.1@{port}
  username: \"\"
  chroot: \"\"
  zonesdir: \"{folder}\"
  pidfile: \"{folder}/nsd.pid\"
  database: \"\"
  xfrdfile: \"\"
  zonelistfile: \"{folder}/nsd.list\"
  xfrdir: \"{folder}\"
  cookie-secret-file: \"{folder}/nsd.cookies\"
  answer-cookie: yes
  cookie-secret: {secret}
remote-control:
  control-enable: no
zone:
  name: example
  zonefile: example.zone
"
        );
        let path = format!("{folder}/nsd.conf");
        fs::write(&path, text).unwrap();
        accepts("nsd-checkconf", &[&path]);
        vec!["-d".into(), "-c".into(), path]
    })
}

/// A Knot with the zone `example` and a secret for cookies.
fn knot(folder: &Path, secret: &str) -> Server {
    Server::start("knotd", folder, |port| {
        let folder = folder.to_str().unwrap();
        let text = format!(
            "server:
  listen: 127.0.0.1@{port}
  rundir: \"{folder}/knot\"
database:
  storage: \"{folder}/knot\"
mod-cookies:
  - id: default
    secret: \"0x{secret}\"
template:
  - id: default
    global-module: mod-cookies/default
zone:
  - domain: example
    storage: \"{folder}\"
    file: example.zone
"
        );
        let path = format!("{folder}/knot.conf");
        fs::create_dir_all(format!("{folder}/knot")).unwrap();
        fs::write(&path, text).unwrap();
        vec!["-c".into(), path]
    })
}

/// The questions that a store holds, once its sinkhole has ended.
fn questions(serving: Serving) -> Vec<Value> {
    let events = serving.events();
    let (status, _) = serving.terminate();
    assert_eq!(status.code(), Some(0));
    let output = hydrabane(&["sinkhole", "export", "--format", "jsonl", "--store", events.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = output.stdout.split(|octet| *octet == b'\n');
    let events: Vec<Value> = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
    events.into_iter().filter(|event| event["kind"] == "dns").collect()
}

/// Whether some question is for a name (in any case) and type.
fn asked(questions: &[Value], name: &str, kind: &str) -> usize {
    let is = |question: &&Value| {
        question["name"].as_str().unwrap().eq_ignore_ascii_case(name) && question["type"].as_str().unwrap() == kind
    };
    questions.iter().filter(is).count()
}

#[test]
fn resolvers_take_what_is_answered() {
    if !found(&PROGRAMS, PACKAGES) {
        return;
    }
    for resolver in [unbound, named] {
        let folder = tempfile::tempdir().unwrap();
        let serving = sinkhole(folder.path(), "", &[]);
        let server = resolver(folder.path(), &serving);
        let texts = server.ask("held.test", "TXT");
        assert!(texts.contains("\"v=spf1 -all\"") && texts.contains("abuse@sinkhole.example"), "{texts}");
        for (name, kind, expected) in [
            ("held.test", "A", "NOERROR A 192.0.2.53"),
            ("held.test", "AAAA", "NOERROR AAAA 2001:db8::53"),
            ("a.b.c.held.test", "A", "NOERROR A 192.0.2.53"),
            ("held.test", "SOA", "NOERROR SOA ns1.sinkhole.example. abuse.sinkhole.example. 1 3600 600 1209600 60"),
            ("held.test", "MX", "NOERROR MX 0 ."),
            ("www.held.test", "TXT", "NOERROR"),
            ("www.held.test", "HTTPS", "NOERROR"),
            ("other.test", "A", "NOERROR A 192.0.2.53"),
            ("quiet.test", "A", "NXDOMAIN"),
            ("www.quiet.test", "AAAA", "NXDOMAIN"),
            // Refused, as everything of strangers: not that it did not exist.
            ("stranger.test", "A", "SERVFAIL"),
            // The last: who follows these servers leaves the machine.
            ("held.test", "NS", "NOERROR NS ns1.sinkhole.example. NS ns2.sinkhole.example."),
        ] {
            // The second answer comes out of the cache.
            for _ in 0..2 {
                let mut answer = server.ask(name, kind);
                if kind == "NS" {
                    let mut servers: Vec<_> = answer.split(" NS ").collect();
                    servers[1..].sort_unstable();
                    answer = servers.join(" NS ");
                }
                assert_eq!(answer, expected, "{name} {kind}");
            }
        }
        let questions = questions(serving);
        for (name, kind) in [("held.test", "A"), ("held.test", "AAAA"), ("www.held.test", "TXT"), ("held.test", "MX")] {
            assert!(asked(&questions, name, kind) >= 1, "{name} {kind}: {questions:?}");
        }
        // Negative answers are cached as positive ones are.
        assert_eq!(asked(&questions, "www.held.test", "TXT"), 1);
        assert!(asked(&questions, "quiet.test", "A") <= 1);
        assert!(asked(&questions, "www.quiet.test", "AAAA") <= 1);
    }
}

#[test]
fn negative_answers_are_cached_as_long_as_is_said() {
    if !found(&PROGRAMS, PACKAGES) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let serving = sinkhole(folder.path(), "", &[("negative_ttl: 60", "negative_ttl: 7200")]);
    // Longest time for which each caches a negative answer by default: `cache-max-negative-ttl`, `max-ncache-ttl`.
    for (resolver, longest) in [(unbound as fn(&Path, &Serving) -> Server, 3600), (named, 10_800)] {
        let server = resolver(folder.path(), &serving);
        let port = server.port().to_string();
        for question in [["www.held.test", "TXT"], ["www.quiet.test", "A"]] {
            let mut arguments = vec!["-r", "@127.0.0.1", "-p", &port, "+noall", "+authority"];
            arguments.extend(question);
            let printed = accepts("dig", &arguments);
            let ttl: u32 = printed.split_whitespace().nth(1).unwrap().parse().unwrap();
            // Not the 300 seconds of positive answers.
            assert!((301..=longest.min(7200)).contains(&ttl), "{printed}");
        }
    }
}

#[test]
fn what_does_not_fit_and_what_is_limited_comes_over_tcp() {
    if !found(&PROGRAMS, PACKAGES) {
        return;
    }
    let addresses: Vec<String> = (1..=16).map(|last| format!("192.0.2.{last}")).collect();
    let list = format!("a: [{}]", addresses.join(", "));
    for (resolver, has_cookies) in [(unbound as fn(&Path, &Serving) -> Server, false), (named, true)] {
        let folder = tempfile::tempdir().unwrap();
        let limit = "rate_limit: { per_second: 1, slip: 1 }";
        let serving = sinkhole(folder.path(), limit, &[("a: [\"192.0.2.53\"]", &list)]);
        let server = resolver(folder.path(), &serving);
        for index in 0..20 {
            let answer = server.ask(&format!("bot{index}.held.test"), "A");
            assert_eq!(answer.matches(" A 192.0.2.").count(), 16, "{answer}");
        }
        let questions = questions(serving);
        let with = |key: &str, value: Value| questions.iter().filter(|event| event[key] == value).count();
        let (over_tcp, confirmed) = (with("transport", "tcp".into()), with("valid_cookie", true.into()));
        // Unbound sends no cookies, so that each answer came over TCP. BIND learns one with its first question.
        assert!(over_tcp + confirmed >= 20, "{over_tcp} over TCP, {confirmed} confirmed of {}", questions.len());
        assert_eq!((over_tcp >= 20, confirmed >= 20), if has_cookies { (false, true) } else { (true, false) });
    }
}

/// The cookie in what dig or kdig printed.
fn cookie(printed: &str) -> String {
    let line = printed.lines().find_map(|line| line.split_once("COOKIE: ")).unwrap_or_else(|| panic!("{printed}"));
    line.1.split_whitespace().next().unwrap().to_lowercase()
}

#[test]
fn cookies_are_those_of_other_servers_too() {
    if !found(&PROGRAMS, PACKAGES) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let secret = "e5e973e5a6b2a43f48e7dc849e37bfcf";
    let old = "445536bcd2513298075a5d379663c962";
    let more = format!("cookies: {{ secret: \"{secret}\", previous: [\"{old}\"] }}");
    let serving = sinkhole(folder.path(), &more, &[]);
    let ask = |program: &str, port: u16, more: &str, name: &str| {
        let mut arguments = vec!["@127.0.0.1".to_owned(), "-p".to_owned(), port.to_string(), "+retry=0".to_owned()];
        arguments.extend(["+notcp".to_owned(), "+ignore".to_owned(), more.to_owned(), name.to_owned(), "A".to_owned()]);
        if program == "dig" {
            arguments.insert(0, "-r".to_owned());
            arguments.push("+nobadcookie".to_owned());
        }
        String::from_utf8(run(program, &arguments.iter().map(String::as_str).collect::<Vec<_>>()).stdout).unwrap()
    };
    let port = serving.dns.port();

    // dig and kdig get a cookie, and give it back; dig says whether the client's part is its own.
    for program in ["dig", "kdig"] {
        let given = cookie(&ask(program, port, "+cookie=0102030405060708", "learn.held.test"));
        assert_eq!(given.len(), 48);
        let printed = ask(program, port, &format!("+cookie={given}"), &format!("{program}.held.test"));
        assert_eq!(cookie(&printed), given, "it is still fresh");
        assert!(program == "kdig" || printed.contains("(good)"), "{printed}");
        let wrong = if given.ends_with("00") { "01" } else { "00" };
        ask(program, port, &format!("+cookie={}{wrong}", &given[..46]), &format!("wrong-{program}.held.test"));
    }

    // BIND with the same secret, which answers nothing over UDP without a good cookie, takes what the sinkhole gave, and
    // gives what the sinkhole takes. So it does with the secret of before.
    let zone = "$TTL 60\n@ IN SOA ns hostmaster 1 3600 600 86400 60\n@ IN NS ns\nns IN A 192.0.2.1\n";
    fs::write(folder.path().join("example.zone"), zone).unwrap();
    let named = |secret: &str| {
        let options = format!(
            "recursion no; answer-cookie yes; require-server-cookie yes; cookie-algorithm siphash24; \
            cookie-secret \"{secret}\";"
        );
        let clause = "zone \"example\" { type primary; file \"example.zone\"; };";
        Server::named(folder.path(), &options, clause)
    };
    let server = named(secret);
    let given = cookie(&ask("dig", port, "+cookie=1112131415161718", "learn.held.test"));
    let printed = ask("dig", server.port(), &format!("+cookie={given}"), "ns.example");
    assert!(printed.contains("status: NOERROR") && printed.contains("192.0.2.1"), "{printed}");
    let printed = ask("dig", server.port(), "+cookie=2122232425262728", "ns.example");
    assert!(printed.contains("status: BADCOOKIE"), "{printed}");
    let from_bind = cookie(&printed);
    ask("dig", port, &format!("+cookie={from_bind}"), "bind.held.test");
    drop(server);
    // So do NSD and Knot, of which Knot answers nothing without a good cookie.
    let server = nsd(folder.path(), secret);
    let from_nsd = cookie(&ask("dig", server.port(), "+cookie=4142434445464748", "ns.example"));
    ask("dig", port, &format!("+cookie={from_nsd}"), "nsd.held.test");
    drop(server);
    let server = knot(folder.path(), secret);
    let printed = ask("dig", server.port(), &format!("+cookie={given}"), "ns.example");
    assert!(printed.contains("status: NOERROR") && printed.contains("192.0.2.1"), "{printed}");
    let printed = ask("dig", server.port(), "+cookie=5152535455565758", "ns.example");
    assert!(printed.contains("status: BADCOOKIE"), "{printed}");
    ask("dig", port, &format!("+cookie={}", cookie(&printed)), "knot.held.test");
    drop(server);
    let server = named(old);
    let from_old = cookie(&ask("dig", server.port(), "+cookie=3132333435363738", "ns.example"));
    let printed = ask("dig", port, &format!("+cookie={from_old}"), "old.held.test");
    let renewed = cookie(&printed);
    assert_ne!(renewed, from_old, "it is replaced by one of the new secret");
    ask("dig", port, &format!("+cookie={renewed}"), "renewed.held.test");

    let questions = questions(serving);
    let valid = |name: &str| {
        let of_name: Vec<_> = questions.iter().filter(|event| event["name"] == name).collect();
        assert!(!of_name.is_empty(), "{name}: {questions:?}");
        of_name.iter().all(|event| event["valid_cookie"] == true)
    };
    for name in ["dig", "kdig", "bind", "nsd", "knot", "old", "renewed"] {
        assert!(valid(&format!("{name}.held.test")), "{name}");
    }
    for name in ["learn", "wrong-dig", "wrong-kdig"] {
        assert!(!valid(&format!("{name}.held.test")), "{name}");
    }
}
