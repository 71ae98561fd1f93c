//! [`Repetitions`]: tells names that one list has a second time.

use chrono::{DateTime, Utc};
use name_files::Row;
use rustc_hash::FxHashSet;

/// Tells names that come a second time for the same generator and beginning. Names that several generators make, or
/// that are valid again later, are no repetitions. It remembers one list at a time.
#[derive(Debug, Default)]
pub(crate) struct Repetitions {
    list: Option<([String; 3], Option<DateTime<Utc>>)>,
    seen: FxHashSet<Box<str>>,
}

impl Repetitions {
    /// Whether the name comes for the first time.
    pub(crate) fn is_new(&mut self, row: &Row<'_>) -> bool {
        let source = [row.family, row.variant, row.preset];
        if self.list.as_ref().is_none_or(|(of, from)| *of != source || *from != row.valid.from) {
            self.list = Some((source.map(str::to_owned), row.valid.from));
            self.seen.clear();
        }
        self.seen.insert(row.name.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dga::Period;

    #[test]
    fn only_within_a_list() {
        let first = Row { family: "f", variant: "v", preset: "p", name: "a.test", valid: Period::ALWAYS, index: 0 };
        let later = Row { valid: Period { from: Some(DateTime::UNIX_EPOCH), until: None }, ..first };
        let mut repetitions = Repetitions::default();
        assert!(repetitions.is_new(&first));
        assert!(!repetitions.is_new(&Row { index: 7, ..first }));
        assert!(repetitions.is_new(&later));
        assert!(repetitions.is_new(&Row { preset: "another", ..later }));
    }
}
