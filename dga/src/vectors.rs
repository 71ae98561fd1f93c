//! Vectors: lists that are known to be right, one JSON object a line, and the check of a generator against them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::catalogue::find;
use crate::error::Error;
use crate::family::Selection;
use crate::name::Name;
use crate::parameter::Parameters;
use crate::prim::hex;
use crate::schedule::midnight;
use crate::words::WordLists;

/// One line of a vector file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// The family's name.
    pub family: String,
    /// The variant's name.
    pub variant: String,
    /// What differs from the specification's defaults.
    pub params: Parameters,
    /// A date (meaning 00:00 UTC), or an instant, or nothing for families without date.
    pub date: Option<String>,
    /// How many names of the list are meant.
    pub count: usize,
    /// The first five of them.
    pub first: Vec<String>,
    /// The last two of them.
    pub last: Vec<String>,
    /// SHA-256 of all of them in order, each followed by a newline, in lower-case hexadecimal.
    pub sha256: String,
}

/// What became of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The generator makes these names.
    Match,
    /// It makes others; the text says where they differ first.
    Mismatch(String),
    /// The line cannot be checked: it is no vector, or what it asks for does not exist.
    Unusable(String),
    /// A word list that it needs is missing.
    NoWordList(Error),
}

/// Checks every line of a vector file; gives line numbers from 1 with verdicts. Empty lines are skipped.
pub fn check<'a>(text: &'a str, words: &'a WordLists) -> impl Iterator<Item = (usize, Verdict)> + 'a {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(index, line)| {
        let verdict = match serde_json::from_str::<Vector>(line) {
            Err(error) => Verdict::Unusable(format!("not a vector: {error}")),
            Ok(vector) => match vector.check(words) {
                Ok(verdict) => verdict,
                Err(error @ Error::WordListMissing { .. }) => Verdict::NoWordList(error),
                Err(error) => Verdict::Unusable(error.to_string()),
            },
        };
        (index + 1, verdict)
    })
}

impl Vector {
    /// Makes a vector of what the generator produces now.
    ///
    /// # Errors
    ///
    /// The family, variant or date does not exist, or the parameters are not allowed.
    pub fn make(
        family: &str,
        variant: &str,
        params: Parameters,
        date: Option<&str>,
        count: usize,
        words: &WordLists,
    ) -> Result<Self, Error> {
        let empty = Self {
            family: family.to_owned(),
            variant: variant.to_owned(),
            params,
            date: date.map(str::to_owned),
            count,
            first: Vec::new(),
            last: Vec::new(),
            sha256: String::new(),
        };
        let names = empty.names(words)?;
        let texts = |names: &[Name]| names.iter().map(Name::to_string).collect();
        Ok(Self {
            count: names.len(),
            first: texts(&names[..names.len().min(5)]),
            last: texts(&names[names.len().saturating_sub(2)..]),
            sha256: digest(&names),
            ..empty
        })
    }

    /// Compares the vector with what the generator produces.
    ///
    /// # Errors
    ///
    /// As [`make`](Self::make).
    pub fn check(&self, words: &WordLists) -> Result<Verdict, Error> {
        let names = self.names(words)?;
        if names.len() != self.count {
            return Ok(Verdict::Mismatch(format!("{} names expected, {} made", self.count, names.len())));
        }
        let last = names.len().saturating_sub(self.last.len());
        let expected =
            self.first.iter().enumerate().chain(self.last.iter().zip(last..).map(|(name, index)| (index, name)));
        for (index, expected) in expected {
            match names.get(index) {
                Some(made) if made.as_str() == expected => {}
                Some(made) => {
                    return Ok(Verdict::Mismatch(format!("name {index}: `{expected}` expected, `{made}` made")));
                }
                None => return Ok(Verdict::Mismatch(format!("name {index}: `{expected}` expected, none made"))),
            }
        }
        let sha256 = digest(&names);
        if sha256 != self.sha256 {
            return Ok(Verdict::Mismatch(format!("SHA-256 {} expected, {sha256} made", self.sha256)));
        }
        Ok(Verdict::Match)
    }

    fn names(&self, words: &WordLists) -> Result<Vec<Name>, Error> {
        let selection = Selection { preset: None, variant: Some(self.variant.clone()), params: self.params.clone() };
        let generator = find(&self.family)?.bind(&selection, words)?;
        let at = match &self.date {
            None => DateTime::UNIX_EPOCH,
            Some(date) => moment(date).ok_or_else(|| Error::Parameter {
                family: self.family.clone(),
                parameter: "date".into(),
                reason: format!("`{date}` is neither a date nor an instant"),
            })?,
        };
        generator.first(at, self.count)
    }
}

/// The moment that `text` means: a date (`2021-03-05`, 00:00 UTC) or an instant (`2021-03-05T13:00:00Z`).
pub fn moment(text: &str) -> Option<DateTime<Utc>> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
    date.map(midnight).or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()))
}

fn digest(names: &[Name]) -> String {
    let mut digest = Sha256::new();
    for name in names {
        digest.update(name.as_bytes());
        digest.update(b"\n");
    }
    hex::text(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        assert_eq!(moment("2021-03-05").map(|at| at.timestamp()), Some(1_614_902_400));
        assert_eq!(moment("2021-03-05T13:00:00Z").map(|at| at.timestamp()), Some(1_614_949_200));
        for wrong in ["", "2021-3-5", "2021-02-29", "today", "2021-03-05 13:00"] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_made_matches_and_what_is_changed_does_not() {
        let words = WordLists::none();
        let vector = Vector::make("ozdok", "v1", Parameters::new(), Some("2009-11-05"), 3, &words).expect("a vector");
        assert_eq!((vector.count, vector.first.len(), vector.last.len()), (1, 1, 1));
        assert_eq!(vector.check(&words), Ok(Verdict::Match));
        let other = Vector { date: Some("2009-11-06".into()), ..vector.clone() };
        assert!(matches!(other.check(&words), Ok(Verdict::Mismatch(_))));
        let text = format!("{}\n\nnonsense\n", serde_json::to_string(&vector).expect("JSON"));
        let verdicts: Vec<_> = check(&text, &words).collect();
        assert!(matches!(verdicts.as_slice(), [(1, Verdict::Match), (3, Verdict::Unusable(_))]));
    }
}
