//! [`Garden`]: where those are led who ask for a blocked name, and the [`Addresses`] that such an answer holds.

use std::net::IpAddr;

use serde::Deserialize;

use crate::safety::is_host_name;

/// Addresses as a setting: one or more, separated by commas or blanks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Addresses(Vec<IpAddr>);

impl Addresses {
    /// Just this one.
    pub(crate) fn one(address: impl Into<IpAddr>) -> Self {
        Self(vec![address.into()])
    }

    /// The addresses, of which there is one at least, in the order given and each once.
    pub(crate) fn iter(&self) -> impl Iterator<Item = IpAddr> + '_ {
        self.0.iter().copied()
    }

    /// One record for each: `A 192.0.2.53`.
    pub(crate) fn records(&self) -> impl Iterator<Item = String> + '_ {
        self.iter().map(|address| format!("{} {address}", record_type(address)))
    }
}

impl TryFrom<String> for Addresses {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut addresses = Vec::new();
        for word in text.split([',', ' ']).filter(|word| !word.is_empty()) {
            let address = word.parse().map_err(|_| format!("`{}` is no address", word.escape_debug()))?;
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        if addresses.is_empty() { Err("there is no address".into()) } else { Ok(Self(addresses)) }
    }
}

/// The type of the record that holds an address.
pub(crate) fn record_type(address: IpAddr) -> &'static str {
    if address.is_ipv4() { "A" } else { "AAAA" }
}

/// A walled garden: where those are led who ask for a blocked name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Garden {
    /// To these addresses.
    Addresses(Addresses),
    /// To another name, whose addresses the resolver looks up.
    Name(Box<str>),
}

impl Garden {
    /// Reads what is none of a setting's `words`. A name needs a dot, so that a misspelled word is not taken for one.
    pub(crate) fn read(text: String, words: &str) -> Result<Self, String> {
        let name = text.strip_suffix('.').unwrap_or(&text).to_ascii_lowercase();
        if is_host_name(&name) {
            return Ok(Self::Name(name.into()));
        }
        let shown = text.escape_debug().to_string();
        Addresses::try_from(text)
            .map(Self::Addresses)
            .map_err(|_| format!("`{shown}` is neither one of {words} nor addresses nor a host name"))
    }

    /// The records that stand at the blocked name.
    pub(crate) fn records(&self) -> Vec<String> {
        match self {
            Self::Addresses(addresses) => addresses.records().collect(),
            Self::Name(name) => vec![format!("CNAME {name}.")],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_garden_is_addresses_or_a_name() {
        let read = |text: &str| Garden::read(text.into(), "`nxdomain`");
        assert_eq!(read("192.0.2.1, 2001:db8::1 192.0.2.1").unwrap().records(), ["A 192.0.2.1", "AAAA 2001:db8::1"]);
        assert_eq!(read("Warn.Example.").unwrap().records(), ["CNAME warn.example."]);
        for wrong in ["nxdomian", "", ",", "192.0.2", "192.0.2.1 warn.example", "a\nb.example", "a b.example"] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
