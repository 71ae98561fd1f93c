//! From a name as it is written to its octets on the wire, in lower case, without an allocation: lists are long.

use crate::name::{LABEL_LIMIT, NAME_LIMIT, Name, NameError};

/// A name's octets on the wire, in lower case.
#[derive(Debug)]
pub(super) struct Wire {
    octets: [u8; NAME_LIMIT],
    length: usize,
}

/// Why a name is not held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Objection {
    /// It is no domain name.
    NoName(NameError),
    /// Names of strangers are below it.
    PublicSuffix,
}

impl Wire {
    /// Room for a name.
    pub(super) fn new() -> Self {
        Self { octets: [0; NAME_LIMIT], length: 0 }
    }

    /// Reads a name that may be held: one below a public suffix.
    pub(super) fn read(&mut self, text: &str) -> Result<&[u8], Objection> {
        if !self.read_plain(text) {
            // Everything else is read, or refused, as names are anywhere.
            let name: Name = text.parse().map_err(Objection::NoName)?;
            self.length = name.as_wire().len();
            self.octets[..self.length].copy_from_slice(&name.as_wire().to_ascii_lowercase());
        }
        if self.is_public_suffix() { Err(Objection::PublicSuffix) } else { Ok(&self.octets[..self.length]) }
    }

    /// Reads a name of letters, digits, hyphens and underscores; says whether it is one.
    fn read_plain(&mut self, text: &str) -> bool {
        let text = text.strip_suffix('.').unwrap_or(text).as_bytes();
        // One octet before the name, and the root's behind it.
        if text.is_empty() || text.len() + 2 > NAME_LIMIT {
            return false;
        }
        let mut label = 0;
        for (at, octet) in text.iter().enumerate() {
            match octet {
                b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => self.octets[at + 1] = *octet,
                b'A'..=b'Z' => self.octets[at + 1] = octet.to_ascii_lowercase(),
                b'.' if (1..=LABEL_LIMIT).contains(&(at - label)) => {
                    self.octets[label] = (at - label) as u8;
                    label = at + 1;
                }
                _ => return false,
            }
        }
        let last = text.len() - label;
        if !(1..=LABEL_LIMIT).contains(&last) {
            return false;
        }
        self.octets[label] = last as u8;
        self.octets[text.len() + 1] = 0;
        self.length = text.len() + 2;
        true
    }

    /// Whether names are registered directly below it, or it is the root.
    fn is_public_suffix(&self) -> bool {
        // The name with dots before its labels: no dot within a label is a boundary for names that people register.
        let mut dotted = self.octets;
        let (mut at, mut labels) = (0, 0);
        while self.octets[at] != 0 {
            dotted[at] = b'.';
            at += 1 + usize::from(self.octets[at]);
            labels += 1;
        }
        labels < 2 || psl::suffix(&dotted[1..at]).is_some_and(|suffix| suffix.as_bytes().len() == at - 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn public_suffixes_are_told_from_what_can_be_registered() {
        for suffix in ["com", "co.uk", "Com.VN.", ".", "duckdns.org", "nonsense", "a.ck"] {
            assert_eq!(Wire::new().read(suffix), Err(Objection::PublicSuffix), "{suffix}");
        }
        for name in ["a.com", "a.co.uk", "x.com.vn", "b.duckdns.org", "held.test", "www.ck", "a.b.ck"] {
            assert!(Wire::new().read(name).is_ok(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn every_name_is_read_as_names_are(text in "([a-zA-Z0-9_\\\\ .-]{0,70}\\.?){0,5}") {
            let mut wire = Wire::new();
            let read = match wire.read(&text) {
                Err(Objection::PublicSuffix) => return Ok(()),
                Err(Objection::NoName(error)) => Err(error),
                Ok(octets) => Ok(octets.to_vec()),
            };
            prop_assert_eq!(read, text.parse::<Name>().map(|name| name.to_lowercase().as_wire().to_vec()));
        }
    }
}
