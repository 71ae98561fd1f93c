//! [`SharedZone`]: one master file that serves all listed names, each a zone of its own, and where a server finds it.

use std::io::Write;
use std::path::Path;

use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::Setting;
use crate::garden::Addresses;
use crate::shelf::Shelf;
use crate::zone_file::{Start, Ttl, serial};

/// The name of the master file.
const FILE: &str = "blocked.zone";

/// What the zones hold.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Policy {
    /// Nothing: no data at the name itself, NXDOMAIN below it.
    Empty,
    /// These addresses, at the name and below it.
    Addresses(Addresses),
}

impl TryFrom<String> for Policy {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "empty" {
            return Ok(Self::Empty);
        }
        Addresses::try_from(text).map(Self::Addresses).map_err(|why| format!("{why}, nor `empty`"))
    }
}

/// A folder on the server, as its configuration names it: between quotes, so without any.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Folder(String);

impl Folder {
    /// A folder that the code names.
    pub(crate) fn known(path: &'static str) -> Self {
        Self(path.into())
    }

    /// The path of the master file.
    pub(crate) fn zone_file(&self) -> String {
        format!("{}/{FILE}", self.0)
    }
}

impl TryFrom<String> for Folder {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let path = text.trim_end_matches('/');
        if !Path::new(&text).is_absolute() || text.contains(|c: char| c.is_control() || "\"\\".contains(c)) {
            return Err(format!("`{}` is no absolute path without quotes and backslashes", text.escape_debug()));
        }
        Ok(Self(path.into()))
    }
}

/// The setting that says what the zones hold.
pub(crate) const POLICY: Setting = Setting {
    key: "policy",
    default: "empty",
    about: "what is answered: `empty` (no data; NXDOMAIN below the name), or addresses of a walled garden separated by \
            commas",
};
/// The setting that says for how long answers are kept.
pub(crate) const TTL: Setting =
    Setting { key: "ttl", default: "300", about: "for how long an answer may be kept, in seconds" };

/// The master file of all zones.
pub(crate) struct SharedZone<'a> {
    /// What the zones hold.
    pub(crate) policy: &'a Policy,
    /// For how long answers are kept.
    pub(crate) ttl: Ttl,
}

impl SharedZone<'_> {
    /// Writes it.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub(crate) fn write(&self, context: &Context, place: &mut dyn Shelf) -> Result<(), Error> {
        let mut file = place.open(FILE)?;
        write!(file, "{}", Start { context, origin: None, ttl: self.ttl, serial: serial(context.at) })?;
        if let Policy::Addresses(addresses) = self.policy {
            for owner in ["@", "*"] {
                for record in addresses.records() {
                    writeln!(file, "{owner} {record}")?;
                }
            }
        }
        Ok(file.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders() {
        let read = |text: &str| Folder::try_from(text.to_owned());
        assert_eq!(read("/etc/bind/").expect("a folder").zone_file(), "/etc/bind/blocked.zone");
        for wrong in ["", "etc/bind", "/etc/\"bind", "/etc/bind\\", "/etc\nbind"] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
