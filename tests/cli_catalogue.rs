//! What the command line says about families, their names, their word lists and their vectors: transcripts, run in the
//! folder beside them, and what needs the word lists themselves, which are not part of the repository.
#![allow(clippy::disallowed_methods, clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

#[test]
fn transcripts() {
    trycmd::TestCases::new().case("../tests/cli/catalogue/*.trycmd");
}

/// The folder with all word lists, if it is at hand.
fn word_lists() -> Option<PathBuf> {
    let folder = env::var_os("HYDRABANE_WORDLISTS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/wordlists"), PathBuf::from);
    if folder.join("matsnu-verbs.txt").is_file() {
        return Some(folder);
    }
    assert_ne!(env::var("HYDRABANE_REQUIRE").as_deref(), Ok("all"), "no word lists in {}", folder.display());
    eprintln!("skipped: no word lists in {}", folder.display());
    None
}

#[test]
fn word_lists_that_are_there_are_found_in_the_usual_folders() {
    let Some(lists) = word_lists() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (named, data) = (folder.path().join("named"), folder.path().join("data"));
    let usual = data.join("hydrabane/wordlists");
    for (place, id) in [(&named, "matsnu-verbs"), (&usual, "matsnu-verbs"), (&usual, "suppobox-words1")] {
        fs::create_dir_all(place).expect("a folder");
        fs::copy(lists.join(format!("{id}.txt")), place.join(format!("{id}.txt"))).expect("a list");
    }
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hydrabane"));
        command.args(["families", "wordlists"]).args(arguments);
        let output = command.env("HYDRABANE_WORDLISTS", &named).env("XDG_DATA_HOME", &data).output().expect("it runs");
        (output.status.code(), String::from_utf8(output.stdout).expect("text"))
    };
    let (code, text) = run(&[]);
    assert_eq!(code, Some(0));
    let state = |id: &str| text.lines().find(|line| line.starts_with(id)).expect("a line").to_owned();
    assert!(state("matsnu-verbs").ends_with(&format!("found: {}", named.join("matsnu-verbs.txt").display())), "{text}");
    let second = usual.join("suppobox-words1.txt");
    assert!(state("suppobox-words1").ends_with(&format!("pizd, suppobox  found: {}", second.display())), "{text}");
    assert!(state("matsnu-nouns").ends_with("missing"), "{text}");
    assert!(text.contains("\n2 of "), "{text}");

    let (code, json) = run(&["--format", "json"]);
    assert_eq!(code, Some(0));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let list = json["word_lists"].as_array().expect("lists").iter().find(|list| list["id"] == "suppobox-words1");
    let list = list.expect("it is listed");
    assert_eq!((&list["found"], &list["problem"]), (&true.into(), &serde_json::Value::Null));
    assert_eq!(list["file"], second.display().to_string());

    let all = lists.display().to_string();
    assert_eq!(run(&["--check", &all]).0, Some(0), "all lists are in {all}");
    assert_eq!(run(&["--check", &named.display().to_string()]).0, Some(1), "some are missing");
}
