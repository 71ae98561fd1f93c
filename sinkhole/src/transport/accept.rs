//! Accepts connections, gives each its place, and ends all of them when the sinkhole ends.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::store::Counted;
use crate::transport::places::{Place, Places};
use crate::transport::{Local, Shared};

/// How long connections may take to end when the sinkhole ends.
const DRAIN: Duration = Duration::from_secs(5);

/// Serves each connection with `handle` until the sinkhole ends, then waits for those that are open. A connection that
/// must give up its place is closed wherever it is; `handle` tells its place when it is used.
pub(crate) async fn serve<Handle, Handled>(listener: TcpListener, local: Local, shared: Arc<Shared>, handle: Handle)
where
    Handle: Fn(TcpStream, SocketAddr, Local, Arc<Shared>, Arc<Place>) -> Handled,
    Handled: Future<Output = ()> + Send + 'static,
{
    let places = Places::new(shared.connections.total, shared.connections.per_source);
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, source)) => {
                    if let Some(place) = places.enter(source.ip()) {
                        let place = Arc::new(place);
                        let handled = handle(stream, source, local, Arc::clone(&shared), Arc::clone(&place));
                        open.spawn(async move {
                            tokio::select! {
                                () = handled => {}
                                () = place.given_up() => {}
                            }
                        });
                    } else {
                        shared.recorder.count(Counted::TurnedAway, shared.now());
                    }
                }
                // The caller hung up before being accepted.
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionAborted => {}
                Err(error) => shared.socket_error(local.address, error).await,
            },
            Some(_) = open.join_next() => {}
            () = shared.ended() => break,
        }
    }
    drop(listener);
    let drained = tokio::time::timeout(DRAIN, async { while open.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        open.shutdown().await;
    }
}
