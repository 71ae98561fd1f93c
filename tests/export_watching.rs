//! Formats that raise alerts, seen by their readers: Suricata alerts on a replayed query, Sigma's own checker and a
//! converter take the rules, and what Splunk and Sumo Logic run (which nobody can install) is run by Python.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout)]

mod readers;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use readers::runs;
use serde_json::Value;
use tempfile::TempDir;

/// Names of these families on this day: of two labels, of three, and some below others' in spelling only.
const NAMES: &[&str] = &["conficker", "ramnit", "--date", "2026-11-22", "--count", "40"];

/// Processes of 911 S5 (FBI, "How to Identify and Remove VPN Applications That Contain 911 S5 Back Doors", May 2024).
const PROCESSES: &str = "processes:
  - { image: mask_svc.exe, program: MaskVPN }
  - { image: dew_svc.exe, program: DewVPN }
  - { image: pldsvc.exe, program: PaladinVPN }
  - { image: proxygate.exe, program: ProxyGate }
  - { image: cloud.exe, program: ProxyGate }
  - { image: shieldsvc.exe, program: ShieldVPN }
  - { image: shsvc.exe, program: ShineVPN }
";

const SCENARIO: &str = "version: 1
name: processes
clock: { start: 2024-05-01T00:00:00Z, days: 10 }
bots: { count: 100 }
chain:
  - domains: { names: [one.test], routes: [host, name-servers] }
name-servers: [ns]
world:
  hosts:
    ns: { address: 203.0.113.5, operator: herder, serves: dns }
";

fn hydrabane(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hydrabane")).arg("export").args(arguments).output().unwrap()
}

/// Exports `format` with names into a folder or file of `place`.
fn export(format: &str, place: &Path, settings: &[&str]) {
    let output = place.to_str().unwrap();
    let settings = settings.iter().flat_map(|setting| ["--set", setting]);
    let arguments: Vec<_> =
        [format].into_iter().chain(NAMES.iter().copied()).chain(["-o", output]).chain(settings).collect();
    let output = hydrabane(&arguments);
    assert!(output.status.success(), "{format}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The names, as a plain list has them.
fn names() -> Vec<String> {
    let output = hydrabane(&[&["plain"], NAMES, &["--set", "head=false"]].concat());
    let names: Vec<_> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert!(names.len() >= 60, "{names:?}");
    names
}

fn run(program: &str, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program).args(arguments).output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.success(), text.concat())
}

/// Whether a script of Python is content, and what it says.
fn judged(script: &str, arguments: &[&str]) -> Option<(bool, String)> {
    runs("python3", &["--version"], "python3").then(|| run("python3", &[&["-c", script], arguments].concat()))
}

/// What a script of Python prints.
fn python(script: &str, arguments: &[&str]) -> Option<String> {
    judged(script, arguments).map(|(content, said)| {
        assert!(content, "{said}");
        said
    })
}

// ---- Suricata

const SURICATA: &str = "install suricata (Debian 12: from bookworm-backports)";

/// A file of packets (libpcap's classic format): each name is asked for once, by a host of its own port.
fn packets(path: &Path, names: &[&str]) {
    let mut file: Vec<u8> = Vec::new();
    let header: [u32; 6] = [0xa1b2_c3d4, 0x0004_0002, 0, 0, 65535, 1]; // Version 2.4, Ethernet.
    for word in header {
        file.extend(word.to_le_bytes());
    }
    for (number, name) in (0_u16..).zip(names) {
        let mut message = number.to_be_bytes().to_vec();
        message.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]); // One question, recursion desired.
        for label in name.split('.') {
            message.push(u8::try_from(label.len()).unwrap());
            message.extend(label.as_bytes());
        }
        message.extend([0, 0, 1, 0, 1]); // A, IN.

        let length = u16::try_from(message.len()).unwrap();
        let mut packet = vec![0x02, 0, 0, 0, 0, 1, 0x02, 0, 0, 0, 0, 2, 8, 0]; // Ethernet: IPv4 follows.
        let begin = packet.len();
        packet.extend([0x45, 0]);
        packet.extend((length + 28).to_be_bytes());
        packet.extend([0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 7, 192, 0, 2, 53]);
        let sum: u32 = packet[begin..].chunks(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum();
        let sum = !((sum & 0xffff) + (sum >> 16)) as u16;
        packet[begin + 10..begin + 12].copy_from_slice(&sum.to_be_bytes());
        packet.extend((20_000 + number).to_be_bytes());
        packet.extend(53_u16.to_be_bytes());
        packet.extend((length + 8).to_be_bytes());
        packet.extend([0, 0]); // No checksum, as UDP over IPv4 allows.
        packet.extend(message);

        let size = u32::try_from(packet.len()).unwrap();
        for word in [1_795_305_600 + u32::from(number), 0, size, size] {
            file.extend(word.to_le_bytes());
        }
        file.extend(packet);
    }
    fs::write(path, file).unwrap();
}

/// Replays queries past Suricata; returns the alerts.
fn alerts(rules: &Path, asked: &[&str]) -> Vec<Value> {
    let logs = TempDir::new().unwrap();
    let file = logs.path().join("queries.pcap");
    packets(&file, asked);
    let paths = [&file, rules, logs.path()].map(|path| path.to_str().unwrap());
    let (done, said) = run("suricata", &["-r", paths[0], "-S", paths[1], "-l", paths[2]]);
    assert!(done, "{said}");
    let events = fs::read_to_string(logs.path().join("eve.json")).unwrap();
    let events = events.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    events.filter(|event| event["event_type"] == "alert").collect()
}

/// The name that was asked for, where Suricata 7 and Suricata 8 have it.
fn asked(alert: &Value) -> &str {
    let dns = &alert["dns"];
    [&dns["query"][0], &dns["queries"][0]].iter().find_map(|query| query["rrname"].as_str()).unwrap()
}

fn asked_by_all(alerts: &[Value]) -> BTreeSet<&str> {
    assert_eq!(alerts.iter().map(asked).collect::<BTreeSet<_>>().len(), alerts.len(), "one alert a query");
    alerts.iter().map(asked).collect()
}

/// Whether Suricata takes the rules.
fn loads(rules: &Path) -> (bool, String) {
    let logs = TempDir::new().unwrap();
    run("suricata", &["-T", "-S", rules.to_str().unwrap(), "-l", logs.path().to_str().unwrap()])
}

#[test]
fn suricata_alerts_on_a_replayed_query() {
    if !runs("suricata", &["-V"], SURICATA) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("suricata");
    export("suricata", &place, &[]);
    let rules = place.join("hydrabane.rules");
    let (taken, said) = loads(&rules);
    assert!(taken, "{said}");

    let names = names();
    let found = alerts(&rules, &["innocent.example", &names[0], "www.innocent.example"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(asked(&found[0]), names[0]);
    assert_eq!(found[0]["alert"]["category"], "Domain Observed Used for C2 Detected");

    let every: Vec<_> = names.iter().map(String::as_str).collect();
    assert_eq!(asked_by_all(&alerts(&rules, &every)), every.iter().copied().collect());

    // In any letter case and below it; not what only looks like it.
    let name = &names[1];
    let matching = [name.to_uppercase(), format!("www.{name}"), format!("a.B.c.{name}")];
    let (_, ending) = name.rsplit_once('.').unwrap();
    let other = [format!("x{name}"), format!("{name}.example"), ending.to_owned(), format!("x.{ending}")];
    let queries: Vec<_> = matching.iter().chain(&other).map(String::as_str).collect();
    let found = alerts(&rules, &queries);
    assert_eq!(asked_by_all(&found), matching.iter().map(String::as_str).collect());

    // Without what lies below.
    let exact = folder.path().join("exact");
    export("suricata", &exact, &["sub-domains=false", "set=exact-only", "sid=1500000"]);
    let found = alerts(&exact.join("exact-only.rules"), &queries);
    assert_eq!(asked_by_all(&found), BTreeSet::from([matching[0].as_str()]));
    assert_eq!(found[0]["alert"]["signature_id"], 1_500_000);

    // A data set that is not in base64 is refused, and so is one that is not there.
    fs::write(place.join("hydrabane.lst"), "not base64!\n").unwrap();
    assert!(!loads(&rules).0);
    fs::remove_file(place.join("hydrabane.lst")).unwrap();
    assert!(!loads(&rules).0);
}

/// A rule for every number of labels, and one alert a query.
#[test]
fn suricata_tells_names_of_two_labels_from_names_of_three() {
    if !runs("suricata", &["-V"], SURICATA) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("suricata");
    let wanted = ["suricata", "cryptolocker", "--date", "2026-11-22", "-o", place.to_str().unwrap()];
    let output = hydrabane(&wanted);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let rules = place.join("hydrabane.rules");
    assert_eq!(fs::read_to_string(&rules).unwrap().lines().filter(|line| line.starts_with("alert")).count(), 2);
    let output = hydrabane(&["plain", "cryptolocker", "--date", "2026-11-22", "--set", "head=false"]);
    let names = String::from_utf8(output.stdout).unwrap();
    let of = |labels: usize| names.lines().find(|name| name.split('.').count() == labels).unwrap();
    let below = [format!("www.{}", of(2)), format!("www.{}", of(3))];
    let suffix = of(3).split_once('.').unwrap().1;
    let found = alerts(&rules, &[of(2), of(3), &below[0], &below[1], suffix]);
    let ids: Vec<_> =
        found.iter().map(|alert| (asked(alert), alert["alert"]["signature_id"].as_u64().unwrap())).collect();
    let expected = [(of(2), 1_911_002), (of(3), 1_911_003), (&below[0], 1_911_002), (&below[1], 1_911_003)];
    assert_eq!(ids.iter().copied().collect::<BTreeSet<_>>(), BTreeSet::from(expected));
    assert_eq!(ids.len(), 4);
}

/// JSON data sets are read from Suricata 8 on. Where an older one is installed, their shape is compared with what the
/// documentation asks for: an object a line, or an array at `array_key`, each object with `value_key`.
#[test]
fn suricata_8_shows_what_is_known_about_a_name() {
    let folder = TempDir::new().unwrap();
    let names = names();
    for (form, file) in [("ndjson", "json-set.ndjson"), ("json", "json-set.json")] {
        let place = folder.path().join(form);
        export("suricata-json", &place, &["set=json-set", &format!("form={form}")]);
        let text = fs::read_to_string(place.join(file)).unwrap();
        let objects: Vec<Value> = if form == "json" {
            let document: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(document["made_by"]["tool"], "hydrabane");
            document["names"].as_array().unwrap().clone()
        } else {
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        };
        let listed: Vec<_> = objects.iter().map(|object| object["name"].as_str().unwrap().to_owned()).collect();
        assert_eq!(listed, names);
        assert_eq!(objects[0]["family"], "conficker");
        assert_eq!(objects[0]["valid_from"], "2026-11-22T00:00:00Z");
        let rules = place.join("json-set.rules");
        let rule = fs::read_to_string(&rules).unwrap();
        for option in ["value_key name", "context_key dga", &format!("load {file},format {form}")] {
            assert!(rule.contains(option), "{rule}");
        }
        assert_eq!(rule.contains("array_key names"), form == "json", "{rule}");

        if !runs("suricata", &["-V"], SURICATA) {
            continue;
        }
        let version = run("suricata", &["-V"]).1;
        let version = version.split("version ").nth(1).unwrap();
        let major: u32 = version.split('.').next().unwrap().parse().unwrap();
        let (taken, said) = loads(&rules);
        assert_eq!(taken, major >= 8, "{version}: {said}");
        if major >= 8 {
            let found = alerts(&rules, &["innocent.example", &format!("www.{}", names[0])]);
            assert_eq!(found.len(), 1);
            let context = &found[0]["alert"]["context"]["dga"];
            assert_eq!((&context["name"], &context["family"]), (&names[0].clone().into(), &"conficker".into()));
        } else {
            println!("Suricata {} is too old for JSON data sets; their shape was checked", version.trim());
        }
    }
}

// ---- Sigma

/// The validators that compare tags with lists which they download are left out.
const CHECK: &[&str] = &["check", "--fail-on-issues", "-x", "attacktag", "-x", "d3_fendtag"];

#[test]
fn sigma_checks_and_converts_the_rules() {
    if !runs("sigma", &["--help"], "sigma-cli and pysigma-backend-splunk with pip") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let names = names();
    let check = |path: &Path| run("sigma", &[CHECK, &[path.to_str().unwrap()]].concat());
    let convert = |path: &Path| {
        let (done, text) = run("sigma", &["convert", "-t", "splunk", "--without-pipeline", path.to_str().unwrap()]);
        assert!(done, "{text}");
        text
    };
    let plain = folder.path().join("hydrabane-plain.yml");
    export("sigma", &plain, &[]);
    let (sound, said) = check(&plain);
    assert!(sound, "{said}");
    let search = convert(&plain);
    for name in &names {
        assert!(search.contains(&format!("\"{name}\"")), "{name}: {search}");
    }
    assert_eq!(search.matches("query IN").count(), 1, "{search}");

    let split = folder.path().join("hydrabane-split.yml");
    export("sigma", &split, &["per-family=true", "sub-domains=true", "log=dns-query", "names-per-rule=25"]);
    let (sound, said) = check(&split);
    assert!(sound, "{said}");
    let search = convert(&split);
    for name in &names {
        assert!(
            search.contains(&format!("\"{name}\"")) && search.contains(&format!("\"*.{name}\"")),
            "{name}: {search}"
        );
    }
    // Two families of forty names, twenty-five in a rule.
    assert_eq!(search.matches("QueryName IN").count(), 4, "{search}");
    let text = fs::read_to_string(&split).unwrap();
    let ids: BTreeSet<_> = text.lines().filter(|line| line.starts_with("id: ")).collect();
    assert_eq!(ids.len(), 4, "{ids:?}");

    // What is broken is refused.
    let broken = folder.path().join("hydrabane-broken.yml");
    fs::write(&broken, text.replace("condition: selection", "condition: other")).unwrap();
    assert!(!check(&broken).0);
}

// ---- Lookups

/// Reads a lookup as every reader of CSV does, writes it again, and runs the search's own expressions over queries.
const LOOKUP: &str = r#"
import csv, io, re, sys
table, search, names = sys.argv[1:4]
raw = open(table, newline='', encoding='utf-8').read()
rows = list(csv.DictReader(io.StringIO(raw), strict=True))
header = raw.splitlines()[0].split(',')
again = io.StringIO()
writer = csv.DictWriter(again, header, lineterminator='\n')
writer.writeheader()
writer.writerows(rows)
assert again.getvalue() == raw, 'the table is not what its reader would write'
by_name = {row['name']: row for row in rows}
assert list(by_name) == names.split(), 'a name is missing or twice'
text = open(search, encoding='utf-8').read()

# Splunk: `lookup L name AS key OUTPUT a AS b, ..`; Sumo Logic: `lookup a as b, .. from path://".." on key=name`.
keys = []
for line in text.splitlines():
    if line.startswith('| lookup '):
        splunk = re.fullmatch(r'\| lookup (\w+) (\w+) AS (\w+) OUTPUT (.*)', line)
        sumo = re.fullmatch(r'\| lookup (.*) from path://"[^"]+" on (\w+)=(\w+)', line)
        if splunk:
            column, key, shown = splunk[2], splunk[3], splunk[4]
        else:
            shown, key, column = sumo[1], sumo[2], sumo[3]
        keys.append(key)
        for field in [column] + [part.split()[0] for part in shown.split(', ')]:
            assert field in header, f'{field} is no column of {header}'
assert keys

# What a query is cut to, with the expressions that stand in the search.
cut = {}
for line in text.splitlines():
    found = re.search(r'field=queried "((?:[^"\\]|\\.)*)"', line)
    if found:
        expression = re.compile(found[1].replace('(?<', '(?P<'))
        (key,) = expression.groupindex
        cut[key] = expression
assert set(keys) == set(cut) or not cut

def listed(query):
    query = query.lower().rstrip('.')
    ends = [match[1] for match in (e.search(query) for e in cut.values()) if match] if cut else [query]
    return [end for end in ends if end in by_name]

first = rows[0]['name']
for query in (first, first.upper() + '.', 'www.' + first, 'a.b.c.' + first):
    assert listed(query) == ([first] if cut or '.' + first not in query else []), query
for query in ('x' + first, first + '.example', 'innocent.example', 'com'):
    assert listed(query) == [], query
print(len(rows))
"#;

fn lookup(table: &Path, search: &Path) {
    let names = names();
    let arguments = [table.to_str().unwrap(), search.to_str().unwrap(), &names.join(" ")];
    if let Some(printed) = python(LOOKUP, &arguments) {
        assert_eq!(printed.trim(), names.len().to_string());
    }
}

#[test]
fn splunk_has_a_search_that_fits_its_lookup() {
    let folder = TempDir::new().unwrap();
    let app = folder.path().join("app");
    export("splunk", &app, &[]);
    lookup(&app.join("lookups/hydrabane_names.csv"), &app.join("search.spl"));
    let transforms = fs::read_to_string(app.join("default/transforms.conf")).unwrap();
    assert!(transforms.contains("[hydrabane_names]\nfilename = hydrabane_names.csv\n"), "{transforms}");

    let exact = folder.path().join("exact");
    export("splunk", &exact, &["sub-domains=false", "lookup=exact", "events=index=dns", "field=dns.question.name"]);
    lookup(&exact.join("lookups/exact.csv"), &exact.join("search.spl"));
    let search = fs::read_to_string(exact.join("search.spl")).unwrap();
    assert!(search.starts_with("index=dns\n") && search.contains("'dns.question.name'"), "{search}");

    // A search for a column that the lookup does not have is noticed, and so is a lookup without one of the names.
    let (table, names) = (exact.join("lookups/exact.csv"), names().join(" "));
    let wrong = exact.join("wrong.spl");
    fs::write(&wrong, search.replace("family AS", "tribe AS")).unwrap();
    let short = exact.join("short.csv");
    let text = fs::read_to_string(&table).unwrap();
    fs::write(&short, text.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n").unwrap();
    for (table, search) in [(&table, &wrong), (&short, &exact.join("search.spl"))] {
        let verdict = judged(LOOKUP, &[table.to_str().unwrap(), search.to_str().unwrap(), &names]);
        assert!(verdict.is_none_or(|(content, _)| !content), "{}", search.display());
    }
    let refused = hydrabane(&[&["splunk"], NAMES, &["-o", "x", "--set", "field=a b"]].concat());
    assert_eq!(refused.status.code(), Some(2));
}

/// Runs the expressions with which a query takes a line of a log apart.
const PARSE: &str = r#"
import re, sys
text, line = open(sys.argv[1], encoding='utf-8').read(), sys.argv[2]
found = {}
for expression in re.findall(r'^\| parse regex "((?:[^"\\]|\\.)*)"', text, re.M):
    expression = expression.replace('\\"', '"').replace('(?<', '(?P<')
    found.update(re.search(expression, line).groupdict())
print(found['asked_by'], found['queried'])
"#;

#[test]
fn sumo_logic_has_a_query_that_fits_its_lookup_and_its_logs() {
    // Each as its program writes it.
    let logs = [
        (
            "bind",
            "22-Nov-2026 10:00:00.123 queries: info: client @0x7f2c8c0b5d68 192.0.2.7#53211 (a.test): query: a.test IN A +E(0)K (192.0.2.53)",
            "192.0.2.7 a.test",
        ),
        ("unbound", "[1795341600] unbound[811:0] info: 2001:db8::7 a.test. AAAA IN", "2001:db8::7 a.test."),
        (
            "zeek",
            r#"{"ts":1795341600.1,"uid":"C1","id.orig_h":"192.0.2.7","id.orig_p":53211,"id.resp_h":"192.0.2.53","query":"a.test","qtype_name":"A"}"#,
            "192.0.2.7 a.test",
        ),
        (
            "route53",
            r#"{"version":"1.100000","query_timestamp":"2026-11-22T10:00:00Z","query_name":"a.test.","query_type":"A","rcode":"NOERROR","srcaddr":"192.0.2.7","srcport":"53211"}"#,
            "192.0.2.7 a.test.",
        ),
    ];
    let folder = TempDir::new().unwrap();
    for (log, line, expected) in logs {
        let place = folder.path().join(log);
        export("sumologic", &place, &[&format!("log={log}"), "path=/Library/Users/a@example.com/names"]);
        let query = place.join("query.sumo");
        lookup(&place.join("hydrabane_names.csv"), &query);
        if let Some(found) = python(PARSE, &[query.to_str().unwrap(), line]) {
            assert_eq!(found.trim(), expected, "{log}");
        }
        assert!(fs::read_to_string(query).unwrap().contains(r#"path://"/Library/Users/a@example.com/names""#));
    }
}

// ---- Processes

/// What `tasklist /fo csv` says on an infected host, in messages of one line and in one of several.
const TASKLIST: &str = "\"Image Name\",\"PID\",\"Session Name\",\"Session#\",\"Mem Usage\"\r
\"System Idle Process\",\"0\",\"Services\",\"0\",\"8 K\"\r
\"svchost.exe\",\"912\",\"Services\",\"0\",\"12,345 K\"\r
\"Mask_svc.exe\",\"4312\",\"Services\",\"0\",\"20,480 K\"\r
\"my mask_svc.exe\",\"4313\",\"Services\",\"0\",\"20,480 K\"\r
\"ProxyGate.exe\",\"5120\",\"Console\",\"1\",\"101,004 K\"\r
\"Odd \"\"One\"\", Two.exe\",\"77\",\"Console\",\"1\",\"4 K\"\r
\"with spaces.exe\",\"5121\",\"Console\",\"1\",\"9,999 K\"\r
\"=formula.exe\",\"5122\",\"Console\",\"1\",\"9,999 K\"\r
\"shsvc.exe\",\"640\",\"ShineService,Other\"\r
";

/// Does with lines what the query says: its expression, lower case, its replacement, and the lookup.
const MATCH: &str = r#"
import csv, re, sys
table, query, log = sys.argv[1:4]
rows = list(csv.DictReader(open(table, newline='', encoding='utf-8'), strict=True))
programs = {row['image']: row['program'] for row in rows}
assert len(programs) == len(rows)
text = open(query, encoding='utf-8').read()
(lookup,) = re.findall(r'^\| lookup (\w+) from path://"[^"]+" on (\w+)=(\w+)$', text, re.M)
assert lookup[0] in rows[0] and lookup[2] in rows[0], lookup
(expression,) = re.findall(r'^\| parse regex "((?:[^"\\]|\\.)*)" multi$', text, re.M)
expression = re.compile(expression.replace('\\"', '"').replace('(?<', '(?P<'))
assert lookup[1] in expression.groupindex
(pattern, instead) = re.findall(r'^\| replace\(image, /(.*)/, "(.*)"\) as image$', text, re.M)[0]
log = open(log, newline='', encoding='utf-8').read()
def matches(message):
    images = (re.sub(pattern, instead.replace('$1', r'\1'), found['image'].lower()) for found in expression.finditer(message))
    return [(image, programs[image]) for image in images if image in programs]
whole = matches(log)
assert whole == [match for line in log.splitlines() for match in matches(line)], 'by lines it is the same'
for image, program in whole:
    print(f'{image}={program}')
"#;

#[test]
fn a_list_of_tasks_is_matched_against_a_scenario() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("911-s5.yaml"), format!("{SCENARIO}{PROCESSES}")).unwrap();
    fs::write(path("tasks.csv"), TASKLIST).unwrap();
    let arguments = [
        "sumologic-tasklist",
        "--scenario",
        &path("911-s5.yaml"),
        "--process",
        "MASK_SVC.exe=MaskVPN",
        "--process",
        "with spaces.exe=A, B",
        "--process",
        "=formula.exe",
        "-o",
        &path("made"),
    ];
    let output = hydrabane(&arguments);
    // `=formula.exe` has no image before its program.
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    let arguments: Vec<_> =
        arguments.into_iter().map(|argument| argument.replace("=formula.exe", "shsvc.exe")).collect();
    let output = hydrabane(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let table = fs::read_to_string(path("made/hydrabane_processes.csv")).unwrap();
    assert_eq!(table.lines().next(), Some("image,program"));
    for line in ["mask_svc.exe,MaskVPN", "with spaces.exe,\"A, B\"", "cloud.exe,ProxyGate", "pldsvc.exe,PaladinVPN"] {
        assert!(table.lines().any(|found| found == line), "{line}: {table}");
    }
    // A name that a spreadsheet would take for a formula, and one with quotation marks, as another system may have them.
    let table = table + "'=formula.exe,Formula\n\"odd \"\"\"\"one\"\"\"\", two.exe\",Odd\n";
    fs::write(path("made/hydrabane_processes.csv"), table).unwrap();
    let query = path("made/query.sumo");
    if let Some(found) = python(MATCH, &[&path("made/hydrabane_processes.csv"), &query, &path("tasks.csv")]) {
        let expected = [
            "mask_svc.exe=MaskVPN",
            "proxygate.exe=ProxyGate",
            "odd \"\"one\"\", two.exe=Odd",
            "with spaces.exe=A, B",
            "'=formula.exe=Formula",
            "shsvc.exe=ShineVPN",
        ];
        assert_eq!(found.lines().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_scenario_gives_what_it_has_and_no_more() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let made = path("made");
    let with = |text: &str| {
        fs::write(path("scenario.yaml"), text).unwrap();
        let output = hydrabane(&["sumologic-tasklist", "--scenario", &path("scenario.yaml"), "-o", &made]);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = with(SCENARIO);
    assert_eq!(code, Some(2));
    assert!(said.contains("is made from processes: give `--process`, or a `--scenario` with `processes`"), "{said}");
    let (code, said) = with(&format!("{SCENARIO}processes: [{{ image: 'C:\\a.exe' }}]\n"));
    assert_eq!(code, Some(2));
    assert!(said.contains("is not a file name"), "{said}");
    let output = hydrabane(&["sumologic-tasklist", "--scenario", &path("no such.yaml"), "-o", &made]);
    assert_eq!(output.status.code(), Some(2));
}
