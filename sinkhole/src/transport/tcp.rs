//! DNS over TCP (RFC 7766): messages with a length in two octets before them, several on one connection.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::event::Transport;
use crate::pipeline::{Received, Recorded};
use crate::store::{Batch, Counted, Permission};
use crate::transport::Shared;

/// How long a connection may stay idle, or a message or an answer take: RFC 7766 §6.2.3 asks for a few seconds.
const IDLE: Duration = Duration::from_secs(10);

/// Serves one connection.
pub(crate) async fn serve(mut stream: TcpStream, source: SocketAddr, local: SocketAddr, shared: Arc<Shared>) {
    // Without it the answer works too, only later.
    let _ = stream.set_nodelay(true);
    let mut octets = Vec::new();
    let mut events = Batch::with_capacity(1);
    loop {
        let length = tokio::select! {
            length = timeout(IDLE, stream.read_u16()) => length,
            () = shared.ended() => return,
        };
        let Ok(Ok(length)) = length else { return };
        octets.resize(usize::from(length), 0);
        let Ok(Ok(_)) = timeout(IDLE, stream.read_exact(&mut octets)).await else { return };
        match answer(&octets, source, local, &shared, &mut events) {
            Some(reply) => {
                let Ok(Ok(())) = timeout(IDLE, send(&mut stream, &reply)).await else { return };
            }
            // Who sends what is no query has nothing more to say here.
            None => return,
        }
    }
}

/// Answers one message; its event is written when this returns.
fn answer(
    octets: &[u8],
    source: SocketAddr,
    local: SocketAddr,
    shared: &Shared,
    events: &mut Batch,
) -> Option<Vec<u8>> {
    events.clear();
    let at = shared.now();
    let received = Received { octets, source, transport: Transport::Tcp, destination_port: local.port(), at };
    let verdict = shared.pipeline.pass(&shared.names.now(), &received, events);
    match verdict.record {
        Recorded::Event => match shared.recorder.append(events, at) {
            Permission::Leave => verdict.reply,
            Permission::Refuse => shared.pipeline.refuse(&received),
        },
        Recorded::Count(counted) => {
            shared.recorder.count(counted, at);
            if counted == Counted::Dropped { None } else { verdict.reply }
        }
    }
}

/// Sends length and message in one write, as RFC 7766 §8 asks.
async fn send(stream: &mut TcpStream, reply: &[u8]) -> io::Result<()> {
    let mut framed = Vec::with_capacity(reply.len() + 2);
    framed.extend_from_slice(&(reply.len() as u16).to_be_bytes());
    framed.extend_from_slice(reply);
    stream.write_all(&framed).await
}
