//! TCP doors of the world's hosts: controllers that prove who they are, strangers, closed ports, and addresses at
//! which nothing ever answers.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::header::CONNECTION;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use resolver_chain::resolve::{Perimeter, Proof};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;

use super::ground::Ground;
use crate::scenario::HostId;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 64;

/// A port of a host: bound from the start, so that nobody else can take it, and open once the host is up.
pub(super) struct Door {
    host: HostId,
    closed: Option<TcpSocket>,
    /// Where it is.
    pub(super) address: SocketAddr,
}

/// What stands behind a door.
#[derive(Clone)]
pub(super) struct Behind {
    pub(super) ground: Arc<Ground>,
    /// How the herder proves himself; a stranger has none.
    pub(super) proof: Option<Proof>,
}

impl Door {
    /// A closed door on a free port of `ip`.
    pub(super) fn closed(host: HostId, ip: IpAddr, perimeter: &Perimeter) -> io::Result<Self> {
        let socket = if ip.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.bind(SocketAddr::new(ip, 0))?;
        let address = perimeter.take_in(socket.local_addr()?)?;
        Ok(Self { host, closed: Some(socket), address })
    }

    /// The host behind it.
    pub(super) fn host(&self) -> HostId {
        self.host
    }

    /// Opens it if it is closed; who knocks meets `behind`.
    pub(super) fn open(&mut self, behind: &Behind, tasks: &mut JoinSet<()>) -> io::Result<()> {
        if let Some(socket) = self.closed.take() {
            tasks.spawn(attend(socket.listen(BACKLOG)?, Some(self.host), behind.clone()));
        }
        Ok(())
    }
}

/// A listener behind which nothing answers, for every address at which the world has no host.
pub(super) async fn nowhere(
    ip: IpAddr,
    behind: Behind,
    perimeter: &Perimeter,
    tasks: &mut JoinSet<()>,
) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((ip, 0)).await?;
    let address = perimeter.take_in(listener.local_addr()?)?;
    tasks.spawn(attend(listener, None, behind));
    Ok(address)
}

async fn attend(listener: TcpListener, host: Option<HostId>, behind: Behind) {
    let mut guests = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    guests.spawn(receive(stream, host, behind.clone()));
                }
                Err(error) => behind.ground.break_down(format!("accepting a connection: {error}")),
            },
            Some(_) = guests.join_next() => {}
        }
    }
}

async fn receive(mut stream: TcpStream, host: Option<HostId>, behind: Behind) {
    let answers = if let Some(host) = host {
        behind.ground.accepts(host)
    } else {
        behind.ground.swallow();
        false
    };
    if !answers {
        // Held open without a word until the caller gives up.
        let mut swallowed = [0; 512];
        while matches!(stream.read(&mut swallowed).await, Ok(count) if count > 0) {}
        return;
    }
    let proof = behind.proof;
    let service = service_fn(move |request: Request<Incoming>| {
        let header = proof.as_ref().and_then(|proof| proof.of(request.headers()));
        async move { Ok::<_, Infallible>(respond(header)) }
    });
    // A caller who hangs up early has what he wanted.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// An empty response: a herder's proof, or a stranger's "not found".
fn respond(header: Option<(&'static str, String)>) -> Response<Empty<Bytes>> {
    let mut response = Response::new(Empty::new());
    *response.status_mut() = if header.is_some() { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND };
    let headers = response.headers_mut();
    headers.insert(CONNECTION, hyper::header::HeaderValue::from_static("close"));
    if let Some((name, value)) = header
        && let Ok(value) = hyper::header::HeaderValue::from_str(&value)
    {
        headers.insert(name, value);
    }
    response
}
