//! [`HostNames`]: host names as a setting says them.

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use crate::safety::is_host_name;

/// Legal host names in lower case, in the order given; written as `[ns1.example.net, ns2.example.net]`, or in one text
/// with blanks or commas between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HostNames(Vec<String>);

impl HostNames {
    /// The names.
    pub(crate) fn names(&self) -> &[String] {
        &self.0
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Many(Vec<String>),
    One(String),
}

impl<'de> Deserialize<'de> for HostNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)
            .map_err(|_| D::Error::custom("host names are texts, or a list of them"))?;
        let words = match written {
            Written::Many(names) => names,
            Written::One(text) => text.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        };
        let mut names: Vec<String> = Vec::with_capacity(words.len());
        for word in words {
            let name = word.strip_suffix('.').unwrap_or(&word).to_ascii_lowercase();
            if !is_host_name(&name) {
                return Err(D::Error::custom(format!("`{}` is no host name", word.escape_debug())));
            }
            if names.contains(&name) {
                return Err(D::Error::custom(format!("`{name}` stands there twice")));
            }
            names.push(name);
        }
        Ok(Self(names))
    }
}

#[cfg(test)]
mod tests {
    use super::HostNames;

    #[test]
    fn lists_and_texts() {
        let read = |text| serde_yaml::from_str::<HostNames>(text).map(|names| names.0.join(" "));
        for text in [
            "[NS1.example.net., ns2.example.net]",
            "ns1.example.net ns2.example.net",
            "ns1.example.net,ns2.example.net",
        ] {
            assert_eq!(read(text).expect("names"), "ns1.example.net ns2.example.net", "{text}");
        }
        for wrong in ["[a_b.net]", "203.0.113.5", "[a.net, A.net]", "{a: b}", "[1]"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
