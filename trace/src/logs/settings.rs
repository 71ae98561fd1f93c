//! What a reader cannot know from the log alone.

use std::convert::Infallible;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, Offset, Utc};

/// What a reader cannot know from the log alone.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The column of the names in a table or in JSON objects; nothing to choose among the usual ones.
    pub name: Option<Column>,
    /// The column of the time; nothing to choose among the usual ones.
    pub time: Option<Column>,
    /// The column of the client; nothing to choose among the usual ones.
    pub client: Option<Column>,
    /// The newest that a record can be, for stamps without a year: they are of the latest year in which they are at most
    /// a day later than this.
    pub reference: DateTime<Utc>,
    /// The zone of stamps that do not say theirs.
    pub zone: FixedOffset,
    /// The ports at which DNS is looked for in captures.
    pub ports: Vec<u16>,
}

impl Settings {
    /// Everything guessed, UTC, and the port of DNS (RFC 1035 section 4.2: 53).
    pub fn new(reference: DateTime<Utc>) -> Self {
        Self { name: None, time: None, client: None, reference, zone: Utc.fix(), ports: vec![53] }
    }
}

/// A column of a table, or a key of a JSON object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// By its heading; letter case does not matter. Of a JSON object: its key, or keys of nested objects with dots
    /// between them.
    Named(String),
    /// By its number, from 1: the table then has no header.
    Numbered(usize),
}

impl FromStr for Column {
    type Err = Infallible;

    /// A number where it is one, else a heading.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.parse() {
            Ok(number) if number > 0 => Self::Numbered(number),
            _ => Self::Named(text.to_owned()),
        })
    }
}
