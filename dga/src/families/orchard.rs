//! Orchard (XMRig_Genesis): a downloader of Monero miners that spreads by USB, since early 2021.
//!
//! # Names
//!
//! 16 names: MD5 of a text, cut into four labels of eight hexadecimal digits, each under `com`, `net`, `org` and
//! `duckdns.org`. Variants `v1` to `v3` take the day (treated as UTC); `v3_blockchain` takes the state of a Bitcoin
//! address.
//!
//! # Bots
//!
//! A bot asks a hard-coded host at DuckDNS first; the names are its reserve. One of the third generation has 32: first
//! the 16 of `v3`, then the 16 of `v3_blockchain`. How often it asks is not documented.
//!
//! # Pitfalls
//!
//! - UNPREDICTABLE: nobody can compute the names of `v3_blockchain` in advance. They hold until the address's next
//!   transaction, whenever that is.
//! - `v3` alone is half of what a bot of the third generation asks for.
//! - `response` counts byte for byte: a line feed at its end or JSON in another form gives other names.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `variant`: `v1`, `v2`, `v3` or `v3_blockchain`
//! - `c2`: `v2` and `v3`: a host that enters the text, by default `orchardmaster.duckdns.org` or `ojena.duckdns.org`
//! - `response`: `v3_blockchain` only: the whole body of blockchain.info's answer about the balance of
//!   1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa, byte for byte; without default

use super::prelude::*;
use crate::prim::hash::md5;
use crate::prim::hex;
use crate::prim::text::Text;

/// Parameters of Orchard; what is not given has the variant's default.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Orchard {
    variant: Variant,
    c2: Option<String>,
    response: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Variant {
    V1,
    V2,
    #[default]
    V3,
    V3Blockchain,
}

impl Algorithm for Orchard {
    const INFO: Info = Info {
        name: "orchard",
        aliases: &["XMRig_Genesis"],
        taxonomy: &[Taxonomy::TDD_H, Taxonomy::TDD_H, Taxonomy::TDD_H, Taxonomy::TDN_H],
        active: (Some(2021), Some(2022)),
        variants: &["v3", "v1", "v2", "v3_blockchain"],
        references: &["https://blog.netlab.360.com/orchard-dga/"],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        if self.variant == Variant::V3Blockchain { Schedule::Always } else { Schedule::DAY }
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        let Self { variant, c2, response } = self;
        Refusal::unless_ascii("c2", c2.as_deref().unwrap_or_default())?;
        let (separator, rest) = match (variant, response) {
            (Variant::V3Blockchain, response) => (None, response.ok_or(Refusal::Missing("response"))?),
            (_, Some(_)) => return Err(Refusal::value("response", "only variant `v3_blockchain` has one")),
            (Variant::V1, None) => (Some(b'/'), String::new()),
            (Variant::V2, None) => (Some(b'/'), c2.clone().unwrap_or_else(|| "orchardmaster.duckdns.org".into())),
            (Variant::V3, None) => (Some(b'-'), c2.clone().unwrap_or_else(|| "ojena.duckdns.org".into())),
        };
        if c2.is_some() && matches!(variant, Variant::V1 | Variant::V3Blockchain) {
            return Err(Refusal::value("c2", "only variants `v2` and `v3` have one"));
        }
        Ok(Bound { separator, rest, suffixes: Suffixes::fixed(&["com", "net", "org", "duckdns.org"]) })
    }
}

struct Bound {
    /// What stands between the parts of the date; nothing if no date enters.
    separator: Option<u8>,
    rest: String,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut text = Text::<16>::new();
        if let Some(separator) = self.separator {
            let (year, month, day) = date(at);
            text.push_padded(year, 4);
            text.push(separator);
            text.push_padded(month, 2);
            text.push(separator);
            text.push_padded(day, 2);
        }
        let hash = md5(&[text.as_bytes(), self.rest.as_bytes()]);
        (0..16).map(move |number| {
            let mut name = Name::new();
            hex::append(&hash[number / 4 * 4..][..4], &mut name);
            self.suffixes.append(number % 4, &mut name);
            name
        })
    }
}
