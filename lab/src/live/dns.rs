//! The DNS servers of the lab's world, over hickory-server: the public DNS as a bot's host sees it, and the custom
//! name servers. This is the one adapter over hickory-server.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use hickory_proto::op::{Header, HeaderCounts, Metadata, ResponseCode};
use hickory_proto::rr::rdata::{A, SOA};
use hickory_proto::rr::{Name, RData, Record};
use hickory_server::net::runtime::Time;
use hickory_server::server::{Request, RequestHandler, ResponseHandler, ResponseInfo, Server};
use hickory_server::zone_handler::MessageResponseBuilder;
use resolver_chain::Answer;
use resolver_chain::resolve::{Perimeter, Questioner};
use rustc_hash::FxHashMap;
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::Mutex;

use super::ground::{Ground, LookUp};
use super::layout;
use crate::scenario::HostId;

/// How long a TCP connection of the lab's DNS may stay idle.
const IDLE: Duration = Duration::from_secs(5);

/// Responses that may wait on one TCP connection.
const WAITING: usize = 16;

/// How often a resolver asks the sinkhole when no answer comes: on loopback only a stalled machine causes that.
const TRIES: u32 = 3;

/// Time to live of the lab's SOA records for "no such name", in seconds. Virtual caches go by the scenario's.
const NEGATIVE_TTL: u32 = 60;

/// A DNS server of the lab, over UDP and TCP on one port.
pub(super) struct NameServer<H: RequestHandler> {
    server: Server<H>,
    pub(super) address: SocketAddr,
}

impl<H: RequestHandler> NameServer<H> {
    /// Serves on a free port of `ip`.
    pub(super) async fn start(ip: IpAddr, handler: H, perimeter: &Perimeter) -> io::Result<Self> {
        let (socket, listener) = bind(ip).await?;
        let address = perimeter.take_in(socket.local_addr()?)?;
        let mut server = Server::new(handler);
        server.register_socket(socket);
        server.register_listener(listener, IDLE, WAITING);
        Ok(Self { server, address })
    }

    /// Ends it.
    pub(super) async fn stop(mut self) {
        // Whatever the server still has to say, nobody of this run is left to hear it.
        let _ = self.server.shutdown_gracefully().await;
    }
}

/// UDP and TCP on the same free port: a port that is free for one of them may be taken for the other.
async fn bind(ip: IpAddr) -> io::Result<(UdpSocket, TcpListener)> {
    let mut refused = None;
    for _ in 0..64 {
        let listener = TcpListener::bind((ip, 0)).await?;
        match UdpSocket::bind(listener.local_addr()?).await {
            Ok(socket) => return Ok((socket, listener)),
            Err(error) => refused = Some(error),
        }
    }
    Err(refused.unwrap_or_else(|| io::Error::other("no port is free for both UDP and TCP")))
}

/// The public DNS as the bots' hosts see it: their recursive resolvers, with caches in virtual time, which ask the
/// real sinkhole for the names that it holds.
pub(super) struct PublicDns {
    pub(super) ground: Arc<Ground>,
    pub(super) sinkholes: FxHashMap<HostId, SocketAddr>,
    pub(super) questioner: Mutex<Questioner>,
}

impl PublicDns {
    async fn answer(&self, name: &str) -> Answer {
        let (host, id, resolver, turn) = match self.ground.look_up(name) {
            LookUp::Say(answer) => return answer,
            LookUp::AskSinkhole { host, name, resolver, turn } => (host, name, resolver, turn),
        };
        let Some(sinkhole) = self.sinkholes.get(&host) else { return Answer::ServFail };
        let mut questioner = self.questioner.lock().await;
        for _ in 0..TRIES {
            match questioner.ask(resolver.into(), layout::resolver(resolver), *sinkhole, name).await {
                Ok(Answer::TimedOut) => {}
                Ok(answer) => {
                    self.ground.learn(turn, id, answer);
                    return answer;
                }
                Err(error) => {
                    self.ground.break_down(format!("asking the sinkhole for {name}: {error}"));
                    return Answer::ServFail;
                }
            }
        }
        self.ground.break_down(format!("the sinkhole did not answer for {name}"));
        Answer::ServFail
    }
}

#[async_trait]
impl RequestHandler for PublicDns {
    async fn handle_request<R: ResponseHandler, T: Time>(&self, request: &Request, handle: R) -> ResponseInfo {
        let answer = match asked(request) {
            Some(name) => self.answer(&name).await,
            None => Answer::ServFail,
        };
        reply(request, handle, answer, false).await
    }
}

/// One of the bots' custom name servers.
pub(super) struct PrivateDns {
    pub(super) ground: Arc<Ground>,
    pub(super) index: u8,
}

#[async_trait]
impl RequestHandler for PrivateDns {
    async fn handle_request<R: ResponseHandler, T: Time>(&self, request: &Request, handle: R) -> ResponseInfo {
        let answer = match asked(request) {
            Some(name) => self.ground.private(self.index, &name),
            None => Some(Answer::ServFail),
        };
        match answer {
            Some(answer) => reply(request, handle, answer, true).await,
            None => silence(request),
        }
    }
}

/// The name in question, in lower case and without its last dot.
fn asked(request: &Request) -> Option<String> {
    let query = request.request_info().ok()?.query;
    Some(query.name().to_string().trim_end_matches('.').to_owned())
}

async fn reply<R: ResponseHandler>(
    request: &Request,
    mut handle: R,
    answer: Answer,
    authoritative: bool,
) -> ResponseInfo {
    let Ok(info) = request.request_info() else { return silence(request) };
    let name = info.query.original().name().clone();
    let mut metadata = Metadata::response_from_request(&request.metadata);
    metadata.authoritative = authoritative;
    metadata.recursion_available = !authoritative;
    metadata.response_code = match answer {
        Answer::NxDomain => ResponseCode::NXDomain,
        Answer::Addresses { .. } | Answer::NoData => ResponseCode::NoError,
        Answer::Refused => ResponseCode::Refused,
        _ => ResponseCode::ServFail,
    };
    let mut answers = Vec::new();
    if let Answer::Addresses { addresses, ttl } = answer {
        for address in addresses.as_slice() {
            if let IpAddr::V4(address) = address {
                answers.push(Record::from_rdata(name.clone(), ttl, RData::A(A(*address))));
            }
        }
    }
    let soa = matches!(answer, Answer::NxDomain | Answer::NoData).then(|| start_of_authority(&name));
    let response =
        MessageResponseBuilder::from_message_request(request).build(metadata, &answers, [], soa.as_ref(), []);
    // A bot whose question was given up is no longer there to be answered.
    handle.send_response(response).await.unwrap_or_else(|_| silence(request))
}

/// The authority over a missing name: its top-level domain (RFC 2308, section 2).
fn start_of_authority(name: &Name) -> Record {
    let zone = name.trim_to(1);
    let soa = SOA::new(zone.clone(), zone.clone(), 1, 3_600, 600, 86_400, NEGATIVE_TTL);
    Record::from_rdata(zone, NEGATIVE_TTL, RData::SOA(soa))
}

/// What the server is told when nothing was sent.
fn silence(request: &Request) -> ResponseInfo {
    let metadata = Metadata::response_from_request(&request.metadata);
    ResponseInfo::from(Header { metadata, counts: HeaderCounts::default() })
}
