//! What the catalogue's lists look like, as measured: how many names, under which suffixes.
//!
//! The numbers are kept in a file, so that a page needs no word lists and is the same everywhere; a test measures anew.

use std::sync::LazyLock;

use dga::Registry;
use serde::{Deserialize, Serialize};

/// The lists of one variant, for all its presets.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lists {
    /// The family's name.
    #[serde(skip_serializing)]
    pub(super) family: String,
    /// The variant's name.
    #[serde(skip_serializing)]
    pub(super) variant: String,
    /// The fewest names that a list had.
    pub(super) least: usize,
    /// The most names that a list had.
    pub(super) most: usize,
    /// Whether more names can be asked for than a bot uses.
    pub(super) open: bool,
    /// The suffixes that names had.
    #[serde(skip_serializing)]
    pub(super) suffixes: Vec<String>,
    /// The moment of the example.
    pub(super) at: String,
    /// The first names of a list of the variant's first preset.
    pub(super) example: Vec<String>,
}

static LISTS: LazyLock<Vec<Lists>> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("../../../data/lists.yaml")).expect("a test reads it"));

impl Lists {
    /// The lists of a variant, if there is a known configuration of it.
    pub(super) fn of(family: &str, variant: &str) -> Option<&'static Self> {
        LISTS.iter().find(|lists| lists.family == family && lists.variant == variant)
    }

    /// Who runs the suffixes of a family's names, in alphabetical order.
    pub(super) fn registries(family: &str) -> Vec<&'static Registry> {
        let own = LISTS.iter().filter(|lists| lists.family == family);
        let mut registries: Vec<_> =
            own.flat_map(|lists| &lists.suffixes).filter_map(|suffix| Registry::of(suffix)).collect();
        registries.sort_by(|one, another| one.suffix.cmp(&another.suffix));
        registries.dedup_by(|one, another| one.suffix == another.suffix);
        registries
    }

    /// How many names a list has, in words.
    pub(super) fn size(&self) -> String {
        let bounds =
            if self.least == self.most { self.most.to_string() } else { format!("{} to {}", self.least, self.most) };
        if self.open { format!("{bounds} by default") } else { bounds }
    }
}
