//! What is kept of segments that retention removed, so that the chain of those that stay can still be verified: one
//! JSON object a line in `ledger.jsonl`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::store::header::{SegmentHash, StoreId};

/// The file's name.
const NAME: &str = "ledger.jsonl";

/// Why a segment was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Why {
    /// It was older than is kept.
    Age,
    /// The store was larger than it may be.
    Size,
}

/// A segment that was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Removed {
    /// Its number.
    pub segment: u64,
    /// The store that it belonged to.
    #[serde(with = "as_text")]
    pub store: StoreId,
    /// Sequence number of its first record.
    pub first_sequence: u64,
    /// How many records it had.
    pub records: u64,
    /// The SHA-256 of the whole file.
    #[serde(with = "as_text")]
    pub sha256: SegmentHash,
    /// When it was begun.
    pub begun: DateTime<Utc>,
    /// When it was sealed.
    pub sealed: DateTime<Utc>,
    /// When it was removed.
    pub removed: DateTime<Utc>,
    /// Why.
    pub why: Why,
}

/// Identities and hashes as text.
mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes a value as its text.
    pub(super) fn serialize<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    /// Reads a value from its text.
    pub(super) fn deserialize<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(Error::custom)
    }
}

/// Where the ledger of `folder` is.
pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// Every segment that was removed, in the order of removal. A last line that is not whole is left out: its segment was
/// not removed.
pub(super) fn read(folder: &Path) -> io::Result<Vec<Removed>> {
    let octets = match fs::read(path(folder)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        octets => octets?,
    };
    let whole = octets.iter().rposition(|octet| *octet == b'\n').map_or(0, |end| end + 1);
    octets[..whole]
        .split(|octet| *octet == b'\n')
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
        .map(|(index, line)| {
            serde_json::from_slice(line).map_err(|error| {
                let path = path(folder);
                let message = format!("line {} of `{}` is damaged: {error}", index + 1, path.display());
                io::Error::new(io::ErrorKind::InvalidData, message)
            })
        })
        .collect()
}

/// Adds a segment, durably, before it is removed.
pub(super) fn add(folder: &Path, removed: &Removed) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path(folder))?;
    let whole = fs::read(path(folder))?.iter().rposition(|octet| *octet == b'\n').map_or(0, |end| end as u64 + 1);
    file.set_len(whole)?;
    let mut line = serde_json::to_vec(removed)?;
    line.push(b'\n');
    file.write_all(&line)?;
    file.sync_all()
}
