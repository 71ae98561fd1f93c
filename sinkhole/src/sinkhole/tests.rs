//! A sinkhole on real sockets, in a time of the test's own.

use std::net::IpAddr;
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
