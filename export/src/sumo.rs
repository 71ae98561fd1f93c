//! What queries of Sumo Logic share: comments, the path of a lookup table, texts that stand in them.

use name_files::Head;
use serde::Deserialize;

use crate::lookup::LookupName;

/// Where a lookup table is unless a path is given: what administrators share with everybody.
const FOLDER: &str = "/Library/Admin Recommended";

/// The head as a comment.
pub(crate) fn comment(head: &Head) -> String {
    format!("// {}", head.line())
}

/// Where a lookup table is, as the operator `lookup` takes it.
pub(crate) fn path(given: Option<&Line>, lookup: &LookupName) -> String {
    match given {
        Some(path) => format!("path://\"{}\"", path.as_str()),
        None => format!("path://\"{FOLDER}/{}\"", lookup.as_str()),
    }
}

/// A text on one line without quotation marks.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Line(String);

impl Line {
    /// One that is known to be right.
    pub(crate) fn known(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Line {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.trim().is_empty() || text.contains(|char: char| char.is_control() || char == '"') {
            return Err("`path` and `scope` must be one line without quotation marks".into());
        }
        Ok(Self(text))
    }
}
