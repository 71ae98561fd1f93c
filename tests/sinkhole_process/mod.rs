//! A `hydrabane sinkhole serve` of a test's own, on free ports, with its events in a temporary folder.
#![allow(dead_code, clippy::unwrap_used, clippy::disallowed_methods)]

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Generous: it only ends a test that hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A configuration in a temporary folder, and the process that serves it.
pub(crate) struct Serving {
    folder: PathBuf,
    child: Child,
    lines: Receiver<String>,
    /// What it said before it was ready.
    said: Vec<String>,
    pub(crate) dns: SocketAddr,
    pub(crate) http: SocketAddr,
    pub(crate) tcp: SocketAddr,
}

/// Writes the configuration that the tests serve: `held.test` under label `ozdok`, `other.test` under `ramnit`.
pub(crate) fn configure(folder: &Path, more: &str) -> PathBuf {
    fs::write(folder.join("ozdok.txt"), "held.test\n").unwrap();
    fs::write(folder.join("ramnit.txt"), "# generated\nother.test\n").unwrap();
    let config = folder.join("sinkhole.yaml");
    let text = format!(
        "version: 1
listen: {{ dns: [\"127.0.0.1:0\"], http: [\"127.0.0.1:0\"], tcp: [\"127.0.0.1:0\"] }}
names:
  - {{ file: ozdok.txt, family: ozdok }}
  - {{ file: ramnit.txt, family: ramnit }}
answer:
  a: [\"192.0.2.53\"]
  aaaa: [\"2001:db8::53\"]
  ttl: 300
  negative_ttl: 60
  ns: [ns1.sinkhole.example, ns2.sinkhole.example]
  contact: abuse.sinkhole.example
store: {{ dir: events, fsync: 100ms }}
{more}
"
    );
    fs::write(&config, text).unwrap();
    config
}

/// Runs the binary to its end.
pub(crate) fn hydrabane(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hydrabane")).args(arguments).output().unwrap()
}

impl Serving {
    /// Starts a sinkhole in `folder`, where [`configure`] was called, and waits until it serves.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hydrabane"))
            .args(["sinkhole", "serve", "--config"])
            .arg(folder.join("sinkhole.yaml"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut addresses = HashMap::new();
        let mut said = Vec::new();
        loop {
            let line = lines.recv_timeout(PATIENCE).expect("the sinkhole says that it is ready");
            if line == "ready" {
                break;
            }
            let mut words = line.split_whitespace();
            if let (Some(kind), Some(Ok(address))) = (words.next(), words.next().map(str::parse)) {
                addresses.insert(kind.to_owned(), address);
            }
            said.push(line);
        }
        Self {
            folder: folder.to_owned(),
            child,
            lines,
            said,
            dns: addresses["dns"],
            http: addresses["http"],
            tcp: addresses["tcp"],
        }
    }

    /// The folder of the events.
    pub(crate) fn events(&self) -> PathBuf {
        self.folder.join("events")
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What the sinkhole said before it was ready.
    pub(crate) fn said(&self) -> &[String] {
        &self.said
    }

    /// Kills the process as a crash would: it gets no say.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the process to read its configuration again.
    pub(crate) fn hang_up(&self) {
        self.signal("HUP");
    }

    /// Waits until the process says a line that begins so.
    pub(crate) fn wait_for(&self, begin: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("the sinkhole says `{begin}`"));
            if line.starts_with(begin) {
                return line;
            }
        }
    }

    fn signal(&self, signal: &str) {
        let command = format!("kill -{signal} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &command]).status().unwrap().success());
    }

    /// Asks the process to end, and waits until it has. Returns what it said after it was ready.
    pub(crate) fn terminate(mut self) -> (ExitStatus, Vec<String>) {
        self.signal("TERM");
        let mut said = Vec::new();
        // The channel ends when the process has closed its standard error.
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            said.push(line);
        }
        (self.child.wait().unwrap(), said)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Only a failed test leaves it running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A query for the address of `name`.
pub(crate) fn query(id: u16, name: &str) -> Vec<u8> {
    let mut octets = id.to_be_bytes().to_vec();
    octets.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    for label in name.split('.') {
        octets.push(u8::try_from(label.len()).unwrap());
        octets.extend(label.as_bytes());
    }
    octets.extend([0, 0, 1, 0, 1]);
    octets
}

/// The name that a message asks for, and its RCODE.
pub(crate) fn question(octets: &[u8]) -> (String, u8) {
    let mut labels = Vec::new();
    let mut at = 12;
    while octets[at] != 0 {
        let end = at + 1 + usize::from(octets[at]);
        labels.push(String::from_utf8(octets[at + 1..end].to_vec()).unwrap());
        at = end;
    }
    (labels.join("."), octets[3] & 0xf)
}

/// A UDP socket that talks to the sinkhole.
pub(crate) fn udp(to: SocketAddr) -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(to).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

/// A TCP connection to the sinkhole.
pub(crate) fn tcp(to: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(to).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends a message over TCP.
pub(crate) fn send(stream: &mut TcpStream, message: &[u8]) -> std::io::Result<()> {
    let mut framed = u16::try_from(message.len()).unwrap().to_be_bytes().to_vec();
    framed.extend(message);
    stream.write_all(&framed)
}

/// Takes a message over TCP.
pub(crate) fn receive(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut message)?;
    Ok(message)
}
