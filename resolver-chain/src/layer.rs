//! A layer says what a bot tries, and for how long that stays so.

use std::net::SocketAddr;

use dga::Name;

use crate::time::Moment;

/// One thing to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// A name that is to be resolved first.
    Name(Name),
    /// An address to connect to.
    Address(SocketAddr),
}

/// What a layer offers, in the bot's order, and the window of time in which it offers just this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidates {
    /// In the order in which a bot tries them.
    pub items: Vec<Candidate>,
    /// First moment of the window.
    pub from: Moment,
    /// First moment after it.
    pub until: Moment,
}

impl Candidates {
    /// A list that stays the same at all times.
    pub fn always(items: impl Iterator<Item = Candidate>) -> Self {
        Self { items: items.collect(), from: Moment(i64::MIN), until: Moment::NEVER }
    }
}

/// One of the ways in which a bot finds candidates for its controller.
pub trait Layer: Send + Sync {
    /// What kind of layer it is, as scenario files and reports spell it.
    fn kind(&self) -> &'static str;

    /// What it is, for people: the kind, and what tells it from others of its kind.
    fn about(&self) -> String;

    /// What a bot tries when it comes to this layer at `at`.
    ///
    /// # Errors
    ///
    /// The layer has nothing to say about that moment, such as a date outside its generator's calendar.
    fn candidates(&self, at: Moment) -> Result<Candidates, LayerError>;

    /// How many of the candidates a bot tries, if it picks them at random; by default it tries all, in order.
    fn tries(&self) -> Option<u32> {
        None
    }
}

/// A layer cannot say what a bot would try.
#[derive(Clone, Debug, thiserror::Error)]
#[error("layer `{layer}` has no candidates for {at}: {reason}")]
pub struct LayerError {
    /// The layer's kind.
    pub layer: &'static str,
    /// The moment that was asked about.
    pub at: Moment,
    /// Why.
    pub reason: String,
}
