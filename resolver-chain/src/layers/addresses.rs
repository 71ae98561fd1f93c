//! A fixed list of addresses that the bot carries, each with its port.

use std::net::SocketAddr;

use crate::layer::{Candidate, Candidates, Layer, LayerError};
use crate::time::Moment;

/// A fixed list of addresses with ports, the same at all times. No name is ever asked.
#[derive(Clone, Debug)]
pub struct Addresses {
    addresses: Vec<SocketAddr>,
}

impl Addresses {
    /// The addresses in the bot's order.
    pub fn new(addresses: Vec<SocketAddr>) -> Self {
        Self { addresses }
    }
}

impl Layer for Addresses {
    fn kind(&self) -> &'static str {
        "addresses"
    }

    fn about(&self) -> String {
        format!("{} listed addresses", self.addresses.len())
    }

    fn candidates(&self, _at: Moment) -> Result<Candidates, LayerError> {
        Ok(Candidates::always(self.addresses.iter().copied().map(Candidate::Address)))
    }
}
