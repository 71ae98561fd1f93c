//! dnstap (<https://dnstap.info>): protocol buffers in Frame Streams, as BIND, Unbound, Knot DNS and others write them
//! to a file, or `fstrm_capture` writes what it hears on a socket.
//!
//! Messages of all kinds are look-ups: those between clients and a server, and those between a resolver and others, in
//! which the resolver is the client.

use std::io;
use std::net::IpAddr;
use std::ops::ControlFlow;

use chrono::DateTime;
use prost::Message as _;

use super::super::entry::{Client, Damage, Entry, Lookup, Reason};
use super::super::format::{Format, Info, Visit};
use super::super::input::Input;
use super::super::question::Questions;
use super::super::resync::{self, Fit};
use super::super::settings::Settings;

/// dnstap.
pub(super) struct Dnstap;

static INFO: Info = Info { name: "dnstap", about: "dnstap in Frame Streams, as name servers write it", text: false };

/// What the frames hold.
const CONTENT: &[u8] = b"protobuf:dnstap.Dnstap";
/// Control frames (fstrm's `fstrm/control.h`): none is as long as this; the type that begins a stream, the field that says what the
/// frames hold.
const LONGEST_CONTROL: u32 = 512;
const START: u32 = 2;
const CONTENT_TYPE: u32 = 1;
/// No data frame is as long as this: fstrm's reader takes none that is longer.
const LONGEST_FRAME: u32 = 1024 * 1024;
/// After damage, the next frame must be no longer than two messages of the longest kind and what is told about them.
const LONGEST_AFTER_DAMAGE: u32 = 160 * 1024;
/// dnstap.proto: the one type of a payload.
const MESSAGE: i32 = 1;

impl Format for Dnstap {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn detects(&self, head: &[u8]) -> bool {
        let is_start = number(head, 0) == Some(0) && number(head, 8) == Some(START);
        is_start
            && number(head, 4).is_some_and(|length| {
                (4..=LONGEST_CONTROL).contains(&length)
                    && head.get(8..8 + length as usize).is_none_or(|frame| foreign_content(frame).is_none())
            })
    }

    fn read(&self, input: &mut Input<'_>, _: &Settings, visit: &mut Visit<'_>) -> io::Result<()> {
        let mut questions = Questions::default();
        loop {
            let offset = input.offset();
            let head = input.peek(8)?;
            if head.is_empty() {
                return Ok(());
            }
            // A length of 0 announces a control frame, whose own length follows.
            let frame = match (number(head, 0), number(head, 4)) {
                (Some(0), Some(length)) => Some((true, 8, length)),
                (Some(length), Some(_)) => Some((false, 4, length)),
                // No frame that tells of anything is so short.
                _ => None,
            };
            let flow = match frame {
                None => truncated(input, offset, visit),
                Some((true, _, length @ (0..4 | LONGEST_CONTROL..)) | (false, _, length @ LONGEST_FRAME..)) => {
                    let octets = resync::search(input, fits)?;
                    visit(Entry::Damaged(Damage { offset, reason: Reason::Lost { length: length.into(), octets } }))
                }
                Some((is_control, start, length)) => {
                    let end = start + length as usize;
                    match input.peek(end)?.get(start..end) {
                        None => truncated(input, offset, visit),
                        Some(frame) if is_control => {
                            if let Some(found) = foreign_content(frame) {
                                let _ = visit(Entry::Damaged(Damage { offset, reason: Reason::Content { found } }));
                                return Ok(());
                            }
                            input.consume(end);
                            ControlFlow::Continue(())
                        }
                        Some(frame) => {
                            let flow = visit(read_frame(frame, offset, &mut questions));
                            input.consume(end);
                            flow
                        }
                    }
                }
            };
            if flow.is_break() {
                return Ok(());
            }
        }
    }
}

/// Tells of a frame without an end, and uses it up.
fn truncated(input: &mut Input<'_>, offset: u64, visit: &mut Visit<'_>) -> ControlFlow<()> {
    input.consume(input.available().len());
    visit(Entry::Damaged(Damage { offset, reason: Reason::Truncated }))
}

/// A number of four octets in network order, if it is there.
fn number(octets: &[u8], at: usize) -> Option<u32> {
    octets.get(at..)?.first_chunk().map(|octets| u32::from_be_bytes(*octets))
}

/// What a control frame says that the frames hold, if that is not dnstap. Most types of control frames do not say.
fn foreign_content(frame: &[u8]) -> Option<String> {
    let mut fields = frame.get(4..)?;
    while let (Some(kind), Some(length)) = (number(fields, 0), number(fields, 4)) {
        let value = fields.get(8..8 + length as usize)?;
        if kind == CONTENT_TYPE && value != CONTENT {
            return Some(String::from_utf8_lossy(value).into_owned());
        }
        fields = &fields[8 + length as usize..];
    }
    None
}

/// Whether a data frame begins here that is dnstap as a whole.
fn fits(window: &[u8]) -> Fit {
    match number(window, 0) {
        None => Fit::More,
        Some(length @ 1..=LONGEST_AFTER_DAMAGE) => match window.get(4..4 + length as usize) {
            None => Fit::More,
            Some(frame) => match Payload::decode(frame) {
                Ok(Payload { kind: MESSAGE, message: Some(_), .. }) => Fit::Yes,
                _ => Fit::No,
            },
        },
        Some(_) => Fit::No,
    }
}

/// What a data frame tells.
fn read_frame<'q>(frame: &[u8], offset: u64, questions: &'q mut Questions) -> Entry<'q> {
    let damaged = |reason| Entry::Damaged(Damage { offset, reason });
    let message = match Payload::decode(frame) {
        Ok(Payload { kind: MESSAGE, message: Some(message), .. }) => message,
        Ok(_) => return Entry::Other { offset },
        Err(error) => return damaged(Reason::Frame(error.to_string())),
    };
    // Types of messages come in pairs: a query is odd, its response is the even number behind it.
    let is_query = message.kind % 2 == 1;
    let octets = if is_query { &message.query } else { &message.response };
    // A server may be told to leave the messages out.
    let Some(octets) = octets.as_deref().or(message.query.as_deref()) else { return Entry::Other { offset } };
    let at = match (is_query, message.response_seconds) {
        (false, Some(seconds)) => moment(seconds, message.response_nanoseconds),
        _ => message.query_seconds.and_then(|seconds| moment(seconds, message.query_nanoseconds)),
    };
    match questions.read(octets) {
        Ok(Some(question)) => Entry::Lookup(Lookup {
            offset,
            at,
            client: message.query_address.as_deref().and_then(address).map(Client::Address),
            name: question.name,
            part: question.part,
            rcode: question.rcode,
        }),
        Ok(None) => Entry::Other { offset },
        Err(why) => damaged(why.into()),
    }
}

/// Seconds and nanoseconds since 1970.
fn moment(seconds: u64, nanoseconds: Option<u32>) -> Option<DateTime<chrono::Utc>> {
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanoseconds.unwrap_or(0))
}

/// An address of 4 or 16 octets.
fn address(octets: &[u8]) -> Option<IpAddr> {
    let v4 = || <[u8; 4]>::try_from(octets).map(IpAddr::from);
    let v6 = || <[u8; 16]>::try_from(octets).map(IpAddr::from);
    v4().or_else(|_| v6()).ok()
}

/// `Dnstap` of dnstap.proto, with what is needed of it.
#[derive(Clone, PartialEq, prost::Message)]
struct Payload {
    #[prost(message, optional, tag = "14")]
    message: Option<Message>,
    #[prost(int32, required, tag = "15")]
    kind: i32,
}

/// `Message` of dnstap.proto, with what is needed of it.
#[derive(Clone, PartialEq, prost::Message)]
struct Message {
    #[prost(int32, required, tag = "1")]
    kind: i32,
    #[prost(bytes = "vec", optional, tag = "4")]
    query_address: Option<Vec<u8>>,
    #[prost(uint64, optional, tag = "8")]
    query_seconds: Option<u64>,
    #[prost(fixed32, optional, tag = "9")]
    query_nanoseconds: Option<u32>,
    #[prost(bytes = "vec", optional, tag = "10")]
    query: Option<Vec<u8>>,
    #[prost(uint64, optional, tag = "12")]
    response_seconds: Option<u64>,
    #[prost(fixed32, optional, tag = "13")]
    response_nanoseconds: Option<u32>,
    #[prost(bytes = "vec", optional, tag = "14")]
    response: Option<Vec<u8>>,
}
