//! What the fuzz targets need of what is not public: the way from a message's octets to its answer, and segments whose
//! checksums fit whatever stands in them. No promise is made about it.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};

use crate::clock::ClockSource;
use crate::config::Config;
use crate::event::Transport;
use crate::names::{Collection, Entry, Names, Zone, ZoneId};
use crate::pipeline::{Pipeline, Plan, Received, Recorded};
use crate::store::{Batch, Header, LabelId, ListenerId, SegmentHash, StoreId, layout};
use crate::wire::UDP_LARGEST;

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

    /// Answers one message. Over UDP it also takes the short way, which must say and record the same.
    ///
    /// # Panics
    ///
    /// The two ways differ.
    pub fn ask(&mut self, octets: &[u8], transport: Transport, source: SocketAddr) -> Exchange {
        let received = received(octets, transport, source);
        self.events.clear();
        let verdict = self.pipeline.pass(&self.names, &received, &mut self.events);
        let needs_event = verdict.record == Recorded::Event;
        if transport == Transport::Udp {
            let mut events = Batch::default();
            let plan = Plan::of(octets, &self.names);
            let decision = self.pipeline.decide(&self.names, plan, &received, &mut events);
            let mut room = octets.to_vec();
            room.resize(octets.len() + usize::from(UDP_LARGEST), 0xee);
            let length = decision.reply.write(&mut room);
            assert_eq!(verdict.reply.as_deref().unwrap_or_default(), &room[..length]);
            assert_eq!((verdict.record, self.events.len()), (decision.record, events.len()));
        }
        Exchange { reply: verdict.reply, events: self.events.len(), needs_event }
    }

    /// The refusal that takes an answer's place when its event cannot be written.
    pub fn refuse(&self, octets: &[u8], transport: Transport, source: SocketAddr) -> Option<Vec<u8>> {
        self.pipeline.refuse(&received(octets, transport, source))
    }
}

fn received(octets: &[u8], transport: Transport, source: SocketAddr) -> Received<'_> {
    Received { octets, source, transport, listener: ListenerId::NONE, at: DateTime::<Utc>::UNIX_EPOCH }
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
