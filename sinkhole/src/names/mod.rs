//! The names that are held, and the search for the one at or above a question.

mod published;
pub(crate) mod zone;

use std::collections::HashMap;

use crate::name::Name;
use crate::store::LabelId;

pub(crate) use published::Published;
pub(crate) use zone::{Zone, ZoneId};

/// The names that are held, in lower case, and what is answered for them.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    held: HashMap<Box<[u8]>, Entry>,
    /// What is answered; the first for names that are held while the sinkhole runs. Never empty.
    zones: Vec<Zone>,
    /// No held name ever had more labels than this: longer endings of a question need no look.
    most_labels: usize,
}

/// What a name is held for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The family's text.
    pub(crate) label: LabelId,
    /// The preset's text.
    pub(crate) preset: LabelId,
    /// Beginning of the list's period, minutes since 1970; 0 for none.
    pub(crate) period: u32,
    /// Place in its list.
    pub(crate) index: u32,
    /// What is answered.
    pub(crate) zone: ZoneId,
}

/// The deepest held name at or above a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) entry: Entry,
    /// How many labels the held name has: those at the question's end.
    pub(crate) apex_labels: u8,
    /// The question is for the held name itself.
    pub(crate) at_apex: bool,
}

impl Names {
    /// No names, whose answers would be `zone`.
    pub(crate) fn new(zone: Zone) -> Self {
        Self { held: HashMap::new(), zones: vec![zone], most_labels: 0 }
    }

    /// Holds `name` and everything below it.
    pub(crate) fn hold(&mut self, name: &Name, entry: Entry) {
        self.most_labels = self.most_labels.max(name.label_count());
        self.held.insert(name.as_wire().to_ascii_lowercase().into(), entry);
    }

    /// Lets `name` go; says whether it was held.
    pub(crate) fn release(&mut self, name: &Name) -> bool {
        self.held.remove(&*name.as_wire().to_ascii_lowercase()).is_some()
    }

    /// How many names are held.
    pub(crate) fn len(&self) -> usize {
        self.held.len()
    }

    /// What is answered for an entry.
    pub(crate) fn zone(&self, entry: &Entry) -> &Zone {
        &self.zones[usize::from(entry.zone.0)]
    }

    /// The deepest held name at or above the one whose octets on the wire are `name`, in whatever case. The octets are
    /// one whole uncompressed name.
    pub(crate) fn find(&self, name: &[u8]) -> Option<Found> {
        let lower = name.to_ascii_lowercase();
        let mut labels = 0;
        let mut at = 0;
        while lower[at] != 0 {
            at += 1 + usize::from(lower[at]);
            labels += 1;
        }
        let mut rest = &*lower;
        for remaining in (1..=labels).rev() {
            if remaining <= self.most_labels
                && let Some(entry) = self.held.get(rest)
            {
                return Some(Found { entry: *entry, apex_labels: remaining as u8, at_apex: remaining == labels });
            }
            rest = &rest[1 + usize::from(rest[0])..];
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Answer;

    fn entry(label: u16) -> Entry {
        Entry { label: LabelId(label), preset: LabelId::NONE, period: 0, index: 0, zone: ZoneId::default() }
    }

    #[test]
    fn the_deepest_held_name_wins_and_case_does_not_matter() {
        let mut names = Names::new(Zone::new(Answer::default()));
        names.hold(&"A.test".parse().unwrap(), entry(1));
        names.hold(&"deep.b.a.test".parse().unwrap(), entry(2));
        let find = |names: &Names, name: &str| {
            names
                .find(name.parse::<Name>().unwrap().as_wire())
                .map(|found| (found.entry.label.0, found.apex_labels, found.at_apex))
        };
        assert_eq!(find(&names, "a.TEST"), Some((1, 2, true)));
        assert_eq!(find(&names, "x.b.a.test"), Some((1, 2, false)));
        assert_eq!(find(&names, "x.y.Deep.b.a.test"), Some((2, 4, false)));
        assert_eq!(find(&names, "test"), None);
        assert_eq!(find(&names, "ba.test"), None);
        assert_eq!(find(&names, "."), None);
        assert!(names.release(&"a.tesT".parse().unwrap()));
        assert!(!names.release(&"a.test".parse().unwrap()));
        assert_eq!(find(&names, "a.test"), None);
        assert_eq!(names.len(), 1);
    }
}
