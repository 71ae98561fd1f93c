//! What blocking formats do in the programs that read them: they accept the files, and the names are blocked.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod readers;
mod resolver_process;
mod sinkhole_process;

use std::fs;
use std::path::Path;
use std::process::Output;

use resolver_process::{Server, accepts, found, path_of, printed, refuses, run};
use sinkhole_process::{Serving, configure, hydrabane};

/// The first name of the families below on the day of the exports.
const LISTED: &str = "xwljsvffkf.biz";
/// The families of most exports, and their day.
const NAMES: &str = "conficker ramnit --date 2026-11-22";
/// What the sinkhole holds that stands behind each resolver, and its addresses: a name on no list.
const FREE: &str = "held.test";
const FREE_ANSWER: &str = "NOERROR A 192.0.2.53";

/// Exports into a file or folder below `folder`, and returns its path.
#[track_caller]
fn export(folder: &Path, arguments: &str, output: &str) -> String {
    let path = folder.join(output).to_str().unwrap().to_owned();
    let mut all = vec!["export"];
    all.extend(arguments.split(' '));
    all.extend(["-o", &path]);
    let made = hydrabane(&all);
    assert!(made.status.success(), "{arguments}: {}", printed(&made));
    path
}

/// Names of a list of plain names, for whole-list checks.
fn listed(folder: &Path, names: &str) -> Vec<String> {
    let plain = export(folder, &format!("plain {names} --set head=false"), "plain.txt");
    fs::read_to_string(plain).unwrap().lines().map(str::to_owned).collect()
}

/// A sinkhole that holds [`FREE`] and refuses whatever else it is asked: the only server that a resolver can reach.
fn sinkhole(folder: &Path) -> Serving {
    configure(folder, "");
    Serving::start(folder)
}

/// An Unbound that reads `clauses` and asks `upstream` about everything else.
fn unbound(folder: &Path, upstream: &Serving, modules: &str, clauses: &str) -> Server {
    let more = format!("  module-config: \"{modules}\"\n  local-zone: \"test.\" nodefault");
    let port = upstream.dns.port();
    let clauses = format!("forward-zone:\n  name: \".\"\n  forward-addr: 127.0.0.1@{port}\n{clauses}");
    Server::unbound(folder, &more, &clauses)
}

#[test]
fn hosts_files_are_lines_of_an_address_and_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let names = listed(folder.path(), NAMES);
    let hosts = export(folder.path(), &format!("hosts {NAMES} --set addresses=0.0.0.0,::"), "hosts");
    let text = fs::read_to_string(&hosts).unwrap();
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    let expected: Vec<_> = names.iter().flat_map(|name| [format!("0.0.0.0 {name}"), format!(":: {name}")]).collect();
    assert_eq!(lines, expected);

    // CoreDNS, Pi-hole and dnsmasq read the same form; dnsmasq shows what it makes of it.
    if !found(&["dnsmasq", "dig"], "dnsmasq-base bind9-dnsutils") {
        return;
    }
    let server = dnsmasq(folder.path(), &format!("addn-hosts={hosts}"));
    assert_eq!(server.ask(LISTED, "A"), "NOERROR A 0.0.0.0");
    assert_eq!(server.ask(LISTED, "AAAA"), "NOERROR AAAA ::");
    assert_eq!(server.ask(FREE, "A"), "REFUSED");
}

/// A dnsmasq that reads `lines` and asks nobody else: it refuses what it does not know.
fn dnsmasq(folder: &Path, lines: &str) -> Server {
    Server::start("dnsmasq", folder, |port| {
        let path = folder.join("own.conf").to_str().unwrap().to_owned();
        let user = String::from_utf8(run("id", &["-un"]).stdout).unwrap();
        let user = user.trim();
        let own = format!(
            "port={port}\nlisten-address=127.0.0.1\nbind-interfaces\nno-resolv\nno-hosts\nno-daemon\nuser={user}\n{lines}\n"
        );
        fs::write(&path, own).unwrap();
        vec![format!("--conf-file={path}"), "--pid-file=".into()]
    })
}

#[test]
fn dnsmasq_answers_for_listed_names_only() {
    if !found(&["dnsmasq", "dig"], "dnsmasq-base bind9-dnsutils") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let below = format!("www.{LISTED}");
    for (policy, a, aaaa) in [
        ("nxdomain", "NXDOMAIN", "NXDOMAIN"),
        ("zero", "NOERROR A 0.0.0.0", "NOERROR AAAA ::"),
        ("192.0.2.7,2001:db8::7", "NOERROR A 192.0.2.7", "NOERROR AAAA 2001:db8::7"),
    ] {
        let conf = export(folder.path(), &format!("dnsmasq {NAMES} --set policy={policy}"), "blocked.conf");
        let checked = accepts("dnsmasq", &["--test", &format!("--conf-file={conf}")]);
        assert!(checked.contains("syntax check OK"), "{checked}");
        let server = dnsmasq(folder.path(), &format!("conf-file={conf}"));
        for name in [LISTED, &below] {
            assert_eq!((server.ask(name, "A").as_str(), server.ask(name, "AAAA").as_str()), (a, aaaa), "{policy}");
        }
        assert_eq!(server.ask(FREE, "A"), "REFUSED", "{policy}");
    }

    // A head that is longer than dnsmasq's lines stays a comment.
    let long = format!("dnsmasq conficker --date 2026-11-22{}", " conficker".repeat(200));
    let conf = export(folder.path(), &long, "long.conf");
    assert!(fs::read_to_string(&conf).unwrap().lines().take_while(|line| line.starts_with('#')).count() > 1);
    accepts("dnsmasq", &["--test", &format!("--conf-file={conf}")]);

    let broken = folder.path().join("broken.conf");
    fs::write(&broken, "adress=/a.test/\n").unwrap();
    refuses("dnsmasq", &["--test", &format!("--conf-file={}", broken.display())]);
}

#[test]
fn unbound_answers_for_its_local_zones() {
    if !found(&["unbound", "unbound-checkconf", "dig"], "unbound bind9-dnsutils") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let upstream = sinkhole(folder.path());
    let below = format!("www.{LISTED}");
    for (policy, expected) in [
        ("nxdomain", "NXDOMAIN"),
        ("nodata", "NOERROR"),
        ("refuse", "REFUSED"),
        ("zero", "NOERROR A 0.0.0.0"),
        ("192.0.2.7,2001:db8::7", "NOERROR A 192.0.2.7"),
        ("held.test", "NOERROR CNAME held.test. A 192.0.2.53"),
    ] {
        let conf = export(folder.path(), &format!("unbound {NAMES} --set policy={policy}"), "blocked.conf");
        accepts("unbound-checkconf", &[&conf]);
        let server = unbound(folder.path(), &upstream, "iterator", &format!("include: \"{conf}\""));
        for name in [LISTED, &below] {
            assert_eq!(server.ask(name, "A"), expected, "{policy}: {name}");
        }
        // A name on no list is looked up as ever, and one that nobody knows fails in another way.
        assert_eq!(server.ask(FREE, "A"), FREE_ANSWER, "{policy}");
        assert_eq!(server.ask("unlisted.example", "A"), "SERVFAIL", "{policy}");
    }
    let drop = export(folder.path(), &format!("unbound {NAMES} --set policy=drop"), "drop.conf");
    accepts("unbound-checkconf", &[&drop]);
    assert!(fs::read_to_string(&drop).unwrap().contains(&format!("local-zone: \"{LISTED}.\" always_deny\n")));

    let text = fs::read_to_string(&drop).unwrap().replacen("always_deny", "always_denied", 1);
    fs::write(&drop, text).unwrap();
    refuses("unbound-checkconf", &[&drop]);
}

#[test]
fn unbound_applies_the_policy_zone() {
    if !found(&["unbound", "unbound-checkconf", "dig"], "unbound bind9-dnsutils") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let upstream = sinkhole(folder.path());
    let below = format!("www.{LISTED}");
    let with_zone = |arguments: &str| {
        let zone = export(folder.path(), &format!("rpz {arguments}"), "rpz.zone");
        let clauses = format!("rpz:\n  name: rpz.hydrabane\n  zonefile: \"{zone}\"\n");
        unbound(folder.path(), &upstream, "respip iterator", &clauses)
    };
    for (policy, expected) in [
        ("nxdomain", "NXDOMAIN"),
        ("nodata", "NOERROR"),
        ("passthru", "SERVFAIL"),
        ("192.0.2.7,2001:db8::7", "NOERROR A 192.0.2.7"),
        ("held.test", "NOERROR CNAME held.test. A 192.0.2.53"),
    ] {
        let server = with_zone(&format!("{NAMES} --set policy={policy}"));
        for name in [LISTED, &below] {
            assert_eq!(server.ask(name, "A"), expected, "{policy}: {name}");
        }
        assert_eq!(server.ask(FREE, "A"), FREE_ANSWER, "{policy}");
        assert_eq!(server.ask("unlisted.example", "A"), "SERVFAIL", "{policy}");
    }
    let server = with_zone(&format!("{NAMES} --set wildcards=false"));
    assert_eq!((server.ask(LISTED, "A").as_str(), server.ask(&below, "A").as_str()), ("NXDOMAIN", "SERVFAIL"));

    // An answer that holds the address of a custom name server: IPv4, IPv6, single and within a prefix.
    for address in ["192.0.2.53", "192.0.2.0/24"] {
        let server = with_zone(&format!("--address {address}"));
        assert_eq!(server.ask(FREE, "A"), "NXDOMAIN", "{address}");
        assert_eq!(server.ask(FREE, "AAAA"), "NOERROR AAAA 2001:db8::53", "{address}");
    }
    for address in ["2001:db8::53", "2001:db8::/48"] {
        let server = with_zone(&format!("--address {address}"));
        assert_eq!(server.ask(FREE, "AAAA"), "NXDOMAIN", "{address}");
        assert_eq!(server.ask(FREE, "A"), FREE_ANSWER, "{address}");
    }
    // A name that is served at such an address, whatever its own address is.
    let server = with_zone("--address 127.0.0.1");
    assert_eq!(server.ask(FREE, "A"), "NXDOMAIN");
    assert_eq!(server.ask(FREE, "AAAA"), "NXDOMAIN");
}

/// A named that reads `clauses` and sends everything else to `upstream`.
fn named(folder: &Path, upstream: &Serving, options: &str, clauses: &str) -> Server {
    let port = upstream.dns.port();
    let forward = format!("forward only; forwarders {{ 127.0.0.1 port {port}; }};");
    let options = format!("recursion yes; dnssec-validation no; qname-minimization off; {forward} {options}");
    Server::named(folder, &options, clauses)
}

#[test]
fn bind_applies_the_policy_zone() {
    if !found(&["named", "named-checkconf", "named-checkzone", "dig"], "bind9 bind9-utils bind9-dnsutils") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let upstream = sinkhole(folder.path());
    let with_zone = |arguments: &str| {
        let zone = export(folder.path(), &format!("rpz {arguments}"), "rpz.zone");
        accepts("named-checkzone", &["rpz.hydrabane", &zone]);
        let options = "response-policy { zone \"rpz.hydrabane\"; } qname-wait-recurse no;";
        let clauses = format!("zone \"rpz.hydrabane\" {{ type master; file \"{zone}\"; allow-query {{ none; }}; }};\n");
        named(folder.path(), &upstream, options, &clauses)
    };
    let below = format!("www.{LISTED}");
    let server = with_zone(NAMES);
    for name in [LISTED, &below] {
        assert_eq!(server.ask(name, "A"), "NXDOMAIN", "{name}");
    }
    assert_eq!(server.ask(FREE, "A"), FREE_ANSWER);
    assert_eq!(server.ask("unlisted.example", "A"), "SERVFAIL");

    // BIND says so when it finds a trigger's address misspelled, or not spelled as it would itself.
    let server = with_zone(
        "--address 192.0.2.0/24 --address 203.0.113.5 --address 2001:db8::/48 --address 2001:db8:0:0:1:0:0:6 \
         --address 2001:db8:0:1:2:3:4:5 --address ::1 --address ff00::/8",
    );
    assert_eq!(server.ask(FREE, "A"), "NXDOMAIN");
    assert_eq!(server.ask(FREE, "AAAA"), "NXDOMAIN");
    let log = server.log();
    assert!(!log.contains("rpz IP address"), "{log}");
    drop(server);

    let zone = export(folder.path(), "rpz --address 2001:db8::53", "rpz.zone");
    let text = fs::read_to_string(&zone).unwrap().replace(".zz.", ".0.0.0.0.0.");
    fs::write(&zone, text).unwrap();
    let clauses = format!("zone \"rpz.hydrabane\" {{ type master; file \"{zone}\"; }};\n");
    let server = named(folder.path(), &upstream, "response-policy { zone \"rpz.hydrabane\"; };", &clauses);
    assert!(server.log().contains("is not the canonical \"128.53.zz.db8.2001\""), "{}", server.log());
}

#[test]
fn policy_zones_pass_named_checkzone() {
    if !found(&["named-checkzone"], "bind9-utils") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for settings in [
        "policy=nxdomain",
        "policy=nodata",
        "policy=drop",
        "policy=passthru",
        "policy=tcp-only",
        "policy=192.0.2.7,2001:db8::7",
        "policy=warn.example.org",
        "ttl=60 --set serial=7",
    ] {
        let arguments = format!("rpz {NAMES} --address 203.0.113.0/28 --address 2001:db8::/32 --set {settings}");
        let zone = export(folder.path(), &arguments, "rpz.zone");
        let said = accepts("named-checkzone", &["rpz.hydrabane", &zone]);
        let serial = if settings.contains("serial") { "7" } else { "2026112200" };
        assert!(said.contains(&format!("loaded serial {serial}")), "{said}");
    }
    // The zone's name is part of the file: under another one it is refused, not empty.
    let zone = export(folder.path(), &format!("rpz {NAMES} --set zone=rpz.example"), "rpz.zone");
    accepts("named-checkzone", &["rpz.example", &zone]);
    refuses("named-checkzone", &["rpz.hydrabane", &zone]);
}

#[test]
fn hundreds_of_thousands_of_names() {
    if !found(&["named-checkzone", "unbound-checkconf"], "bind9-utils unbound") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let names = "conficker --from 2026-11-22 --days 800";
    let zone = export(folder.path(), &format!("rpz {names}"), "rpz.zone");
    let rules = fs::read_to_string(&zone).unwrap().lines().filter(|line| line.ends_with(" CNAME .")).count();
    assert!(rules > 300_000, "{rules}");
    accepts("named-checkzone", &["rpz.hydrabane", &zone]);
    let conf = export(folder.path(), &format!("unbound {names}"), "blocked.conf");
    accepts("unbound-checkconf", &[&conf]);
}

#[test]
fn bind_holds_zones_of_its_own() {
    if !found(&["named", "named-checkconf", "named-checkzone", "dig"], "bind9 bind9-utils bind9-dnsutils") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let upstream = sinkhole(folder.path());
    let below = format!("www.{LISTED}");
    for (policy, apex, under) in
        [("empty", "NOERROR", "NXDOMAIN"), ("192.0.2.7,2001:db8::7", "NOERROR A 192.0.2.7", "NOERROR A 192.0.2.7")]
    {
        let place = folder.path().join("bind").to_str().unwrap().to_owned();
        let zones = export(
            folder.path(),
            &format!("bind {NAMES} --set policy={policy} --set folder={place} --replace"),
            "bind",
        );
        accepts("named-checkzone", &[LISTED, &format!("{zones}/blocked.zone")]);
        accepts("named-checkconf", &["-z", &format!("{zones}/zones.conf")]);
        let server = named(folder.path(), &upstream, "", &format!("include \"{zones}/zones.conf\";"));
        assert_eq!(server.ask(LISTED, "A"), apex, "{policy}");
        assert_eq!(server.ask(&below, "A"), under, "{policy}");
        assert_eq!(server.ask(FREE, "A"), FREE_ANSWER, "{policy}");
    }
    let conf = folder.path().join("bind/zones.conf");
    let text = fs::read_to_string(&conf).unwrap().replacen("; notify no", " notify no", 1);
    fs::write(&conf, text).unwrap();
    refuses("named-checkconf", &[conf.to_str().unwrap()]);
}

#[test]
fn nsd_holds_zones_of_its_own() {
    if !found(&["nsd", "nsd-checkconf", "nsd-checkzone", "dig"], "nsd bind9-dnsutils") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let below = format!("www.{LISTED}");
    for (policy, apex, under) in
        [("empty", "NOERROR", "NXDOMAIN"), ("192.0.2.7,2001:db8::7", "NOERROR A 192.0.2.7", "NOERROR A 192.0.2.7")]
    {
        let place = folder.path().join("nsd").to_str().unwrap().to_owned();
        let zones =
            export(folder.path(), &format!("nsd {NAMES} --set policy={policy} --set folder={place} --replace"), "nsd");
        accepts("nsd-checkzone", &[LISTED, &format!("{zones}/blocked.zone")]);
        accepts("nsd-checkconf", &[&format!("{zones}/zones.conf")]);
        let server = Server::start("nsd", folder.path(), |port| {
            let folder = folder.path().to_str().unwrap();
            let text = format!(
                "server:
  ip-address: 127.0.0.1
  port: {port}
  username: \"\"
  chroot: \"\"
  zonesdir: \"{folder}\"
  database: \"\"
  pidfile: \"\"
  zonelistfile: \"{folder}/zone.list\"
  xfrdfile: \"{folder}/xfrd.state\"
  xfrdir: \"{folder}\"
  cookie-secret-file: \"{folder}/cookies\"
remote-control:
  control-enable: no
include: \"{zones}/zones.conf\"
"
            );
            let path = format!("{folder}/nsd.conf");
            fs::write(&path, text).unwrap();
            accepts("nsd-checkconf", &[&path]);
            vec!["-d".into(), "-c".into(), path]
        });
        assert_eq!(server.ask(LISTED, "A"), apex, "{policy}");
        assert_eq!(server.ask(&below, "A"), under, "{policy}");
        assert_eq!(server.ask(FREE, "A"), "REFUSED", "{policy}");
    }
    let zone = folder.path().join("nsd/blocked.zone");
    let text = fs::read_to_string(&zone).unwrap().replace("@ A 192.0.2.7", "@ A 192.0.2.777");
    fs::write(&zone, text).unwrap();
    refuses("nsd-checkzone", &[LISTED, zone.to_str().unwrap()]);
}

#[test]
fn nft_takes_the_rules() {
    if !found(&["nft"], "nftables") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.nft");
    fs::write(&empty, "table inet hydrabane_test\n").unwrap();
    // nft asks the kernel, which answers those who may change rules: at least in a network of their own.
    let nft = path_of("nft").unwrap().to_str().unwrap().to_owned();
    let own = ["unshare", "--map-root-user", "--net", &nft];
    let Some(nft) = [&["nft"][..], &own].into_iter().find(|nft| check(nft, empty.to_str().unwrap()).status.success())
    else {
        // No program is missing, and no test can give itself the right.
        println!("skipped: the kernel does not let nft check rules; it needs CAP_NET_ADMIN");
        return;
    };
    for arguments in [
        "--address 203.0.113.5",
        "--address 2001:db8::53 --set ports=all",
        // Prefixes within others and beside each other, and one twice.
        "--address 198.51.100.0/24 --address 198.51.100.7 --address 198.51.101.0/24 --address 198.51.100.7 \
         --address 2001:db8::/32 --address 2001:db8::53 --set ports=53,853 --set action=reject --set log=true",
        "--address 203.0.113.5 --set table=custom_servers --set ports=5353",
    ] {
        let rules = export(folder.path(), &format!("nftables {arguments}"), "rules.nft");
        let checked = check(nft, &rules);
        assert!(checked.status.success(), "{arguments}: {}", printed(&checked));
    }
    let rules = export(folder.path(), "nftables --address 203.0.113.5", "rules.nft");
    let text = fs::read_to_string(&rules).unwrap().replace("counter drop", "counter dropped");
    fs::write(&rules, text).unwrap();
    assert!(!check(nft, &rules).status.success());
}

/// In a network of its own, a question to a listed server is dropped, and one to its neighbour is not; the rules are
/// loaded twice, because a list replaces the one of yesterday.
#[test]
fn a_scenario_tells_its_custom_name_servers() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/ozdok.yaml");
    let rules = export(folder.path(), &format!("nftables --scenario {}", scenario.display()), "ozdok.nft");
    let rules = fs::read_to_string(rules).unwrap();
    for server in ["198.51.100.5/32", "203.0.113.5/32"] {
        assert!(rules.contains(server), "{server} is missing: {rules}");
    }
}

#[test]
fn the_rules_stop_questions_to_custom_name_servers() {
    if !found(&["nft", "unshare", "ip", "dig"], "nftables util-linux iproute2 bind9-dnsutils") {
        return;
    }
    let own = ["--map-root-user", "--net", "sh", "-c"];
    let path = "PATH=$PATH:/usr/sbin:/sbin";
    if !run("unshare", &[&own[..], &[&format!("{path}; ip link set lo up && nft list ruleset")]].concat())
        .status
        .success()
    {
        println!("skipped: the kernel gives no network of one's own to change rules in");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let rules = export(folder.path(), "nftables --address 127.0.0.9", "rules.nft");
    for (server, expected) in [("127.0.0.9", "counter packets 1 "), ("127.0.0.8", "counter packets 0 ")] {
        let script = format!(
            "{path}; ip link set lo up && nft -f '{rules}' && nft -f '{rules}' || exit 1
dig -r @{server} +tries=1 +time=1 +notcp listed.invalid && exit 1
nft list chain inet hydrabane stop"
        );
        let said = accepts("unshare", &[&own[..], &[&script]].concat());
        assert!(said.contains(expected), "{server}: {said}");
    }
}

/// Lets nft, as it is called, check a file of rules without applying them.
fn check(nft: &[&str], rules: &str) -> Output {
    run(nft[0], &[&nft[1..], &["-c", "-f", rules]].concat())
}

/// What a format must not write is said before a file is there.
#[test]
fn what_cannot_be_written_is_refused_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("refused").to_str().unwrap().to_owned();
    let long = format!("zone={}", ["a"; 122].join("."));
    for (arguments, said) in [
        (vec!["rpz", "--address", "0.0.0.0/0"], "`0.0.0.0/0` is every address"),
        (vec!["nftables", "--address", "::/0"], "`::/0` is every address"),
        (vec!["rpz", "conficker", "--set", "policy=nxdomian"], "`nxdomian` is neither one of `nxdomain`"),
        (vec!["rpz", "conficker", "--set", &long], "give the zone a shorter name"),
        (vec!["unbound", "conficker", "--set", "ttl=4294967295"], "a TTL is at most"),
        (vec!["dnsmasq", "conficker", "--set", "policy=a.test"], "`a.test` is no address"),
        (vec!["bind", "conficker", "--set", "folder=here"], "no absolute path"),
        (vec!["nftables", "--address", "192.0.2.1", "--set", "ports=dns"], "`dns` is no port"),
        (vec!["hosts", "conficker", "--set", "addresses="], "addresses"),
    ] {
        let mut all = vec!["export"];
        all.extend(&arguments);
        all.extend(["-o", &path]);
        let refused = hydrabane(&all);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(printed(&refused).contains(said), "{arguments:?}: {}", printed(&refused));
        assert!(!Path::new(&path).exists(), "{arguments:?}");
    }
}

/// `AdGuard` Home itself is in no distribution; the rules are compared with its documentation
/// (<https://adguard-dns.io/kb/general/dns-filtering-syntax/>).
#[test]
fn adguard_rules_are_of_the_documented_form() {
    let folder = tempfile::tempdir().unwrap();
    let names = listed(folder.path(), NAMES);
    for (policy, behind) in [
        ("block", &[""][..]),
        ("nxdomain", &["$dnsrewrite=NXDOMAIN;;"]),
        ("192.0.2.7,2001:db8::7", &["$dnsrewrite=NOERROR;A;192.0.2.7", "$dnsrewrite=NOERROR;AAAA;2001:db8::7"]),
        ("warn.example.org", &["$dnsrewrite=NOERROR;CNAME;warn.example.org"]),
    ] {
        let filter = export(folder.path(), &format!("adguard {NAMES} --set policy={policy}"), "filter.txt");
        let text = fs::read_to_string(filter).unwrap();
        let rules: Vec<_> = text.lines().filter(|line| !line.starts_with('!')).map(str::to_owned).collect();
        let expected: Vec<_> =
            names.iter().flat_map(|name| behind.iter().map(move |behind| format!("||{name}^{behind}"))).collect();
        assert_eq!(rules, expected);
    }
}
