//! What the fuzz targets need of what is not public: the way from a message's octets to its answer, and segments whose
//! checksums fit whatever stands in them. No promise is made about it.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};

use crate::clock::ClockSource;
use crate::config::Config;
use crate::event::Transport;
use crate::names::{Collection, Entry, Names, Zone, ZoneId};
use crate::pipeline::{Pipeline, Received, Recorded};
use crate::store::{Batch, Header, LabelId, ListenerId, SegmentHash, StoreId, layout};

/// Answers messages for the held name `held.test`, without sockets and without a store.
#[derive(Debug)]
pub struct Server {
    /// What answers.
    pipeline: Pipeline,
    /// What is held.
    names: Names,
    /// Events of the last message.
    events: Batch,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The answer; `None` is silence.
    pub reply: Option<Vec<u8>>,
    /// How many events were appended.
    pub events: u64,
    /// The answer waits for an event.
    pub needs_event: bool,
}

impl Server {
    /// A server without a limit on answers, as the target's messages all come from one address.
    pub fn new() -> Self {
        let mut config = Config::new("");
        config.rate_limit.enabled = false;
        let mut names = Names::of(&Collection::default(), vec![Zone::new(config.answer.clone())], |_| LabelId::NONE);
        let entry = Entry { label: LabelId::NONE, preset: LabelId::NONE, period: 0, index: 0, zone: ZoneId::default() };
        if let Ok(name) = "held.test".parse() {
            names.hold(&name, entry);
        }
        Self { pipeline: Pipeline::new(&config, [7; 16]), names, events: Batch::default() }
    }

    /// Answers one message.
    pub fn ask(&mut self, octets: &[u8], transport: Transport, source: SocketAddr) -> Exchange {
        self.events.clear();
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let received = Received { octets, source, transport, listener: ListenerId::NONE, at };
        let verdict = self.pipeline.pass(&self.names, &received, &mut self.events);
        let needs_event = verdict.record == Recorded::Event;
        Exchange { reply: verdict.reply, events: self.events.len(), needs_event }
    }

    /// The refusal that takes the place of an answer whose event cannot be written.
    pub fn refuse(answer: &[u8]) -> Option<Vec<u8>> {
        Pipeline::refuse(answer)
    }
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

/// A segment that has `records` behind a whole header: heads and tails of any octets, to which numbers and checksums are
/// given that fit.
pub fn segment(mut records: Vec<u8>) -> Vec<u8> {
    let header = Header {
        number: 1,
        first_sequence: 0,
        begun: DateTime::<Utc>::UNIX_EPOCH,
        store: StoreId([7; 16]),
        clock: ClockSource::Virtual,
        previous: SegmentHash::NONE,
    };
    layout::stamp(&mut records, header.first_sequence);
    [&header.to_octets()[..], &records].concat()
}
