//! A sinkhole on real sockets, in a time of the test's own.

use std::net::IpAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

use super::*;
use crate::event::{Event, Transport};
use crate::store::read_events;

/// A clock that stands still until it is moved.
#[derive(Debug)]
struct Standing(AtomicI64);

impl Clock for Standing {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::Relaxed), 0).unwrap()
    }
}

/// An address query for `name`.
fn query(id: u16, name: &str) -> Vec<u8> {
    let mut octets = id.to_be_bytes().to_vec();
    octets.extend([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    octets.extend(name.parse::<Name>().unwrap().as_wire());
    octets.extend([0, 1, 0, 1]);
    octets
}

fn rcode(reply: &[u8]) -> u8 {
    reply[3] & 0xf
}

async fn ask(socket: &UdpSocket, id: u16, name: &str) -> Vec<u8> {
    socket.send(&query(id, name)).await.unwrap();
    let mut reply = vec![0; 1500];
    let length = socket.recv(&mut reply).await.unwrap();
    reply.truncate(length);
    assert_eq!(reply[..2], id.to_be_bytes());
    reply
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_come_and_go_while_it_runs_and_events_have_the_clocks_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path().join("deep/events"));
    config.listen.dns = vec!["127.0.0.1:0".parse().unwrap(), "[::1]:0".parse().unwrap()];
    config.listen.tcp = vec!["127.0.0.1:0".parse().unwrap()];
    let clock = Arc::new(Standing(AtomicI64::new(1_257_465_600)));
    let sinkhole = Sinkhole::start(config, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
    let [v4, v6] = sinkhole.dns_addresses() else { panic!() };
    assert!(v4.port() != 0 && v6.is_ipv6());
    let (v4, v6) = (*v4, *v6);

    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.connect(v4).await.unwrap();
    assert_eq!(rcode(&ask(&socket, 1, "held.test").await), 5);
    sinkhole.hold([HeldName::new("Held.test", "ozdok", 4).unwrap()]);
    assert_eq!(rcode(&ask(&socket, 2, "a.hELD.test").await), 0);

    clock.0.fetch_add(86_400, Ordering::Relaxed);
    let mut stream = TcpStream::connect(v6).await.unwrap();
    for id in 3..6_u16 {
        let message = query(id, "held.test");
        stream.write_u16(message.len() as u16).await.unwrap();
        stream.write_all(&message).await.unwrap();
    }
    for id in 3..6_u16 {
        let length = stream.read_u16().await.unwrap();
        let mut reply = vec![0; usize::from(length)];
        stream.read_exact(&mut reply).await.unwrap();
        assert_eq!((reply[..2].to_vec(), rcode(&reply)), (id.to_be_bytes().to_vec(), 0));
    }
    let mut closed = TcpStream::connect(sinkhole.tcp_addresses()[0]).await.unwrap();
    assert_eq!(closed.read(&mut [0; 8]).await.unwrap(), 0);

    let name: Name = "held.test".parse().unwrap();
    assert_eq!((sinkhole.held_names(), sinkhole.release([&name]), sinkhole.release([&name])), (1, 1, 0));
    assert_eq!(rcode(&ask(&socket, 6, "held.test").await), 5);
    let summary = sinkhole.shutdown().await.unwrap();
    assert_eq!((summary.events, summary.counts.refused), (5, 2));

    let events: Vec<Event> = read_events(&folder.path().join("deep/events")).map(Result::unwrap).collect();
    let questions: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Dns(question) => Some(question),
            _ => None,
        })
        .collect();
    assert_eq!(questions.len(), 4);
    let first = questions[0];
    assert_eq!((first.origin.at.to_rfc3339().as_str(), first.transport), ("2009-11-06T00:00:00+00:00", Transport::Udp));
    assert_eq!(first.origin.source, socket.local_addr().unwrap());
    assert_eq!((first.held.label.as_str(), first.held.index, first.origin.destination), ("ozdok", 4, v4));
    assert!(questions[1..].iter().all(|question| {
        question.origin.at.to_rfc3339() == "2009-11-07T00:00:00+00:00"
            && question.transport == Transport::Tcp
            && question.origin.source.ip() == "::1".parse::<IpAddr>().unwrap()
            && question.origin.destination == v6
    }));
}

/// Asks until the answer is of the rate limit's kind: nothing but TC.
async fn ask_until_limited(socket: &UdpSocket) -> u64 {
    for asked in 1..10_000 {
        socket.send(&query(9, "held.test")).await.unwrap();
        let mut reply = [0; 1500];
        // A question that is dropped silently is followed by one that is not.
        match tokio::time::timeout(std::time::Duration::from_millis(50), socket.recv(&mut reply)).await {
            Ok(Ok(_)) if reply[2] & 2 != 0 => return asked,
            _ => {}
        }
    }
    panic!("there is no limit")
}

#[tokio::test]
async fn a_clock_that_steps_back_an_hour_loses_no_event_no_count_and_no_limit() {
    let folder = tempfile::tempdir().unwrap();
    let events = folder.path().join("events");
    let mut config = Config::new(&events);
    config.listen.dns = vec!["127.0.0.1:0".parse().unwrap()];
    let clock = Arc::new(Standing(AtomicI64::new(1_700_000_000)));
    let sinkhole = Sinkhole::start(config, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
    sinkhole.hold([HeldName::new("held.test", "ozdok", 0).unwrap()]);
    let to = sinkhole.dns_addresses()[0];
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.connect(to).await.unwrap();
    let (mut answered, mut refused) = (Vec::new(), 0);
    // Forwards, back an hour, back again, and forwards beyond the first.
    for (turn, step) in [0, 30, 45, -3600, 10, -90, 120, 7200].into_iter().enumerate() {
        let now = clock.0.fetch_add(step, Ordering::Relaxed) + step;
        for place in 0..5 {
            let name = format!("q{turn}-{place}.held.test");
            assert_eq!(rcode(&ask(&socket, 1, &name).await), 0);
            answered.push((name, now));
            assert_eq!(rcode(&ask(&socket, 2, "stranger.example").await), 5);
            refused += 1;
        }
    }
    // The limit holds when the clock steps back, and is over when it goes on.
    let mut asked = ask_until_limited(&socket).await;
    clock.0.fetch_sub(3600, Ordering::Relaxed);
    let again = ask_until_limited(&socket).await;
    assert!(again <= 2, "a clock that steps back gives nothing: {again}");
    asked += again;
    clock.0.fetch_add(1, Ordering::Relaxed);
    assert_eq!(rcode(&ask(&socket, 3, "last.held.test").await), 0);
    answered.push(("last.held.test".to_owned(), clock.0.load(Ordering::Relaxed)));
    let summary = sinkhole.shutdown().await.unwrap();

    assert_eq!(crate::verify(&events).unwrap().damage, []);
    let mut reader = read_events(&events);
    let (mut read, mut counts, mut before, mut all) = (Vec::new(), Counts::default(), None, Vec::new());
    while let Some(recorded) = reader.next_recorded() {
        let recorded = recorded.unwrap();
        assert!(before < Some(recorded.id.sequence), "the order is that of the numbers");
        before = Some(recorded.id.sequence);
        match &recorded.event {
            Event::Dns(question) if question.name.to_string() != "held.test" => {
                read.push((question.name.to_string(), question.origin.at.timestamp()));
            }
            Event::Counters(counters) => counts = counts.plus(counters.counts),
            _ => {}
        }
        all.push(recorded);
    }
    assert_eq!(read, answered, "each once, in the order of asking, with the time of its turn");
    assert_eq!((counts, counts.refused), (summary.counts, refused));
    let questions = all.iter().filter(|recorded| matches!(recorded.event, Event::Dns(_))).count() as u64;
    assert_eq!(questions + counts.limited, answered.len() as u64 + asked);
    for format in crate::event_formats::FORMATS {
        let place = if format.info().is_folder {
            let out = folder.path().join(format.info().name);
            std::fs::create_dir(&out).unwrap();
            crate::event_formats::Place::Folder(out)
        } else {
            crate::event_formats::Place::Stream(Box::new(std::io::sink()))
        };
        let mut sink = format.begin(place).unwrap();
        let taken = all.iter().filter(|recorded| sink.add(recorded).unwrap()).count();
        sink.finish().unwrap();
        assert!(taken as u64 >= questions, "{}", format.info().name);
    }
}

#[tokio::test]
async fn another_configuration_brings_other_names_and_answers_and_says_what_it_does_not_change() {
    let folder = tempfile::tempdir().unwrap();
    let held = |name: &str| HeldName::new(name, "ozdok", 0).unwrap();
    let mut config = Config::new(folder.path().join("events"));
    config.listen.dns = vec!["127.0.0.1:0".parse().unwrap()];
    config.names = [held("a.test"), held("b.test")].into_iter().collect();
    let told = Arc::new(Mutex::new(Vec::new()));
    let notices = Arc::clone(&told);
    let notify = Notify::new(move |notice| notices.lock().unwrap().push(notice.to_string()));
    let clock = Arc::new(Standing(AtomicI64::new(1_257_465_600)));
    let sinkhole = Sinkhole::start_telling(config.clone(), clock, notify).await.unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.connect(sinkhole.dns_addresses()[0]).await.unwrap();
    sinkhole.hold([held("c.test")]);
    sinkhole.release([&"b.test".parse().unwrap()]);
    for (id, (name, expected)) in [("a.test", 0), ("b.test", 5), ("c.test", 0)].into_iter().enumerate() {
        assert_eq!(rcode(&ask(&socket, id as u16, name).await), expected, "{name}");
    }

    config.names = [held("b.test"), held("d.test")].into_iter().collect();
    config.answer.a = vec!["192.0.2.99".parse().unwrap()];
    assert_eq!(sinkhole.reload(&config).unwrap().names, 2);
    assert_eq!(*told.lock().unwrap(), [] as [&str; 0]);
    for (id, (name, expected)) in [("a.test", 5), ("b.test", 0), ("c.test", 5), ("d.test", 0)].into_iter().enumerate() {
        let reply = ask(&socket, id as u16, name).await;
        assert_eq!(rcode(&reply), expected, "{name}");
        assert_eq!(reply.ends_with(&[192, 0, 2, 99]), expected == 0, "{name}");
    }

    config.listen.http = vec!["127.0.0.1:0".parse().unwrap()];
    config.mark.enabled = false;
    assert_eq!(sinkhole.reload(&config).unwrap().names, 2);
    let told = told.lock().unwrap().clone();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("`listen` has changed; that needs a restart") && told[1].starts_with("`mark`"));
    sinkhole.shutdown().await.unwrap();

    // Each event says what was answered then.
    let mut reader = read_events(&folder.path().join("events"));
    let mut answered = Vec::new();
    while let Some(recorded) = reader.next_recorded() {
        let recorded = recorded.unwrap();
        if let Event::Dns(_) = recorded.event {
            answered.push(recorded.answers.unwrap().a[0].to_string());
        }
    }
    assert_eq!(answered, ["192.0.2.53", "192.0.2.53", "192.0.2.99", "192.0.2.99"]);
}

#[tokio::test]
async fn a_process_has_numbers_for_so_many_families() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path());
    let clock = Arc::new(Standing(AtomicI64::new(0)));
    let sinkhole = Sinkhole::start(config.clone(), clock).await.unwrap();
    let families = |prefix: &'static str, count: u32| {
        let names = (0..count).map(move |number| {
            let text = format!("{prefix}{number}");
            HeldName::new(&format!("{text}.test"), &text, number).unwrap()
        });
        names.collect::<crate::HeldNames>()
    };
    config.names = families("a", 40_000);
    assert_eq!(sinkhole.reload(&config).unwrap().names, 40_000);
    config.names = families("b", 40_000);
    assert_eq!(sinkhole.reload(&config), Err(ReloadError::Texts));
    assert_eq!(sinkhole.held_names(), 40_000);
    config.names = families("a", 39_999);
    assert_eq!(sinkhole.reload(&config).unwrap().names, 39_999);
    sinkhole.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_taken_port_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut config = Config::new(folder.path());
    config.listen.dns = vec![taken.local_addr().unwrap()];
    let clock = Arc::new(Standing(AtomicI64::new(0)));
    let error = Sinkhole::start(config.clone(), clock.clone()).await.unwrap_err();
    assert!(matches!(error, StartError::Listen { protocol: "UDP", .. }), "{error}");
    assert!(error.hint().unwrap().contains("another port"));

    config.listen.dns.clear();
    config.store.folder = "/dev/null/events".into();
    let error = Sinkhole::start(config, clock).await.unwrap_err();
    assert!(matches!(error, StartError::Store { .. }) && error.hint().is_some(), "{error}");
}

#[tokio::test]
async fn a_dropped_sinkhole_frees_its_ports() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path());
    config.listen.dns = vec!["127.0.0.1:0".parse().unwrap()];
    let clock = Arc::new(Standing(AtomicI64::new(0)));
    let sinkhole = Sinkhole::start(config.clone(), clock.clone()).await.unwrap();
    config.listen.dns = sinkhole.dns_addresses().to_vec();
    drop(sinkhole);
    let mut started = Sinkhole::start(config.clone(), clock.clone()).await;
    for _ in 0..1000 {
        if started.is_ok() {
            break;
        }
        tokio::task::yield_now().await;
        started = Sinkhole::start(config.clone(), clock.clone()).await;
    }
    started.unwrap().shutdown().await.unwrap();
}
