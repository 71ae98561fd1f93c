//! Names that a domain generation algorithm makes from the date.

use std::sync::Arc;

use dga::Generate;

use crate::layer::{Candidate, Candidates, Layer, LayerError};
use crate::time::Moment;

/// The list that a generator makes for the moment at which a bot comes to this layer.
#[derive(Clone, Debug)]
pub struct Generated {
    generator: Arc<dyn Generate>,
}

impl Generated {
    /// The layer of one bound generator.
    pub fn new(generator: Arc<dyn Generate>) -> Self {
        Self { generator }
    }
}

impl Layer for Generated {
    fn kind(&self) -> &'static str {
        "dga"
    }

    fn about(&self) -> String {
        format!("names of {}/{}", self.generator.family(), self.generator.variant())
    }

    fn candidates(&self, at: Moment) -> Result<Candidates, LayerError> {
        let error = |error: dga::Error| LayerError { layer: "dga", at, reason: error.to_string() };
        let period = self.generator.period(at.utc()).map_err(error)?;
        let names = self.generator.names(at.utc()).map_err(error)?;
        Ok(Candidates {
            items: names.into_iter().map(Candidate::Name).collect(),
            from: period.from.map_or(Moment(i64::MIN), Moment::from),
            until: period.until.map_or(Moment::NEVER, Moment::from),
        })
    }

    fn tries(&self) -> Option<u32> {
        self.generator.tries()
    }
}
