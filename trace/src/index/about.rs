//! What an index says about itself.

use chrono::{DateTime, Utc};
use dga::{Configuration, Parameters};
use name_files::{Head, Request, Span};
use serde::{Deserialize, Serialize};

use super::error::IndexError;

/// What an index was built from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// The tool, its catalogue, and the arguments.
    #[serde(flatten)]
    pub head: Head,
    /// The first moment of the range.
    pub from: DateTime<Utc>,
    /// The first moment after it.
    pub until: DateTime<Utc>,
    /// How many labels names have: nothing with more or fewer needs to be looked up.
    pub labels: Labels,
    /// The generators, by which lists are numbered.
    pub sources: Vec<Source>,
}

/// A generator whose names are in the index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The family.
    pub family: String,
    /// The variant.
    pub variant: String,
    /// The preset.
    pub preset: Option<String>,
    /// What differs from the specification's defaults.
    pub parameters: Parameters,
    /// How many intervals of names it has.
    pub names: u64,
}

/// Numbers of labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels(u128);

impl Labels {
    /// Adds a name's number of labels.
    pub(super) fn add(&mut self, name: &[u8]) {
        let dots = memchr::memchr_iter(b'.', name).count() as u32;
        self.0 |= 1 << (dots + 1).min(127);
    }

    /// Whether names have so many labels.
    #[inline]
    pub fn contains(self, labels: u32) -> bool {
        self.0 >> labels.min(127) & 1 == 1
    }
}

impl About {
    pub(super) fn of(request: &Request, head: Head) -> Self {
        let (from, until) = match request.span {
            Span::Range(range) => (range.from, range.until),
            Span::Moment { at, .. } => (at, at),
        };
        let source = |(configuration, generator): &name_files::Source| Source {
            family: generator.family().to_owned(),
            variant: configuration.variant.clone(),
            preset: configuration.preset.clone(),
            parameters: configuration.parameters.clone(),
            names: 0,
        };
        let labels = Labels::default();
        Self { head, from, until, labels, sources: request.sources.iter().map(source).collect() }
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, IndexError> {
        let about: Self = serde_json::from_slice(bytes).map_err(|_| IndexError::Damaged)?;
        let own = dga::version();
        if about.head.catalogue != own {
            return Err(IndexError::Stale { built: about.head.catalogue, own });
        }
        Ok(about)
    }

    /// How many intervals of names there are.
    pub fn names(&self) -> u64 {
        self.sources.iter().map(|source| source.names).sum()
    }

    /// Whether the range holds a moment.
    pub fn covers(&self, at: DateTime<Utc>) -> bool {
        (self.from..self.until).contains(&at)
    }
}

impl Source {
    /// The configuration of its family.
    pub fn configuration(&self) -> Configuration {
        Configuration {
            preset: self.preset.clone(),
            variant: self.variant.clone(),
            parameters: self.parameters.clone(),
        }
    }
}
