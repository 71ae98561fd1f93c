//! Sockets: each transport hands what arrives to the pipeline (or, for call-backs, straight to the store) and lets an
//! answer leave only when its event is written.

pub(crate) mod accept;
pub(crate) mod bind;
pub(crate) mod http;
pub(crate) mod places;
pub(crate) mod plain;
pub(crate) mod tcp;
pub(crate) mod udp;

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::{Connections, Mark};
use crate::event::{Origin, Transport};
use crate::names::{Found, Published};
use crate::notice::{Notice, Notify};
use crate::pipeline::Pipeline;
use crate::store::layout::flag;
use crate::store::{Batch, Head, Kind, Recorder};

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
    /// True once the sinkhole is to end.
    pub(crate) ending: watch::Receiver<bool>,
}

impl Shared {
    /// Waits until the sinkhole is to end.
    pub(crate) async fn ended(&self) {
        // The sender lives as long as the sinkhole; when it is gone, the end has come too.
        let _ = self.ending.clone().wait_for(|ending| *ending).await;
    }

    /// The deepest held name at or above `name`.
    pub(crate) fn find(&self, name: &crate::Name) -> Option<Found> {
        self.names.now().find(name.as_wire())
    }

    /// Records a connection to an HTTP or TCP listener.
    pub(crate) fn record_connection(&self, origin: Origin, http: bool) {
        let mut head = Head::new(Kind::Connection, Transport::Tcp, origin);
        head.flags = if http { flag::HTTP_LISTENER } else { 0 };
        let mut event = Batch::with_capacity(1);
        event.push(&head, &[]);
        self.recorder.append(&mut event, origin.at);
    }

    /// Where an event came from, and when.
    pub(crate) fn origin(&self, source: SocketAddr, local: SocketAddr) -> Origin {
        Origin { at: self.now(), source, destination_port: local.port() }
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
}

/// Pause after a socket's error, such as too many open files. No official reference.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(100);
