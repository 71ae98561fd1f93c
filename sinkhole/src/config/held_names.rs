//! The names that a configuration holds, in the form in which they are looked up.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use crate::config::{Answer, HeldName};
use crate::name::Name;
use crate::names::{Collection, Collector, Described, TextId, Zone};

/// Names in any number, each with what it is held for: about 20 octets a name. The names themselves are not kept, only
/// fingerprints of them. Cloning it does not copy them.
#[derive(Clone, Debug)]
pub struct HeldNames {
    /// The names.
    pub(crate) collection: Collection,
    /// What is answered, by the number that their lists name. Never empty; the first is what `answer` says.
    pub(super) luring: Arc<[Luring]>,
    /// See [`HeldNames::left_out`].
    pub(super) left_out: u64,
}

/// What is answered for the names of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Luring {
    /// Addresses in the place of those of `answer`.
    pub(super) a: Option<Vec<Ipv4Addr>>,
    /// Addresses in the place of those of `answer`.
    pub(super) aaaa: Option<Vec<Ipv6Addr>>,
    /// Whether there is an answer at all.
    pub(super) lured: bool,
}

impl Luring {
    /// Answers as `answer` says.
    pub(super) const GENERAL: Self = Self { a: None, aaaa: None, lured: true };
}

impl HeldNames {
    /// How many names are held. One that is in several lists counts once.
    pub fn len(&self) -> usize {
        self.collection.len()
    }

    /// Whether no name is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a name, or one above it, is held.
    pub fn holds(&self, name: &Name) -> bool {
        self.collection.holds(name.as_wire())
    }

    /// How many names of families were left out because nobody can register them: public suffixes, and what is no
    /// domain name.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// What is answered, by the number that lists name; `answer` says what sources leave open.
    pub(crate) fn zones(&self, answer: &Answer) -> Vec<Zone> {
        let zone = |luring: &Luring| {
            let mut answer = answer.clone();
            if let Some(a) = &luring.a {
                answer.a.clone_from(a);
            }
            if let Some(aaaa) = &luring.aaaa {
                answer.aaaa.clone_from(aaaa);
            }
            let zone = Zone::new(answer);
            if luring.lured { zone } else { zone.unlured() }
        };
        self.luring.iter().map(zone).collect()
    }
}

impl Default for HeldNames {
    fn default() -> Self {
        Self { collection: Collection::default(), luring: [Luring::GENERAL].into(), left_out: 0 }
    }
}

impl FromIterator<HeldName> for HeldNames {
    /// Holds names; one that comes several times belongs to the label that was named first. Events can tell 65,535 labels
    /// apart: names of further ones are held without.
    fn from_iter<Names: IntoIterator<Item = HeldName>>(names: Names) -> Self {
        let mut collector = Collector::default();
        for HeldName { name, label, index } in names {
            let label = collector.text(&label).unwrap_or_default();
            let held_for = Described { label, preset: TextId::default(), period: 0, zone: 0 };
            collector.add(name.to_lowercase().as_wire(), held_for, index);
        }
        Self { collection: collector.finish(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_held_once_with_everything_below_them() {
        let held = |name: &str| HeldName::new(name, "label", 0).unwrap();
        let names: HeldNames = [held("a.test"), held("A.Test"), held("b.a.test")].into_iter().collect();
        assert_eq!((names.len(), names.is_empty()), (2, false));
        for (name, expected) in [("x.A.test", true), ("b.a.test", true), ("b.test", false), ("test", false)] {
            assert_eq!(names.holds(&name.parse().unwrap()), expected, "{name}");
        }
        assert!(HeldNames::default().is_empty());
    }
}
