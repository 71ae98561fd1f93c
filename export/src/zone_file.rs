//! What stands at the beginning of a zone's master file (RFC 1035 §5): [`Start`], and the settings that decide about it.

use std::fmt;

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::Deserialize;

use crate::context::Context;

/// The longest name on the wire, in bytes (RFC 1035 §2.3.4).
const LONGEST: usize = 255;

/// A zone's name: lower case, without the final dot; one label will do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct ZoneName(Box<str>);

impl ZoneName {
    /// A policy zone's name unless it is set: short, because every listed name stands in front of it, and below no
    /// top-level domain that exists.
    pub(crate) fn of_policy() -> Self {
        Self("rpz.hydrabane".into())
    }

    /// Whether a name of so many characters below this zone is short enough for the DNS. Both are counted as on the
    /// wire: a length byte before each label, and the root's.
    pub(crate) fn has_room_for(&self, characters: usize) -> bool {
        characters + 1 + self.0.len() + 2 <= LONGEST
    }
}

impl TryFrom<String> for ZoneName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let name = text.strip_suffix('.').unwrap_or(&text).to_ascii_lowercase();
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        if name.len() + 2 <= LONGEST && name.split('.').all(label) {
            Ok(Self(name.into()))
        } else {
            Err(format!("`{}` is no zone's name", text.escape_debug()))
        }
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// For how long an answer may be kept, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u32")]
pub(crate) struct Ttl(u32);

impl Ttl {
    /// Five minutes: whoever was blocked by mistake is back soon after the name has left the list.
    pub(crate) const DEFAULT: Self = Self(300);
}

impl TryFrom<u32> for Ttl {
    type Error = String;

    fn try_from(seconds: u32) -> Result<Self, String> {
        // RFC 2181 §8: the highest bit must not be set.
        if seconds >> 31 == 0 { Ok(Self(seconds)) } else { Err("a TTL is at most 2147483647 seconds".into()) }
    }
}

impl fmt::Display for Ttl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The serial of what is made for a moment: YYYYMMDDHH, as people read it. What lies beyond 32 bits (the year 4295)
/// wraps around, as serials do (RFC 1982).
pub(crate) fn serial(at: DateTime<Utc>) -> u32 {
    let readable = i64::from(at.year()) * 1_000_000
        + i64::from(at.month()) * 10_000
        + i64::from(at.day()) * 100
        + i64::from(at.hour());
    readable as u32
}

/// The beginning of a zone's master file: the tool's line, the TTL, and the records that every zone has at its apex.
pub(crate) struct Start<'a> {
    /// What the export knows.
    pub(crate) context: &'a Context,
    /// The zone, where the file is that of one zone only.
    pub(crate) origin: Option<&'a ZoneName>,
    /// The TTL of all records, and for how long a missing name may be kept in mind.
    pub(crate) ttl: Ttl,
    /// The serial.
    pub(crate) serial: u32,
}

impl fmt::Display for Start<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { context, origin, ttl, serial } = self;
        writeln!(formatter, "; {}", context.head.line())?;
        if let Some(origin) = origin {
            writeln!(formatter, "$ORIGIN {origin}.")?;
        }
        writeln!(formatter, "$TTL {ttl}")?;
        // Name server and mailbox as in the empty zones of RFC 6303 §3, but with a server's name outside the zone, which
        // needs no address. Refresh, retry and expire (an hour, ten minutes, a week) are for secondaries.
        writeln!(formatter, "@ SOA localhost. nobody.invalid. {serial} 3600 600 604800 {ttl}")?;
        writeln!(formatter, "@ NS localhost.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_are_readable_and_fit() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
        assert_eq!(serial(at("2026-11-22T06:59:59Z")), 2_026_112_206);
        assert_eq!(serial(at("4294-12-31T23:00:00Z")), 4_294_123_123);
        assert_eq!(serial(at("4295-01-01T00:00:00Z")), 42_804);
    }

    #[test]
    fn what_has_room_below_a_zone() {
        let zone = ZoneName::try_from("RPZ.".to_owned()).expect("a zone");
        assert_eq!(zone.to_string(), "rpz");
        // 1 + 249 for the labels of the name, 1 + 3 for the zone, 1 for the root.
        assert!(zone.has_room_for(249));
        assert!(!zone.has_room_for(250));
        for wrong in ["", ".", "a..b", "a b", "a\nb", &"a".repeat(64), "é.example"] {
            assert!(ZoneName::try_from(wrong.to_owned()).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_ttl_has_31_bits() {
        assert!(Ttl::try_from(u32::MAX >> 1).is_ok());
        assert!(Ttl::try_from(1 << 31).is_err());
    }
}
