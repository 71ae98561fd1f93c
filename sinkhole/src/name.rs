//! Domain names as they stand in a message, and their escaped spelling for people.

use std::fmt;
use std::str::FromStr;

/// Longest name on the wire, its length octets and the root's included (RFC 1035 §2.3.4).
pub const NAME_LIMIT: usize = 255;
/// Longest label (RFC 1035 §2.3.4).
pub const LABEL_LIMIT: usize = 63;

/// A domain name in wire form: uncompressed, ending in the root label, with the case in which it was written.
///
/// Two names that differ in case are different values here; [`Name::to_lowercase`] gives the form in which names are
/// compared (RFC 4343). Displayed, everything but printable ASCII is escaped as in master files (RFC 1035 §5.1), so a
/// name is safe on a terminal.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Box<[u8]>);

/// Why a text or a sequence of octets is not a domain name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing was given; the root is written `.`.
    #[error("the name is empty")]
    Empty,
    /// Two dots follow each other, or the name begins with one.
    #[error("the name has an empty label")]
    EmptyLabel,
    /// A label is longer than [`LABEL_LIMIT`] octets.
    #[error("a label is longer than 63 octets")]
    LabelTooLong,
    /// The name is longer than [`NAME_LIMIT`] octets on the wire.
    #[error("the name is longer than 255 octets")]
    TooLong,
    /// A backslash that is followed by neither three digits up to 255 nor a character.
    #[error("a backslash escapes nothing")]
    Escape,
    /// A character outside printable ASCII; internationalised names are written in their `xn--` form.
    #[error("the name has a character outside printable ASCII; write it in its xn-- form")]
    Character,
    /// The octets end before the root label, or hold a compression pointer.
    #[error("the octets are not an uncompressed name")]
    Wire,
}

impl Name {
    /// The root.
    pub fn root() -> Self {
        Self(Box::new([0]))
    }

    /// The name that `octets` hold, uncompressed and with nothing behind it.
    ///
    /// # Errors
    ///
    /// The octets are not one whole uncompressed name of at most [`NAME_LIMIT`] octets.
    pub fn from_wire(octets: &[u8]) -> Result<Self, NameError> {
        if octets.len() > NAME_LIMIT {
            return Err(NameError::TooLong);
        }
        let mut at = 0;
        loop {
            let length = usize::from(*octets.get(at).ok_or(NameError::Wire)?);
            if length > LABEL_LIMIT {
                return Err(NameError::Wire);
            }
            at += 1 + length;
            if length == 0 {
                break;
            }
        }
        if at == octets.len() { Ok(Self(octets.into())) } else { Err(NameError::Wire) }
    }

    /// The name made of `labels`, the leftmost first.
    ///
    /// # Errors
    ///
    /// A label is empty or too long, or all of them together are.
    pub fn from_labels<'a>(labels: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, NameError> {
        let mut wire = Vec::with_capacity(32);
        for label in labels {
            match label.len() {
                0 => return Err(NameError::EmptyLabel),
                1..=LABEL_LIMIT => wire.push(label.len() as u8),
                _ => return Err(NameError::LabelTooLong),
            }
            wire.extend_from_slice(label);
            if wire.len() >= NAME_LIMIT {
                return Err(NameError::TooLong);
            }
        }
        wire.push(0);
        Ok(Self(wire.into()))
    }

    /// The octets on the wire.
    pub fn as_wire(&self) -> &[u8] {
        &self.0
    }

    /// Labels from left to right, without the root's.
    pub fn labels(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = &*self.0;
        std::iter::from_fn(move || {
            let (length, tail) = rest.split_first()?;
            if *length == 0 {
                return None;
            }
            let (label, after) = tail.split_at(usize::from(*length));
            rest = after;
            Some(label)
        })
    }

    /// How many labels the name has; the root has none.
    pub fn label_count(&self) -> usize {
        self.labels().count()
    }

    /// The last `count` labels of the name, in its own case: the name itself if it has no more.
    #[must_use]
    pub fn last_labels(&self, count: usize) -> Self {
        let mut rest = &*self.0;
        for _ in count..self.label_count() {
            rest = &rest[1 + usize::from(rest[0])..];
        }
        Self(rest.into())
    }

    /// The name in lower case, in which names are compared (ASCII only, RFC 4343).
    #[must_use]
    pub fn to_lowercase(&self) -> Self {
        Self(self.0.to_ascii_lowercase().into())
    }
}

impl FromStr for Name {
    type Err = NameError;

    /// Reads a name in the spelling of master files (RFC 1035 §5.1), with or without the dot at its end.
    fn from_str(text: &str) -> Result<Self, NameError> {
        if text == "." {
            return Ok(Self::root());
        }
        let octets = text.strip_suffix('.').filter(|rest| !rest.ends_with('\\')).unwrap_or(text).as_bytes();
        if octets.is_empty() {
            return Err(NameError::Empty);
        }
        let mut labels: Vec<Vec<u8>> = vec![Vec::new()];
        let mut at = 0;
        while at < octets.len() {
            let octet = match octets[at] {
                b'.' => {
                    labels.push(Vec::new());
                    at += 1;
                    continue;
                }
                b'\\' => match &octets[at + 1..] {
                    [a, b, c, ..] if [a, b, c].iter().all(|digit| digit.is_ascii_digit()) => {
                        at += 3;
                        let value = u32::from(a - b'0') * 100 + u32::from(b - b'0') * 10 + u32::from(c - b'0');
                        u8::try_from(value).map_err(|_| NameError::Escape)?
                    }
                    [plain @ 0x21..=0x7e, ..] if !plain.is_ascii_digit() => {
                        at += 1;
                        *plain
                    }
                    _ => return Err(NameError::Escape),
                },
                plain @ 0x21..=0x7e => plain,
                _ => return Err(NameError::Character),
            };
            at += 1;
            if let Some(label) = labels.last_mut() {
                label.push(octet);
            }
        }
        Self::from_labels(labels.iter().map(Vec::as_slice))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() == 1 {
            return formatter.write_str(".");
        }
        for (index, label) in self.labels().enumerate() {
            if index > 0 {
                formatter.write_str(".")?;
            }
            for octet in label {
                match octet {
                    b'.' | b'\\' | b'"' | b';' | b'(' | b')' | b'@' | b'$' => {
                        write!(formatter, "\\{}", char::from(*octet))?;
                    }
                    0x21..=0x7e => write!(formatter, "{}", char::from(*octet))?,
                    _ => write!(formatter, "\\{octet:03}")?,
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{self}`")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_spelled_without_the_dot_at_its_end() {
        let name: Name = "Www.Example.".parse().unwrap();
        assert_eq!(name.as_wire(), b"\x03Www\x07Example\x00");
        assert_eq!(name.to_string(), "Www.Example");
        assert_eq!(name.last_labels(1).to_string(), "Example");
        assert_eq!(".".parse::<Name>().unwrap(), Name::root());
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for (text, error) in [
            ("", NameError::Empty),
            ("a..b", NameError::EmptyLabel),
            (".a", NameError::EmptyLabel),
            ("a\\999", NameError::Escape),
            ("a\\", NameError::Escape),
            ("b\u{fc}cher.test", NameError::Character),
            ("two words", NameError::Character),
        ] {
            assert_eq!(text.parse::<Name>(), Err(error), "{text}");
        }
        assert_eq!("a".repeat(64).parse::<Name>(), Err(NameError::LabelTooLong));
        assert_eq!("a.".repeat(128).parse::<Name>(), Err(NameError::TooLong));
        assert!("a.".repeat(127).parse::<Name>().is_ok());
    }

    #[test]
    fn octets_that_could_move_a_cursor_are_escaped() {
        let name = Name::from_wire(b"\x05\x1b[2Ja\x02.\\\x00").unwrap();
        assert_eq!(name.to_string(), "\\027[2Ja.\\.\\\\");
    }

    proptest! {
        #[test]
        fn every_name_reads_back_from_its_spelling(labels in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..=63), 0..=3)) {
            let name = Name::from_labels(labels.iter().map(Vec::as_slice)).unwrap();
            prop_assert_eq!(name.to_string().parse::<Name>().unwrap(), name.clone());
            prop_assert_eq!(Name::from_wire(name.as_wire()).unwrap(), name);
        }
    }
}
