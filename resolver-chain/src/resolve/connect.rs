//! A bot's connection to what it takes for its controller: one empty HTTP request, and who answered it.
//!
//! No payload is ever sent. The request carries a challenge; only the lab's herder knows the secret that answers it.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::header::{CONNECTION, HOST, HeaderMap};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use sha2::{Digest, Sha256};
use tokio::net::TcpSocket;

use super::{Perimeter, ResolveError};
use crate::answer::{Answer, Peer};

/// Header of the bot's request: what a herder has to answer.
const CHALLENGE: &str = "x-lab-challenge";
/// Header of the herder's response: his proof.
const PROOF: &str = "x-lab-proof";
/// Header by which sinkholes make themselves known.
const SINKHOLE: &str = "x-sinkhole";

/// How long a peer may take to accept and answer.
const TIME_OUT: Duration = Duration::from_secs(5);

/// The secret that only the herder of one run can prove to know.
#[derive(Clone, Debug)]
pub struct Proof {
    secret: [u8; 32],
}

impl Proof {
    /// The proof by `secret`, which is hashed first.
    pub fn new(secret: &[u8]) -> Self {
        Self { secret: Sha256::digest(secret).into() }
    }

    /// The response header (name and value) that answers a request with these headers; none if they hold no
    /// challenge.
    pub fn of(&self, request: &HeaderMap) -> Option<(&'static str, String)> {
        let challenge = request.get(CHALLENGE)?.as_bytes();
        Some((PROOF, self.answer(challenge)))
    }

    fn answer(&self, challenge: &[u8]) -> String {
        let digest = Sha256::new().chain_update(self.secret).chain_update(challenge).finalize();
        data_encoding::HEXLOWER.encode(&digest)
    }
}

/// Connects to controllers.
#[derive(Clone, Debug)]
pub struct Caller {
    perimeter: Perimeter,
    proof: Proof,
}

impl Caller {
    /// Connects to nobody outside `perimeter`; who answers the challenge by `proof` is the herder.
    pub fn new(perimeter: Perimeter, proof: Proof) -> Self {
        Self { perimeter, proof }
    }

    /// Connects from the loopback address `from` to `address` and asks for `host`. `challenge` must differ from call
    /// to call.
    ///
    /// # Errors
    ///
    /// An address is outside the lab, or a socket of the lab failed. A refused connection and a time-out are answers.
    pub async fn call(
        &self,
        from: IpAddr,
        address: SocketAddr,
        host: &str,
        challenge: u64,
    ) -> Result<Answer, ResolveError> {
        self.perimeter.admit(address)?;
        self.perimeter.admit_source(from)?;
        let challenge = format!("{challenge:016x}");
        let talk = self.talk(from, address, host, &challenge);
        let Ok(response) = tokio::time::timeout(TIME_OUT, talk).await else { return Ok(Answer::ConnectionTimedOut) };
        let response = match response {
            Ok(response) => response,
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                return Ok(Answer::ConnectionRefused);
            }
            Err(error) => return Err(ResolveError::Socket { address, error }),
        };
        let proven = response.headers().get(PROOF).map(hyper::header::HeaderValue::as_bytes);
        Ok(Answer::Connected(if proven == Some(self.proof.answer(challenge.as_bytes()).as_bytes()) {
            Peer::Herder
        } else if response.headers().contains_key(SINKHOLE) {
            Peer::Sinkhole
        } else {
            Peer::Stranger
        }))
    }

    async fn talk(
        &self,
        from: IpAddr,
        address: SocketAddr,
        host: &str,
        challenge: &str,
    ) -> std::io::Result<Response<hyper::body::Incoming>> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.bind(SocketAddr::new(from, 0))?;
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(std::io::Error::other)?;
        let driver = tokio::spawn(connection);
        let request = Request::get("/")
            .header(HOST, host)
            .header(CONNECTION, "close")
            .header(CHALLENGE, challenge)
            .body(Empty::<Bytes>::new())
            .map_err(std::io::Error::other)?;
        let response = sender.send_request(request).await.map_err(std::io::Error::other);
        driver.abort();
        response
    }
}
