//! A sinkhole that is treated badly: thousands of idle connections, a flood of what is no query, reloads under full load.
//! What is promised holds all the while: who asks is answered, and each answer has its event.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod readers;
mod sinkhole_process;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use readers::skipped;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use sinkhole::event::Counts;
use sinkhole::{Event, read_events};
use sinkhole_process::{PATIENCE, Serving, configure, query, question, receive, send, udp};
use tokio::net::TcpSocket;

/// A number from the environment, so that a measured run can take more.
fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |text| text.parse().unwrap())
}

/// Visits the name of every question in the events of `folder`; gives how many they are, and everything that was counted.
fn recorded(folder: &Path, mut visit: impl FnMut(String)) -> (u64, Counts) {
    let (mut questions, mut counts) = (0, Counts::default());
    for event in read_events(folder) {
        match event.unwrap() {
            Event::Dns(question) => {
                questions += 1;
                visit(question.name.to_string());
            }
            Event::Counters(counters) => counts = counts.plus(counters.counts),
            _ => {}
        }
    }
    assert_eq!(sinkhole::verify(folder).unwrap().damage, []);
    (questions, counts)
}

/// Asks over UDP until there is an answer; gives how often it was asked. A datagram may be lost where sockets overflow, and
/// answers to other questions may come before.
fn ask(socket: &UdpSocket, id: u16, name: &str) -> u64 {
    socket.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let (message, mut reply) = (query(id, name), [0; 4096]);
    for attempt in 1..=PATIENCE.as_millis() as u64 / 500 {
        socket.send(&message).unwrap();
        loop {
            match socket.recv(&mut reply) {
                Ok(length)
                    if length >= message.len()
                        && reply[..2] == message[..2]
                        && reply[12..message.len()] == message[12..] =>
                {
                    assert_eq!(question(&reply[..length]), (name.to_owned(), 0));
                    return attempt;
                }
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
    panic!("`{name}` is not answered")
}

/// Connections that idle.
const IDLE: usize = 10_000;
/// Connections from each source, which are as many as it may have (`connections.per_source`).
const FROM_EACH: usize = 64;

#[test]
fn ten_thousand_idle_connections_stop_nobody() {
    // The sinkhole has the usual limit of open files; only its clients need more.
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path(), "rate_limit: { enabled: false }");
    let serving = Serving::start(folder.path());
    let (wanted, limit) = (IDLE as u64 + 500, getrlimit(Resource::Nofile));
    if limit.current.is_some_and(|current| current < wanted) {
        let maximum = limit.maximum.map(|maximum| maximum.max(wanted));
        if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }) {
            skipped(&format!("{IDLE} connections need {wanted} open files (`ulimit -n`): {error}"));
            return;
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let to = serving.dns;
    let idle: Vec<TcpStream> = runtime.block_on(async {
        let mut open = Vec::with_capacity(IDLE);
        for place in 0..IDLE {
            let socket = TcpSocket::new_v4().unwrap();
            let source = Ipv4Addr::new(127, 0, 1, 1 + (place / FROM_EACH) as u8);
            socket.bind((source, 0).into()).unwrap();
            open.push(socket.connect(to).await.unwrap().into_std().unwrap());
        }
        open
    });
    let socket = udp(to);
    let asked: u64 = (0..1000).map(|id| ask(&socket, id, &format!("u{id}.held.test"))).sum();
    // Over TCP a new question finds a place as soon as one that idles has lost its own.
    let mut attempts = 0;
    loop {
        attempts += 1;
        let mut stream = sinkhole_process::tcp(to);
        if send(&mut stream, &query(7, "tcp.held.test")).is_ok()
            && let Ok(reply) = receive(&mut stream)
        {
            assert_eq!(question(&reply), ("tcp.held.test".to_owned(), 0));
            break;
        }
        assert!(attempts < PATIENCE.as_millis() / 50, "a new connection is served");
        thread::sleep(Duration::from_millis(50));
    }
    let events = serving.events();
    assert_eq!(idle.len(), IDLE);
    assert_eq!(serving.terminate().0.code(), Some(0));
    drop(idle);
    let mut names = HashSet::new();
    let (questions, counts) = recorded(&events, |name| names.extend([name]));
    assert!((0..1000).all(|id| names.contains(&format!("u{id}.held.test"))) && names.contains("tcp.held.test"));
    assert!((1001..=asked + 1).contains(&questions), "{questions} of {asked}");
    assert!(counts.turned_away <= IDLE as u64 + attempts as u64);
    println!(
        "{IDLE} connections, {} turned away; 1000 questions over UDP took {asked} attempts, one over TCP {attempts}",
        counts.turned_away
    );
}

/// Packets between two good questions.
const BETWEEN: u64 = 200;
/// Octets by which memory may grow during a flood: what buffers of batches and the archive's thread take, and far less than
/// the octets of the flood.
const GROWTH: u64 = 32 << 20;

/// A documented, seeded stream of random numbers: xorshift64 (Marsaglia 2003).
struct Random(u64);

impl Random {
    /// The next number.
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// A packet: noise, or a query of which some octets were changed, cut off, or added.
    fn packet(&mut self, into: &mut Vec<u8>) {
        into.clear();
        if self.below(3) == 0 {
            let length = self.below(600);
            into.extend((0..length).map(|_| self.next() as u8));
            return;
        }
        into.extend(query(self.next() as u16, ["x.held.test", "stranger.example", "a.b.other.test"][self.below(3)]));
        if self.below(2) == 0 {
            into[11] = 1;
            into.extend([0, 0, 41, 5, 120, 0, 0, 0, 0, 0, 11, 0, 8, 0, 7, 0, 1, 24, 0, 203, 0, 113]);
        }
        for _ in 0..self.below(4) {
            let place = self.below(into.len());
            into[place] = self.next() as u8;
        }
        match self.below(8) {
            0 => into.truncate(self.below(into.len())),
            1 => into.extend((0..self.below(40)).map(|place| place as u8)),
            _ => {}
        }
    }
}

/// Resident memory of a process in octets.
fn memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// Datagrams that the system dropped because the sockets on `address` were full.
fn overflown(address: SocketAddr) -> u64 {
    let port = format!(":{:04X}", address.port());
    let table = fs::read_to_string("/proc/net/udp").unwrap();
    let sockets = table.lines().filter(|line| line.split_whitespace().nth(1).is_some_and(|own| own.ends_with(&port)));
    sockets.map(|line| line.split_whitespace().last().unwrap().parse::<u64>().unwrap()).sum()
}

#[test]
fn a_flood_of_what_is_no_query_is_counted_and_takes_no_memory() {
    let packets = number("HYDRABANE_PACKETS", 1_000_000);
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path(), "rate_limit: { enabled: false }");
    let serving = Serving::start(folder.path());
    let (flood, good) = (UdpSocket::bind("127.0.0.1:0").unwrap(), udp(serving.dns));
    flood.connect(serving.dns).unwrap();
    flood.set_nonblocking(true).unwrap();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut packet, mut reply) = (Vec::new(), [0; 4096]);
    let (mut sent, mut asked, mut answered) = (0, 0, 0);
    let mut before = 0;
    while sent < packets {
        for _ in 0..BETWEEN {
            random.packet(&mut packet);
            flood.send(&packet).unwrap();
            sent += 1;
            while flood.recv(&mut reply).is_ok() {
                assert!(reply[2] & 0x80 != 0, "an answer is a response");
            }
        }
        // The flood's own socket is answered in its turn, which keeps the flood from running ahead of the sinkhole; others
        // are answered all the while.
        flood.set_nonblocking(false).unwrap();
        for socket in [&good, &flood] {
            asked += ask(socket, answered as u16, &format!("good{answered}.held.test"));
            answered += 1;
        }
        flood.set_nonblocking(true).unwrap();
        if before == 0 && sent >= packets / 10 {
            before = memory(serving.id());
        }
    }
    let after = memory(serving.id());
    let overflown = overflown(serving.dns);
    let events = serving.events();
    assert_eq!(serving.terminate().0.code(), Some(0));
    let mut names = HashSet::new();
    let (questions, counts) = recorded(&events, |name| names.extend([name]));
    assert!((0..answered).all(|place| names.contains(&format!("good{place}.held.test"))));
    let Counts { refused, malformed, limited, dropped, unrecorded, .. } = counts;
    println!(
        "{sent} packets and {answered} good questions in {asked} attempts: {questions} events, {refused} refused, \
         {malformed} malformed, {dropped} dropped, {overflown} overflown; {before} octets of memory, then {after}"
    );
    assert_eq!((limited, unrecorded), (0, 0));
    assert_eq!(questions + refused + malformed + dropped + overflown, sent + asked, "each one is accounted for");
    let arrived = sent - overflown;
    assert!(malformed > arrived / 10 && refused > arrived / 10 && questions > arrived / 10 && dropped > arrived / 100);
    assert!(after < before + GROWTH, "{before} octets of memory became {after}");
}

/// Clients under full load, and questions that each has on its way.
const CLIENTS: usize = 4;
/// See [`CLIENTS`].
const WINDOW: usize = 16;
/// How often the sinkhole is told to reload.
const RELOAD: Duration = Duration::from_secs(5);

/// How many names there were, and a sum of hashes over them: two that agree are of the same names, each as often.
#[derive(Default)]
struct Sum {
    /// How many.
    count: AtomicU64,
    /// The hashes' sum.
    hashes: AtomicU64,
}

impl Sum {
    /// Adds a name.
    fn add(&self, name: &str) {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        self.count.fetch_add(1, Ordering::Relaxed);
        self.hashes.fetch_add(hasher.finish(), Ordering::Relaxed);
    }

    /// Both numbers.
    fn numbers(&self) -> (u64, u64) {
        (self.count.load(Ordering::Relaxed), self.hashes.load(Ordering::Relaxed))
    }
}

/// Asks until `ending`, a window at a time; each question must be answered.
fn load(client: usize, to: SocketAddr, ending: &AtomicBool, answered: &Sum) {
    let socket = udp(to);
    let mut reply = [0; 1500];
    for round in 0.. {
        if ending.load(Ordering::Relaxed) {
            return;
        }
        for place in 0..WINDOW {
            socket.send(&query(place as u16, &format!("c{client}-{round}-{place}.held.test"))).unwrap();
        }
        for _ in 0..WINDOW {
            let length = socket.recv(&mut reply).expect("no answer is lost");
            let (name, rcode) = question(&reply[..length]);
            assert!(rcode == 0 && name.starts_with(&format!("c{client}-{round}-")), "{name}: {rcode}");
            answered.add(&name);
        }
    }
}

/// Whether a process takes SIGHUP (proc(5): `SigCgt`, whose first bit is signal 1).
fn takes_hangup(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
    u64::from_str_radix(mask.trim(), 16).unwrap() & 1 == 1
}

#[test]
fn under_full_load_and_reloads_each_answer_has_its_event() {
    let time = Duration::from_secs(number("HYDRABANE_SECONDS", 10));
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path(), "rate_limit: { enabled: false }");
    let serving = Serving::start(folder.path());
    let (to, process) = (serving.dns, serving.id());
    let reloads = takes_hangup(process);
    let (ending, answered) = (AtomicBool::new(false), Sum::default());
    let (mut reloaded, mut names) = (0, "other.test\n".to_owned());
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (ending, answered) = (&ending, &answered);
            scope.spawn(move || load(client, to, ending, answered));
        }
        let begun = Instant::now();
        while begun.elapsed() < time {
            thread::sleep(RELOAD.min(time.saturating_sub(begun.elapsed())));
            if reloads {
                writeln!(names, "new{reloaded}.test").unwrap();
                reloaded += 1;
                fs::write(folder.path().join("ramnit.txt"), &names).unwrap();
                let process = rustix::process::Pid::from_raw(process.cast_signed()).unwrap();
                rustix::process::kill_process(process, rustix::process::Signal::HUP).unwrap();
            }
        }
        ending.store(true, Ordering::Relaxed);
    });
    let (mut waited, mut refused) = (Duration::ZERO, 0);
    if reloaded > 0 {
        // The last reload may still be at work.
        let (socket, name) = (udp(to), format!("new{}.test", reloaded - 1));
        loop {
            let mut reply = [0; 1500];
            socket.send(&query(1, &name)).unwrap();
            let length = socket.recv(&mut reply).unwrap();
            if question(&reply[..length]).1 == 0 {
                answered.add(&name);
                break;
            }
            refused += 1;
            assert!(waited < PATIENCE, "a reload takes names up");
            thread::sleep(Duration::from_millis(20));
            waited += Duration::from_millis(20);
        }
    }
    let events = serving.events();
    let (status, said) = serving.terminate();
    assert_eq!(status.code(), Some(0), "{said:?}");
    let kept = Sum::default();
    let (questions, counts) = recorded(&events, |name| kept.add(&name));
    println!("{} answers in {time:?} with {reloaded} reloads; {questions} events", answered.numbers().0);
    assert_eq!(kept.numbers(), answered.numbers(), "each answer has its one event");
    assert_eq!(counts, Counts { refused, ..Counts::default() });
    assert!(questions > 1000);
}
