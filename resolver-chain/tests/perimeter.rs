//! **Contract: lab traffic cannot leave the lab.** The adapters refuse every address that the run did not bind.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use resolver_chain::Answer;
use resolver_chain::resolve::{Caller, Perimeter, Proof, Questioner, ResolveError};
use tokio::net::{TcpListener, UdpSocket};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A public address, the stub resolver of many Linux systems, the machine's own resolver, a host of the scenario's
/// documentation ranges, and a loopback address that somebody else may have bound.
fn outside() -> Vec<SocketAddr> {
    let mut outside: Vec<SocketAddr> =
        ["8.8.8.8:53", "127.0.0.53:53", "192.0.2.53:80", "127.0.0.1:53", "[::1]:53", "[2001:db8::1]:53"]
            .iter()
            .map(|address| address.parse().expect("an address"))
            .collect();
    let own = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let servers = own.lines().filter_map(|line| line.strip_prefix("nameserver")?.trim().parse::<IpAddr>().ok());
    outside.extend(servers.map(|server| SocketAddr::new(server, 53)));
    outside
}

#[tokio::test]
async fn nobody_outside_is_asked_or_called() {
    let perimeter = Perimeter::new();
    let mut questioner = Questioner::new(perimeter.clone());
    let caller = Caller::new(perimeter, Proof::new(b"secret"));
    for address in outside() {
        let asked = questioner.ask(0, HERE, address, "one.megad.test").await;
        assert!(matches!(asked, Err(ResolveError::Outside(outside)) if outside.address == address), "{asked:?}");
        let met = caller.call(HERE, address, "one.megad.test", 1).await;
        assert!(matches!(met, Err(ResolveError::Outside(outside)) if outside.address == address), "{met:?}");
    }
}

#[tokio::test]
async fn only_what_was_taken_in_is_asked_and_only_from_loopback() {
    let socket = UdpSocket::bind((HERE, 0)).await.expect("a socket");
    let address = socket.local_addr().expect("its address");
    let perimeter = Perimeter::new();
    let mut questioner = Questioner::new(perimeter.clone());
    assert!(questioner.ask(0, HERE, address, "one.megad.test").await.is_err(), "bound, but not by this run");
    perimeter.take_in(address).expect("a loopback address");
    // The socket is there and silent: the question leaves, and no answer comes.
    let asked = questioner.ask(0, HERE, address, "one.megad.test").await.expect("inside");
    assert_eq!(asked, Answer::TimedOut);
    let mut packet = [0; 512];
    let (length, from) = socket.recv_from(&mut packet).await.expect("the question");
    assert!(length > 12 && from.ip() == HERE);

    let from_outside = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1));
    assert!(matches!(
        questioner.ask(1, from_outside, address, "one.megad.test").await,
        Err(ResolveError::Outside(outside)) if outside.address.ip() == from_outside
    ));
}

#[test]
fn the_fence_takes_in_loopback_only() {
    let perimeter = Perimeter::new();
    for address in ["0.0.0.0:53", "192.0.2.1:53", "10.0.0.1:80", "127.0.0.1:0", "[2001:db8::1]:53"] {
        let address: SocketAddr = address.parse().expect("an address");
        assert!(perimeter.take_in(address).is_err(), "{address}");
        assert!(perimeter.admit(address).is_err(), "{address}");
    }
}

#[tokio::test]
async fn a_refused_connection_is_an_answer() {
    let listener = TcpListener::bind((HERE, 0)).await.expect("a listener");
    let address = listener.local_addr().expect("its address");
    // Bound again without listening: the port stays taken and refuses.
    drop(listener);
    let closed = tokio::net::TcpSocket::new_v4().expect("a socket");
    closed.set_reuseaddr(true).expect("an option");
    closed.bind(address).expect("the port is still free");
    let perimeter = Perimeter::new();
    perimeter.take_in(address).expect("a loopback address");
    let caller = Caller::new(perimeter, Proof::new(b"secret"));
    assert_eq!(caller.call(HERE, address, "one.megad.test", 1).await.expect("inside"), Answer::ConnectionRefused);
}
