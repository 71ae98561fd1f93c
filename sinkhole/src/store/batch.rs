//! Events on their way to the file: encoded where they happen, into a buffer that is used again and again.

use crate::store::layout::{self, Head};

/// Events that are written together. Nothing is allocated per event once the buffer has grown.
#[derive(Debug, Default)]
pub struct Batch {
    /// Encoded records, without numbers and checksums.
    pub(super) octets: Vec<u8>,
    /// How many they are.
    events: u64,
}

impl Batch {
    /// An empty batch with room for about `events` of them.
    pub fn with_capacity(events: usize) -> Self {
        Self { octets: Vec::with_capacity(events * 128), events: 0 }
    }

    /// Adds an event: its head, and the fields of its tail as [`layout::Kind`] says.
    pub fn push(&mut self, head: &Head, fields: &[&[u8]]) {
        layout::append(head, fields, &mut self.octets);
        self.events += 1;
    }

    /// How many events it holds.
    pub fn len(&self) -> u64 {
        self.events
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.events == 0
    }

    /// The events in it as they are encoded.
    #[cfg(test)]
    pub(crate) fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// The events in it, all of whose families and presets are `label`.
    #[cfg(test)]
    pub(crate) fn events(&self, label: &str) -> Vec<crate::Event> {
        let mut events = Vec::new();
        let mut rest = &self.octets[..];
        while let Some((head, behind)) = rest.split_at_checked(layout::HEAD) {
            let (tail, behind) = behind.split_at(layout::tail_length(head).unwrap());
            match super::decode::decode(head, tail, |_| Some(label.to_owned()), |_| None) {
                super::Entry::Event { event, .. } => events.push(event),
                other => panic!("{other:?} is no event"),
            }
            rest = behind;
        }
        events
    }

    /// Empties it and keeps its room.
    pub fn clear(&mut self) {
        self.octets.clear();
        self.events = 0;
    }
}
