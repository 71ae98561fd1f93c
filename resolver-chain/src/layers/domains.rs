//! A fixed list of names that the bot carries.

use dga::Name;

use crate::layer::{Candidate, Candidates, Layer, LayerError};
use crate::time::Moment;

/// A fixed list of names, the same at all times.
#[derive(Clone, Debug)]
pub struct Domains {
    names: Vec<Name>,
}

impl Domains {
    /// The names in the bot's order.
    pub fn new(names: Vec<Name>) -> Self {
        Self { names }
    }
}

impl Layer for Domains {
    fn kind(&self) -> &'static str {
        "domains"
    }

    fn about(&self) -> String {
        format!("{} listed names", self.names.len())
    }

    fn candidates(&self, _at: Moment) -> Result<Candidates, LayerError> {
        Ok(Candidates::always(self.names.iter().copied().map(Candidate::Name)))
    }
}
