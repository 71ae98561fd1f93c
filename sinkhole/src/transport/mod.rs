//! Sockets: each transport hands what arrives to the pipeline (or, for call-backs, straight to the store) and lets an
//! answer leave only when its event is written.

pub(crate) mod accept;
pub(crate) mod batch;
pub(crate) mod bind;
pub(crate) mod ending;
pub(crate) mod http;
pub(crate) mod places;
pub(crate) mod plain;
pub(crate) mod tcp;
pub(crate) mod tls;

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::clock::Clock;
use crate::config::{Connections, Mark};
use crate::event::Transport;
use crate::names::{Found, Published};
use crate::notice::{Notice, Notify};
use crate::pipeline::Pipeline;
use crate::store::layout::flag;
use crate::store::{Batch, Head, Kind, ListenerId, Recorder};
use crate::transport::ending::Ending;

/// A socket's own end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Local {
    /// Its address as it was bound.
    pub(crate) address: SocketAddr,
    /// Its number in events.
    pub(crate) listener: ListenerId,
}

/// What all transports of one sinkhole share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) pipeline: Pipeline,
    pub(crate) names: Published,
    pub(crate) recorder: Recorder,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) mark: Mark,
    /// How many each listener has is what the system allows.
    pub(crate) connections: Connections,
    pub(crate) notify: Notify,
    pub(crate) ending: Ending,
}

impl Shared {
    /// Waits until the sinkhole is to end.
    pub(crate) async fn ended(&self) {
        self.ending.come().await;
    }

    /// The deepest held name at or above `name`.
    pub(crate) fn find(&self, name: &crate::Name) -> Option<Found> {
        self.names.now().find(name.as_wire())
    }

    /// Says in an event's head what `name` is held for, and gives the held name in wire form; nothing if it is not held.
    pub(crate) fn say_held(&self, head: &mut Head, name: &crate::Name) -> Vec<u8> {
        let Some(found) = self.find(name) else { return Vec::new() };
        (head.label, head.preset, head.period) = (found.entry.label, found.entry.preset, found.entry.period);
        (head.index, head.apex_labels) = (found.entry.index, found.apex_labels);
        name.last_labels(usize::from(found.apex_labels)).to_lowercase().as_wire().to_vec()
    }

    /// Records a connection to an HTTP or TCP listener.
    pub(crate) fn record_connection(&self, source: SocketAddr, local: Local, http: bool) {
        let at = self.now();
        let mut head = Head::new(Kind::Connection, Transport::Tcp, at, source, local.listener);
        head.flags = if http { flag::HTTP_LISTENER } else { 0 };
        let mut event = Batch::with_capacity(1);
        event.push(&head, &[]);
        self.recorder.append(&mut event, at);
    }

    /// Now, by the sinkhole's clock.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Tells that a socket reported an error, and pauses so that an error that stays does not take the processor.
    pub(crate) async fn socket_error(&self, address: SocketAddr, error: std::io::Error) {
        self.notify.tell(Notice::Socket { address, error });
        tokio::time::sleep(PAUSE).await;
    }

    /// As [`Shared::socket_error`], on a thread of its own.
    pub(crate) fn socket_error_here(&self, address: SocketAddr, error: std::io::Error) {
        self.notify.tell(Notice::Socket { address, error });
        std::thread::sleep(PAUSE);
    }
}

/// Pause after a socket's error, such as too many open files. No official reference.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(100);
