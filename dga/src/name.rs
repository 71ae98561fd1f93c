//! [`Name`]: one generated domain name, held inline.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};

/// A domain name as a bot writes it: at most [`Name::CAPACITY`] bytes, no allocation, cheap to copy.
///
/// It holds whatever a specification makes a bot produce, also what is no legal host name (see [`Name::is_host_name`]),
/// in the letter case that the bot uses. Families check their parameters when they are bound, so that no list can
/// contain a longer name.
#[derive(Clone, Copy)]
pub struct Name {
    length: u8,
    bytes: [u8; Self::CAPACITY],
}

impl Name {
    /// The longest name in bytes: a label of the longest kind (63), a dot, and as much again.
    pub const CAPACITY: usize = 127;

    /// An empty name, to be built with [`push`](Self::push) and [`push_str`](Self::push_str).
    #[inline]
    pub const fn new() -> Self {
        Self { length: 0, bytes: [0; Self::CAPACITY] }
    }

    /// The name written in `text`, if it fits.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > Self::CAPACITY {
            return None;
        }
        let mut name = Self::new();
        name.push_str(text);
        Some(name)
    }

    /// Appends one ASCII character.
    ///
    /// # Panics
    ///
    /// The name is full, or (when debugging) `character` is not ASCII.
    #[inline]
    pub fn push(&mut self, character: u8) {
        debug_assert!(character.is_ascii(), "names are built from ASCII characters");
        self.bytes[usize::from(self.length)] = character;
        self.length += 1;
    }

    /// Appends one ASCII character, or nothing, without a branch for the processor to guess wrong.
    ///
    /// # Panics
    ///
    /// The name is full.
    #[inline]
    pub(crate) fn push_if(&mut self, wanted: bool, character: u8) {
        self.bytes[usize::from(self.length)] = character;
        self.length += u8::from(wanted);
    }

    /// Appends `text`.
    ///
    /// # Panics
    ///
    /// The text does not fit.
    #[inline]
    pub fn push_str(&mut self, text: &str) {
        let start = usize::from(self.length);
        self.bytes[start..start + text.len()].copy_from_slice(text.as_bytes());
        self.length += text.len() as u8;
    }

    /// Appends the first `length` characters of a block of ASCII characters; a block of fixed size is copied faster
    /// than a text of any length.
    ///
    /// # Panics
    ///
    /// The whole block does not fit, or `length` is larger than the block.
    #[inline]
    pub(crate) fn push_block<const SIZE: usize>(&mut self, block: &[u8; SIZE], length: usize) {
        assert!(length <= SIZE, "a block of {SIZE} characters has no {length}");
        let start = usize::from(self.length);
        self.bytes[start..start + SIZE].copy_from_slice(block);
        self.length += length as u8;
    }

    /// Replaces the first characters by as many others.
    #[inline]
    pub(crate) fn replace_start<const SIZE: usize>(&mut self, start: [u8; SIZE]) {
        debug_assert!(start.is_ascii(), "names are built from ASCII characters");
        self.bytes[..SIZE].copy_from_slice(&start);
    }

    /// Shortens the name to its first `length` bytes.
    #[inline]
    pub(crate) fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length as u8);
    }

    /// Length in bytes.
    #[inline]
    pub const fn len(&self) -> usize {
        self.length as usize
    }

    /// Whether nothing has been appended yet.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The name's bytes.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    /// The name as text.
    ///
    /// # Panics
    ///
    /// Never: a name is built from ASCII characters and texts.
    #[inline]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).expect("a name is built from ASCII characters and texts")
    }

    /// Whether the name is a legal host name; see [`is_host_name`].
    pub fn is_host_name(&self) -> bool {
        is_host_name(self.as_bytes())
    }
}

/// Whether a name is a legal host name: labels of 1 to 63 letters, digits and hyphens that neither begin nor end with a
/// hyphen (RFC 952, RFC 1123).
pub fn is_host_name(name: &[u8]) -> bool {
    name.split(|byte| *byte == b'.').all(|label| {
        (1..=63).contains(&label.len())
            && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            && label.first() != Some(&b'-')
            && label.last() != Some(&b'-')
    })
}

impl Default for Name {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<[u8]> for Name {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl Borrow<[u8]> for Name {
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Name {}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    fn is_host_name(text: &str) -> bool {
        Name::parse(text).expect("short enough").is_host_name()
    }

    #[test]
    fn host_names() {
        for legal in ["a.com", "1-2.xn--p1ai", "A.b.C", "com", &format!("{}.com", "a".repeat(63))] {
            assert!(is_host_name(legal), "{legal}");
        }
        for illegal in
            ["", ".", "a..com", ".com", "a.", "-a.com", "a-.com", "a_b.com", "]`beg.bazaar", "a b.com", "ä.com"]
        {
            assert!(!is_host_name(illegal), "{illegal}");
        }
        assert!(!is_host_name(&format!("{}.com", "a".repeat(64))));
    }

    #[test]
    fn what_is_behind_the_end_does_not_count() {
        let mut name = Name::parse("abcdef").expect("short enough");
        name.truncate(3);
        assert_eq!(name, "abc");
        assert_eq!(name, Name::parse("abc").expect("short enough"));
    }

    #[test]
    fn blocks_append_only_their_beginning() {
        let mut name = Name::parse("a").expect("short enough");
        name.push_block(b".com____", 4);
        name.push(b'!');
        assert_eq!(name.as_str(), "a.com!");
    }

    #[test]
    fn too_long_is_none() {
        assert!(Name::parse(&"a".repeat(Name::CAPACITY)).is_some());
        assert!(Name::parse(&"a".repeat(Name::CAPACITY + 1)).is_none());
    }
}
