//! DNS messages out of a stream of octets: over TCP each has its length in two octets before it, in network order
//! (RFC 1035 §4.2.2), and a stream may be cut anywhere (RFC 7766 §8). No I/O.

/// Octets of the length that stands before a message (RFC 1035 §4.2.2).
const PREFIX: usize = 2;
/// Octets that are held at most: the longest message with its length. Whoever has taken all whole messages always finds
/// room for at least one octet more.
const LIMIT: usize = PREFIX + u16::MAX as usize;
/// Octets of room that are kept between messages: queries are far shorter, and a connection that sent one long message
/// must not hold its room until it ends. No official reference.
const KEPT: usize = 1024;

/// Cuts a stream into messages. Memory grows with what was fed and not taken, up to one longest message.
#[derive(Debug, Default)]
pub struct Framing {
    /// What was fed; what stands before `start` was taken.
    octets: Vec<u8>,
    /// Where the next message's length begins.
    start: usize,
}

impl Framing {
    /// A stream of which nothing has arrived.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes octets that have arrived, as many as there is room for, and says how many those are. The others must be fed
    /// again, once [`next`](Self::next) has given all whole messages.
    #[must_use = "octets that were not taken must be fed again"]
    pub fn feed(&mut self, octets: &[u8]) -> usize {
        self.octets.drain(..self.start);
        self.start = 0;
        if self.octets.is_empty() {
            self.octets.shrink_to(KEPT);
        }
        let taken = octets.len().min(LIMIT - self.octets.len());
        self.octets.extend_from_slice(&octets[..taken]);
        taken
    }

    /// How many octets are taken at least, once [`next`](Self::next) has given all whole messages: one or more.
    pub fn room(&self) -> usize {
        LIMIT - (self.octets.len() - self.start)
    }

    /// The next whole message, without its length; it may be empty. `None` until more octets are fed.
    // It lends, so it is no iterator.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Option<&[u8]> {
        let (prefix, rest) = self.octets.get(self.start..)?.split_first_chunk::<PREFIX>()?;
        let message = rest.get(..usize::from(u16::from_be_bytes(*prefix)))?;
        self.start += PREFIX + message.len();
        Some(message)
    }

    /// Whether a message has begun that is not whole: a connection that ends now breaks off in the middle of it. Of use
    /// once [`next`](Self::next) has given `None`.
    pub fn is_within(&self) -> bool {
        self.start < self.octets.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Feeds `stream` in chunks of the lengths in `cuts`, again and again, and gives all messages.
    fn messages(stream: &[u8], cuts: &[usize]) -> (Vec<Vec<u8>>, bool) {
        let mut framing = Framing::new();
        let (mut found, mut rest, mut cuts) = (Vec::new(), stream, cuts.iter().cycle());
        while !rest.is_empty() {
            let chunk = &rest[..rest.len().min(*cuts.next().unwrap())];
            let taken = framing.feed(chunk);
            assert!(taken > 0 && framing.octets.len() <= LIMIT);
            rest = &rest[taken..];
            while let Some(message) = framing.next() {
                found.push(message.to_vec());
            }
        }
        (found, framing.is_within())
    }

    #[test]
    fn a_long_message_gives_its_room_back() {
        let mut framing = Framing::new();
        let stream = [vec![0xff; LIMIT], vec![0, 1]].concat();
        assert_eq!(framing.feed(&stream), LIMIT);
        assert_eq!(framing.next().map(<[u8]>::len), Some(0xffff));
        assert!(!framing.is_within());
        assert_eq!(framing.feed(&stream[LIMIT..]), 2);
        assert!(framing.next().is_none() && framing.is_within());
        assert!(framing.octets.capacity() < 2 * KEPT);
        assert_eq!(framing.feed(&[9]), 1);
        assert_eq!(framing.next(), Some(&[9][..]));
    }

    proptest! {
        #[test]
        fn where_a_stream_is_cut_changes_nothing(
            sent in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..20),
            cuts in prop::collection::vec(1_usize..700, 1..8),
            torn in 0_usize..2,
        ) {
            let mut stream = Vec::new();
            for message in &sent {
                stream.extend((message.len() as u16).to_be_bytes());
                stream.extend(message);
            }
            stream.extend([0; 1][..torn].iter());
            prop_assert_eq!(messages(&stream, &cuts), (sent, torn > 0));
        }
    }
}
