//! Who runs the suffixes that names end in: whom to ask for a take-down.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// A suffix below which names are registered, and who runs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// The suffix, without a dot before it.
    pub suffix: String,
    /// What kind of suffix it is.
    pub kind: RegistryKind,
    /// The organisation that runs it.
    pub operator: String,
    /// What else matters for a take-down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Kinds of suffixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RegistryKind {
    /// A generic top-level domain in the ICANN root.
    Gtld,
    /// A country's or territory's top-level domain in the ICANN root.
    Cctld,
    /// A level below a country's domain in which its registry registers names.
    CctldLevel,
    /// The domain of a dynamic DNS or hosting provider, who is the one to ask.
    Provider,
    /// Not in the ICANN root: there is no registry that could suspend a name.
    NotInRoot,
}

/// In alphabetical order of the suffixes.
static REGISTRIES: LazyLock<Vec<Registry>> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("../data/registries.yaml")).expect("a test reads it"));

impl Registry {
    /// All suffixes that are known, in alphabetical order.
    pub fn all() -> &'static [Self] {
        &REGISTRIES
    }

    /// The longest known suffix that `name` ends in, or is.
    pub fn of(name: &str) -> Option<&'static Self> {
        let tails = std::iter::successors(Some(name), |tail| tail.split_once('.').map(|(_, rest)| rest));
        let known = |tail: &str| REGISTRIES.binary_search_by(|registry| registry.suffix.as_str().cmp(tail)).ok();
        tails.filter_map(known).map(|place| &REGISTRIES[place]).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_alphabetical_order_and_each_once() {
        for pair in Registry::all().windows(2) {
            assert!(pair[0].suffix < pair[1].suffix, "{} stands before {}", pair[0].suffix, pair[1].suffix);
        }
        for Registry { suffix, operator, .. } in Registry::all() {
            assert!(!suffix.starts_with('.') && suffix.is_ascii() && *suffix == suffix.to_lowercase(), "{suffix}");
            assert!(!operator.is_empty(), "{suffix}");
        }
    }

    #[test]
    fn levels_and_providers_lie_below_another_suffix() {
        for Registry { suffix, kind, .. } in Registry::all() {
            let below = matches!(kind, RegistryKind::CctldLevel | RegistryKind::Provider);
            assert_eq!(below, suffix.contains('.'), "{suffix}");
            if let Some((_, above)) = suffix.split_once('.') {
                let known = Registry::of(above).map(|above| above.suffix.as_str());
                assert!(known == Some(above), "`{above}`, above `{suffix}`, is missing");
            }
        }
    }

    #[test]
    fn the_longest_suffix_counts() {
        let suffix = |name| Registry::of(name).map(|registry| registry.suffix.as_str());
        assert_eq!(suffix("abc.com"), Some("com"));
        assert_eq!(suffix("abc.ddns.net"), Some("ddns.net"));
        assert_eq!(suffix("ddns.net"), Some("ddns.net"));
        assert_eq!(suffix("abc.nowhere"), None);
    }
}
