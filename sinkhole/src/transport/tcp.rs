//! DNS over TCP (RFC 7766): messages with a length in two octets before them, several on one connection.
//!
//! Whatever has arrived whole is answered together: one write of events, then one write of answers, in the order of the
//! questions.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use crate::event::Transport;
use crate::pipeline::{Received, Recorded};
use crate::store::{Batch, Counted, Permission};
use crate::transport::places::Place;
use crate::transport::{Local, Shared};

/// Messages that are answered together at most: their answers wait in memory.
const TOGETHER: usize = 128;
/// Room for what arrives: several usual queries. It grows with a longer message, and is given back after it.
const ROOM: usize = 512;

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
    let mut arrived = Vec::new();
    loop {
        let deadline = Instant::now() + idle;
        while split_message(&arrived).is_none() {
            if arrived.len() == arrived.capacity() {
                arrived.reserve(ROOM);
            }
            let read = tokio::select! {
                read = timeout_at(deadline, stream.read_buf(&mut arrived)) => read,
                () = shared.ended() => return,
            };
            match read {
                Ok(Ok(1..)) => {}
                // Closed, broken, or silent for too long.
                _ => return,
            }
        }
        place.used();
        let Answers { octets, taken, goes_on } = exchange.answer(&arrived);
        arrived.drain(..taken);
        if arrived.is_empty() && arrived.capacity() > 8 * ROOM {
            arrived = Vec::new();
        }
        let Ok(Ok(())) = timeout(idle, stream.write_all(&octets)).await else { return };
        if !goes_on {
            return;
        }
    }
}

/// The first message in what has arrived, and what stands behind it; `None` if it is not whole yet.
fn split_message(arrived: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = arrived.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// Answers to messages that arrived together.
struct Answers {
    /// All of them, each with its length before it.
    octets: Vec<u8>,
    /// How many octets of what arrived are answered.
    taken: usize,
    /// Nothing arrived that no client sends.
    goes_on: bool,
}

/// One connection's questions on their way through the pipeline.
struct Exchange<'a> {
    source: SocketAddr,
    local: Local,
    shared: &'a Shared,
    events: Batch,
}

impl Exchange<'_> {
    /// Answers the whole messages in `arrived`, at most [`TOGETHER`]; their events are written when this returns.
    fn answer(&mut self, arrived: &[u8]) -> Answers {
        let Self { source, local, shared, events } = self;
        events.clear();
        let at = shared.now();
        let names = shared.names.now();
        let received =
            |octets| Received { octets, source: *source, transport: Transport::Tcp, listener: local.listener, at };
        let mut rest = arrived;
        let mut goes_on = true;
        let mut waiting = Vec::new();
        while goes_on
            && waiting.len() < TOGETHER
            && let Some((octets, behind)) = split_message(rest)
        {
            rest = behind;
            let verdict = shared.pipeline.pass(&names, &received(octets), events);
            if let Recorded::Count(counted) = verdict.record {
                shared.recorder.count(counted, at);
                // Who sends what is no query has nothing more to say here.
                goes_on = counted != Counted::Dropped;
            }
            waiting.push((octets, verdict));
        }
        let may_leave = events.is_empty() || shared.recorder.append(events, at) == Permission::Leave;
        let mut octets = Vec::new();
        for (question, verdict) in waiting {
            let reply = if may_leave || verdict.record != Recorded::Event {
                verdict.reply
            } else {
                shared.pipeline.refuse(&received(question))
            };
            // Over TCP an answer has at most as many octets as the length can say.
            if let Some(reply) = reply
                && let Ok(length) = u16::try_from(reply.len())
            {
                octets.extend_from_slice(&length.to_be_bytes());
                octets.extend_from_slice(&reply);
            }
        }
        Answers { octets, taken: arrived.len() - rest.len(), goes_on }
    }
}
