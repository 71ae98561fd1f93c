//! What an index says about itself.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use dga::{Configuration, Parameters};
use name_files::{Head, Request, Span};
use rustc_hash::FxHashSet;
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
    /// What stands behind the first label of names: most names of a log have something else there, and need not be looked
    /// up.
    pub parents: Parents,
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

/// What stands behind the first label of names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Option<BTreeSet<String>>", into = "Option<BTreeSet<String>>")]
pub struct Parents(Option<FxHashSet<Box<[u8]>>>);

impl Parents {
    /// More are not kept: then a name may have any.
    const MOST: usize = 1 << 16;

    /// No parents yet.
    pub(super) fn none() -> Self {
        Self(Some(FxHashSet::default()))
    }

    /// Adds that of a name.
    pub(super) fn add(&mut self, name: &[u8]) {
        let parent = behind_first_label(name);
        if let Some(parents) = &mut self.0
            && !parents.contains(parent)
        {
            parents.insert(parent.into());
            if parents.len() > Self::MOST {
                self.0 = None;
            }
        }
    }

    /// Whether a name with this behind its first label can be in the index.
    #[inline]
    pub fn contains(&self, parent: &[u8]) -> bool {
        self.0.as_ref().is_none_or(|parents| parents.contains(parent))
    }
}

impl From<Option<BTreeSet<String>>> for Parents {
    fn from(written: Option<BTreeSet<String>>) -> Self {
        Self(written.map(|parents| parents.into_iter().map(|parent| parent.into_bytes().into()).collect()))
    }
}

impl From<Parents> for Option<BTreeSet<String>> {
    fn from(parents: Parents) -> Self {
        let texts = |parents: FxHashSet<Box<[u8]>>| {
            parents.into_iter().map(|parent| String::from_utf8_lossy(&parent).into_owned()).collect()
        };
        parents.0.map(texts)
    }
}

/// What stands behind a name's first label; nothing for a single label.
fn behind_first_label(name: &[u8]) -> &[u8] {
    memchr::memchr(b'.', name).map_or(&[], |dot| &name[dot + 1..])
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
        let parents = Parents::none();
        Self { head, from, until, parents, sources: request.sources.iter().map(source).collect() }
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
