//! What a bot did, step by step: the sequence that simulation and live run must have in common.

use resolver_chain::{Answer, Moment, Peer, Route};

/// One step of one bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceLine {
    /// The bot's number.
    pub bot: u32,
    /// When it was asked or tried, in virtual time.
    pub at: Moment,
    /// What it was.
    pub step: Traced,
}

/// A step with its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Traced {
    /// A question and its answer.
    Question {
        /// Index of the layer on the chain.
        layer: u8,
        /// The name.
        name: String,
        /// Over which route.
        route: Route,
        /// The custom name server's index, on that route.
        server: Option<u8>,
        /// The answer.
        answer: Answer,
    },
    /// A connection attempt and what came of it.
    Connection {
        /// Index of the layer on the chain.
        layer: u8,
        /// The name that led to the address.
        name: Option<String>,
        /// The address as the scenario knows it.
        address: String,
        /// Over which route the address came.
        route: Route,
        /// What came of it.
        answer: Answer,
    },
    /// The end of a call-back.
    Contact {
        /// Whom it ended at; `None` is the chain's end.
        peer: Option<Peer>,
    },
}
