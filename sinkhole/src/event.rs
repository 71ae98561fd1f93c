//! What the sinkhole saw, as its reader gives it back. How it stands in the file is in the module `store`.

use std::net::{IpAddr, SocketAddr};

use chrono::{DateTime, Utc};

use crate::name::Name;
use crate::store::Counted;

/// One record of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A question for a held name: evidence of a *resolver*.
    Dns(DnsQuestion),
    /// An HTTP request: evidence of a *host*.
    Http(HttpRequest),
    /// A connection to an HTTP or TCP listener, before anything was read from it: evidence of a *host*.
    Tcp(TcpConnection),
    /// The beginning of TLS on such a connection: evidence of a *host*.
    Tls(TlsHello),
    /// Octets on such a connection that are neither HTTP nor the beginning of TLS.
    Octets(Octets),
    /// What was answered or dropped in one minute without an event of its own.
    Counters(Counters),
}

impl Event {
    /// Where it came from, and when; counters came from nowhere.
    pub fn origin(&self) -> Option<&Origin> {
        match self {
            Self::Dns(question) => Some(&question.origin),
            Self::Http(request) => Some(&request.origin),
            Self::Tcp(connection) => Some(&connection.origin),
            Self::Tls(hello) => Some(&hello.origin),
            Self::Octets(octets) => Some(&octets.origin),
            Self::Counters(_) => None,
        }
    }
}

/// Where an event came from, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// When it arrived. RFC 6302 asks for time to the second and for the source port; both are here.
    pub at: DateTime<Utc>,
    /// Who sent it.
    pub source: SocketAddr,
    /// Where it arrived: the listener's address as it was bound (RFC 6302 asks for a server's own address and port, too).
    pub destination: SocketAddr,
}

/// How a question or call-back travelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// UDP: the source address may be forged.
    Udp,
    /// TCP: the source address answered a handshake.
    Tcp,
}

/// What a name was held for when the event happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The held name at or above the one that was asked for, in lower case.
    pub name: Name,
    /// Its label: usually a family.
    pub label: String,
    /// The family's preset that produces it, if that is known.
    pub preset: Option<String>,
    /// The beginning of the period in whose list it stands, to the minute, if that is known.
    pub period: Option<DateTime<Utc>>,
    /// Its place in its list.
    pub index: u32,
}

/// A question for a held name.
// Each of its yes and no is a fact of its own.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsQuestion {
    /// Where it came from.
    pub origin: Origin,
    /// How it travelled.
    pub transport: Transport,
    /// The message's identifier.
    pub id: u16,
    /// The name, with the case in which it was asked.
    pub name: Name,
    /// QTYPE.
    pub qtype: u16,
    /// The answer's RCODE, extended by EDNS.
    pub rcode: u16,
    /// RD was set: a resolver does not set it towards an authority, a bot's own code often does.
    pub recursion_desired: bool,
    /// The name held both cases: a hardened resolver.
    pub mixed_case: bool,
    /// The answer did not fit and was sent with TC set.
    pub truncated: bool,
    /// The server cookie was valid (RFC 7873): the source address is not forged, as with TCP.
    pub valid_cookie: bool,
    /// UDP payload size from EDNS; `None` without EDNS.
    pub udp_size: Option<u16>,
    /// Client subnet of RFC 7871.
    pub client_subnet: Option<ClientSubnet>,
    /// What the name was held for.
    pub held: Held,
}

/// The client's network as a large resolver passes it on (RFC 7871).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientSubnet {
    /// The network's address; bits beyond the prefix are zero.
    pub address: IpAddr,
    /// SOURCE PREFIX-LENGTH.
    pub prefix: u8,
}

/// An HTTP request, without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// Where it came from.
    pub origin: Origin,
    /// Method, as sent.
    pub method: Vec<u8>,
    /// Path and query, as sent.
    pub path: Vec<u8>,
    /// `Host`, or the authority of an absolute request target.
    pub host: Vec<u8>,
    /// `User-Agent`.
    pub user_agent: Vec<u8>,
    /// A `Referer` was sent: more likely a visitor of a compromised page than a bot.
    pub has_referer: bool,
    /// A field was longer than what is kept of it.
    pub shortened: bool,
    /// Octets of body that arrived before the answer. They are counted and discarded, never kept.
    pub body_length: u64,
    /// What the host's name was held for, if it was.
    pub held: Option<Held>,
}

/// A connection that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcpConnection {
    /// Where it came from.
    pub origin: Origin,
    /// It reached an HTTP listener; a request on it has its own event.
    pub http: bool,
}

/// A TLS ClientHello, of which the server name is kept. It was not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsHello {
    /// Where it came from.
    pub origin: Origin,
    /// It reached an HTTP listener.
    pub http: bool,
    /// The server name (RFC 6066 §3), as sent; empty if there was none.
    pub server_name: Vec<u8>,
    /// The server name was longer than what is kept of it.
    pub shortened: bool,
    /// What the server name was held for, if it was.
    pub held: Option<Held>,
}

/// What a connection sent that is neither HTTP nor TLS, of which nothing but the length is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Octets {
    /// Where it came from.
    pub origin: Origin,
    /// It reached an HTTP listener.
    pub http: bool,
    /// How many octets were taken.
    pub length: u64,
}

/// What was answered or dropped in one minute without an event of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// The minute's first instant.
    pub minute: DateTime<Utc>,
    /// What was counted in it.
    pub counts: Counts,
}

/// Numbers of messages without an event of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Answered REFUSED: outside held names, or a class, transfer or operation that is not served. Also who asked for a
    /// cookie and nothing else.
    pub refused: u64,
    /// Answered FORMERR, BADVERS or NOTIMP.
    pub malformed: u64,
    /// Over the rate limit: dropped, or answered with nothing but TC.
    pub limited: u64,
    /// Dropped without an answer: responses, and messages shorter than a header.
    pub dropped: u64,
    /// Answered although the event could not be written (`on_full: answer`).
    pub unrecorded: u64,
    /// Connections closed at once because a limit on connections was reached.
    pub turned_away: u64,
}

impl Counts {
    /// Counts one message more.
    pub(crate) fn add(&mut self, counted: Counted) {
        *match counted {
            Counted::Refused => &mut self.refused,
            Counted::Malformed => &mut self.malformed,
            Counted::Limited => &mut self.limited,
            Counted::Dropped => &mut self.dropped,
            Counted::TurnedAway => &mut self.turned_away,
        } += 1;
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            refused: self.refused + other.refused,
            malformed: self.malformed + other.malformed,
            limited: self.limited + other.limited,
            dropped: self.dropped + other.dropped,
            unrecorded: self.unrecorded + other.unrecorded,
            turned_away: self.turned_away + other.turned_away,
        }
    }
}
