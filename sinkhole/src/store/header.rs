//! The header of a segment: 128 octets that say which store and segment it is and what came before it.
//!
//! | at | octets | what |
//! |---|---|---|
//! | 0 | 8 | `HYDRASNK` |
//! | 8 | 4 | version of the layout: 3 |
//! | 12 | 4 | length of this header: 128 |
//! | 16 | 8 | number of the segment, from 1 |
//! | 24 | 8 | sequence number of its first record |
//! | 32 | 8 | time at which it was begun, nanoseconds since 1970, signed |
//! | 40 | 16 | identity of the store |
//! | 56 | 1 | source of all times in it: 1 the machine's clock, 2 virtual time |
//! | 57 | 7 | zeros |
//! | 64 | 32 | SHA-256 of the whole segment before it; zeros in segment 1 |
//! | 96 | 16 | version of the program that wrote it, ASCII, padded with zeros |
//! | 112 | 12 | zeros |
//! | 124 | 4 | CRC-32C (RFC 3720 §12.1) of the octets before it |

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::clock::ClockSource;
use crate::store::layout::{VERSION, nanoseconds, u32_at, u64_at};

/// First octets of a segment.
pub(crate) const MAGIC: &[u8; 8] = b"HYDRASNK";
/// Length of a segment's header.
pub const HEADER: usize = 128;

/// The identity of a store: random octets, drawn when it is begun. A copy of a store has the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoreId(pub [u8; 16]);

/// The SHA-256 of a whole segment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SegmentHash(pub [u8; 32]);

impl SegmentHash {
    /// What stands before the first segment.
    pub const NONE: Self = Self([0; 32]);
}

/// Writes octets as hexadecimal digits.
fn hexadecimal(octets: &[u8], formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    octets.iter().try_for_each(|octet| write!(formatter, "{octet:02x}"))
}

/// Reads `N` octets from hexadecimal digits; nothing else may stand there.
fn of_hexadecimal<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.bytes().all(|octet| octet.is_ascii_hexdigit()) {
        return None;
    }
    let mut octets = [0; N];
    for (index, octet) in octets.iter_mut().enumerate() {
        *octet = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(octets)
}

/// A text is no hexadecimal number of the right length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a hexadecimal number of the right length")]
pub struct NotHexadecimal;

/// Writes a type as hexadecimal digits, and reads it from them.
macro_rules! as_hexadecimal {
    ($type:ty) => {
        impl fmt::Display for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                hexadecimal(&self.0, formatter)
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                hexadecimal(&self.0, formatter)
            }
        }

        impl FromStr for $type {
            type Err = NotHexadecimal;

            fn from_str(text: &str) -> Result<Self, NotHexadecimal> {
                of_hexadecimal(text).map(Self).ok_or(NotHexadecimal)
            }
        }
    };
}

as_hexadecimal!(StoreId);
as_hexadecimal!(SegmentHash);

/// What a segment's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// The segment's number, from 1.
    pub number: u64,
    /// The sequence number of its first record.
    pub first_sequence: u64,
    /// When it was begun.
    pub begun: DateTime<Utc>,
    /// The store that it belongs to.
    pub store: StoreId,
    /// Where its times come from.
    pub clock: ClockSource,
    /// The segment before it.
    pub previous: SegmentHash,
}

/// Why octets do not begin with a header that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderProblem {
    /// There are fewer octets than a header has.
    #[error("the header is cut off")]
    Short,
    /// They are not what was written.
    #[error("the header is damaged")]
    Damaged,
    /// Another version of the program wrote them.
    #[error("the layout has version {0}")]
    Version(u32),
}

impl Header {
    /// The header's octets.
    pub(crate) fn to_octets(self) -> [u8; HEADER] {
        let mut octets = [0; HEADER];
        octets[..8].copy_from_slice(MAGIC);
        octets[8..12].copy_from_slice(&VERSION.to_le_bytes());
        octets[12..16].copy_from_slice(&(HEADER as u32).to_le_bytes());
        octets[16..24].copy_from_slice(&self.number.to_le_bytes());
        octets[24..32].copy_from_slice(&self.first_sequence.to_le_bytes());
        octets[32..40].copy_from_slice(&nanoseconds(self.begun).to_le_bytes());
        octets[40..56].copy_from_slice(&self.store.0);
        octets[56] = match self.clock {
            ClockSource::Machine => 1,
            ClockSource::Virtual => 2,
        };
        octets[64..96].copy_from_slice(&self.previous.0);
        for (to, from) in octets[96..112].iter_mut().zip(env!("CARGO_PKG_VERSION").bytes()) {
            *to = from;
        }
        let sum = crc32c::crc32c(&octets[..HEADER - 4]);
        octets[HEADER - 4..].copy_from_slice(&sum.to_le_bytes());
        octets
    }

    /// Whether a process ended while it began the segment whose octets these are: no record ever stood in it.
    pub(crate) fn was_never_whole(octets: &[u8]) -> bool {
        matches!(Self::read(octets), Err(HeaderProblem::Short | HeaderProblem::Damaged))
            && (octets.len() <= HEADER || octets.iter().all(|octet| *octet == 0))
    }

    /// Reads the header at the beginning of a segment.
    ///
    /// # Errors
    ///
    /// There is none, or none that this program can read.
    pub fn read(octets: &[u8]) -> Result<Self, HeaderProblem> {
        // The version stands in the same place in every layout; the header's length does not stay the same.
        if let Some(known) = octets.get(..12)
            && known.starts_with(MAGIC)
            && u32_at(known, 8) != VERSION
        {
            return Err(HeaderProblem::Version(u32_at(known, 8)));
        }
        let octets: &[u8; HEADER] = octets.first_chunk().ok_or(HeaderProblem::Short)?;
        if !octets.starts_with(MAGIC) || crc32c::crc32c(&octets[..HEADER - 4]) != u32_at(octets, HEADER - 4) {
            return Err(HeaderProblem::Damaged);
        }
        let mut store = StoreId([0; 16]);
        store.0.copy_from_slice(&octets[40..56]);
        let mut previous = SegmentHash::NONE;
        previous.0.copy_from_slice(&octets[64..96]);
        Ok(Self {
            number: u64_at(octets, 16),
            first_sequence: u64_at(octets, 24),
            begun: DateTime::from_timestamp_nanos(u64_at(octets, 32) as i64),
            store,
            clock: if octets[56] == 1 { ClockSource::Machine } else { ClockSource::Virtual },
            previous,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_reads_back_and_one_changed_bit_is_seen() {
        let header = Header {
            number: 7,
            first_sequence: 1 << 40,
            begun: DateTime::from_timestamp(1_700_000_000, 5).unwrap(),
            store: StoreId([9; 16]),
            clock: ClockSource::Virtual,
            previous: SegmentHash([3; 32]),
        };
        let octets = header.to_octets();
        assert_eq!(Header::read(&octets), Ok(header));
        assert_eq!(Header::read(&octets[..HEADER - 1]), Err(HeaderProblem::Short));
        for at in 0..HEADER * 8 {
            let mut damaged = octets;
            damaged[at / 8] ^= 1 << (at % 8);
            assert!(Header::read(&damaged).is_err(), "bit {at}");
        }
        let id: StoreId = header.store.to_string().parse().unwrap();
        assert_eq!(id, header.store);
        assert!("09".parse::<StoreId>().is_err() && "+9".repeat(16).parse::<StoreId>().is_err());
    }
}
