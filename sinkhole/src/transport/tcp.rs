//! DNS over TCP (RFC 7766): messages with a length in two octets before them, several on one connection.
//!
//! Whatever has arrived whole is answered together: one write of events, then one write of answers, in the order of the
//! questions.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use crate::event::Transport;
use crate::framing::Framing;
use crate::pipeline::{Received, Recorded};
use crate::store::{Batch, Counted, Permission};
use crate::transport::places::Place;
use crate::transport::{Local, Shared};

/// Messages that are answered together at most: their answers wait in memory.
const TOGETHER: usize = 128;
/// Octets that are taken from a connection at once: several usual queries.
const CHUNK: usize = 4096;

/// Serves one connection.
///
/// A message must arrive whole within the idle time, however its octets drip in; so must an answer leave.
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
    let mut exchange = Exchange { source, local, shared: &shared, events: Batch::default() };
    let mut arrived = Framing::new();
    let mut deadline = Instant::now() + idle;
    loop {
        let answers = exchange.answer(&mut arrived);
        if answers.taken > 0 {
            place.used();
            let Ok(Ok(())) = timeout(idle, stream.write_all(&answers.octets)).await else { return };
            if !answers.go_on {
                return;
            }
            deadline = Instant::now() + idle;
            continue;
        }
        let readable = tokio::select! {
            readable = timeout_at(deadline, stream.readable()) => readable,
            () = shared.ended() => return,
        };
        match readable.map(|readable| readable.and_then(|()| take(&stream, &mut arrived))) {
            Ok(Ok(1..)) => {}
            Ok(Err(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
            // Closed, broken, or silent for too long.
            _ => return,
        }
    }
}

/// Takes what has arrived, at most [`CHUNK`] octets and as many as there is room for; 0 is the end.
fn take(stream: &TcpStream, arrived: &mut Framing) -> io::Result<usize> {
    let mut chunk = [0; CHUNK];
    let room = CHUNK.min(arrived.room());
    let length = stream.try_read(&mut chunk[..room])?;
    Ok(arrived.feed(&chunk[..length]))
}

/// Answers to messages that arrived together.
struct Answers {
    /// All of them, each with its length before it.
    octets: Vec<u8>,
    /// How many messages they answer.
    taken: usize,
    /// Nothing arrived that no client sends.
    go_on: bool,
}

/// One connection's questions on their way through the pipeline.
struct Exchange<'a> {
    source: SocketAddr,
    local: Local,
    shared: &'a Shared,
    events: Batch,
}

impl Exchange<'_> {
    /// Answers the whole messages that have arrived, at most [`TOGETHER`]; their events are written when this returns.
    fn answer(&mut self, arrived: &mut Framing) -> Answers {
        let Self { shared, ref mut events, .. } = *self;
        events.clear();
        let at = shared.now();
        let names = shared.names.now();
        let mut answers = Answers { octets: Vec::new(), taken: 0, go_on: true };
        let mut waiting = Vec::new();
        while waiting.len() < TOGETHER
            && answers.go_on
            && let Some(message) = arrived.next()
        {
            let verdict = shared.pipeline.pass(&names, &received(message, self.source, self.local, at), events);
            // What is refused in the end is told by the question.
            let question = (verdict.record == Recorded::Event).then(|| message.to_vec());
            if let Recorded::Count(counted) = verdict.record {
                shared.recorder.count(counted, at);
                // Who sends what is no query has nothing more to say here.
                answers.go_on = counted != Counted::Dropped;
            }
            waiting.push((question, verdict.reply));
        }
        let may_leave = events.is_empty() || shared.recorder.append(events, at) == Permission::Leave;
        answers.taken = waiting.len();
        for (question, reply) in waiting {
            let reply = match question {
                Some(question) if !may_leave => {
                    shared.pipeline.refuse(&received(&question, self.source, self.local, at))
                }
                _ => reply,
            };
            // Over TCP an answer has at most as many octets as the length can say.
            if let Some(reply) = reply
                && let Ok(length) = u16::try_from(reply.len())
            {
                answers.octets.extend_from_slice(&length.to_be_bytes());
                answers.octets.extend_from_slice(&reply);
            }
        }
        answers
    }
}

fn received(octets: &[u8], source: SocketAddr, local: Local, at: DateTime<Utc>) -> Received<'_> {
    Received { octets, source, transport: Transport::Tcp, listener: local.listener, at }
}
