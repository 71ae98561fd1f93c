//! From names back to their makers on the command line: an index from building it to asking it, names from a pipe, and
//! what a scan says about bots and crawlers.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn hydrabane(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hydrabane"));
    command.current_dir(folder).args(arguments.split_whitespace()).output().expect("it runs")
}

/// Runs a command to its good end.
fn done(folder: &Path, arguments: &str) -> String {
    let output = hydrabane(folder, arguments);
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Gives a command `input`; its exit code and what it printed.
fn piped(folder: &Path, arguments: &str, input: &[u8]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hydrabane"));
    command.current_dir(folder).args(arguments.split_whitespace());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
    child.stdin.take().expect("piped").write_all(input).expect("taken");
    let output = child.wait_with_output().expect("it ends");
    (output.status.code(), String::from_utf8(output.stdout).expect("text"))
}

fn objects(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// An index of a month of some families, in a folder of its own.
fn index() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    done(
        folder.path(),
        "index build --families conficker,murofet,necurs,ramnit,qsnatch,torpig --from 2027-03-01 --to 2027-03-31 -o names.index",
    );
    folder
}

#[test]
fn every_generated_name_is_identified_from_a_pipe() {
    let folder = index();
    let generated = done(folder.path(), "generate necurs --preset all --date 2027-03-15 --format jsonl");
    let expected: Vec<Value> = objects(&generated).split_off(1);
    // Each third name as somebody else may write it, and others between them.
    let mut input = String::from("# names of a day\n\nwww.example.com\n");
    for (number, name) in expected.iter().enumerate() {
        let name = name["name"].as_str().expect("a name");
        match number % 3 {
            0 => input += name,
            1 => input.extend(["Mail.", &name.to_uppercase(), "."]),
            _ => input += &name.replace('.', "[.]"),
        }
        input += "\nexample.org\r\n";
    }
    let (code, text) = piped(folder.path(), "identify - --index names.index --format json", input.as_bytes());
    assert_eq!(code, Some(0));
    let mut answers = objects(&text);
    let head = answers.remove(0);
    assert_eq!(head["tool"], "hydrabane");
    assert_eq!(answers.len(), expected.len());
    for (answer, expected) in answers.iter().zip(&expected) {
        assert_eq!(answer["known"], true);
        let made = &answer["matches"][0];
        assert_eq!(made["name"], expected["name"]);
        let maker =
            |key: &str| made["makers"].as_array().expect("makers").iter().map(|maker| maker[key].clone()).collect();
        for key in ["family", "preset", "valid_from", "valid_to", "index"] {
            let makers: Vec<Value> = maker(key);
            assert!(makers.contains(&expected[key]), "{key} of {answer}: {expected}");
        }
    }
    // Nobody makes any: the exit code says so.
    let (code, text) = piped(folder.path(), "identify - --index names.index", b"example.com\n\xff\xfe\n");
    assert_eq!((code, text.as_str()), (Some(1), ""));
    let (code, text) = piped(folder.path(), "identify - --index names.index --unknown", b"a\x1b[2Jb.com");
    assert_eq!((code, text.as_str()), (Some(1), "a\\u{1b}[2Jb.com: not known\n"));
}

#[test]
fn an_index_tells_what_it_holds_and_is_made_again_the_same() {
    let folder = index();
    let info: Value = serde_json::from_str(&done(folder.path(), "index info names.index --format json")).expect("JSON");
    let sources = info["sources"].as_array().expect("sources");
    let of = |family: &str| sources.iter().filter(|source| source["family"] == family).count();
    assert!(of("necurs") == 1 && of("ramnit") > 1 && of("ozdok") == 0, "{info}");
    let names: u64 = sources.iter().map(|source| source["names"].as_u64().expect("a number")).sum();
    assert_eq!(info["names"], names);
    let bytes = fs::metadata(folder.path().join("names.index")).expect("there").len();
    assert_eq!(info["bytes"], bytes);
    assert!(bytes < 12 * names, "{bytes} bytes for {names} names");
    let again =
        "index build --families conficker,murofet,necurs,ramnit,qsnatch,torpig --from 2027-03-01 --to 2027-03-31";
    done(folder.path(), &format!("{again} --threads 1 -o again.index"));
    let read = |name: &str| fs::read(folder.path().join(name)).expect("written");
    assert!(read("names.index") == read("again.index"));
    // Half of it, as after a full disk.
    fs::write(folder.path().join("half.index"), &read("names.index")[..bytes as usize / 2]).expect("written");
    let half = hydrabane(folder.path(), "identify --index half.index example.com");
    assert_eq!(half.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&half.stderr).contains("its end is missing"));
}

#[test]
fn collisions_with_real_domains_and_between_families() {
    let folder = index();
    let conficker = done(folder.path(), "generate conficker --date 2027-03-15");
    let real = conficker.lines().nth(7).expect("a name");
    let benign = format!("1,example.com\n2,www.{real}\n3,{}\n", real.to_uppercase());
    fs::write(folder.path().join("benign.csv"), benign).expect("written");
    let text = done(folder.path(), "index collisions names.index --benign benign.csv --format json");
    let found = objects(&text);
    let real_ones: Vec<&Value> = found.iter().filter(|object| object["kind"] == "real").collect();
    assert_eq!(real_ones.len(), 1, "{text}");
    assert_eq!((&real_ones[0]["rank"], real_ones[0]["name"].as_str()), (&Value::from(3), Some(real)));
    assert_eq!(real_ones[0]["makers"][0]["family"], "conficker");
    for shared in found.iter().filter(|object| object["kind"] == "shared") {
        let makers = shared["makers"].as_array().expect("makers");
        assert!(makers.iter().any(|maker| maker["family"] != makers[0]["family"]), "{shared}");
    }
}

/// Short names of two families meet by chance.
#[test]
fn names_that_families_share_are_all_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let families = ["conficker", "kraken", "qsnatch"];
    let list = families.join(",");
    done(path, &format!("index build --families {list} --from 2027-04-25 --to 2027-06-30 -o names.index"));
    let found = objects(&done(path, "index collisions names.index --format json")).split_off(1);
    let found: Vec<&str> = found.iter().map(|object| object["name"].as_str().expect("a name")).collect();
    // The same without an index: names by family, sorted, and those that two have.
    let mut by_name: Vec<(String, &str)> = Vec::new();
    for family in families {
        let names = done(path, &format!("generate {family} --preset all --from 2027-04-25 --to 2027-06-30"));
        by_name.extend(names.lines().map(|name| (name.to_lowercase(), family)));
    }
    by_name.sort_unstable();
    by_name.dedup();
    let mut expected: Vec<&str> =
        by_name.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[0].0.as_str()).collect();
    expected.dedup();
    assert_eq!(found, expected);
    assert!(!expected.is_empty(), "these families share names");
}

#[test]
fn bots_and_crawlers_are_told_apart_in_a_packed_log() {
    let folder = index();
    let path = folder.path();
    let list = |arguments: &str| done(path, &format!("generate {arguments}"));
    let mut log = String::new();
    let mut asks = |client: &str, second: usize, name: &str| {
        let (minute, second) = (second / 60, second % 60);
        let at = format!("2027-03-15T10:{minute:02}:{second:02}Z");
        let record = serde_json::json!({ "time": at, "client": client, "name": name });
        log.extend([record.to_string(), "\n".to_owned()]);
    };
    let necurs = list("necurs --date 2027-03-15");
    for (second, name) in necurs.lines().take(40).enumerate() {
        asks("192.0.2.1", second, name);
    }
    let conficker: Vec<String> = list("conficker --date 2027-03-15").lines().map(str::to_owned).collect();
    for second in 0..30 {
        asks("192.0.2.2", second, &conficker[(second * 97 + 11) % conficker.len()]);
    }
    // A crawler tries the names of a month and of several families.
    for (second, day) in (1..=28).enumerate() {
        let family = ["necurs", "conficker", "murofet", "torpig"][day % 4];
        let names = list(&format!("{family} --date 2027-03-{day:02}"));
        asks("192.0.2.3", second, names.lines().next().expect("a name"));
    }
    asks("192.0.2.4", 1, "example.com");
    log += "{\"time\":\n";
    let compress = |log: &str| {
        let mut child = Command::new("gzip").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("gzip runs");
        let mut stdin = child.stdin.take().expect("piped");
        let log = log.to_owned();
        let writer = std::thread::spawn(move || stdin.write_all(log.as_bytes()));
        let output = child.wait_with_output().expect("it ends");
        writer.join().expect("it ends").expect("taken");
        output.stdout
    };
    let packed = compress(&log);
    fs::write(path.join("log.gz"), &packed).expect("written");
    let from_file = done(path, "scan log.gz --index names.index --format jsonl");
    let (code, from_pipe) = piped(path, "scan - --index names.index --format jsonl", &packed);
    assert_eq!(code, Some(0));
    let contents = |text: &str| {
        let mut objects = objects(text);
        for object in &mut objects {
            object.as_object_mut().expect("an object").remove("file");
        }
        objects
    };
    assert_eq!(contents(&from_pipe), contents(&from_file));
    let found = contents(&from_file);
    let of = |kind: &str| found.iter().filter(|object| object["kind"] == kind).collect::<Vec<_>>();
    assert_eq!(of("match").len(), 40 + 30 + 28);
    assert_eq!((of("damaged").len(), &of("log")[0]["lookups"]), (1, &Value::from(40 + 30 + 28 + 1)));
    let client = |address: &str| {
        let clients = of("client");
        clients.into_iter().find(|client| client["client"] == address).expect("it asked").clone()
    };
    let bot = client("192.0.2.1");
    assert_eq!((bot["verdict"].as_str(), &bot["lists"][0]["family"]), (Some("walks"), &Value::from("necurs")));
    assert_eq!((&bot["names"], &bot["lists"][0]["steps_forward"]), (&Value::from(40), &Value::from(39)));
    assert_eq!((&bot["lists"][0]["first_index"], &bot["lists"][0]["last_index"]), (&Value::from(0), &Value::from(39)));
    assert_eq!(client("192.0.2.2")["verdict"], "picks");
    assert_eq!(client("192.0.2.3")["verdict"], "crawls");
    assert_eq!(of("client").len(), 3);
}
