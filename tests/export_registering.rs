//! What registrars and registries are given, read by other programs: tables by Python's csv module, EPP requests by
//! xmllint against the formal syntax of RFC 5730 and RFC 5731.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout)]

mod readers;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use readers::runs;

fn hydrabane(arguments: &[&str], output: &Path) -> Output {
    let run = Command::new(env!("CARGO_BIN_EXE_hydrabane")).args(arguments).arg("-o").arg(output).output().unwrap();
    assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    run
}

/// Whether a name is in Namecoin's suffix, which is not in the ICANN root.
fn is_bit(name: &str) -> bool {
    name.rsplit('.').next() == Some("bit")
}

/// What Python's csv module reads: for each row the cells by column. Comment lines stand before the header.
fn read_by_python(path: &Path) -> Result<Vec<BTreeMap<String, String>>, String> {
    const READ: &str = r"
import csv, itertools, json, sys
with open(sys.argv[1], newline='', encoding='utf-8') as file:
    lines = itertools.dropwhile(lambda line: line.startswith('#'), file)
    rows = list(csv.DictReader(lines, strict=True))
if any(None in row or None in row.values() for row in rows):
    sys.exit('a row has more or fewer cells than the header')
json.dump(rows, sys.stdout)
";
    let output = Command::new("python3").args(["-c", READ]).arg(path).output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(serde_json::from_slice(&output.stdout).unwrap())
}

/// The names that `generate` writes for the same arguments.
fn generated(arguments: &[&str]) -> BTreeSet<String> {
    let run = Command::new(env!("CARGO_BIN_EXE_hydrabane")).arg("generate").args(arguments).output().unwrap();
    assert!(run.status.success());
    String::from_utf8(run.stdout).unwrap().lines().map(str::to_owned).collect()
}

const FAMILIES: [&str; 8] = ["conficker", "ramnit", "qadars", "necurs", "--from", "2026-12-01", "--days", "2"];

#[test]
fn orders_are_read_by_python() {
    if !runs("python3", &["--version"], "python3") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("order.csv");
    let settings = ["years=2", "ns=[ns1.sinkhole.example, ns2.sinkhole.example]", "contact=CASE-17", "auto-renew=true"];
    let mut arguments = vec!["export", "registrar-csv"];
    arguments.extend(FAMILIES);
    arguments.extend(settings.iter().flat_map(|setting| ["--set", setting]));
    arguments.extend(["--set", "note==\"cmd\", 1"]);
    hydrabane(&arguments, &path);
    let rows = read_by_python(&path).unwrap();
    assert!(rows.len() > 500, "{}", rows.len());
    let mut seen = BTreeSet::new();
    for row in &rows {
        let cell = |column: &str| row[column].as_str();
        assert_eq!(psl::domain_str(cell("domain")), Some(cell("domain")), "registrable");
        assert_eq!((cell("years"), cell("contact"), cell("auto_renew")), ("2", "CASE-17", "true"));
        assert_eq!((cell("ns1"), cell("ns2")), ("ns1.sinkhole.example", "ns2.sinkhole.example"));
        assert!(cell("note").starts_with("'=\"cmd\", 1 "), "no formula: {}", cell("note"));
        assert!(!is_bit(cell("domain")), "nobody sells {}", cell("domain"));
        assert!(seen.insert(cell("domain").to_owned()), "{} stands there twice", cell("domain"));
    }
    let generated = generated(&FAMILIES);
    assert!(seen.is_subset(&generated), "{:?}", seen.difference(&generated).next());

    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen(",2,ns1", ",2,x,ns1", 1)).unwrap();
    read_by_python(&path).unwrap_err();
}

#[test]
fn every_registry_has_its_table() {
    if !runs("python3", &["--version"], "python3") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registries");
    let mut arguments = vec!["export", "registry-csv"];
    arguments.extend(FAMILIES);
    let said = String::from_utf8(hydrabane(&arguments, &path).stderr).unwrap();
    let contents = read_by_python(&path.join("contents.csv")).unwrap();
    let mut names = BTreeSet::new();
    for entry in &contents {
        let rows = read_by_python(&path.join(&entry["file"])).unwrap();
        assert_eq!(rows.len().to_string(), entry["names"], "{}", entry["file"]);
        let suffixes: BTreeSet<_> = entry["suffixes"].split(' ').collect();
        for row in rows {
            let domain = row["domain"].as_str();
            assert!(suffixes.contains(row["suffix"].as_str()) && domain.ends_with(&row["suffix"]), "{domain}");
            if entry["kind"] == "gTLD" || entry["kind"] == "ccTLD" {
                let registry = dga::Registry::of(domain).unwrap();
                assert_eq!(registry.operator, entry["operator"], "{domain}");
            }
            assert!(names.insert(row["domain"].clone()), "{domain} stands there twice");
        }
    }
    let file = |file: &str| contents.iter().find(|entry| entry["file"] == file);
    assert!(file("verisign.csv").is_some_and(|entry| entry["kind"] == "gTLD"));
    let nobody = file("not-in-the-root.csv").unwrap();
    assert_eq!((nobody["kind"].as_str(), nobody["operator"].as_str()), ("not in the ICANN root", "nobody"));
    assert!(nobody["suffixes"].split(' ').any(|suffix| suffix == "bit"), "Necurs has names in .bit");
    let readme = fs::read_to_string(path.join("README.txt")).unwrap();
    assert!(readme.starts_with("hydrabane ") && readme.contains("nobody can register"), "{readme}");
    let files = fs::read_dir(&path).unwrap().count();
    assert_eq!(files, contents.len() + 2, "every file is listed");
    // What is missing was held back, and that was said.
    let generated = generated(&FAMILIES);
    assert!(names.is_subset(&generated));
    assert!(names.len() == generated.len() || said.contains("left out"), "{} {}: {said}", names.len(), generated.len());
}

#[test]
fn deadlines_lie_before_the_first_question() {
    if !runs("python3", &["--version"], "python3") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deadlines.csv");
    let arguments = ["export", "deadlines", "conficker", "--from", "2026-12-01", "--days", "4"];
    let lead = ["--set", "zone-push=30h", "--set", "negative-ttl=90m"];
    hydrabane(&[arguments.as_slice(), &lead].concat(), &path);
    let rows = read_by_python(&path).unwrap();
    let entries: BTreeSet<_> = rows
        .iter()
        .map(|row| ["day", "valid_from", "deadline", "hours_left", "status"].map(|column| row[column].as_str()))
        .collect();
    assert_eq!(
        entries.into_iter().collect::<Vec<_>>(),
        [
            ["2026-12-01", "2026-12-01T00:00:00Z", "2026-11-29T16:30:00Z", "-32", "too late"],
            ["2026-12-02", "2026-12-02T00:00:00Z", "2026-11-30T16:30:00Z", "-8", "too late"],
            ["2026-12-03", "2026-12-03T00:00:00Z", "2026-12-01T16:30:00Z", "16", "in time"],
            ["2026-12-04", "2026-12-04T00:00:00Z", "2026-12-02T16:30:00Z", "40", "in time"],
        ]
    );
    assert!(rows.is_sorted_by_key(|row| row["day"].clone()));
}

/// What xmllint says of a document.
fn valid(path: &Path) -> Result<(), String> {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/export_registering/epp-1.0.xsd");
    let output =
        Command::new("xmllint").args(["--nonet", "--noout", "--schema"]).arg(schema).arg(path).output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(documents(&path));
        } else if path.extension().is_some_and(|ending| ending == "xml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The texts of an element in a document.
fn texts(document: &str, element: &str) -> Vec<String> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    document.split(&open).skip(1).filter_map(|rest| rest.split_once(&close).map(|(text, _)| text.to_owned())).collect()
}

#[test]
fn requests_keep_to_the_formal_syntax() {
    if !runs("xmllint", &["--version"], "libxml2-utils") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let names = ["conficker", "necurs", "--date", "2026-12-01", "--count", "20"];
    let ns = "ns=ns1.sinkhole.example ns2.sinkhole.example";
    let mut checked = BTreeMap::new();
    for (command, more, element) in [
        ("check", vec![], "<domain:check "),
        ("create", vec![ns, "contact=a&b<c>", "years=10"], "<domain:hostObj>ns2.sinkhole.example<"),
        ("update-hold", vec![], "<domain:status s=\"clientHold\"/>"),
        ("update-hold", vec!["by=registry"], "<domain:status s=\"serverHold\"/>"),
        ("update-sinkhole", vec![ns, "remove-ns=[ns.bad.example]"], "<domain:rem>"),
    ] {
        let path = folder.path().join(format!("{command}-{}", more.join("")));
        let setting = format!("command={command}");
        let mut arguments = vec!["export", "epp", "--set", &setting];
        arguments.extend(names);
        arguments.extend(more.iter().flat_map(|setting| ["--set", setting]));
        hydrabane(&arguments, &path);
        let documents = documents(&path);
        let mut asked = BTreeSet::new();
        let mut identifiers = BTreeSet::new();
        for document in &documents {
            valid(document).unwrap();
            let text = fs::read_to_string(document).unwrap();
            assert!(text.contains(element), "{text}");
            let found = texts(&text, "domain:name");
            assert!(if command == "check" { found.len() <= 20 } else { found.len() == 1 }, "{text}");
            // A session is with one registry.
            let operators: BTreeSet<_> =
                found.iter().map(|name| dga::Registry::of(name).map(|registry| &registry.operator)).collect();
            assert_eq!(operators.len(), 1, "{text}");
            asked.extend(found);
            identifiers.extend(texts(&text, "clTRID"));
        }
        assert_eq!(identifiers.len(), documents.len(), "every transaction has a name of its own");
        assert!(asked.len() > 20 && asked.iter().all(|name| !is_bit(name)), "{asked:?}");
        // All commands are about the same names.
        assert_eq!(checked.entry("names").or_insert_with(|| asked.clone()), &asked, "{command}");
    }

    let document = &documents(&folder.path().join("check-"))[0];
    let text = fs::read_to_string(document).unwrap();
    for (from, to) in [("</command>", ""), ("domain:name>", "domain:nome>"), ("<clTRID>", "<clTRID>-<!-- x -->]]>")] {
        assert!(text.contains(from));
        fs::write(document, text.replace(from, to)).unwrap();
        valid(document).unwrap_err();
    }
}

/// The settings are refused that could not be sent.
#[test]
fn impossible_requests_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (format, setting, reason) in [
        ("epp", "command=update-sinkhole", "needs the sinkhole's name servers"),
        ("epp", "command=delete", "unknown variant `delete`"),
        ("epp", "contact=ab", "no handle of 3 to 16"),
        ("epp", "years=11", "1 to 10 years"),
        ("epp", "batch=0", "1 to 1000"),
        ("epp", "ns=[203.0.113.5]", "no host name"),
        ("epp", "cltrid=a b", "letters, digits"),
        ("registrar-csv", "years=0", "1 to 10 years"),
        ("deadlines", "zone-push=soon", "no length of time"),
    ] {
        let path = folder.path().join("out");
        let run = Command::new(env!("CARGO_BIN_EXE_hydrabane"))
            .args(["export", format, "conficker", "--date", "2026-12-01", "--set", setting, "-o"])
            .arg(&path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{setting}: {said}");
        assert!(said.contains(reason), "{setting}: {said}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{setting} left something behind");
    }
}
