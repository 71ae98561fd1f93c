//! Opens listening sockets.

use std::io;
use std::net::{SocketAddr, UdpSocket};

use rustix::net::sockopt::set_socket_recv_buffer_size_force;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

/// Connections that may wait to be accepted (the usual value of Linux's `somaxconn`).
const BACKLOG: i32 = 4096;
/// Receive buffer asked for, so that a burst does not drop questions while events are written. The system may give less.
const RECEIVE_BUFFER: usize = 4 << 20;
/// How often a free port is looked for that is free for UDP and for TCP.
const PORT_ATTEMPTS: usize = 64;

/// Opens a listening TCP socket.
pub(crate) fn tcp(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = open(address, Type::STREAM, Protocol::TCP)?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Opens a UDP socket. Several may have the same address, if all of them are this user's: the system spreads what
/// arrives over them by its sender (`SO_REUSEPORT`, socket(7)).
pub(crate) fn udp(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = open(address, Type::DGRAM, Protocol::UDP)?;
    // Only a privileged process gets more than `net.core.rmem_max`. A smaller buffer serves as well, only less through a
    // burst.
    if set_socket_recv_buffer_size_force(&socket, RECEIVE_BUFFER).is_err() {
        let _ = socket.set_recv_buffer_size(RECEIVE_BUFFER);
    }
    socket.set_reuse_port(true)?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}

/// Opens a UDP and a TCP socket on the same port. Port 0 takes one that is free for both. The TCP socket, of which there
/// can be only one, also keeps a second sinkhole from taking half of what arrives over UDP.
///
/// # Errors
///
/// The protocol that cannot be listened on, and what the system said.
pub(crate) fn both(address: SocketAddr) -> Result<(UdpSocket, TcpListener), (&'static str, io::Error)> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let listener = tcp(address).map_err(|error| ("TCP", error))?;
        let bound = listener.local_addr().map_err(|error| ("TCP", error))?;
        match udp(bound) {
            Ok(socket) => return Ok((socket, listener)),
            Err(error) if address.port() == 0 && attempt < PORT_ATTEMPTS && is_taken(&error) => {}
            Err(error) => return Err(("UDP", error)),
        }
    }
}

fn is_taken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AddrInUse
}

fn open(address: SocketAddr, kind: Type, protocol: Protocol) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), kind, Some(protocol))?;
    if address.is_ipv6() {
        // `0.0.0.0` and `::` are two listeners, and an IPv4 source is always written as IPv4.
        socket.set_only_v6(true)?;
    }
    socket.set_nonblocking(true)?;
    Ok(socket)
}
