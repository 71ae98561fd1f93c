//! Programs that write logs and captures while a test asks questions.
#![allow(dead_code, clippy::unwrap_used, clippy::disallowed_methods)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::UdpSocket;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use trace::logs::{Entry, Settings, open};

use crate::readers::skipped;
use crate::resolver_process::{accepts, end, path_of, run};

/// How often something is looked for, and the pause in between: a minute, which only ends what hangs.
const PATIENCE: usize = 600;
const PAUSE: Duration = Duration::from_millis(100);

/// A program that runs beside a server, and ends with the test.
pub(crate) struct Running {
    child: Child,
    /// What it says on its standard error after it was ready, line by line.
    lines: Receiver<String>,
}

impl Running {
    /// Starts a program and waits until it says on its standard error that it is ready. If it ends instead, says why
    /// the test is skipped.
    pub(crate) fn start(program: &str, arguments: &[&str], ready: &str) -> Option<Self> {
        let mut child = Command::new(path_of(program).unwrap())
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        let running = Self { child, lines };
        while stderr.read_line(&mut said).unwrap() > 0 {
            if said.contains(ready) {
                thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
                return Some(running);
            }
        }
        skipped(&format!("{program} does not start: {said}"));
        None
    }

    /// Waits until it has said something so many times.
    pub(crate) fn says(&self, what: &str, times: usize) {
        let mut seen = 0;
        while seen < times {
            let line =
                self.lines.recv_timeout(PAUSE * PATIENCE as u32).unwrap_or_else(|_| panic!("{what}: {seen} times"));
            seen += usize::from(line.contains(what));
        }
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn stop(self) {
        drop(self);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// What the test asks: found, found in other letters, not there, odd octets; two questions over one connection.
pub(crate) const ASKED: [&str; 6] = [
    "found.asked.test",
    "FoUnD.asked.test",
    "nosuch.asked.test",
    "odd\\027\\032.asked.test",
    "one.tcp.asked.test",
    "two.tcp.asked.test",
];
/// What the answers say.
pub(crate) const ANSWERED: [u16; 6] = [0, 0, 3, 3, 3, 3];
/// Where the questions come from.
pub(crate) const CLIENT: &str = "127.0.0.1";

/// Asks a server all of it with `dig`.
pub(crate) fn ask(port: u16) {
    let port = port.to_string();
    let dig = |names: &[&str]| {
        let server = ["-r", "@127.0.0.1", "-p", &port, "+tries=3", "+time=20"];
        let output = run("dig", &[&server, names].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    };
    for name in &ASKED[..4] {
        dig(&[name, "A"]);
    }
    dig(&["+tcp", "+keepopen", ASKED[4], "A", ASKED[5], "AAAA"]);
}

/// What a log tells of the names below `asked.test`, a line a record: part, client, code, name.
pub(crate) fn told(octets: &[u8], settings: &Settings) -> (String, Vec<String>) {
    let mut told = Vec::new();
    let log = open(octets, None, settings).unwrap();
    let format = log.format().info().name.to_owned();
    log.read(&mut |entry| {
        match entry {
            Entry::Lookup(lookup) if lookup.name.to_lowercase().ends_with("asked.test") => {
                let client = lookup.client.map_or("-".into(), |client| client.to_string());
                let code = lookup.rcode.map_or("-".into(), |code| code.to_string());
                told.push(format!("{:?} {client} {code} {}", lookup.part, lookup.name));
            }
            Entry::Damaged(damage) => told.push(damage.to_string()),
            _ => {}
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    (format, told)
}

/// What a log must tell if it has the questions, the answers, or both.
pub(crate) fn expected(questions: bool, answers: Option<&str>) -> Vec<String> {
    let mut expected = Vec::new();
    for (name, code) in ASKED.iter().zip(ANSWERED) {
        if questions {
            expected.push(format!("Question {CLIENT} - {name}"));
        }
        if let Some(client) = answers {
            expected.push(format!("Answer {client} {code} {name}"));
        }
    }
    expected.sort();
    expected
}

/// A file's look-ups, in alphabetical order.
pub(crate) fn of_file(path: &Path, settings: &Settings) -> (String, Vec<String>) {
    let (format, mut told) = told(&fs::read(path).unwrap(), settings);
    told.sort();
    (format, told)
}

/// Waits until a file that is being written tells as many look-ups as are expected, and returns them.
pub(crate) fn awaited(path: &Path, settings: &Settings, count: usize) -> (String, Vec<String>) {
    for _ in 0..PATIENCE {
        // A record that is being written is damaged until it is whole.
        if fs::metadata(path).is_ok_and(|file| file.len() > 0) {
            let (format, told) = of_file(path, settings);
            if told.len() >= count && !told.iter().any(|line| line.starts_with("at octet")) {
                return (format, told);
            }
        }
        thread::sleep(PAUSE);
    }
    panic!("{} does not tell {count} look-ups", path.display());
}

/// Lines as `logger` sends them to a log host over the network, each after a header of syslog in this style.
pub(crate) fn through_syslog(program: &str, style: &str, lines: &str) -> String {
    let host = UdpSocket::bind("127.0.0.1:0").unwrap();
    host.set_read_timeout(Some(PAUSE * PATIENCE as u32)).unwrap();
    let port = host.local_addr().unwrap().port().to_string();
    let server = ["--server", "127.0.0.1", "--port", &port, "--udp", "--tag", program, "--id=811", style, "--"];
    let mut log = String::new();
    for line in lines.lines() {
        accepts("logger", &[&server[..], &[line]].concat());
        let mut datagram = [0; 2048];
        let length = host.recv(&mut datagram).unwrap();
        log.push_str(std::str::from_utf8(&datagram[..length]).unwrap());
        log.push('\n');
    }
    log
}

/// Waits until a file is there.
pub(crate) fn appears(path: &Path) {
    for _ in 0..PATIENCE {
        if path.exists() {
            return;
        }
        thread::sleep(PAUSE);
    }
    panic!("{} does not appear", path.display());
}
