//! A window on a stream: what is to be read next lies in one piece, and every octet has its offset.

use std::io::{self, Read};

/// How much is asked of the source at a time: enough that a system call is rare beside the reading.
const CHUNK: usize = 256 * 1024;

/// A window on a stream of octets.
///
/// A failure of the source is told only when everything before it has been used.
pub struct Input<'r> {
    source: Box<dyn Read + Send + 'r>,
    /// Octets from `start` to `end` are there and not used yet.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// The offset in the stream of what `start` points to.
    offset: u64,
    state: State,
}

/// What can be expected of the source.
enum State {
    /// There may be more.
    Open,
    /// There is nothing more.
    Ended,
    /// It failed, which has not been told yet.
    Failed(io::Error),
}

impl<'r> Input<'r> {
    /// A window on a stream from its beginning.
    pub fn new(source: impl Read + Send + 'r) -> Self {
        Self { source: Box::new(source), buffer: vec![0; CHUNK], start: 0, end: 0, offset: 0, state: State::Open }
    }

    /// How many octets of the stream have been used.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// What is in the window.
    pub fn available(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Octets that are used up.
    ///
    /// # Panics
    ///
    /// There are fewer in the window.
    pub fn consume(&mut self, octets: usize) {
        assert!(octets <= self.end - self.start, "only what is in the window can be used");
        self.start += octets;
        self.offset += octets as u64;
    }

    /// Reads once more; false if the stream has ended.
    ///
    /// # Errors
    ///
    /// The source fails.
    pub fn more(&mut self) -> io::Result<bool> {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Open => self.state = State::Open,
            State::Ended => return Ok(false),
            State::Failed(error) => return Err(error),
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() + CHUNK, 0);
        }
        loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(0) => {
                    self.state = State::Ended;
                    return Ok(false);
                }
                Ok(octets) => {
                    self.end += octets;
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.state = State::Ended;
                    return Err(error);
                }
            }
        }
    }

    /// At least this many octets, or all that are left.
    ///
    /// # Errors
    ///
    /// The source fails before there are that many.
    pub fn peek(&mut self, octets: usize) -> io::Result<&[u8]> {
        while self.end - self.start < octets && self.more()? {}
        Ok(self.available())
    }

    /// As [`more`](Self::more), but keeps a failure back until everything before it has been used.
    pub(super) fn more_for_now(&mut self) -> bool {
        self.more().unwrap_or_else(|error| {
            self.state = State::Failed(error);
            false
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its text by three octets, then fails.
    struct Failing<'t>(&'t [u8]);

    impl Read for Failing<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::other("gone"));
            }
            let count = self.0.len().min(3).min(into.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    #[test]
    fn a_failure_is_told_after_what_came_before_it() {
        let mut input = Input::new(Failing(b"0123456789"));
        assert!(input.peek(4).unwrap().starts_with(b"0123"));
        input.consume(4);
        assert_eq!((input.offset(), input.peek(6).unwrap()), (4, &b"456789"[..]));
        assert!(!input.more_for_now());
        assert_eq!(input.available(), b"456789");
        assert_eq!(input.peek(7).unwrap_err().to_string(), "gone");
    }

    #[test]
    fn the_window_grows_with_what_is_wanted() {
        let octets: Vec<u8> = (0..3 * CHUNK).map(|at| at as u8).collect();
        let mut input = Input::new(&octets[..]);
        input.peek(1).unwrap();
        input.consume(1);
        assert_eq!(input.peek(2 * CHUNK).unwrap()[..2 * CHUNK], octets[1..=2 * CHUNK]);
        assert_eq!(input.peek(9 * CHUNK).unwrap(), &octets[1..]);
    }
}
