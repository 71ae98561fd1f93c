//! The one file of this crate that is allowed unsafe code: many datagrams with one call of the system, received into
//! room that is taken once and answered in place.
#![expect(unsafe_code, reason = "recvmmsg(2) and sendmmsg(2) take pointers")]

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;

/// Octets of room for one datagram: more than any query has and any answer over UDP. With its address, an odd number of lines
/// of the processor's cache, so that the heads of all datagrams do not fall on the same ones.
pub(crate) const ROOM: usize = 1536;

/// As much room as a socket address of either family takes (`sockaddr_in6`).
const ADDRESS: usize = 28;

/// Datagrams in hand: received, answered in place, sent back to where they came from.
pub(crate) struct Datagrams {
    slots: Box<[Slot]>,
    /// What the system fills when it receives, and reads when it sends.
    headers: Box<[libc::mmsghdr]>,
    vectors: Box<[libc::iovec]>,
}

/// One datagram.
#[repr(C, align(64))]
struct Slot {
    octets: [u8; ROOM],
    /// As the system writes it, in the machine's order of octets.
    address: [u8; ADDRESS],
    address_length: u32,
    /// Octets that were received, and later those to be sent; 0 sends nothing.
    length: usize,
}

impl Datagrams {
    /// Room for `count` of them.
    pub(crate) fn new(count: usize) -> Self {
        let empty = || Slot { octets: [0; ROOM], address: [0; ADDRESS], address_length: 0, length: 0 };
        // SAFETY: both are structures of numbers and pointers, for which zeros are a value.
        let (header, vector) = unsafe { (std::mem::zeroed::<libc::mmsghdr>(), std::mem::zeroed::<libc::iovec>()) };
        Self {
            slots: (0..count).map(|_| empty()).collect(),
            headers: vec![header; count].into(),
            vectors: vec![vector; count].into(),
        }
    }

    /// Takes what has arrived at `socket`, without waiting; returns how many they are. One that is longer than
    /// [`ROOM`] is cut off there.
    ///
    /// # Errors
    ///
    /// Nothing has arrived (`WouldBlock`), or what the system says.
    pub(crate) fn receive(&mut self, socket: BorrowedFd<'_>) -> io::Result<usize> {
        for ((slot, header), vector) in self.slots.iter_mut().zip(&mut self.headers).zip(&mut self.vectors) {
            *vector = libc::iovec { iov_base: slot.octets.as_mut_ptr().cast(), iov_len: ROOM };
            header.msg_hdr.msg_name = slot.address.as_mut_ptr().cast();
            header.msg_hdr.msg_namelen = ADDRESS as u32;
            header.msg_hdr.msg_iov = ptr::from_mut(vector);
            header.msg_hdr.msg_iovlen = 1;
        }
        // SAFETY: every header points at one vector and one address, every vector at one slot's octets, each with its own
        // length; all of them belong to `self`, which nothing else touches during the call.
        let count = unsafe {
            libc::recvmmsg(
                socket.as_raw_fd(),
                self.headers.as_mut_ptr(),
                self.headers.len() as u32,
                libc::MSG_DONTWAIT,
                ptr::null_mut(),
            )
        };
        let count = usize::try_from(count).map_err(|_| io::Error::last_os_error())?;
        for (slot, header) in self.slots.iter_mut().zip(&self.headers).take(count) {
            slot.length = (header.msg_len as usize).min(ROOM);
            slot.address_length = header.msg_hdr.msg_namelen;
        }
        Ok(count)
    }

    /// The octets that were received as datagram `index`.
    pub(crate) fn octets(&self, index: usize) -> &[u8] {
        let slot = &self.slots[index];
        &slot.octets[..slot.length]
    }

    /// Who sent datagram `index`; nothing for a family of addresses that is not of the Internet.
    pub(crate) fn source(&self, index: usize) -> Option<SocketAddr> {
        let slot = &self.slots[index];
        let address = &slot.address;
        let port = u16::from_be_bytes([address[2], address[3]]);
        match i32::from(u16::from_ne_bytes([address[0], address[1]])) {
            libc::AF_INET => {
                let ip = Ipv4Addr::new(address[4], address[5], address[6], address[7]);
                Some(SocketAddr::new(IpAddr::V4(ip), port))
            }
            libc::AF_INET6 => {
                let number = |at: usize| u32::from_ne_bytes([0, 1, 2, 3].map(|octet| address[at + octet]));
                let ip = Ipv6Addr::from(<[u8; 16]>::try_from(&address[8..24]).ok()?);
                Some(SocketAddr::V6(SocketAddrV6::new(ip, port, number(4), number(24))))
            }
            _ => None,
        }
    }

    /// The room of datagram `index`, at whose beginning stands what was received: an answer is written in its place.
    pub(crate) fn room_of(&mut self, index: usize) -> &mut [u8; ROOM] {
        &mut self.slots[index].octets
    }

    /// Sets how many octets of its room datagram `index` sends back; 0 sends nothing.
    ///
    /// # Panics
    ///
    /// There is not so much room.
    pub(crate) fn answer(&mut self, index: usize, length: usize) {
        assert!(length <= ROOM, "an answer fits its room");
        self.slots[index].length = length;
    }

    /// Sends the first `count` datagrams back to where they came from, but for those without octets. What cannot be
    /// sent is lost, as any datagram may be: its sender asks again.
    pub(crate) fn send(&mut self, socket: BorrowedFd<'_>, count: usize) {
        let mut ready = 0;
        for slot in self.slots.iter_mut().take(count).filter(|slot| slot.length > 0) {
            let (header, vector) = (&mut self.headers[ready], &mut self.vectors[ready]);
            *vector = libc::iovec { iov_base: slot.octets.as_mut_ptr().cast(), iov_len: slot.length };
            header.msg_hdr.msg_name = slot.address.as_mut_ptr().cast();
            header.msg_hdr.msg_namelen = slot.address_length;
            header.msg_hdr.msg_iov = ptr::from_mut(vector);
            header.msg_hdr.msg_iovlen = 1;
            ready += 1;
        }
        let mut sent = 0;
        while sent < ready {
            let rest = &mut self.headers[sent..ready];
            // SAFETY: as for receiving; `rest` has so many headers, each of which was set above.
            let count = unsafe { libc::sendmmsg(socket.as_raw_fd(), rest.as_mut_ptr(), rest.len() as u32, 0) };
            match usize::try_from(count) {
                Ok(count) => sent += count,
                Err(_) if io::Error::last_os_error().kind() == io::ErrorKind::Interrupted => {}
                // The first of the rest is what cannot be sent.
                Err(_) => sent += 1,
            }
        }
    }
}

// SAFETY: the pointers in headers and vectors are set anew before each call that follows them, and point at what the same
// value owns.
unsafe impl Send for Datagrams {}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;
    use std::os::fd::AsFd;

    use super::*;

    #[test]
    fn datagrams_of_both_families_are_answered_where_they_lie() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let server = UdpSocket::bind(address).unwrap();
            let clients: Vec<UdpSocket> = (0..3).map(|_| UdpSocket::bind(address).unwrap()).collect();
            let mut datagrams = Datagrams::new(8);
            assert_eq!(datagrams.receive(server.as_fd()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
            for (index, client) in clients.iter().enumerate() {
                client.connect(server.local_addr().unwrap()).unwrap();
                client.send(&vec![index as u8; [4, 0, ROOM + 100][index]]).unwrap();
            }
            assert_eq!(datagrams.receive(server.as_fd()).unwrap(), 3);
            assert_eq!(datagrams.octets(0), [0_u8; 4]);
            assert!(datagrams.octets(1).is_empty());
            assert_eq!(datagrams.octets(2), [2_u8; ROOM]);
            for (index, client) in clients.iter().enumerate() {
                assert_eq!(datagrams.source(index), Some(client.local_addr().unwrap()));
            }
            datagrams.room_of(2)[..2].copy_from_slice(b"ok");
            datagrams.answer(2, 2);
            datagrams.answer(0, 0);
            datagrams.send(server.as_fd(), 3);
            let mut answer = [0; 8];
            let length = clients[2].recv(&mut answer).unwrap();
            assert_eq!(&answer[..length], b"ok");
            for silent in &clients[..2] {
                silent.set_nonblocking(true).unwrap();
                assert_eq!(silent.recv(&mut answer).unwrap_err().kind(), io::ErrorKind::WouldBlock);
            }
        }
    }

    #[test]
    fn one_that_cannot_be_sent_does_not_keep_back_the_others() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        let mut datagrams = Datagrams::new(4);
        for octets in [b"first", b"other"] {
            client.send_to(octets, server.local_addr().unwrap()).unwrap();
        }
        assert_eq!(datagrams.receive(server.as_fd()).unwrap(), 2);
        // Port 0 takes nothing.
        datagrams.slots[0].address[2..4].copy_from_slice(&[0, 0]);
        datagrams.send(server.as_fd(), 2);
        let mut answer = [0; 8];
        let length = client.recv(&mut answer).unwrap();
        assert_eq!(&answer[..length], b"other");
    }
}
