//! What a sinkhole does with octets that no program of good behaviour sends, with sources that send too much, and with
//! connections that stay too long.
#![allow(clippy::unwrap_used)]

mod sinkhole_process;

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use sinkhole_process::{PATIENCE, Serving, configure, query, question, receive, send, tcp, udp};
use socket2::{Domain, Socket, Type};

/// RCODEs (RFC 1035 §4.1.1).
const NO_ERROR: u8 = 0;
const FORMAT_ERROR: u8 = 1;
const REFUSED: u8 = 5;

/// A sinkhole whose configuration has `more`.
fn serve(folder: &Path, more: &str) -> Serving {
    configure(folder, more);
    Serving::start(folder)
}

/// What comes back for a datagram.
fn ask(socket: &UdpSocket, message: &[u8]) -> Vec<u8> {
    socket.send(message).unwrap();
    let mut reply = vec![0; 4096];
    let length = socket.recv(&mut reply).unwrap();
    reply.truncate(length);
    assert_eq!(reply[..2], message[..2], "the identifier is the question's");
    reply
}

fn rcode(reply: &[u8]) -> u8 {
    reply[3] & 0xf
}

fn is_truncated(reply: &[u8]) -> bool {
    reply[2] & 2 != 0
}

/// A UDP socket at another of the machine's own addresses.
fn udp_from(source: Ipv4Addr, to: SocketAddr) -> UdpSocket {
    let socket = UdpSocket::bind((source, 0)).unwrap();
    socket.connect(to).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

/// A connection from another of the machine's own addresses.
fn tcp_from(source: Ipv4Addr, to: SocketAddr) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::new(IpAddr::V4(source), 0).into()).unwrap();
    socket.connect(&to.into()).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket.into()
}

/// Asks over a connection, and gives the answer's RCODE.
fn ask_over(stream: &mut TcpStream, id: u16) -> u8 {
    send(stream, &query(id, "held.test")).unwrap();
    let reply = receive(stream).unwrap();
    assert_eq!(reply[..2], id.to_be_bytes());
    rcode(&reply)
}

/// Waits until the sinkhole has closed a connection.
fn is_closed(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => assert!(rest.is_empty(), "{rest:?}"),
        // What was sent and not read any more is answered with a reset.
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
    }
}

/// A query with an OPT record that has `cookie`.
fn with_cookie(id: u16, name: &str, cookie: &[u8]) -> Vec<u8> {
    let mut message = query(id, name);
    message[11] = 1;
    message.extend([0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, cookie.len() as u8 + 4, 0, 10, 0, cookie.len() as u8]);
    message.extend(cookie);
    message
}

#[test]
fn what_is_no_question_is_malformed_and_a_response_is_met_with_silence() {
    let folder = tempfile::tempdir().unwrap();
    let serving = serve(folder.path(), "rate_limit: { enabled: false }");
    let socket = udp(serving.dns);
    let good = query(1, "held.test");
    let header = |questions: u8| [0, 2, 1, 0, 0, questions, 0, 0, 0, 0, 0, 0];
    let class = [0, 1, 0, 1];
    let pointers: [&[u8]; 8] = [
        b"\xc0\x0c",      // to itself
        b"\xc0\x00",      // into the header
        b"\xc0\xff",      // forward
        b"\x01a\xc0\x0c", // to its own beginning
        b"\x01a\xc0\x0e", // to itself, behind a label
        b"\xc0",          // cut off
        b"\x41\x00",      // an extended label
        b"\x3fa",         // a label longer than the message
    ];
    let pointed = pointers.map(|name| [&header(1)[..], name, &class].concat());
    let cut = (12..good.len()).map(|length| good[..length].to_vec());
    let counted = [header(0).to_vec(), [&header(2)[..], &good[12..], &good[12..]].concat()];
    // More than is taken of a datagram, and more records announced than are there.
    let mut oversized = [[&good[..], &[0; 4000]].concat()];
    oversized[0][6..8].fill(0xff);
    for message in pointed.into_iter().chain(cut).chain(counted).chain(oversized) {
        let reply = ask(&socket, &message);
        assert_eq!(rcode(&reply), FORMAT_ERROR, "{message:?}");
        assert!(reply.len() <= message.len(), "{message:?}");
        // The same over TCP, where the connection goes on.
        let mut stream = tcp(serving.dns);
        send(&mut stream, &message).unwrap();
        assert_eq!(rcode(&receive(&mut stream).unwrap()), FORMAT_ERROR);
        assert_eq!(ask_over(&mut stream, 7), NO_ERROR);
    }
    // What nobody announced means nothing, however much it is.
    for unannounced in [1, 4000] {
        let message = [&good[..], &vec![0; unannounced]].concat();
        assert_eq!(question(&ask(&socket, &message)), ("held.test".to_owned(), NO_ERROR));
    }
    // Only the question behind them is answered: a response, a header that is cut off, nothing at all.
    let mut response = query(8, "held.test");
    response[2] |= 0x80;
    for message in [&response[..], &good[..11], &[]] {
        socket.send(message).unwrap();
    }
    assert_eq!(question(&ask(&socket, &query(9, "held.test"))), ("held.test".to_owned(), NO_ERROR));
    assert_eq!(rcode(&ask(&socket, &query(10, "stranger.example"))), REFUSED);
    let mut stream = tcp(serving.dns);
    send(&mut stream, &response).unwrap();
    is_closed(&mut stream);
}

#[test]
fn messages_on_one_connection_may_come_together_or_in_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let serving = serve(folder.path(), "");
    let framed = |range: std::ops::Range<u16>| {
        range.flat_map(|id| {
            let message = query(id, if id % 5 == 0 { "stranger.example" } else { "a.held.test" });
            [&(message.len() as u16).to_be_bytes()[..], &message].concat()
        })
    };
    let expect = |stream: &mut TcpStream, range: std::ops::Range<u16>| {
        for id in range {
            let reply = receive(stream).unwrap();
            assert_eq!(reply[..2], id.to_be_bytes(), "answers come in the order of their questions");
            assert_eq!(rcode(&reply), if id % 5 == 0 { REFUSED } else { NO_ERROR });
        }
    };
    // More than is read at a time, in one write.
    let mut stream = tcp(serving.dns);
    stream.write_all(&framed(0..500).collect::<Vec<_>>()).unwrap();
    expect(&mut stream, 0..500);
    // Octet by octet, each in a segment of its own.
    stream.set_nodelay(true).unwrap();
    for octet in framed(500..503) {
        stream.write_all(&[octet]).unwrap();
    }
    expect(&mut stream, 500..503);
    // A message and the beginning of the next one, and then nobody speaks any more: what was whole is answered.
    let octets: Vec<u8> = framed(504..506).collect();
    stream.write_all(&octets[..octets.len() - 3]).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    expect(&mut stream, 504..505);
    is_closed(&mut stream);
    // The longest message that there is: all of its octets were announced, and none of them means anything.
    let mut stream = tcp(serving.dns);
    let mut longest = with_cookie(1, "held.test", &[]);
    let opt = longest.len() - 15;
    longest.truncate(opt);
    longest.extend([0, 0, 41, 4, 0xd0, 0, 0, 0, 0]);
    let room = usize::from(u16::MAX) - longest.len() - 2;
    longest.extend((room as u16).to_be_bytes());
    longest.extend([0xff, 0xfe]);
    longest.extend(((room - 4) as u16).to_be_bytes());
    longest.resize(usize::from(u16::MAX), 0xaa);
    send(&mut stream, &longest).unwrap();
    assert_eq!(rcode(&receive(&mut stream).unwrap()), NO_ERROR);
    assert_eq!(ask_over(&mut stream, 2), NO_ERROR);
}

#[test]
fn a_connection_that_says_nothing_is_closed_even_in_the_middle_of_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let serving = serve(folder.path(), "connections: { idle: 300ms }");
    let mut streams: Vec<_> = (0..3).map(|_| tcp(serving.dns)).collect();
    streams[1].write_all(&[0]).unwrap();
    streams[2].write_all(&[0, 27, 1, 2, 3]).unwrap();
    for stream in &mut streams {
        is_closed(stream);
    }
    // Octets that drip in do not keep a connection open: it is closed before the message is whole.
    let mut dripping = tcp(serving.dns);
    dripping.set_nodelay(true).unwrap();
    dripping.set_read_timeout(Some(std::time::Duration::from_millis(50))).unwrap();
    let message = [vec![0xff, 0xff], vec![0; 0xffff]].concat();
    let dripped = message.iter().take_while(|octet| {
        let closed = dripping.write_all(&[**octet]).is_err()
            || match dripping.read(&mut [0]) {
                Ok(_) => true,
                Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
            };
        !closed
    });
    assert!(dripped.count() < message.len());
}

#[test]
fn who_does_not_read_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let serving = serve(folder.path(), "connections: { idle: 300ms }");
    let mut stream = tcp(serving.dns);
    let message = query(1, "held.test");
    let framed = [&(message.len() as u16).to_be_bytes()[..], &message].concat().repeat(1000);
    // Far more than the buffers of both sides hold.
    let written = (0..100_000).take_while(|_| stream.write_all(&framed).is_ok()).count();
    assert!(written < 100_000, "the connection is closed");
    assert_eq!(ask_over(&mut tcp(serving.dns), 2), NO_ERROR);
}

/// A process that ends with the test.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_process_that_may_open_few_files_says_so_and_serves() {
    let folder = tempfile::tempdir().unwrap();
    let config = configure(folder.path(), "");
    let binary = env!("CARGO_BIN_EXE_hydrabane");
    let limited = format!("ulimit -n 200 && exec {binary} sinkhole serve --config {}", config.display());
    let mut started = Started(Command::new("sh").args(["-c", &limited]).stderr(Stdio::piped()).spawn().unwrap());
    let mut said = Vec::new();
    let mut lines = BufReader::new(started.0.stderr.take().unwrap()).lines().map_while(Result::ok);
    for line in lines.by_ref() {
        let is_ready = line == "ready";
        said.push(line);
        if is_ready {
            break;
        }
    }
    let dns: Option<SocketAddr> =
        said.iter().find_map(|line| line.strip_prefix("dns ")?.split(' ').next()?.parse().ok());
    let answered = dns.map(|dns| ask_over(&mut tcp(dns), 1));
    drop(started);
    assert_eq!(answered, Some(NO_ERROR), "{said:?}");
    // 128 for other things, and three listeners.
    let expected = "each listener has at most 24 connections instead of 10000";
    assert!(said.iter().any(|line| line.contains(expected)), "{said:?}");
}

#[test]
fn a_source_has_so_many_connections() {
    let folder = tempfile::tempdir().unwrap();
    let serving = serve(folder.path(), "connections: { per_source: 3 }");
    let (one, other) = (Ipv4Addr::LOCALHOST, Ipv4Addr::new(127, 0, 0, 2));
    let mut open: Vec<_> = (0..3).map(|_| tcp_from(one, serving.dns)).collect();
    for stream in &mut open {
        assert_eq!(ask_over(stream, 1), NO_ERROR);
    }
    is_closed(&mut tcp_from(one, serving.dns));
    assert_eq!(ask_over(&mut tcp_from(other, serving.dns), 2), NO_ERROR);
    for stream in &mut open {
        assert_eq!(ask_over(stream, 3), NO_ERROR);
    }
    // A place is free again when the sinkhole has seen that its connection is closed.
    drop(open.pop());
    let again = (0..10_000).find(|_| {
        let mut stream = tcp_from(one, serving.dns);
        send(&mut stream, &query(4, "held.test")).is_ok() && receive(&mut stream).is_ok()
    });
    assert!(again.is_some());
}

#[test]
fn the_connection_that_was_idle_for_longest_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let serving = serve(folder.path(), "connections: { total: 4, per_source: 2, idle: 10m }");
    let source = |last| Ipv4Addr::new(127, 0, 0, last);
    let mut open: Vec<_> = (0..4).map(|index| tcp_from(source(1 + index / 2), serving.dns)).collect();
    for stream in &mut open {
        assert_eq!(ask_over(stream, 1), NO_ERROR);
    }
    assert_eq!(ask_over(&mut open[0], 2), NO_ERROR);
    let mut fifth = tcp_from(source(3), serving.dns);
    is_closed(&mut open[1]);
    for stream in [0, 2, 3] {
        assert_eq!(ask_over(&mut open[stream], 3), NO_ERROR);
    }
    assert_eq!(ask_over(&mut fifth, 4), NO_ERROR);
}

#[test]
fn a_network_that_asks_too_much_is_sent_to_tcp_and_another_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let serving = serve(folder.path(), "rate_limit: { per_second: 1, slip: 2 }");
    // Two neighbours in one /24, both with a cookie.
    let neighbours = [Ipv4Addr::new(127, 0, 1, 1), Ipv4Addr::new(127, 0, 1, 200)].map(|source| {
        let socket = udp_from(source, serving.dns);
        let reply = ask(&socket, &with_cookie(1, "held.test", b"client__"));
        assert!(rcode(&reply) == NO_ERROR && !is_truncated(&reply));
        let cookie = reply[reply.len() - 24..].to_vec();
        assert_eq!(cookie[..8], *b"client__");
        (socket, cookie)
    });
    let mut answers = 0;
    let mut truncated = 0;
    let asked = 60;
    for (socket, cookie) in &neighbours {
        for id in 0..asked {
            socket.send(&query(100 + id, if id % 2 == 0 { "held.test" } else { "stranger.example" })).unwrap();
        }
        // It is not limited, and answers come in the order of the questions: nothing comes behind this one.
        socket.send(&with_cookie(9, "held.test", cookie)).unwrap();
        loop {
            let mut reply = [0; 512];
            let length = socket.recv(&mut reply).unwrap();
            if reply[..2] == [0, 9] {
                assert!(!is_truncated(&reply) && rcode(&reply) == NO_ERROR);
                break;
            }
            if is_truncated(&reply) {
                assert!(length <= query(0, "stranger.example").len() && reply[7] == 0);
                truncated += 1;
            } else {
                answers += 1;
            }
        }
    }
    let limited = 2 * asked - answers;
    assert!(limited > 0, "{answers} answers");
    assert!((limited / 2).abs_diff(truncated) <= 1, "{truncated} of {limited} limited questions slipped");
    for (socket, cookie) in &neighbours {
        for id in 0..200 {
            assert!(!is_truncated(&ask(socket, &with_cookie(1000 + id, "held.test", cookie))));
        }
        // TCP is not limited.
        let SocketAddr::V4(source) = socket.local_addr().unwrap() else { panic!("IPv4") };
        assert_eq!(ask_over(&mut tcp_from(*source.ip(), serving.dns), 3), NO_ERROR);
    }
    let stranger = udp_from(Ipv4Addr::new(127, 0, 2, 1), serving.dns);
    assert!(!is_truncated(&ask(&stranger, &query(5, "held.test"))));
    // What was limited has no event.
    let (_, said) = serving.terminate();
    let events: u16 =
        said.iter().find_map(|line| line.strip_prefix("ended: ")?.split(' ').next()?.parse().ok()).unwrap();
    // The first of each neighbour, those with a cookie, those over TCP, the stranger's, and some of the others.
    let certain = 2 + 2 + 400 + 2 + 1;
    assert!(events >= certain && events <= certain + answers, "{events} events, {answers} answers");
}
