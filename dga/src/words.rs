//! Word lists: named and fingerprinted by the families that need them, found by the caller.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::prim::hex;

/// A word list that a family needs. The lists themselves are not part of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordListId {
    /// The list's name; its file is called `<id>.txt`.
    pub id: &'static str,
    /// How many words it has, one a line.
    pub words: usize,
    /// SHA-256 of the file (each word followed by a newline), in lower-case hexadecimal.
    pub sha256: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

type Lookup = dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync;

/// Where word lists are looked up. This crate reads no files: the caller says how a list is found.
pub struct WordLists {
    lookup: Box<Lookup>,
    places: Vec<String>,
}

impl WordLists {
    /// No word lists at all: enough for every family that needs none.
    pub fn none() -> Self {
        Self::new(Vec::new(), |_| None)
    }

    /// Word lists as `lookup` finds them by their identifier. `places` says in errors where that looks.
    pub fn new(places: Vec<String>, lookup: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static) -> Self {
        Self { lookup: Box::new(lookup), places }
    }

    /// The words of a list.
    ///
    /// # Errors
    ///
    /// [`Error::WordListMissing`] if it is not found, [`Error::WordListAltered`] if its SHA-256 or its number of words
    /// is not the one that the specification gives.
    pub fn words(&self, list: &WordListId) -> Result<Words, Error> {
        let bytes = (self.lookup)(list.id).ok_or_else(|| Error::WordListMissing {
            id: list.id.into(),
            sha256: list.sha256.into(),
            searched: self.places.clone(),
        })?;
        let found = hex::text(&Sha256::digest(&bytes));
        let altered =
            || Error::WordListAltered { id: list.id.into(), sha256: list.sha256.into(), found: found.clone() };
        let text = String::from_utf8(bytes).map_err(|_| altered())?;
        let words = Words::new(&text);
        if found == list.sha256 && words.len() == list.words { Ok(words) } else { Err(altered()) }
    }
}

impl fmt::Debug for WordLists {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WordLists").field("places", &self.places).finish_non_exhaustive()
    }
}

/// The words of one list, in order; cheap to clone.
#[derive(Clone, Debug)]
pub struct Words(Arc<[Box<str>]>);

impl Words {
    /// The lines of `text`; empty lines count.
    pub fn new(text: &str) -> Self {
        Self(text.lines().map(Box::from).collect())
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The word at place `index`, counted from 0.
    ///
    /// # Panics
    ///
    /// The list is not that long.
    #[inline]
    pub fn word(&self, index: usize) -> &str {
        &self.0[index]
    }

    /// The word at place `index`, if the list is that long.
    pub fn get(&self, index: usize) -> Option<&str> {
        self.0.get(index).map(AsRef::as_ref)
    }

    /// All words in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: WordListId = WordListId { id: "two", words: 2, sha256: "", source: "this test" };

    #[test]
    fn found_missing_and_altered() {
        let lists =
            |text: Option<&'static [u8]>| WordLists::new(vec!["here".into()], move |_| text.map(<[u8]>::to_vec));
        let right = lists(Some(b"one\ntwo\n"));
        let sha256 = hex::text(&Sha256::digest(b"one\ntwo\n"));
        let list = WordListId { sha256: Box::leak(sha256.into_boxed_str()), ..LIST };
        assert_eq!(right.words(&list).expect("it is there").iter().collect::<Vec<_>>(), ["one", "two"]);
        assert!(matches!(lists(None).words(&list), Err(Error::WordListMissing { .. })));
        assert!(matches!(lists(Some(b"one\ntoo\n")).words(&list), Err(Error::WordListAltered { .. })));
    }
}
