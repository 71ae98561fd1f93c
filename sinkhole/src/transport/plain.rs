//! Connections of protocols that the sinkhole does not speak: accepted, recorded, listened to for a moment, closed.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpStream;

use crate::transport::{Local, Shared, tls};

/// Records one connection and what it sends first, and closes it.
pub(crate) async fn serve(stream: TcpStream, source: SocketAddr, local: Local, shared: Arc<Shared>) {
    shared.record_connection(source, local, false);
    tls::serve(stream, source, local, false, &shared).await;
}
