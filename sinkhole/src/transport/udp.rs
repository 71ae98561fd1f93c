//! DNS over UDP: takes what has arrived as one batch, writes all its events with one write, then sends the answers.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::net::UdpSocket;

use crate::event::Transport;
use crate::pipeline::{Received, Recorded};
use crate::store::{Batch, Permission};
use crate::transport::Shared;

/// Messages in a batch: enough to share the cost of a write, few enough that the first does not wait long.
const BATCH: usize = 128;
/// Longest message that is taken; a query is far shorter. What is longer arrives cut off and is answered FORMERR.
const LARGEST: usize = 4096;

/// One message of a batch.
struct Message {
    octets: Vec<u8>,
    length: usize,
    source: SocketAddr,
}

impl Message {
    /// The message as the pipeline takes it.
    fn received(&self, local: SocketAddr, at: DateTime<Utc>) -> Received<'_> {
        Received {
            octets: &self.octets[..self.length],
            source: self.source,
            transport: Transport::Udp,
            destination_port: local.port(),
            at,
        }
    }
}

/// An answer that waits for its event.
struct Waiting {
    reply: Vec<u8>,
    /// The message's place in the batch.
    message: usize,
    needs_event: bool,
}

/// Serves until the sinkhole ends; what has arrived by then is still answered.
pub(crate) async fn serve(socket: UdpSocket, local: SocketAddr, shared: Arc<Shared>) {
    let mut batch: Vec<Message> =
        (0..BATCH).map(|_| Message { octets: vec![0; LARGEST], length: 0, source: local }).collect();
    let mut events = Batch::with_capacity(BATCH);
    let mut waiting = Vec::with_capacity(BATCH);
    loop {
        let ending = tokio::select! {
            readable = socket.readable() => {
                if let Err(error) = readable {
                    shared.socket_error(local, error).await;
                }
                false
            }
            () = shared.ended() => true,
        };
        loop {
            let (count, error) = receive(&socket, &mut batch);
            answer(&batch[..count], local, &shared, &mut events, &mut waiting);
            for answer in waiting.drain(..) {
                // An answer that cannot be sent is lost like any datagram; the sender asks again.
                let _ = send(&socket, &answer.reply, batch[answer.message].source).await;
            }
            if let Some(error) = error {
                shared.socket_error(local, error).await;
            }
            if count < BATCH {
                break;
            }
            // A flood must not keep other tasks of this thread from running.
            tokio::task::yield_now().await;
        }
        if ending {
            return;
        }
    }
}

/// Takes what has arrived, at most a batch.
fn receive(socket: &UdpSocket, batch: &mut [Message]) -> (usize, Option<io::Error>) {
    for (count, message) in batch.iter_mut().enumerate() {
        match socket.try_recv_from(&mut message.octets) {
            Ok((length, source)) => (message.length, message.source) = (length, source),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return (count, None),
            // An earlier answer met a closed port. That is its receiver's affair.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => return (count, None),
            Err(error) => return (count, Some(error)),
        }
    }
    (batch.len(), None)
}

/// Answers a batch and writes its events; leaves in `waiting` what may be sent.
fn answer(batch: &[Message], local: SocketAddr, shared: &Shared, events: &mut Batch, waiting: &mut Vec<Waiting>) {
    if batch.is_empty() {
        return;
    }
    events.clear();
    let at = shared.now();
    let names = shared.names.now();
    for (index, message) in batch.iter().enumerate() {
        let verdict = shared.pipeline.pass(&names, &message.received(local, at), events);
        let needs_event = match verdict.record {
            Recorded::Event => true,
            Recorded::Count(counted) => {
                shared.recorder.count(counted, at);
                false
            }
        };
        if let Some(reply) = verdict.reply {
            waiting.push(Waiting { reply, message: index, needs_event });
        }
    }
    if shared.recorder.append(events, at) == Permission::Refuse {
        waiting.retain_mut(|answer| {
            if !answer.needs_event {
                return true;
            }
            let message = &batch[answer.message];
            match shared.pipeline.refuse(&message.received(local, at)) {
                Some(refusal) => answer.reply = refusal,
                None => return false,
            }
            true
        });
    }
}

async fn send(socket: &UdpSocket, reply: &[u8], to: SocketAddr) -> io::Result<()> {
    match socket.try_send_to(reply, to) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => socket.send_to(reply, to).await.map(drop),
        sent => sent.map(drop),
    }
}
