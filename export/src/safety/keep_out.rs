//! [`KeepOut`]: names that must never be handed over, whatever a generator makes.

use name_files::read::ranked;
use rustc_hash::FxHashSet;

use crate::error::Error;

/// Names that must never be handed over: each with everything below it.
#[derive(Clone, Debug, Default)]
pub struct KeepOut(FxHashSet<Box<str>>);

impl KeepOut {
    /// Reads a list: a Tranco CSV (rank and name, as in `1,example.com`) or one name a line. Empty lines and comments
    /// (`#`) are left out; letter case and a final dot do not matter.
    ///
    /// # Errors
    ///
    /// [`Error::KeepOut`]: a line has no host name. A list with a hole in it must not be relied on.
    pub fn read(text: &str) -> Result<Self, Error> {
        let mut names = FxHashSet::default();
        for (line, _, written) in ranked(text) {
            let name = written.trim_end_matches('.').to_ascii_lowercase();
            if !is_host_name(&name) {
                return Err(Error::KeepOut { line, reason: format!("`{}` is no host name", written.escape_debug()) });
            }
            names.insert(name.into_boxed_str());
        }
        Ok(Self(names))
    }

    /// Adds the names of another list.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many names the list has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the list has no name.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The listed name because of which a (lower-case) name is kept out: it or a name above it.
    pub fn reason(&self, name: &str) -> Option<&str> {
        let tails = std::iter::successors(Some(name), |tail| tail.split_once('.').map(|(_, rest)| rest));
        tails.filter_map(|tail| self.0.get(tail)).map(Box::as_ref).next()
    }
}

/// Whether a name is a legal host name that somebody can hold: two labels at least, 253 bytes at most (RFC 1035), and a last
/// label that is not a number.
pub(crate) fn is_host_name(name: &str) -> bool {
    name.len() <= 253
        && name.contains('.')
        && dga::is_host_name(name.as_bytes())
        && name.rsplit('.').next().is_some_and(|last| last.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tranco_and_plain_lists() {
        let list = KeepOut::read("1,google.com\n2,example.ORG.\n\n# ours\ncompany.test\n").expect("a list");
        assert_eq!(list.len(), 3);
        assert_eq!(list.reason("mail.example.org"), Some("example.org"));
        assert_eq!(list.reason("company.test"), Some("company.test"));
        for free in ["notexample.org", "org", "example.org.evil.test"] {
            assert_eq!(list.reason(free), None, "{free}");
        }
    }

    #[test]
    fn a_list_with_a_hole_is_refused() {
        for (text, line) in [("a.test\nb test\n", 2), ("1,\n", 1), ("<html>", 1), ("1,2,c.test", 1), ("10.0.0.1", 1)] {
            let Err(Error::KeepOut { line: found, .. }) = KeepOut::read(text) else { panic!("{text:?} was read") };
            assert_eq!(found, line, "{text:?}");
        }
    }

    #[test]
    fn host_names() {
        let long = "a".repeat(63);
        for good in ["a.b", "xn--a.com", "1.2.c3", &format!("{long}.com")] {
            assert!(is_host_name(good), "{good}");
        }
        for bad in
            ["", "a", "a.", ".a", "a..b", "-a.b", "a-.b", "a_b.c", "a b.c", "1.2", "a.1", &format!("{long}a.com")]
        {
            assert!(!is_host_name(bad), "{bad}");
        }
    }
}
