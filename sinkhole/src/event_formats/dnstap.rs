//! dnstap (dnstap.info): Frame Streams of Protocol Buffers, as `dnstap-read`, `dnstap-ldns` and the tools of name servers
//! read them. Each DNS question is an `AUTH_QUERY`.
//!
//! The message in it is made again from what is recorded: identifier, RD, the name with its case, type and class, the
//! UDP size and the client subnet. Other EDNS options and flags of the message as sent are not recorded, and not there.
//! The answer is not recorded octet by octet either, so there are no `AUTH_RESPONSE`s.

use std::io::{self, Write};
use std::net::IpAddr;

use prost::Message as _;

use super::{Format, Head, Info, Place, Sink, stream};
use crate::event::{DnsQuestion, Event, Transport};
use crate::store::Recorded;
use crate::wire;

/// dnstap.
pub(crate) struct Dnstap;

impl Format for Dnstap {
    fn info(&self) -> Info {
        Info {
            name: "dnstap",
            about: "questions as dnstap's AUTH_QUERY, for dnstap-read and what name servers write to",
            is_folder: false,
        }
    }

    fn begin(&self, place: Place) -> io::Result<Box<dyn Sink>> {
        let mut stream = stream(place)?;
        control(&mut stream, START)?;
        Ok(Box::new(Frames { stream, version: Head::new("dnstap").line().into_bytes() }))
    }
}

/// Control frames of Frame Streams (farsightsec.github.io/fstrm, `fstrm/control.h`).
const START: u32 = 2;
/// See [`START`].
const STOP: u32 = 3;
/// The only field of a control frame.
const CONTENT_TYPE: u32 = 1;
/// What the frames hold.
const CONTENT: &[u8] = b"protobuf:dnstap.Dnstap";

/// Writes a control frame: an escape of four zeros, the frame's length, its type, and for a start the content type.
fn control(stream: &mut dyn Write, kind: u32) -> io::Result<()> {
    let mut frame = kind.to_be_bytes().to_vec();
    if kind == START {
        frame.extend(CONTENT_TYPE.to_be_bytes());
        frame.extend((CONTENT.len() as u32).to_be_bytes());
        frame.extend(CONTENT);
    }
    stream.write_all(&[0; 4])?;
    stream.write_all(&(frame.len() as u32).to_be_bytes())?;
    stream.write_all(&frame)
}

/// `dnstap.Dnstap` of dnstap.proto.
#[derive(Clone, PartialEq, prost::Message)]
struct Tap {
    /// Which server this is: the store's identity.
    #[prost(bytes = "vec", optional, tag = "1")]
    identity: Option<Vec<u8>>,
    /// Its program.
    #[prost(bytes = "vec", optional, tag = "2")]
    version: Option<Vec<u8>>,
    /// What happened.
    #[prost(message, optional, tag = "14")]
    message: Option<Message>,
    /// `MESSAGE`.
    #[prost(int32, required, tag = "15")]
    kind: i32,
}

/// `MESSAGE` of `Dnstap.Type`.
const MESSAGE: i32 = 1;

/// `dnstap.Message` of dnstap.proto, as far as it is filled.
// The names are those of dnstap.proto.
#[allow(clippy::struct_field_names)]
#[derive(Clone, PartialEq, prost::Message)]
struct Message {
    /// `AUTH_QUERY`.
    #[prost(int32, required, tag = "1")]
    kind: i32,
    /// `INET` or `INET6`.
    #[prost(int32, optional, tag = "2")]
    socket_family: Option<i32>,
    /// `UDP` or `TCP`.
    #[prost(int32, optional, tag = "3")]
    socket_protocol: Option<i32>,
    /// Who asked.
    #[prost(bytes = "vec", optional, tag = "4")]
    query_address: Option<Vec<u8>>,
    /// Which address of ours; nothing if the listener takes questions to any.
    #[prost(bytes = "vec", optional, tag = "5")]
    response_address: Option<Vec<u8>>,
    /// From which port.
    #[prost(uint32, optional, tag = "6")]
    query_port: Option<u32>,
    /// On which port of ours.
    #[prost(uint32, optional, tag = "7")]
    response_port: Option<u32>,
    /// When, seconds since 1970.
    #[prost(uint64, optional, tag = "8")]
    query_time_sec: Option<u64>,
    /// And nanoseconds.
    #[prost(fixed32, optional, tag = "9")]
    query_time_nsec: Option<u32>,
    /// The question as a message.
    #[prost(bytes = "vec", optional, tag = "10")]
    query_message: Option<Vec<u8>>,
    /// The held name in wire form.
    #[prost(bytes = "vec", optional, tag = "11")]
    query_zone: Option<Vec<u8>>,
}

/// `AUTH_QUERY` of `Message.Type`.
const AUTH_QUERY: i32 = 1;
/// `SocketFamily`.
const INET: i32 = 1;
/// See [`INET`].
const INET6: i32 = 2;
/// `SocketProtocol`.
const UDP: i32 = 1;
/// See [`UDP`].
const TCP: i32 = 2;

/// Frames in the making.
struct Frames {
    /// Where they go.
    stream: Box<dyn Write>,
    /// Who wrote them, for each frame.
    version: Vec<u8>,
}

impl Sink for Frames {
    fn add(&mut self, recorded: &Recorded) -> io::Result<bool> {
        let Event::Dns(question) = &recorded.event else { return Ok(false) };
        let Some(message) = message(question) else { return Ok(false) };
        let tap = Tap {
            identity: Some(recorded.id.store.to_string().into_bytes()),
            version: Some(self.version.clone()),
            message: Some(message),
            kind: MESSAGE,
        };
        let frame = tap.encode_to_vec();
        self.stream.write_all(&(frame.len() as u32).to_be_bytes())?;
        self.stream.write_all(&frame)?;
        Ok(true)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        control(&mut self.stream, STOP)?;
        self.stream.flush()
    }
}

/// A question as dnstap has it; nothing if it has no form on the wire.
fn message(question: &DnsQuestion) -> Option<Message> {
    let origin = &question.origin;
    let octets = |address| match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    let destination = origin.destination.ip();
    Some(Message {
        kind: AUTH_QUERY,
        socket_family: Some(if origin.source.is_ipv4() { INET } else { INET6 }),
        socket_protocol: Some(match question.transport {
            Transport::Udp => UDP,
            Transport::Tcp => TCP,
        }),
        query_address: Some(octets(origin.source.ip())),
        response_address: (!destination.is_unspecified()).then(|| octets(destination)),
        query_port: Some(origin.source.port().into()),
        response_port: Some(origin.destination.port().into()),
        query_time_sec: Some(origin.at.timestamp().try_into().unwrap_or(0)),
        query_time_nsec: Some(origin.at.timestamp_subsec_nanos()),
        query_message: Some(wire::write_query(question)?),
        query_zone: Some(question.held.name.as_wire().to_vec()),
    })
}
