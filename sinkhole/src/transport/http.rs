//! HTTP call-backs: every request gets 200 with an empty body, after its event has been written. Bodies are counted and
//! discarded. Who speaks TLS instead gets no answer, and has its server name recorded.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, REFERER, USER_AGENT};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client_hello;
use crate::event::Transport;
use crate::name::Name;
use crate::store::layout::flag;
use crate::store::{Batch, Head, Kind, Permission};
use crate::transport::{Local, Shared, tls};

/// The header by which others know a sinkhole.
const MARK: HeaderName = HeaderName::from_static("x-sinkhole");
/// How long a request's head may take.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a body is waited for before the answer.
const BODY_TIME: Duration = Duration::from_secs(5);
/// How long a whole connection may last.
const CONNECTION_TIME: Duration = Duration::from_secs(30);
/// Octets of body that are waited for before the answer.
const BODY_LIMIT: u64 = 1 << 20;
/// Octets of request head that are taken; hyper's own least. A longer head is answered 431 and has its connection's event.
const HEAD_LIMIT: usize = 8192;

/// Octets that are kept of the method.
pub(crate) const METHOD_KEPT: usize = 32;
/// Octets that are kept of path and query. With the other fields at most 4 KiB of a head are kept.
pub(crate) const PATH_KEPT: usize = 2048;
/// Octets that are kept of the host: a longest name with port.
pub(crate) const HOST_KEPT: usize = 264;
/// Octets that are kept of the user agent.
pub(crate) const USER_AGENT_KEPT: usize = 1024;

/// Serves one connection: records it, then answers one request.
pub(crate) async fn serve(stream: TcpStream, source: SocketAddr, local: Local, shared: Arc<Shared>) {
    shared.record_connection(source, local, true);
    let mut first = [0];
    let peeked = tokio::select! {
        peeked = timeout(HEAD_TIME, stream.peek(&mut first)) => peeked,
        () = shared.ended() => return,
    };
    match peeked {
        // Bots speak TLS to ports where there is none.
        Ok(Ok(1..)) if first == [client_hello::HANDSHAKE] => {
            return tls::serve(stream, source, local, true, &shared).await;
        }
        Ok(Ok(1..)) => {}
        _ => return,
    }
    let service = service_fn(|request| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(answer(request, source, local, &shared).await) }
    });
    let connection = http1::Builder::new()
        .keep_alive(false)
        .half_close(true)
        .title_case_headers(true)
        .max_buf_size(HEAD_LIMIT)
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let served = async {
        tokio::select! {
            // What is no HTTP has its connection's event.
            _ = connection.as_mut() => return,
            () = shared.ended() => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    };
    let _ = timeout(CONNECTION_TIME, served).await;
}

async fn answer(
    request: Request<Incoming>,
    source: SocketAddr,
    local: Local,
    shared: &Shared,
) -> Response<Empty<Bytes>> {
    let at = shared.now();
    let (head, body) = request.into_parts();
    let body_length = count(body).await;
    let host = match head.uri.authority() {
        Some(authority) => authority.as_str().as_bytes(),
        None => header(&head.headers, HOST),
    };
    let path = head.uri.path_and_query().map_or(head.uri.path(), |path| path.as_str());
    let request = Seen {
        method: head.method.as_str().as_bytes(),
        path: path.as_bytes(),
        host,
        user_agent: header(&head.headers, USER_AGENT),
        has_referer: head.headers.contains_key(REFERER),
        body_length,
    };
    let mut response = Response::new(Empty::new());
    if record(&request, at, source, local, shared) == Permission::Refuse {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    if shared.mark.enabled
        && let Ok(text) = HeaderValue::from_str(&shared.mark.text)
    {
        response.headers_mut().insert(MARK, text);
    }
    response
}

/// What is recorded of a request.
struct Seen<'a> {
    method: &'a [u8],
    path: &'a [u8],
    host: &'a [u8],
    user_agent: &'a [u8],
    has_referer: bool,
    body_length: u64,
}

fn record(request: &Seen<'_>, at: DateTime<Utc>, source: SocketAddr, local: Local, shared: &Shared) -> Permission {
    let mut shortened = false;
    let mut kept = |field: &'_ [u8], limit: usize| {
        shortened |= field.len() > limit;
        field.len().min(limit)
    };
    let method = &request.method[..kept(request.method, METHOD_KEPT)];
    let path = &request.path[..kept(request.path, PATH_KEPT)];
    let host = &request.host[..kept(request.host, HOST_KEPT)];
    let user_agent = &request.user_agent[..kept(request.user_agent, USER_AGENT_KEPT)];
    let mut head = Head::new(Kind::Http, Transport::Tcp, at, source, local.listener);
    if request.has_referer {
        head.flags |= flag::REFERER;
    }
    if shortened {
        head.flags |= flag::SHORTENED;
    }
    let apex = name_of(host).map_or_else(Vec::new, |name| shared.say_held(&mut head, &name));
    let mut event = Batch::with_capacity(4);
    let length = request.body_length.to_le_bytes();
    event.push(&head, &[method, path, host, user_agent, &length, &apex]);
    shared.recorder.append(&mut event, at)
}

/// The name in a `Host` header, without its port.
fn name_of(host: &[u8]) -> Option<Name> {
    let text = std::str::from_utf8(host).ok()?;
    let text = text.rsplit_once(':').map_or(text, |(name, _)| name);
    text.parse().ok()
}

/// Counts a body's octets as they arrive and forgets them.
async fn count(mut body: Incoming) -> u64 {
    let mut length = 0;
    let counted = timeout(BODY_TIME, async {
        while length < BODY_LIMIT
            && let Some(Ok(frame)) = body.frame().await
        {
            length += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
    });
    // What has not arrived by now is not waited for.
    let _ = counted.await;
    length
}

fn header(headers: &HeaderMap, name: HeaderName) -> &[u8] {
    headers.get(name).map_or(&[], HeaderValue::as_bytes)
}
