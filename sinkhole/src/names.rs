//! The names that are held, and the search for the one at or above a question.

use std::collections::HashMap;

use crate::name::Name;
use crate::store::LabelId;

/// The names that are held, in lower case.
#[derive(Debug, Default)]
pub(crate) struct Names {
    held: HashMap<Box<[u8]>, Entry>,
    /// No held name ever had more labels than this: longer endings of a question need no look.
    most_labels: usize,
}

/// What a name is held for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) label: LabelId,
    /// Place in its list.
    pub(crate) index: u32,
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

    /// The deepest held name at or above `name`, in whatever case.
    pub(crate) fn find(&self, name: &Name) -> Option<Found> {
        let lower = name.as_wire().to_ascii_lowercase();
        let labels = name.label_count();
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

    fn entry(label: u16) -> Entry {
        Entry { label: LabelId(label), index: 0 }
    }

    #[test]
    fn the_deepest_held_name_wins_and_case_does_not_matter() {
        let mut names = Names::default();
        names.hold(&"A.test".parse().unwrap(), entry(1));
        names.hold(&"deep.b.a.test".parse().unwrap(), entry(2));
        let find = |names: &Names, name: &str| {
            names.find(&name.parse().unwrap()).map(|found| (found.entry.label.0, found.apex_labels, found.at_apex))
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
