//! The fence around a live run: lab traffic cannot leave the lab.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashSet;

/// The socket addresses that this run bound itself. Adapters talk to these and to nobody else; nothing lifts that.
///
/// Clones share one fence.
#[derive(Clone, Debug, Default)]
pub struct Perimeter {
    bound: Arc<RwLock<FxHashSet<SocketAddr>>>,
}

/// Somebody wanted to talk to an address outside the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("refusing to talk to {address}: this run did not bind it on a loopback address")]
pub struct Outside {
    /// The address.
    pub address: SocketAddr,
}

impl Perimeter {
    /// A fence around nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets `address` through.
    ///
    /// # Errors
    ///
    /// The run did not bind it.
    pub fn admit(&self, address: SocketAddr) -> Result<SocketAddr, Outside> {
        let bound = self.bound.read().unwrap_or_else(PoisonError::into_inner);
        if bound.contains(&address) { Ok(address) } else { Err(Outside { address }) }
    }

    /// Lets packets go out from `source`, on any port.
    ///
    /// # Errors
    ///
    /// It is no loopback address.
    pub fn admit_source(&self, source: IpAddr) -> Result<(), Outside> {
        if source.is_loopback() { Ok(()) } else { Err(Outside { address: SocketAddr::new(source, 0) }) }
    }

    /// Takes in an address that a server of this run says it has bound.
    ///
    /// # Errors
    ///
    /// It is no loopback address, or has no port.
    pub fn take_in(&self, address: SocketAddr) -> io::Result<SocketAddr> {
        if !address.ip().is_loopback() || address.port() == 0 {
            let reason = format!("{address} is not a bound loopback address");
            return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, reason));
        }
        self.bound.write().unwrap_or_else(PoisonError::into_inner).insert(address);
        Ok(address)
    }
}
