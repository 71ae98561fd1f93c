//! `export --input`: names that `generate` wrote give the same export as the families themselves, in every form and from
//! standard input; what goes wrong on the way leaves nothing under the output's name.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The same names for both ways.
const NAMES: [&str; 7] = ["conficker", "ramnit", "qadars", "--from", "2026-12-01", "--days", "3"];

fn run(arguments: &[&str], input: Option<&Path>) -> Output {
    let stdin = input.map_or_else(Stdio::null, |path| File::open(path).unwrap().into());
    Command::new(env!("CARGO_BIN_EXE_hydrabane")).args(arguments).stdin(stdin).output().unwrap()
}

fn done(arguments: &[&str], input: Option<&Path>) -> String {
    let output = run(arguments, input);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// An export without its first line, which says from what it was made.
fn rows(export: &str) -> Vec<&str> {
    export.lines().filter(|line| !line.starts_with('#')).collect()
}

#[test]
fn read_names_are_exported_like_made_ones() {
    let folder = tempfile::tempdir().unwrap();
    let made = done(&[["export", "deadlines"].as_slice(), &NAMES].concat(), None);
    assert!(rows(&made).len() > 750, "{}", rows(&made).len());
    for form in ["csv", "jsonl", "parquet"] {
        let path = folder.path().join(format!("names.{form}"));
        let file = path.to_str().unwrap();
        done(&[["generate"].as_slice(), &NAMES, &["--format", form, "-o", file]].concat(), None);
        let read = done(&["export", "deadlines", "--input", file], None);
        // Also the hours that are left: the file says for when it was made.
        assert_eq!(rows(&read), rows(&made), "{form}");
        assert!(read.contains("--date 2026-12-01T00:00:00Z (hydrabane "), "{}", read.lines().next().unwrap());
        if form == "parquet" {
            let refused = run(&["export", "deadlines", "--input", "-"], Some(&path));
            assert_eq!(refused.status.code(), Some(2));
        } else {
            assert_eq!(rows(&done(&["export", "deadlines", "--input", "-"], Some(&path))), rows(&made), "{form}");
        }
        let later = done(&["export", "deadlines", "--input", file, "--date", "2026-12-09"], None);
        assert!(rows(&later)[1].ends_with(",over"), "{}", rows(&later)[1]);
    }
}

#[test]
fn plain_lists_get_a_family() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.txt");
    fs::write(&list, "# ours\r\nOne.test\r\ntwo.com # seen\r\n").unwrap();
    let file = list.to_str().unwrap();
    let keep_out = folder.path().join("keep.txt");
    fs::write(&keep_out, "kept.test\n").unwrap();
    let made = done(&["export", "plain", "--input", file, "--keep-out", keep_out.to_str().unwrap()], None);
    assert_eq!(rows(&made), ["one.test", "two.com"]);
    let order = done(&["export", "registrar-csv", "--input", file, "--label", "zeus\n=1"], None);
    assert_eq!(rows(&order)[2], "two.com,1,,false,zeus =1: bots ask at any time", "{order}");
}

#[test]
fn what_breaks_off_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("names.parquet");
    done(&[["generate"].as_slice(), &NAMES, &["--format", "parquet", "-o", whole.to_str().unwrap()]].concat(), None);
    let mut bytes = fs::read(&whole).unwrap();
    // The first pages are destroyed, the end that is read first is not.
    bytes[8..200].fill(0xff);
    let cases: [(&str, Vec<u8>); 4] = [
        ("cut.csv", "family,variant,preset,name,registrable_domain,public_suffix,valid_from,valid_to,index\nx,,,a.com,,,,,0\nx,".into()),
        ("cut.jsonl", "{\"family\":\"x\",\"name\":\"a.com\"}\n{\"fam".into()),
        ("hosts.txt", "a.com\n0.0.0.0 b.com\n".into()),
        ("damaged.parquet", bytes),
    ];
    for (name, text) in cases {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        for format in ["registrar-csv", "registry-csv"] {
            let (before, out) = (fs::read_dir(folder.path()).unwrap().count(), folder.path().join("out"));
            let output = run(&["export", format, "--input", path.to_str().unwrap(), "-o", out.to_str().unwrap()], None);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{name}: {said}");
            assert!(said.contains(name) && said.contains("hint"), "{said}");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before, "{name}: nothing is left behind");
        }
    }
}
