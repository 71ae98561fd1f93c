//! What strangers send to a sinkhole, and what may stand in its files: nothing of it panics, is answered with what is no
//! DNS, or is read differently when it comes in pieces.

use std::cell::RefCell;
use std::io::sink;

use hickory_proto::op::{Message, MessageType};
use sinkhole::Recorded;
use sinkhole::client_hello::{self, Opening};
use sinkhole::event::{Event, Transport};
use sinkhole::event_formats::{self, Place, Sink};
use sinkhole::framing::Framing;
use sinkhole::fuzzing::{Exchange, Server, segment};
use sinkhole::store::{Entry, EventId, HEAD, HEADER, Records, whole_behind};

thread_local! {
    /// One for all inputs: what it keeps between messages must not change what it answers.
    static SERVER: RefCell<Server> = RefCell::new(Server::new());

    /// Formats that keep nothing of an event. To begin one takes longer than to read a segment.
    static FORMATS: RefCell<Vec<Box<dyn Sink>>> = RefCell::new(["csv", "dnstap", "jsonl"].map(begin).into());
}

/// An export to nowhere.
fn begin(format: &str) -> Box<dyn Sink> {
    let format = event_formats::find(format).expect("it is a format");
    format.begin(Place::Stream(Box::new(sink()))).expect("a stream that takes all")
}

/// A DNS message over UDP or TCP, as the first octet says.
pub fn question(octets: &[u8]) {
    let Some((first, message)) = octets.split_first() else { return };
    let transport = if first & 1 == 0 { Transport::Udp } else { Transport::Tcp };
    ask(message, transport);
}

/// Asks and looks at the answer.
fn ask(octets: &[u8], transport: Transport) {
    let source = "192.0.2.7:4711".parse().expect("an address");
    let ask = || SERVER.with_borrow_mut(|server| server.ask(octets, transport, source));
    let Exchange { reply, events, needs_event } = ask();
    assert_eq!(events, u64::from(needs_event), "an event is there when the answer waits for one");
    assert!(reply.is_some() || !needs_event, "what has an event has an answer");
    assert_eq!(ask(), Exchange { reply: reply.clone(), events, needs_event }, "the same again");
    let is_query = octets.len() >= 12 && octets[2] & 0x80 == 0;
    let refuse = || SERVER.with_borrow(|server| server.refuse(octets, transport, source));
    // It takes the place of an answer whose event cannot be written.
    let refusal = needs_event.then(|| refuse().expect("what can be answered can be refused"));
    for reply in reply.iter().chain(&refusal) {
        assert!(is_query, "a response would make two servers talk for ever");
        let answer = Message::from_vec(reply).expect("an answer is a message");
        let has_addresses = answer.answers.iter().any(|record| matches!(u16::from(record.record_type()), 1 | 28));
        let longest = match transport {
            Transport::Tcp => 65_535,
            // Nobody guesses a cookie.
            Transport::Udp if has_addresses => 2 * octets.len(),
            Transport::Udp => 512.min(4 * octets.len()),
        };
        assert!(reply.len() <= longest);
        assert_eq!(reply[..2], octets[..2]);
        assert_eq!(answer.metadata.message_type, MessageType::Response);
        assert!(!answer.metadata.recursion_available);
        if !needs_event || Some(reply) == refusal.as_ref() {
            assert!(answer.answers.is_empty(), "only held names have answers");
        }
    }
}

/// A stream of DNS over TCP in pieces, whose lengths the first two octets say.
pub fn tcp(octets: &[u8]) {
    let Some(([one, other], stream)) = octets.split_first_chunk() else { return };
    let pieces = [usize::from(*one) + 1, usize::from(*other) * 300 + 1];
    let mut whole = stream;
    let mut framing = Framing::new();
    let mut rest = stream;
    for piece in pieces.into_iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let taken = framing.feed(&rest[..rest.len().min(piece)]);
        assert!(taken > 0, "there is room once all messages were taken");
        rest = &rest[taken..];
        while let Some(message) = framing.next() {
            // The plain way: a length, and as many octets.
            let length = usize::from(u16::from_be_bytes([whole[0], whole[1]]));
            assert_eq!(message, &whole[2..2 + length]);
            whole = &whole[2 + length..];
            ask(message, Transport::Tcp);
        }
    }
    assert_eq!(framing.is_within(), !whole.is_empty());
    if let [high, low, rest @ ..] = whole {
        assert!(rest.len() < usize::from(u16::from_be_bytes([*high, *low])), "a whole message was held back");
    }
}

/// The octets of a segment. Odd first octets let checksums fit, and the second damages a place then.
pub fn store(octets: &[u8]) {
    let Some((first, rest)) = octets.split_first() else { return };
    if first & 1 == 0 {
        read(rest);
        return;
    }
    let Some((place, records)) = rest.split_first_chunk() else { return };
    let mut octets = segment(records.to_vec());
    let length = read(&octets);
    assert!(length >= HEADER, "the header is whole");
    if octets.len() > HEADER {
        let place = HEADER + usize::from(u16::from_be_bytes(*place)) % (octets.len() - HEADER);
        octets[place] ^= 1;
        assert!(read(&octets) <= length.max(place), "damage makes nothing whole");
    }
}

/// Reads a segment to its last whole record, hands its events to the formats, and looks for whole records behind. Gives
/// where the last whole record ends.
fn read(octets: &[u8]) -> usize {
    let Ok(mut records) = Records::new(octets) else { return 0 };
    let mut sums = begin("cof");
    let mut answers = None;
    let (mut end, mut sequence) = (records.end(), records.next_sequence());
    while let Ok(Some(record)) = records.next(octets) {
        assert_eq!((record.offset, record.sequence), (end, sequence));
        assert!(records.end() >= end + HEAD as u64 && records.end() <= octets.len() as u64);
        (end, sequence) = (records.end(), records.next_sequence());
        match record.entry {
            Entry::Event { event, .. } => {
                assert_eq!(event.origin().is_none(), matches!(event, Event::Counters(_)));
                let id = EventId { store: records.header().store, sequence: record.sequence };
                let recorded = Recorded::new(id, answers.clone(), event);
                sums.add(&recorded).expect("a stream that takes all");
                FORMATS.with_borrow_mut(|formats| {
                    for format in formats {
                        format.add(&recorded).expect("a stream that takes all");
                    }
                });
            }
            Entry::Answers(_, said) => answers = Some((*said).into()),
            _ => {}
        }
    }
    sums.finish().expect("a stream that takes all");
    if let Some(behind) = whole_behind(octets, records.end()) {
        assert!(behind > records.end() && behind as usize + HEAD <= octets.len());
    }
    end as usize
}

/// What a connection sends first.
pub fn opening(octets: &[u8]) {
    let told = client_hello::read(octets);
    if let Opening::ClientHello(Some(name)) = &told {
        assert!(octets.len() > name.len());
    }
    // Once it is told, nothing that follows changes it.
    let step = (octets.len() / 64).max(1);
    let mut before = Opening::Partial;
    for end in (0..octets.len()).step_by(step) {
        let now = client_hello::read(&octets[..end]);
        assert!(before == Opening::Partial || before == now, "{before:?} {now:?}");
        before = now;
    }
    assert!(before == Opening::Partial || before == told, "{before:?} {told:?}");
}
