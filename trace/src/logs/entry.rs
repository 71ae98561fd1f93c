//! What a log is a stream of: look-ups, records that tell of none, and damaged ones.

use std::fmt;
use std::net::IpAddr;

use chrono::{DateTime, Utc};

use super::question::Unreadable;

/// One record of a log.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Entry<'a> {
    /// A look-up.
    Lookup(Lookup<'a>),
    /// A sound record that tells of no look-up, as a server's other messages, a sensor's other events or a packet that
    /// is not DNS. Counted, so that a log without a single look-up can be told from an empty one.
    Other {
        /// Where the record begins, in octets of the unpacked stream.
        offset: u64,
    },
    /// A record that cannot be read.
    Damaged(Damage),
}

/// One look-up as a log tells it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lookup<'a> {
    /// Where the record begins, in octets of the unpacked stream.
    pub offset: u64,
    /// When it was; nothing if the log does not say.
    pub at: Option<DateTime<Utc>>,
    /// Who asked; nothing if the log does not say.
    pub client: Option<Client<'a>>,
    /// The name in presentation form (RFC 1035 section 5.1), in the log's letter case, without the dot at its end; the
    /// root is `.`. Texts are taken as they are: terminal escape sequences stay in them.
    pub name: &'a str,
    /// Whether the record is of the question or of the answer.
    pub part: Part,
    /// What the answer said (RFC 1035 section 4.1.1: 0 `NOERROR`, 3 `NXDOMAIN`), where the record tells it.
    pub rcode: Option<u16>,
}

/// Which part of a look-up a record tells of. Logs with records of both kinds tell of each look-up twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Somebody asked.
    Question,
    /// Somebody was answered.
    Answer,
    /// One record for question and answer.
    Both,
}

/// Who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Client<'a> {
    /// An address.
    Address(IpAddr),
    /// What a table has in the client's column, if that is not an address.
    Named(&'a str),
}

impl<'a> Client<'a> {
    /// An address if the text is one, else a name; nothing if there is no text.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        match text.parse() {
            Ok(address) => Some(Self::Address(address)),
            Err(_) if text.is_empty() => None,
            Err(_) => Some(Self::Named(text)),
        }
    }
}

impl fmt::Display for Client<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(formatter),
            Self::Named(name) => formatter.pad(name),
        }
    }
}

/// A record that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Where the record begins, in octets of the unpacked stream.
    pub offset: u64,
    /// What is wrong with it.
    pub reason: Reason,
}

impl fmt::Display for Damage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "at octet {}: {}", self.offset, self.reason)
    }
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// A line that is longer than any that a program writes.
    #[error("the line is longer than {limit} octets")]
    LineTooLong {
        /// How long a line of this format may be.
        limit: usize,
    },
    /// A line that is not UTF-8.
    #[error("the line is not UTF-8")]
    NotText,
    /// A record whose name is empty, longer than a name can be, or more than one word.
    #[error("this is not one name")]
    NotOneName,
    /// A line that begins as a look-up does but goes on otherwise.
    #[error("the line does not go on as a look-up of {format} does")]
    NotALookup {
        /// The format.
        format: &'static str,
    },
    /// Not JSON, or not of the right shape; with the parser's message.
    #[error("not JSON as expected: {0}")]
    Json(String),
    /// A table's record with more or fewer fields than its header.
    #[error("{found} fields where the header has {expected}")]
    Fields {
        /// The record's.
        found: usize,
        /// The header's.
        expected: usize,
    },
    /// A table or a list of objects without the column.
    #[error("no column is called {wanted}; choose the column of the names with `--column`")]
    NoColumn {
        /// What was looked for.
        wanted: String,
    },
    /// The stream ends inside of a record.
    #[error("the stream ends inside of this record")]
    Truncated,
    /// A gzip or zstd stream that cannot be unpacked further; with the library's message.
    #[error("the packed stream is damaged from here on: {0}")]
    Packed(String),
    /// A file without the header of its format.
    #[error("this is not the header of {format}")]
    Header {
        /// The format.
        format: &'static str,
    },
    /// A record whose length contradicts itself or goes beyond every limit, so that the next one had to be searched for.
    #[error("its length of {length} octets cannot be; {octets} octets up to the next record are lost")]
    Lost {
        /// What the record says.
        length: u64,
        /// How many octets lie between its beginning and the next record, or the end of the stream.
        octets: u64,
    },
    /// A record of a container with too few octets for its fields.
    #[error("the record is too short for its fields")]
    TooShort,
    /// A packet of an interface that the section does not describe.
    #[error("interface {interface} is described nowhere before")]
    Interface {
        /// Its number.
        interface: u32,
    },
    /// A kind of link that is not known; its packets are counted as other records.
    #[error("packets of link type {link} cannot be read (https://www.tcpdump.org/linktypes.html says what it is)")]
    LinkType {
        /// As tcpdump.org numbers it.
        link: u32,
    },
    /// A packet whose headers contradict themselves.
    #[error("the packet's {layer} header is damaged")]
    Packet {
        /// Which one.
        layer: &'static str,
    },
    /// A packet of which the capture kept too little.
    #[error("the capture kept only {kept} of the packet's {length} octets, which do not hold the question")]
    Cut {
        /// How many octets were kept.
        kept: usize,
        /// How many there were.
        length: usize,
    },
    /// A DNS message that cannot be read.
    #[error("the DNS message cannot be read: {0}")]
    Message(#[from] Unreadable),
    /// A TCP connection of which the capture misses something.
    #[error("the capture misses segments of the TCP connection before this one")]
    Gap,
    /// A message over TCP that has no end in the capture.
    #[error("the capture holds only the beginning of this message over TCP")]
    Unfinished,
    /// A frame that is not a dnstap message; with the decoder's message.
    #[error("the frame is not a dnstap message: {0}")]
    Frame(String),
    /// Frame Streams of something else.
    #[error("the frames hold {found:?}, not dnstap")]
    Content {
        /// What they say to hold.
        found: String,
    },
}
