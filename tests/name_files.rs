//! Files that `generate` writes, as others read them: Parquet with pyarrow; the same bytes for any number of threads;
//! nothing half-written after Ctrl-C.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::print_stderr)]

mod readers;

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Families that need no word list: by day, by a sliding window, without a date, and one whose names are no host names.
const REQUEST: [&str; 9] = ["conficker", "sisron", "ramnit", "pitou", "qsnatch", "--preset", "all", "--days", "20"];

fn generate(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hydrabane"));
    command.arg("generate").args(arguments);
    command
}

fn written(folder: &Path, name: &str, arguments: &[&str]) -> Vec<u8> {
    let path = folder.join(name);
    let status = generate(&REQUEST).args(["--from", "2026-11-01"]).args(arguments).arg("-o").arg(&path).status();
    assert!(status.expect("hydrabane runs").success());
    fs::read(path).expect("the file")
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let folder = TempDir::new().expect("a folder");
    for format in ["lines", "csv", "jsonl", "parquet"] {
        let one = written(folder.path(), "one", &["--format", format, "--threads", "1"]);
        assert!(one.len() > 100_000, "{format}: {} bytes", one.len());
        for threads in ["2", "7"] {
            let more = written(folder.path(), "more", &["--format", format, "--threads", threads]);
            assert!(one == more, "{format} differs with {threads} threads");
        }
    }
}

/// The Parquet file, read back with pyarrow, has the rows of the CSV file, and says what made it.
#[test]
fn parquet_is_what_pyarrow_reads() {
    if !readers::python_has("pyarrow") {
        return;
    }
    let folder = TempDir::new().expect("a folder");
    written(folder.path(), "names.csv", &["--format", "csv"]);
    written(folder.path(), "names.parquet", &["--format", "parquet"]);
    let script = include_str!("readers/parquet_as_csv.py");
    let output = Command::new("python3").args(["-c", script]).arg(folder.path()).output().expect("python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).ends_with(" rows\n"));
}

/// Ctrl-C ends with code 4 and leaves neither the file nor a part of it.
#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("names.parquet");
    // More names than anybody waits for.
    let mut child = generate(&["conficker", "--from", "1700-01-01", "--to", "2100-12-31", "--format", "parquet", "-o"])
        .arg(&path)
        .stderr(Stdio::piped())
        .spawn()
        .expect("hydrabane runs");
    let parts = || fs::read_dir(folder.path()).expect("the folder").count();
    // The file is opened before the work begins; a little later it has grown.
    let grown = || {
        fs::read_dir(folder.path())
            .expect("the folder")
            .any(|file| file.expect("a file").metadata().expect("its size").len() > 0)
    };
    while !grown() {
        assert!(child.try_wait().expect("it can be asked").is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    assert_eq!(parts(), 1);
    assert!(!path.exists(), "the final name appears only at the end");
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(killed.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(4));
    let mut said = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut said).expect("text");
    assert!(said.contains("interrupted"), "{said}");
    assert_eq!(parts(), 0, "a part of a file stays");
}
