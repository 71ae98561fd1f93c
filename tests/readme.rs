//! The README's commands: every line of its `console` blocks that begins with `$` is run in a copy of the repository's
//! scenarios and vectors, in the README's order, and has to end with exit code 0.
//!
//! Left out are lines of `cargo`, which this test is itself a part of. `sinkhole serve` runs until it is stopped: it gets
//! free ports, and SIGTERM once it has made its folder of events.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use std::{fs, io, thread};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository's root").to_owned()
}

/// Lines that begin with `$ ` in blocks of console text.
fn commands(readme: &str) -> Vec<&str> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            line if inside => commands.extend(line.strip_prefix("$ ")),
            _ => {}
        }
    }
    commands
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()))?;
        } else {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

#[test]
fn the_two_commands_stand_in_the_readme() {
    let readme = fs::read_to_string(repository().join("README.md")).expect("a README");
    let commands = commands(&readme);
    for command in ["cargo run --release -- run --live scenarios/ozdok.yaml", "cargo test --workspace"] {
        assert!(commands.contains(&command), "{command}");
    }
}

#[test]
fn every_command_of_the_tour_works() {
    let readme = fs::read_to_string(repository().join("README.md")).expect("a README");
    let folder = tempfile::tempdir().expect("a temporary folder");
    for part in ["scenarios", "tests/vectors"] {
        copy(&repository().join(part), &folder.path().join(part)).expect("the repository can be copied");
    }
    let binary = Path::new(env!("CARGO_BIN_EXE_hydrabane"));
    let mut path = binary.parent().expect("the binary's folder").as_os_str().to_owned();
    path.push(":/usr/local/bin:/usr/bin:/bin");

    let mut ran = 0;
    for command in commands(&readme).into_iter().filter(|command| !command.starts_with("cargo ")) {
        let mut shell = Command::new("sh");
        shell.current_dir(folder.path()).env("PATH", &path).stdout(Stdio::piped()).stderr(Stdio::piped());
        let output = if command.contains("sinkhole serve") {
            serve(&mut shell, command, folder.path())
        } else {
            shell.args(["-c", command]).output()
        };
        let output = output.expect("a shell");
        assert!(
            output.status.success(),
            "`{command}` ended with {}\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        ran += 1;
    }
    assert!(ran >= 8, "only {ran} commands were found");
}

/// Runs a command that serves until it is stopped, and stops it once its events have a place.
fn serve(shell: &mut Command, command: &str, folder: &Path) -> io::Result<Output> {
    let config = folder.join("sinkhole.yaml");
    let text = fs::read_to_string(&config)?;
    fs::write(&config, text.replace("127.0.0.1:5300", "127.0.0.1:0").replace("127.0.0.1:8080", "127.0.0.1:0"))?;
    let child = shell.args(["-c", &format!("exec {command}")]).spawn()?;
    for _ in 0..200 {
        thread::sleep(Duration::from_millis(50));
        if folder.join("events").is_dir() {
            break;
        }
    }
    // The folder is made just before the handler of the signal is in place.
    thread::sleep(Duration::from_millis(500));
    Command::new("sh").args(["-c", &format!("kill -TERM {}", child.id())]).status()?;
    child.wait_with_output()
}
