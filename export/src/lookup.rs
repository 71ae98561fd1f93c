//! A lookup of names, as searches over logs join it: a CSV file with nothing but a header and rows.

use name_files::Row;
use serde::Deserialize;

use crate::depths::{Depths, labels};
use crate::error::Error;
use crate::interval::Interval;
use crate::shelf::File;
use crate::table::Table;

/// The columns: the key, and what a match shows.
pub(crate) const COLUMNS: [&str; 6] = ["name", "family", "variant", "preset", "valid_from", "valid_to"];

/// What a match shows. The first of them is never empty, so that a search can tell a match by it.
pub(crate) const SHOWN: [&str; 5] = ["family", "variant", "preset", "valid_from", "valid_to"];

/// Stands where nobody says of which family a name or of which program a process is.
pub(crate) const UNKNOWN: &str = "unknown";

/// What a search compares with the lookup's names: a query, or its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// Of how many labels the end is; tells keys apart.
    pub(crate) number: usize,
    /// Cuts the end out of a query; nothing where the query is compared as a whole.
    pub(crate) expression: Option<String>,
}

/// A lookup of names.
pub(crate) struct Lookup {
    table: Table,
    /// Of how many labels its names are.
    depths: Depths,
    interval: Interval,
}

impl Lookup {
    /// A lookup in `file`. It has no place for a comment: the first line is the header.
    pub(crate) fn begin(file: File) -> Result<Self, Error> {
        Ok(Self { table: Table::begin(file, &[], &COLUMNS)?, depths: Depths::default(), interval: Interval::default() })
    }

    /// Writes a name.
    pub(crate) fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        self.depths.add(row.name);
        let family = if row.family.trim().is_empty() { UNKNOWN } else { row.family };
        let [from, to] = self.interval.of(row.valid);
        self.table.row(&[row.name, family, row.variant, row.preset, from.unwrap_or_default(), to.unwrap_or_default()])
    }

    /// Writes everything to the file; returns the keys by which a search joins it.
    pub(crate) fn finish(self, sub_domains: bool) -> Result<Vec<Key>, Error> {
        self.table.finish()?;
        if !sub_domains {
            return Ok(vec![Key { number: 0, expression: None }]);
        }
        let mut numbers: Vec<_> = self.depths.iter().collect();
        if numbers.is_empty() {
            // Without names the search still has to be one.
            numbers.push(2);
        }
        Ok(numbers.into_iter().map(|number| Key { number, expression: Some(format!("{}$", labels(number))) }).collect())
    }
}

/// The name of a lookup, which stands in searches, configuration and file names.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct LookupName(String);

impl LookupName {
    /// One that is known to be right.
    pub(crate) fn known(text: &str) -> Self {
        Self(text.into())
    }

    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for LookupName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        /// Long enough for any purpose, short enough for any file system.
        const LONGEST: usize = 64;
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if (1..=LONGEST).contains(&text.len()) && text.bytes().all(letters) {
            Ok(Self(text))
        } else {
            Err(format!("`lookup` must be 1 to {LONGEST} of a-z, 0-9 and `_`, as in `conficker_names`"))
        }
    }
}
