//! Resolvers and other programs of Debian's that a test runs on files of its own: found or skipped, on free ports, ended
//! with the test.
#![allow(dead_code, clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

use std::fs::{self, File};
use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use crate::readers::skipped;

/// How often a server may find its port taken by somebody else.
const ATTEMPTS: usize = 5;
/// How often a server is asked whether it is there, and the pause in between: a minute, which only ends what hangs.
const PATIENCE: usize = 600;
const PAUSE: Duration = Duration::from_millis(100);

/// Whether all programs are there. Otherwise says why the test is skipped; where every test must run, that fails it.
pub(crate) fn found(programs: &[&str], package: &str) -> bool {
    let missing: Vec<_> = programs.iter().filter(|program| path_of(program).is_none()).copied().collect();
    missing.is_empty() || skipped(&format!("{} not found: install {package}", missing.join(" and ")))
}

/// A program on the path or where servers are installed.
pub(crate) fn path_of(program: &str) -> Option<PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default();
    let folders = path.split(':').chain(["/usr/sbin", "/sbin"]);
    folders.map(|folder| Path::new(folder).join(program)).find(|path| path.is_file())
}

/// Runs a program to its end.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Output {
    Command::new(path_of(program).unwrap()).args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// What a program printed, on both outputs.
pub(crate) fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs a program that must accept what it is given, and returns what it printed.
#[track_caller]
pub(crate) fn accepts(program: &str, arguments: &[&str]) -> String {
    let output = run(program, arguments);
    let printed = printed(&output);
    assert!(output.status.success(), "{program} {arguments:?}: {printed}");
    printed
}

/// Runs a program that must refuse what it is given, and returns why.
#[track_caller]
pub(crate) fn refuses(program: &str, arguments: &[&str]) -> String {
    let output = run(program, arguments);
    assert!(!output.status.success(), "{program} {arguments:?}: {}", printed(&output));
    printed(&output)
}

/// A DNS server of a test's own, which ends with it.
pub(crate) struct Server {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Server {
    /// Starts a program and waits until it answers questions. `configure` writes what it needs for a port and returns
    /// its arguments.
    pub(crate) fn start(program: &str, folder: &Path, configure: impl Fn(u16) -> Vec<String>) -> Self {
        let log = folder.join(format!("{program}.log"));
        for _ in 0..ATTEMPTS {
            let port = free_port();
            let output = File::create(&log).unwrap();
            let child = Command::new(path_of(program).unwrap())
                .args(configure(port))
                .current_dir(folder)
                .stdin(Stdio::null())
                .stdout(output.try_clone().unwrap())
                .stderr(output)
                .spawn()
                .unwrap();
            let mut server = Self { child, port, log: log.clone() };
            if server.is_ready() {
                return server;
            }
        }
        panic!("{program} does not start: {}", fs::read_to_string(&log).unwrap());
    }

    /// An Unbound with more in its `server:` clause, and with further clauses.
    pub(crate) fn unbound(folder: &Path, more: &str, clauses: &str) -> Self {
        Self::start("unbound", folder, |port| {
            let folder = folder.to_str().unwrap();
            let text = format!(
                "server:
  interface: 127.0.0.1@{port}
  access-control: 127.0.0.0/8 allow
  directory: \"{folder}\"
  chroot: \"\"
  username: \"\"
  pidfile: \"\"
  do-daemonize: no
  use-syslog: no
  do-not-query-localhost: no
{more}
remote-control:
  control-enable: no
{clauses}
"
            );
            let path = format!("{folder}/unbound.conf");
            fs::write(&path, text).unwrap();
            accepts("unbound-checkconf", &[&path]);
            ["-d", "-c", &path].map(str::to_owned).to_vec()
        })
    }

    /// A named with further options and clauses.
    pub(crate) fn named(folder: &Path, options: &str, clauses: &str) -> Self {
        Self::start("named", folder, |port| {
            let folder = folder.to_str().unwrap();
            let text = format!(
                "options {{
  directory \"{folder}\";
  listen-on port {port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  pid-file none;
  session-keyfile \"{folder}/session.key\";
  managed-keys-directory \"{folder}\";
  {options}
}};
controls {{ }};
{clauses}
"
            );
            let path = format!("{folder}/named.conf");
            fs::write(&path, text).unwrap();
            accepts("named-checkconf", &["-z", &path]);
            vec!["-g".into(), "-c".into(), path]
        })
    }

    /// Waits for an answer, whatever it says; false if the program ends instead.
    fn is_ready(&mut self) -> bool {
        for _ in 0..PATIENCE {
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            let port = self.port.to_string();
            let question = ["-r", "@127.0.0.1", "-p", &port, "+tries=1", "+time=1", "ready.invalid"];
            if run("dig", &question).status.success() {
                return true;
            }
            thread::sleep(PAUSE);
        }
        panic!("no answer: {}", self.log());
    }

    /// Asks for the records of a type and waits for the answer: its status (`NXDOMAIN`, `NOERROR`), then its records'
    /// data.
    pub(crate) fn ask(&self, name: &str, kind: &str) -> String {
        let port = self.port.to_string();
        let dig = |style: &[&str]| {
            let mut arguments = vec!["-r", "@127.0.0.1", "-p", &port, "+tries=3", "+time=20", name, kind];
            arguments.extend(style);
            String::from_utf8(run("dig", &arguments).stdout).unwrap()
        };
        let full = dig(&[]);
        let status = full.split("status: ").nth(1).and_then(|rest| rest.split(',').next());
        let mut words = vec![status.unwrap_or("no answer").to_owned()];
        let answer = full.split(";; ANSWER SECTION:\n").nth(1).and_then(|rest| rest.split("\n\n").next());
        words.extend(
            answer
                .into_iter()
                .flat_map(str::lines)
                .map(|line| line.split_whitespace().skip(3).collect::<Vec<_>>().join(" ")),
        );
        words.join(" ")
    }

    /// Where it listens, on 127.0.0.1.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What it has said so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Ends a program. It is asked first, because NSD's children end with their parent only then.
pub(crate) fn end(child: &mut Child) {
    let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    for _ in 0..PATIENCE {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(PAUSE);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// A port of 127.0.0.1 that is free for UDP and TCP.
fn free_port() -> u16 {
    loop {
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = tcp.local_addr().unwrap().port();
        if UdpSocket::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
