//! PadCrypt: Windows ransomware of 2016.
//!
//! # Names
//!
//! 24 names a day (treated as UTC) in variant `2.2.86.1`, 72 in `2.2.97.0`, in the order of their index: 16 letters
//! from digits of SHA-256 over date and index. `com` is six times as frequent as each of the other zones.
//!
//! # Bots
//!
//! How many names a bot tries, in which order and how often is not documented; the order here is the specification's.
//!
//! # Pitfalls
//!
//! - One of the zones is `co.uk`: a tool that cuts names to two labels loses these.
//! - Ports that spread the zones evenly are wrong about many names under `com`.
//! - The time zone is not documented: around midnight UTC prepare for the neighbouring day too.
//!
//! # Parameters
//!
//! - `variant`: the malware's version, `2.2.86.1` or `2.2.97.0`

use super::prelude::*;
use crate::prim::hash::sha256;
use crate::prim::text::Text;

/// Parameters of PadCrypt.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Padcrypt {
    variant: Variant,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
enum Variant {
    #[serde(rename = "2.2.86.1")]
    Earlier,
    #[default]
    #[serde(rename = "2.2.97.0")]
    Later,
}

impl Algorithm for Padcrypt {
    const INFO: Info = Info {
        name: "padcrypt",
        taxonomy: &[Taxonomy::TDD_H],
        active: (Some(2016), Some(2016)),
        variants: &["2.2.97.0", "2.2.86.1"],
        references: &[
            "https://bin.re/blog/the-dga-of-padcrypt/",
            "http://www.bleepingcomputer.com/news/security/padcrypt-the-first-ransomware-with-live-support-chat-and-an-uninstaller/",
        ],
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        let (separator, count) = match self.variant {
            Variant::Earlier => (b':', 24),
            Variant::Later => (b'|', 72),
        };
        let suffixes =
            Suffixes::fixed(&["com", "co.uk", "de", "org", "net", "eu", "info", "online", "co", "cc", "website"]);
        Ok(Bound { separator, count, suffixes })
    }
}

struct Bound {
    separator: u8,
    count: u32,
    suffixes: Suffixes,
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let (year, month, day) = date(at);
        let mut start = Text::<24>::new();
        for (part, after) in [(day, b'-'), (month, b'-'), (year, self.separator)] {
            start.push_decimal(part.into());
            start.push(after);
        }
        (0..self.count).map(move |index| {
            let mut text = start;
            text.push_decimal(index.into());
            let hash = sha256(&[text.as_bytes()]);
            let digit = |place: usize| usize::from(hash[place / 2] >> (4 - place % 2 * 4) & 15);
            let mut name = Name::new();
            for place in 3..19 {
                name.push(b"abcdnfolmkabcdef"[digit(place)]);
            }
            // Beyond the list it is the first zone, not the remainder.
            let zone = digit(63);
            self.suffixes.append(if zone < self.suffixes.len() { zone } else { 0 }, &mut name);
            name
        })
    }
}
