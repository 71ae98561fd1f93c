//! DNS messages out of TCP segments (RFC 7766 section 8: each is preceded by its length in two octets), for each
//! direction of each connection on its own. Memory is bounded: what is not touched for long is given up.

use std::collections::hash_map::Entry;
use std::net::SocketAddr;
use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;

/// How many directions a generation holds, and how many octets: far more than a server has open at a time, and no
/// burden for a host.
const MOST_STREAMS: usize = 32 * 1024;
const MOST_OCTETS: usize = 32 * 1024 * 1024;
/// How much of a direction waits for a segment before it: what a receiver's usual window lets a sender send.
const MOST_LATER: usize = 256 * 1024;
/// How many segments wait.
const MOST_SEGMENTS: usize = 256;

/// One segment as it was captured.
pub(super) struct Segment<'p> {
    /// Where its packet is, and when it was.
    pub(super) place: Place,
    /// Who sent it.
    pub(super) from: SocketAddr,
    /// Who gets it.
    pub(super) to: SocketAddr,
    /// Its number: the place of its first octet.
    pub(super) sequence: u32,
    /// Whether it begins the direction.
    pub(super) begins: bool,
    /// Whether it ends it.
    pub(super) ends: bool,
    /// Its octets, as far as they were kept.
    pub(super) payload: &'p [u8],
    /// How many were not.
    pub(super) missing: usize,
}

/// Where a packet is in the capture, and when it was.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// In octets of the stream.
    pub(super) offset: u64,
    /// The capture's clock.
    pub(super) at: Option<DateTime<Utc>>,
}

/// What segments turn out to be.
#[derive(Debug, PartialEq)]
pub(super) enum Event<'p> {
    /// A message; its place is that of the segment in which it begins.
    Message(Place, SocketAddr, SocketAddr, &'p [u8]),
    /// The beginning of a message whose rest was not kept.
    Beginning(Place, SocketAddr, SocketAddr, &'p [u8]),
    /// Segments before this place are missing.
    Gap(Place),
    /// What begins here has no end.
    Unfinished(Place),
}

/// Takes events. Says whether a message could be read, or that nobody wants more.
pub(super) type Deliver<'d> = dyn FnMut(Event<'_>) -> ControlFlow<(), bool> + 'd;

/// Sender and receiver.
type Direction = (SocketAddr, SocketAddr);

/// All directions that are open, in two generations: when the young one is full it becomes the old one, and what was
/// old and has not been touched since is given up.
#[derive(Default)]
pub(super) struct Streams {
    young: FxHashMap<Direction, Stream>,
    old: FxHashMap<Direction, Stream>,
    /// Octets that the young ones hold.
    held: usize,
}

/// One direction of a connection.
struct Stream {
    /// The number of the octet that comes next.
    next: u32,
    /// Whether it is known that messages are counted from their beginning, because the connection's was seen.
    certain: bool,
    /// A message whose end has not come, with its length before it.
    begun: Vec<u8>,
    /// Where it began.
    place: Place,
    /// Segments that came too early.
    later: Vec<Later>,
}

/// A segment that came too early.
struct Later {
    sequence: u32,
    place: Place,
    octets: Vec<u8>,
}

impl Streams {
    /// Takes a segment.
    pub(super) fn segment(&mut self, segment: &Segment<'_>, deliver: &mut Deliver<'_>) -> ControlFlow<()> {
        if segment.payload.is_empty() && segment.missing == 0 && !segment.begins && !segment.ends {
            return ControlFlow::Continue(());
        }
        let direction = (segment.from, segment.to);
        if self.young.len() >= MOST_STREAMS || self.held >= MOST_OCTETS {
            self.grow_old(deliver)?;
        }
        if let Some(stream) = self.old.remove(&direction) {
            self.held += stream.held();
            self.young.insert(direction, stream);
        }
        if segment.begins {
            // Data may come with the first segment (RFC 7413), behind the octet that the beginning counts as.
            let stream = Stream::new(segment.sequence.wrapping_add(1), true);
            if let Some(mut before) = self.young.insert(direction, stream) {
                self.held -= before.held();
                before.give_up(direction, deliver)?;
            }
        }
        let stream = match self.young.entry(direction) {
            Entry::Occupied(stream) => stream.into_mut(),
            // From the middle of a connection, only what looks like the beginning of a message is one.
            Entry::Vacant(place) if is_plausible(segment.payload) => place.insert(Stream::new(segment.sequence, false)),
            Entry::Vacant(_) => return ControlFlow::Continue(()),
        };
        let before = stream.held();
        let sequence = segment.sequence.wrapping_add(u32::from(segment.begins));
        let mut goes_on = stream.take(direction, sequence, segment.place, segment.payload, deliver)?;
        if segment.missing > 0 && goes_on {
            if !stream.begun.is_empty() {
                let begun = stream.begun.get(2..).unwrap_or_default();
                deliver(Event::Beginning(stream.place, direction.0, direction.1, begun))?;
                stream.begun.clear();
            }
            goes_on = false;
        }
        let is_over = segment.ends && stream.later.is_empty();
        self.held = self.held + stream.held() - before;
        if (!goes_on || is_over)
            && let Some(mut stream) = self.young.remove(&direction)
        {
            self.held -= stream.held();
            return stream.give_up(direction, deliver);
        }
        ControlFlow::Continue(())
    }

    /// Gives up everything that waits: the capture is over.
    pub(super) fn end(&mut self, deliver: &mut Deliver<'_>) -> ControlFlow<()> {
        self.grow_old(deliver)?;
        self.grow_old(deliver)
    }

    /// Makes the young generation the old one, and gives the old one up, in the order of the capture.
    fn grow_old(&mut self, deliver: &mut Deliver<'_>) -> ControlFlow<()> {
        let old = std::mem::replace(&mut self.old, std::mem::take(&mut self.young));
        self.held = 0;
        let mut waiting: Vec<_> = old.into_iter().filter(|(_, stream)| stream.held() > 0).collect();
        waiting.sort_by_key(|(direction, stream)| (stream.place.offset, *direction));
        waiting.into_iter().try_for_each(|(direction, mut stream)| stream.give_up(direction, deliver))
    }
}

impl Stream {
    /// A direction of which this octet comes next.
    fn new(next: u32, certain: bool) -> Self {
        Self { next, certain, begun: Vec::new(), place: Place::default(), later: Vec::new() }
    }

    /// How many octets it holds.
    fn held(&self) -> usize {
        self.begun.len() + self.later.iter().map(|later| later.octets.len()).sum::<usize>()
    }

    /// Takes a segment, and those that waited for it. Returns whether the direction can be followed further.
    fn take(
        &mut self,
        direction: Direction,
        sequence: u32,
        place: Place,
        payload: &[u8],
        deliver: &mut Deliver<'_>,
    ) -> ControlFlow<(), bool> {
        if payload.is_empty() {
            return ControlFlow::Continue(true);
        }
        if self.is_ahead(sequence) {
            self.later.push(Later { sequence, place, octets: payload.to_owned() });
            let held: usize = self.later.iter().map(|later| later.octets.len()).sum();
            if self.later.len() > MOST_SEGMENTS || held > MOST_LATER {
                return self.skip_gap(direction, deliver);
            }
            return ControlFlow::Continue(true);
        }
        if !self.in_order(direction, sequence, place, payload, deliver)? {
            return ControlFlow::Continue(false);
        }
        self.take_waiting(direction, deliver)
    }

    /// Whether octets are missing before this one.
    fn is_ahead(&self, sequence: u32) -> bool {
        // Numbers go round; what is less than half of them away is ahead (RFC 9293 section 3.4).
        (sequence.wrapping_sub(self.next) as i32) > 0
    }

    /// Takes what waited and whose turn it is.
    fn take_waiting(&mut self, direction: Direction, deliver: &mut Deliver<'_>) -> ControlFlow<(), bool> {
        while let Some(index) = self.later.iter().position(|later| !self.is_ahead(later.sequence)) {
            let later = self.later.swap_remove(index);
            if !self.in_order(direction, later.sequence, later.place, &later.octets, deliver)? {
                return ControlFlow::Continue(false);
            }
        }
        ControlFlow::Continue(true)
    }

    /// Goes on behind a gap with the first segment there that looks like the beginning of a message.
    fn skip_gap(&mut self, direction: Direction, deliver: &mut Deliver<'_>) -> ControlFlow<(), bool> {
        self.begun.clear();
        let mut told = false;
        while let Some(index) =
            (0..self.later.len()).min_by_key(|index| self.later[*index].sequence.wrapping_sub(self.next))
        {
            let place = self.later[index].place;
            if !told {
                deliver(Event::Gap(place))?;
                told = true;
            }
            if is_plausible(&self.later[index].octets) {
                (self.next, self.certain) = (self.later[index].sequence, false);
                return self.take_waiting(direction, deliver);
            }
            self.later.swap_remove(index);
        }
        ControlFlow::Continue(false)
    }

    /// Takes octets of which none is missing before. Returns whether they are messages.
    fn in_order(
        &mut self,
        direction: Direction,
        sequence: u32,
        place: Place,
        payload: &[u8],
        deliver: &mut Deliver<'_>,
    ) -> ControlFlow<(), bool> {
        // What came before comes again when it was sent again.
        let known = self.next.wrapping_sub(sequence) as usize;
        let Some(mut rest) = payload.get(known..) else { return ControlFlow::Continue(true) };
        self.next = self.next.wrapping_add(rest.len() as u32);
        let (from, to) = direction;
        while !rest.is_empty() {
            if self.begun.is_empty() {
                if let Some(whole) = rest.first_chunk().map(|length| 2 + usize::from(u16::from_be_bytes(*length)))
                    && whole <= rest.len()
                {
                    let is_readable = deliver(Event::Message(place, from, to, &rest[2..whole]))?;
                    if !is_readable && !self.certain {
                        return ControlFlow::Continue(false);
                    }
                    rest = &rest[whole..];
                    continue;
                }
                self.place = place;
            }
            let wanted = match self.begun.first_chunk() {
                Some(length) => 2 + usize::from(u16::from_be_bytes(*length)),
                None => 2,
            };
            let octets = (wanted - self.begun.len()).min(rest.len());
            self.begun.extend_from_slice(&rest[..octets]);
            rest = &rest[octets..];
            let is_whole = self
                .begun
                .first_chunk()
                .is_some_and(|length| self.begun.len() == 2 + usize::from(u16::from_be_bytes(*length)));
            if is_whole {
                let is_readable = deliver(Event::Message(self.place, from, to, &self.begun[2..]))?;
                self.begun.clear();
                if !is_readable && !self.certain {
                    return ControlFlow::Continue(false);
                }
            }
        }
        ControlFlow::Continue(true)
    }

    /// Delivers what can be had without the segments that never came.
    fn give_up(&mut self, direction: Direction, deliver: &mut Deliver<'_>) -> ControlFlow<()> {
        while !self.later.is_empty() {
            if !self.skip_gap(direction, deliver)? {
                self.later.clear();
            }
        }
        if !self.begun.is_empty() {
            deliver(Event::Unfinished(self.place))?;
            self.begun.clear();
        }
        ControlFlow::Continue(())
    }
}

/// Whether a message seems to begin here: its length lets it hold a question, and its header is one that is seen
/// (RFC 1035 section 4.1.1): an opcode that is in use, and one question.
fn is_plausible(payload: &[u8]) -> bool {
    /// Header, a name of the root, type and class.
    const SHORTEST: u16 = 12 + 1 + 4;
    let Some([high, low, _, _, flags, _, 0, 1]) = payload.first_chunk() else { return false };
    u16::from_be_bytes([*high, *low]) >= SHORTEST && matches!(flags >> 3 & 0xf, 0 | 4 | 5)
}
