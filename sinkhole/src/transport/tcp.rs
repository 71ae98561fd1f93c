//! DNS over TCP (RFC 7766): several messages on one connection.
//!
//! Whatever has arrived whole is answered together: one write of events, then one write of answers, in the order of the
//! questions.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use crate::event::Transport;
use crate::framing::Framing;
use crate::pipeline::{Pipeline, Received, Recorded};
use crate::store::{Batch, Counted, Permission};
use crate::transport::places::Place;
use crate::transport::{Local, Shared};

/// Octets that are read at a time: some twenty usual queries, whose answers wait in memory until they leave together.
const ROOM: usize = 1024;

/// Serves one connection.
///
/// A message must arrive whole within the idle time, however its octets drip in; so must answers leave.
pub(crate) async fn serve(
    mut stream: TcpStream,
    source: SocketAddr,
    local: Local,
    shared: Arc<Shared>,
    place: Arc<Place>,
) {
    // Without it the answer works too, only later.
    let _ = stream.set_nodelay(true);
    let idle = shared.connections.idle;
    let mut questions = Questions { source, local, shared: &shared, framing: Framing::new(), events: Batch::default() };
    let mut room = [0; ROOM];
    let mut deadline = Instant::now() + idle;
    loop {
        let read = tokio::select! {
            read = timeout_at(deadline, stream.read(&mut room)) => read,
            () = shared.ended() => return,
        };
        let mut arrived = match read {
            Ok(Ok(count @ 1..)) => &room[..count],
            // Closed, broken, or silent for too long.
            _ => return,
        };
        while !arrived.is_empty() {
            let fed = questions.framing.feed(arrived);
            arrived = &arrived[fed..];
            let Some(Answers { octets, goes_on }) = questions.answer() else { continue };
            place.used();
            let Ok(Ok(())) = timeout(idle, stream.write_all(&octets)).await else { return };
            if !goes_on {
                return;
            }
            deadline = Instant::now() + idle;
        }
    }
}

/// Answers to messages that arrived together.
struct Answers {
    /// All of them, each with its length before it.
    octets: Vec<u8>,
    /// Nothing arrived that no client sends.
    goes_on: bool,
}

/// One connection's questions on their way through the pipeline.
struct Questions<'a> {
    source: SocketAddr,
    local: Local,
    shared: &'a Shared,
    framing: Framing,
    events: Batch,
}

impl Questions<'_> {
    /// Answers the messages that are whole; nothing if there are none. Their events are written when this returns.
    fn answer(&mut self) -> Option<Answers> {
        let Self { source, local, shared, framing, events } = self;
        events.clear();
        let at = shared.now();
        let names = shared.names.now();
        let mut verdicts = Vec::new();
        let mut goes_on = true;
        while goes_on && let Some(octets) = framing.next() {
            let received =
                Received { octets, source: *source, transport: Transport::Tcp, listener: local.listener, at };
            let verdict = shared.pipeline.pass(&names, &received, events);
            if let Recorded::Count(counted) = verdict.record {
                shared.recorder.count(counted, at);
                // Who sends what is no query has nothing more to say here.
                goes_on = counted != Counted::Dropped;
            }
            verdicts.push(verdict);
        }
        if verdicts.is_empty() {
            return None;
        }
        let may_leave = events.is_empty() || shared.recorder.append(events, at) == Permission::Leave;
        let mut octets = Vec::new();
        for verdict in verdicts {
            let reply = if may_leave || verdict.record != Recorded::Event {
                verdict.reply
            } else {
                verdict.reply.and_then(|answer| Pipeline::refuse(&answer))
            };
            // Over TCP an answer has at most as many octets as the length can say.
            if let Some(reply) = reply
                && let Ok(length) = u16::try_from(reply.len())
            {
                octets.extend_from_slice(&length.to_be_bytes());
                octets.extend_from_slice(&reply);
            }
        }
        Some(Answers { octets, goes_on })
    }
}
