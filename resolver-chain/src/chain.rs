//! The chain: a bot's layers in its order, as data that all bots of a botnet share.

use std::fmt;

use crate::layer::Layer;
use crate::stage::{Order, Patience, Route};

/// One layer of the chain with the way in which it is walked.
pub struct Stage {
    /// What is tried.
    pub layer: Box<dyn Layer>,
    /// Over which routes, in this order.
    pub routes: Vec<Route>,
    /// How names and routes are interleaved.
    pub order: Order,
    /// Time-outs and further attempts.
    pub patience: Patience,
    /// The TCP ports that a resolved address is tried on, in this order; not used for candidates that are addresses.
    pub ports: Vec<u16>,
}

impl fmt::Debug for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Stage")
            .field("layer", &self.layer.kind())
            .field("routes", &self.routes)
            .field("order", &self.order)
            .field("patience", &self.patience)
            .field("ports", &self.ports)
            .finish()
    }
}

/// A bot's layers in its order; never empty.
#[derive(Debug)]
pub struct Chain {
    stages: Vec<Stage>,
    servers: u8,
}

impl Chain {
    /// A chain of `stages` whose route `name-servers` leads to `servers` custom name servers.
    ///
    /// # Errors
    ///
    /// There is no stage, or a stage has no route or no port.
    pub fn new(stages: Vec<Stage>, servers: u8) -> Result<Self, ChainError> {
        if stages.is_empty() {
            return Err(ChainError::NoStage);
        }
        for (index, stage) in stages.iter().enumerate() {
            let layer = stage.layer.kind();
            if stage.routes.is_empty() {
                return Err(ChainError::NoRoute { index, layer });
            }
            if stage.ports.is_empty() {
                return Err(ChainError::NoPort { index, layer });
            }
        }
        Ok(Self { stages, servers })
    }

    /// The layers in the bot's order.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// How many custom name servers the bots carry.
    pub fn servers(&self) -> u8 {
        self.servers
    }
}

/// Stages that make no chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// No stage at all.
    #[error("a chain needs at least one layer")]
    NoStage,
    /// A stage that leads nowhere.
    #[error("layer {index} (`{layer}`) has no route")]
    NoRoute {
        /// Its index on the chain.
        index: usize,
        /// Its kind.
        layer: &'static str,
    },
    /// A stage without a port to connect to.
    #[error("layer {index} (`{layer}`) has no port")]
    NoPort {
        /// Its index on the chain.
        index: usize,
        /// Its kind.
        layer: &'static str,
    },
}
