//! What a connection sends first where nothing is answered: the server name of a TLS ClientHello is recorded, of anything
//! else the length. No octet of it is kept.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client_hello::{self, Opening};
use crate::event::Transport;
use crate::name::Name;
use crate::store::layout::flag;
use crate::store::{Batch, Head, Kind};
use crate::transport::{Local, Shared};

/// How long a connection is listened to: a round trip and the first retransmission, which comes after a second
/// (RFC 6298 §2). Longer, and connections that say nothing would take the places of others.
const TIME: Duration = Duration::from_secs(2);
/// Octets that are taken of a connection: the longest TLS record with a margin (RFC 8446 §5.1).
const LIMIT: usize = 16 << 10;
/// Octets that are kept of a server name: the longest name (RFC 1035 §2.3.4).
const SERVER_NAME_KEPT: usize = 255;

/// Listens to a connection for a moment and records what it was. Nothing is answered.
pub(crate) async fn serve(mut stream: TcpStream, source: SocketAddr, local: Local, http: bool, shared: &Shared) {
    let mut seen = Seen::default();
    tokio::select! {
        _ = timeout(TIME, seen.listen(&mut stream)) => {}
        () = shared.ended() => {}
    }
    if seen.length > 0 {
        seen.record(source, local, http, shared);
    }
}

/// What has arrived.
#[derive(Default)]
struct Seen {
    /// How many octets.
    length: usize,
    /// The server name, once there was a whole ClientHello; empty if it has none.
    server_name: Option<Vec<u8>>,
}

impl Seen {
    /// Listens until a ClientHello is whole, the connection ends, or so much has come as is taken.
    async fn listen(&mut self, stream: &mut TcpStream) {
        let mut octets = Vec::new();
        let mut may_be_hello = true;
        let mut part = [0; 2048];
        while self.length < LIMIT
            && let Ok(count @ 1..) = stream.read(&mut part).await
        {
            self.length += count;
            if !may_be_hello {
                continue;
            }
            octets.extend_from_slice(&part[..count]);
            match client_hello::read(&octets) {
                Opening::Partial => {}
                Opening::ClientHello(server_name) => {
                    self.server_name = Some(server_name.unwrap_or_default());
                    return;
                }
                Opening::Other => {
                    may_be_hello = false;
                    octets = Vec::new();
                }
            }
        }
    }

    /// Writes the event.
    fn record(&self, source: SocketAddr, local: Local, http: bool, shared: &Shared) {
        let at = shared.now();
        let listener = if http { flag::HTTP_LISTENER } else { 0 };
        let mut event = Batch::with_capacity(4);
        if let Some(sent) = &self.server_name {
            let mut head = Head::new(Kind::Tls, Transport::Tcp, at, source, local.listener);
            let kept = &sent[..sent.len().min(SERVER_NAME_KEPT)];
            head.flags = listener | if kept.len() < sent.len() { flag::SHORTENED } else { 0 };
            let name: Option<Name> = std::str::from_utf8(sent).ok().and_then(|text| text.parse().ok());
            let apex = name.map_or_else(Vec::new, |name| shared.say_held(&mut head, &name));
            event.push(&head, &[kept, &apex]);
        } else {
            let mut head = Head::new(Kind::Octets, Transport::Tcp, at, source, local.listener);
            head.flags = listener;
            event.push(&head, &[&(self.length as u64).to_le_bytes()]);
        }
        shared.recorder.append(&mut event, at);
    }
}
