//! [`Lines`]: the lines of a text with their numbers, none longer than memory should hold.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use super::error::Error;

/// How long a line may be: far more than a name with everything about it.
pub(super) const LONGEST: usize = 1 << 16;

/// One line of a text.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Its number, from 1.
    pub(super) number: u64,
    /// The line, without its end.
    pub(super) text: &'a str,
}

impl Line<'_> {
    /// An error about it.
    pub(super) fn wrong(&self, reason: impl Into<String>, hint: &'static str) -> Error {
        Error::Line { line: self.number, reason: reason.into(), hint }
    }
}

/// The lines of a text.
pub(super) struct Lines {
    reader: BufReader<Box<dyn Read>>,
    line: Vec<u8>,
    /// Whether `line` holds a line that was not skipped yet.
    is_peeked: bool,
    /// The number of the line in `line`.
    number: u64,
}

impl Lines {
    /// The lines of what `reader` gives.
    pub(super) fn new(reader: BufReader<Box<dyn Read>>) -> Self {
        Self { reader, line: Vec::new(), is_peeked: false, number: 0 }
    }

    /// The next line, without its end; nothing after the last.
    pub(super) fn peek(&mut self) -> Result<Option<Line<'_>>, Error> {
        if !self.is_peeked {
            self.line.clear();
            let limit = LONGEST as u64 + 1;
            let length = Read::by_ref(&mut self.reader).take(limit).read_until(b'\n', &mut self.line)?;
            if length == 0 {
                return Ok(None);
            }
            self.number += 1;
            self.is_peeked = true;
            if self.number == 1 {
                self.refuse_other_encodings()?;
                if self.line.starts_with(b"\xef\xbb\xbf") {
                    self.line.drain(..3);
                }
            }
            if self.line.last() == Some(&b'\n') {
                self.line.pop();
            } else if length > LONGEST {
                return Err(self.wrong("it is longer than 65,536 bytes", NO_LIST));
            }
            if self.line.last() == Some(&b'\r') {
                self.line.pop();
            }
            if self.line.contains(&0) {
                return Err(self.wrong("it is no text", NO_LIST));
            }
        }
        match std::str::from_utf8(&self.line) {
            Ok(text) => Ok(Some(Line { number: self.number, text })),
            Err(_) => Err(self.wrong("it is not UTF-8", "save the file as UTF-8")),
        }
    }

    /// Goes on to the line after the one that was looked at.
    pub(super) fn skip(&mut self) {
        self.is_peeked = false;
    }

    /// An error about the line that was read last.
    fn wrong(&self, reason: impl Into<String>, hint: &'static str) -> Error {
        Error::Line { line: self.number, reason: reason.into(), hint }
    }

    /// The number of the line that was read last.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The rest of the text, after the line that was skipped last.
    pub(super) fn into_rest(self) -> BufReader<Box<dyn Read>> {
        self.reader
    }

    fn refuse_other_encodings(&self) -> Result<(), Error> {
        let begins = |magic: &[u8]| self.line.starts_with(magic);
        if begins(b"\xff\xfe") || begins(b"\xfe\xff") {
            return Err(self.wrong("it is UTF-16", "save the file as UTF-8"));
        }
        if begins(b"\x1f\x8b") || begins(b"\x28\xb5\x2f\xfd") || begins(b"PK\x03\x04") {
            return Err(self.wrong("the file is compressed", "unpack it first: `zcat FILE | hydrabane … --input -`"));
        }
        Ok(())
    }
}

/// What to do with something that is no list at all.
pub(super) const NO_LIST: &str =
    "give a list with one name a line, or a file that `hydrabane generate` wrote (CSV, JSON lines, Parquet)";

/// A reader of which no more than so many bytes may be taken for one record.
pub(super) struct Capped<R> {
    inner: R,
    left: Rc<Cell<usize>>,
}

impl<R> Capped<R> {
    /// A reader, and what has to be set before each record.
    pub(super) fn new(inner: R) -> (Self, Rc<Cell<usize>>) {
        let left = Rc::new(Cell::new(0));
        (Self { inner, left: Rc::clone(&left) }, left)
    }
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 && !bytes.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a record does not end"));
        }
        let length = bytes.len().min(left);
        let read = self.inner.read(&mut bytes[..length])?;
        self.left.set(left - read);
        Ok(read)
    }
}
