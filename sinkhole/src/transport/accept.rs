//! Accepts connections: so many in all, so many from one source, and an end for all of them when the sinkhole ends.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::store::Counted;
use crate::transport::{Local, Shared};

/// Connections on one listener at the same time. It keeps a listener within the usual 1024 open files of a process, and
/// one flooded listener from starving the others. No official reference.
pub(crate) const TOTAL_LIMIT: usize = 400;
/// Connections on one listener from one source address at the same time: RFC 7766 §6.2.2 asks clients to keep few, but
/// many hosts may stand behind one address. No official reference.
pub(crate) const SOURCE_LIMIT: usize = 64;
/// How long connections may take to end when the sinkhole ends.
const DRAIN: Duration = Duration::from_secs(5);

/// Serves each connection with `handle` until the sinkhole ends, then waits for those that are open.
pub(crate) async fn serve<Handle, Handled>(listener: TcpListener, local: Local, shared: Arc<Shared>, handle: Handle)
where
    Handle: Fn(TcpStream, SocketAddr, Local, Arc<Shared>) -> Handled,
    Handled: Future<Output = ()> + Send + 'static,
{
    let sources = Arc::new(Sources::default());
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, source)) => {
                    if open.len() < TOTAL_LIMIT && let Some(place) = Sources::enter(&sources, source.ip()) {
                        let handled = handle(stream, source, local, Arc::clone(&shared));
                        open.spawn(async move {
                            handled.await;
                            drop(place);
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

/// How many connections each source has.
#[derive(Debug, Default)]
struct Sources(Mutex<HashMap<IpAddr, usize>>);

/// One connection's place among its source's; dropped with the connection.
struct Place {
    sources: Arc<Sources>,
    source: IpAddr,
}

impl Sources {
    /// A place for a connection of `source`, unless it has too many.
    fn enter(sources: &Arc<Self>, source: IpAddr) -> Option<Place> {
        let mut counts = sources.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(source).or_default();
        if *count >= SOURCE_LIMIT {
            return None;
        }
        *count += 1;
        Some(Place { sources: Arc::clone(sources), source })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.sources.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.source) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.source);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_so_many_places_and_gets_them_back() {
        let sources = Arc::new(Sources::default());
        let source = "192.0.2.7".parse().unwrap();
        let places: Vec<_> = (0..SOURCE_LIMIT).map(|_| Sources::enter(&sources, source).unwrap()).collect();
        assert!(Sources::enter(&sources, source).is_none());
        assert!(Sources::enter(&sources, "192.0.2.8".parse().unwrap()).is_some());
        drop(places);
        assert!(Sources::enter(&sources, source).is_some());
        assert!(sources.0.lock().unwrap().is_empty());
    }
}
