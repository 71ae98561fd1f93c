//! What sharing platforms make of the formats for them: OASIS' validator and library for STIX, MISP's library, the parser
//! of `IntelMQ`. Every reader also refuses a file that is broken on purpose.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout)]

mod readers;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use readers::{python_has, runs};
use serde_json::Value;

/// Checks of the validator that are left out, by number: 103 wants random identifiers, which could not update anything;
/// 302 wants a hash of every page that is referred to.
const LEFT_OUT: &str = "103,302";

/// Runs `hydrabane export`, which must end well, and gives what it says.
fn export(arguments: &str, output: &Path) -> String {
    let run = exported(arguments, output);
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.success(), "{arguments}: {said}");
    said
}

fn exported(arguments: &str, output: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hydrabane"));
    command.arg("export").args(arguments.split(' ')).arg("-o").arg(output).output().unwrap()
}

/// The names that the generator makes, with their families.
fn generated(arguments: &str) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hydrabane"));
    let run = command.arg("generate").args(arguments.split(' ')).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap().lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

fn has_pymisp() -> bool {
    python_has("pymisp")
}

/// Runs one of the scripts beside this test.
fn read_by(script: &str, files: &[&Path]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/export_sharing").join(script);
    Command::new("python3").arg(script).args(files).output().unwrap()
}

/// The lines that a script printed, which must have ended well.
fn lines_of(script: &str, files: &[&Path]) -> Vec<String> {
    let run = read_by(script, files);
    assert!(run.status.success(), "{script}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// The first words of lines.
fn first_words(lines: &[String]) -> BTreeSet<String> {
    lines.iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// A copy of a file in which a text is replaced, once.
fn broken(path: &Path, text: &str, by: &str) -> PathBuf {
    let whole = fs::read_to_string(path).unwrap();
    assert!(whole.contains(text), "{text} is not in {}", path.display());
    let copy = path.with_extension("broken.json");
    fs::write(&copy, whole.replacen(text, by, 1)).unwrap();
    copy
}

fn texts(values: &Value) -> BTreeSet<String> {
    values.as_array().unwrap().iter().map(|value| value["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn stix_is_valid_and_says_what_was_generated() {
    let validator = ["--version", "2.1", "--strict", "--enforce-refs", "--strict-types", "--strict-properties"];
    let validate = |path: &Path| {
        Command::new("stix2_validator").args(validator).args(["--disable", LEFT_OUT]).arg(path).output().unwrap()
    };
    if !runs("stix2_validator", &["--help"], "stix2-validator==3.2.0")
        || !runs("python3", &["-c", "import stix2, stix2patterns.v21.pattern"], "stix2 and stix2-validator==3.2.0")
    {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.json");
    for (number, names) in [
        "conficker ramnit ozdok --from 2026-11-22 --days 2 --count 60",
        "custom --preset srizbi-model --date 2008-11-05",
        "conficker --preset all --date 1969-07-20 --count 20",
    ]
    .into_iter()
    .enumerate()
    {
        let tlp = ["clear", "amber+strict", "red"][number];
        export(&format!("stix {names} --set tlp={tlp} --set organisation=Team"), &path);
        let run = validate(&path);
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(run.status.success() && !said.contains("Warning"), "{names}: {said}");
        let lines = lines_of("stix.py", &[&path]);
        assert_eq!(first_words(&lines), generated(names), "{names}");
        assert!(lines.iter().all(|line| line.contains(&format!(" {tlp} "))), "{names}");
    }
    export("stix conficker ramnit --date 2026-11-22 --count 9", &path);
    for (text, by) in [
        ("\"valid_until\":\"2026-11-23", "\"valid_until\":\"2026-11-21"),
        (".com']", ".com]"),
        ("\"relationship_type\":\"indicates\"", "\"relationship_type\":\"suspects\""),
        ("\"indicator_types\":[\"malicious-activity\"]", "\"indicator_types\":[\"generated\"]"),
        ("\"type\":\"identity\"", "\"type\":\"vulnerability\""),
        ("\"modified\":\"2026", "\"modified\":\"1926"),
    ] {
        assert!(!validate(&broken(&path, text, by)).status.success(), "{by} passed");
    }
}

#[test]
fn a_model_says_that_it_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.json");
    for names in ["ozdok", "custom --preset conficker-c-model --count 5"] {
        export(&format!("stix {names} --date 2026-11-22"), &path);
        let bundle = json(&path);
        for object in bundle["objects"].as_array().unwrap() {
            if ["malware", "indicator"].contains(&object["type"].as_str().unwrap()) {
                assert!(object["description"].as_str().unwrap().contains("A MODEL"), "{object}");
                assert_eq!(object["labels"], serde_json::json!(["model"]));
            }
        }
        export(&format!("misp {names} --date 2026-11-22"), &path);
        let event = json(&path);
        assert!(event["Event"]["info"].as_str().unwrap().contains("MODEL"), "{}", event["Event"]["info"]);
        assert!(!event.to_string().contains("malware-family"), "{names}");
    }
}

/// The objects of a bundle by the pattern or name that they are about.
fn objects(path: &Path, kind: &str, key: &str) -> BTreeMap<String, Value> {
    let bundle = json(path);
    let objects = bundle["objects"].as_array().unwrap().iter().filter(|object| object["type"] == kind);
    objects.map(|object| (object[key].as_str().unwrap().to_owned(), object.clone())).collect()
}

#[test]
fn the_next_day_updates_stix() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two, other] = ["one.json", "two.json", "other.json"].map(|name| folder.path().join(name));
    export("stix conficker ramnit --from 2026-11-22 --days 3", &one);
    export("stix conficker ramnit --from 2026-11-23 --days 3", &two);
    let (before, after) = (objects(&one, "indicator", "pattern"), objects(&two, "indicator", "pattern"));
    // Conficker has 250 names a day, of which two days are in both; Ramnit's 300 are always valid.
    let both: Vec<&String> = before.keys().filter(|pattern| after.contains_key(*pattern)).collect();
    assert_eq!((before.len(), after.len(), both.len()), (1_050, 1_050, 800));
    for pattern in both {
        let (before, after) = (&before[pattern], &after[pattern]);
        for key in ["id", "created", "created_by_ref", "name"] {
            assert_eq!(before[key], after[key], "{pattern}");
        }
        assert_eq!(before["modified"], "2026-11-22T00:00:00.000Z");
        assert_eq!(after["modified"], "2026-11-23T00:00:00.000Z");
        assert_eq!(before["valid_until"], after["valid_until"]);
    }
    for kind in ["malware", "infrastructure", "identity"] {
        let ids = |path| -> Vec<Value> {
            objects(path, kind, "name").into_values().map(|object| object["id"].clone()).collect()
        };
        assert_eq!(ids(&one), ids(&two), "{kind}");
    }
    let ids = |path: &Path| texts(&json(path)["objects"]);
    assert!(json(&one)["id"] != json(&two)["id"], "two bundles");
    // Only the author may change an object, so another author's are others; the marking is everybody's.
    export("stix conficker ramnit --from 2026-11-22 --days 3 --set organisation=Another", &other);
    let shared: Vec<String> = ids(&one).intersection(&ids(&other)).cloned().collect();
    assert!(shared.len() == 1 && shared[0].starts_with("marking-definition"), "{shared:?}");
}

#[test]
fn misp_reads_the_event() {
    if !has_pymisp() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let [path, next] = ["event.json", "next.json"].map(|name| folder.path().join(name));
    let names = "conficker ramnit --from 2026-11-22 --days 2";
    export(&format!("misp {names} --set tlp=amber --set threat-level=medium --set distribution=community"), &path);
    let lines = lines_of("misp.py", &[&path]);
    assert_eq!(first_words(&lines), generated(names));
    assert_eq!(lines.iter().filter(|line| line.ends_with(" conficker")).count(), 500);
    let event = &json(&path)["Event"];
    assert_eq!((&event["threat_level_id"], &event["distribution"]), (&"2".into(), &"1".into()));
    assert_eq!(event["Tag"][0]["name"], "tlp:amber");

    // The next day is the same event, later, and the objects of names that are still valid are the same.
    export("misp conficker ramnit --from 2026-11-23 --days 2", &next);
    let later = &json(&next)["Event"];
    assert_eq!(event["uuid"], later["uuid"]);
    let stamp = |event: &Value| event["timestamp"].as_str().unwrap().parse::<i64>().unwrap();
    assert_eq!(stamp(later) - stamp(event), 86_400);
    let objects = |event: &Value| -> BTreeSet<String> {
        event["Object"].as_array().unwrap().iter().map(|object| object["uuid"].to_string()).collect()
    };
    assert_eq!(objects(event).intersection(&objects(later)).count(), 250 + 300);

    for (text, by) in [
        ("\"object_relation\":\"tld\"", "\"object_relation\":\"zone\""),
        ("64ce4c1c-ed8c-48cd-afa9-12b37389118d", "64ce4c1c-ed8c-48cd-afa9-12b37389118e"),
        ("\"type\":\"domain\",\"category\":\"Network activity\"", "\"type\":\"domain\",\"category\":\"Other\""),
        ("\"threat_level_id\":\"2\"", "\"threat_level_id\":\"7\""),
        ("\"object_relation\":\"counter\",\"type\":\"counter\"", "\"object_relation\":\"domain\",\"type\":\"domain\""),
    ] {
        assert!(!read_by("misp.py", &[&broken(&path, text, by)]).status.success(), "{by} passed");
    }
}

/// The events of a feed with how many objects each has.
fn events(folder: &Path) -> BTreeMap<String, usize> {
    let lines = lines_of("misp_feed.py", &[folder]);
    lines
        .iter()
        .map(|line| line.split_once(' ').unwrap())
        .map(|(id, count)| (id.into(), count.parse().unwrap()))
        .collect()
}

#[test]
fn misp_reads_the_feed() {
    if !has_pymisp() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
    let names = "conficker ramnit --from 2026-11-22 --days 2";
    export(&format!("misp-feed {names} --set objects=100"), &one);
    let before = events(&one);
    // Conficker's lists of 250 names in three parts each, Ramnit's list of 300 in three.
    let mut sizes: Vec<usize> = before.values().copied().collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [50, 50, 100, 100, 100, 100, 100, 100, 100]);
    let files: Vec<PathBuf> = before.keys().map(|id| one.join(format!("{id}.json"))).collect();
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    assert_eq!(first_words(&lines_of("misp.py", &files)), generated(names));

    export("misp-feed conficker ramnit --from 2026-11-23 --days 2 --set objects=100", &two);
    let after = events(&two);
    assert_eq!(before.keys().filter(|id| after.contains_key(*id)).count(), 6, "one day of Conficker, and Ramnit");

    // A family that is asked for twice keeps its manifest and files together.
    export("misp-feed ramnit ramnit --date 2026-11-22 --replace", &two);
    events(&two);
    fs::remove_file(files[0]).unwrap();
    assert!(!read_by("misp_feed.py", &[&one]).status.success(), "a missing event passed");
    fs::write(two.join("hashes.csv"), "").unwrap();
    assert!(!read_by("misp_feed.py", &[&two]).status.success(), "missing hashes passed");
}

#[test]
fn intelmq_reads_what_is_like_bambeneks_feed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dga-feed.txt");
    let names = "conficker ramnit ozdok --from 2026-11-20 --days 6";
    export(&format!("bambenek {names}"), &path);

    // The window of the feed ends three days after its day.
    let late = exported("bambenek conficker --from 2026-11-20 --days 7", &folder.path().join("late.txt"));
    let said = String::from_utf8_lossy(&late.stderr).into_owned();
    assert!(late.status.code() == Some(2) && said.contains("window=false"), "{said}");
    assert!(!folder.path().join("late.txt").exists(), "half a file was left");
    export("bambenek conficker --from 2026-11-20 --days 7 --set window=false", &folder.path().join("late.txt"));

    if !runs(
        "python3",
        &["-W", "ignore", "-c", "import intelmq.bots.parsers.bambenek.parser"],
        "intelmq 'setuptools<81'",
    ) {
        return;
    }
    let lines = lines_of("bambenek.py", &[&path]);
    assert_eq!(first_words(&lines), generated(names));
    let count = |end: &str| lines.iter().filter(|line| line.ends_with(end)).count();
    for day in 20..26 {
        assert_eq!(count(&format!(" conficker 2026-11-{day}")), 250);
        assert_eq!(count(&format!(" ozdok 2026-11-{day}")), 1);
    }
    assert_eq!(count(" ramnit 2026-11-20"), 300, "always valid: the first day of the window");
    for (text, by) in
        [(",2026-11-20,", ",2026-13-20,"), (" for 20 Nov 2026,", " for Fri, 20 Nov 2026,"), (".com,", "..com,")]
    {
        assert!(!read_by("bambenek.py", &[&broken(&path, text, by)]).status.success(), "{by} passed");
    }
}
