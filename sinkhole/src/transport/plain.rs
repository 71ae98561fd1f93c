//! Connections of protocols that the sinkhole does not speak: accepted, recorded, closed. Nothing is read from them.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpStream;

use crate::transport::{Local, Shared};

/// Records one connection and closes it.
pub(crate) async fn serve(stream: TcpStream, source: SocketAddr, local: Local, shared: Arc<Shared>) {
    shared.record_connection(source, local, false);
    drop(stream);
}
