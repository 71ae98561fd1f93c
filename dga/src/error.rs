//! What can go wrong between a family's name and its list, and what to do about it.

use chrono::{DateTime, SecondsFormat, Utc};

/// A mistake in what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The user gave a name that does not exist: a family, preset, variant or parameter.
    #[error(transparent)]
    Unknown(#[from] Unknown),

    /// A parameter's value has the wrong type or is not allowed.
    #[error("parameter `{parameter}` of family `{family}`: {reason}")]
    Parameter {
        /// The family.
        family: String,
        /// The parameter.
        parameter: String,
        /// What is wrong with its value.
        reason: String,
    },

    /// A parameter that has no default was not given.
    #[error("family `{family}` needs parameter `{parameter}`")]
    MissingParameter {
        /// The family.
        family: String,
        /// The parameter.
        parameter: String,
    },

    /// The parameters are no mapping from names to values.
    #[error("parameters of family `{family}`: {reason}")]
    Parameters {
        /// The family.
        family: String,
        /// What is wrong.
        reason: String,
    },

    /// A preset was asked for together with a variant that is not its own.
    #[error("preset `{preset}` of family `{family}` is of variant `{variant}`, not `{asked}`")]
    PresetVariant {
        /// The family.
        family: String,
        /// The preset.
        preset: String,
        /// The preset's variant.
        variant: String,
        /// The variant that was asked for.
        asked: String,
    },

    /// Only one generator can be made here, but the selection means several.
    #[error("`all` names several presets of family `{family}`, and one is needed here")]
    SeveralPresets {
        /// The family.
        family: String,
    },

    /// The specification does not say what the family does at this time.
    #[error("family `{family}` is defined for the years {first} to {last}, not for {}", at.to_rfc3339_opts(SecondsFormat::Secs, true))]
    Date {
        /// The family.
        family: &'static str,
        /// The moment that was asked for.
        at: DateTime<Utc>,
        /// The first year for which the family is defined.
        first: i32,
        /// The last one.
        last: i32,
    },

    /// A range of time ends before it begins.
    #[error("the range ends ({}) before it begins ({})", until.to_rfc3339_opts(SecondsFormat::Secs, true), from.to_rfc3339_opts(SecondsFormat::Secs, true))]
    EmptyRange {
        /// The beginning.
        from: DateTime<Utc>,
        /// The end.
        until: DateTime<Utc>,
    },

    /// A word list is in none of the places where it was looked for.
    #[error("word list `{id}` (SHA-256 {sha256}) was not found in {}", places(searched))]
    WordListMissing {
        /// The list's identifier, which is its file name without `.txt`.
        id: String,
        /// SHA-256 of the list's file, in lower-case hexadecimal.
        sha256: String,
        /// Where it was looked for.
        searched: Vec<String>,
    },

    /// A word list is not the one that the specification means.
    #[error("word list `{id}` has SHA-256 {found}, but {sha256} is needed")]
    WordListAltered {
        /// The list's identifier.
        id: String,
        /// The SHA-256 that is needed.
        sha256: String,
        /// The SHA-256 of what was found.
        found: String,
    },

    /// A file of presets cannot be read.
    #[error("presets: {reason}")]
    Presets {
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    /// What the user can do about it, as a sentence without full stop.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown(unknown) => Some(unknown.hint()),
            Self::MissingParameter { parameter, .. } => {
                Some(format!("give it, as in `--param {parameter}=…`, or choose a preset with `--preset`"))
            }
            Self::WordListMissing { .. } => Some(
                "word lists are not part of the product; put the file into a folder and name that with `--wordlists`"
                    .into(),
            ),
            Self::WordListAltered { .. } => Some(
                "the order, the number and the spelling of the words decide about every name; get the original file"
                    .into(),
            ),
            Self::SeveralPresets { .. } => Some("name one preset".into()),
            Self::PresetVariant { .. } => Some("leave the variant out, or choose a preset of that variant".into()),
            _ => None,
        }
    }
}

/// A name that does not exist, with those that do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} `{given}`{}", of(family.as_ref()))]
pub struct Unknown {
    /// What kind of thing was named: `family`, `preset`, `variant`, `parameter`.
    pub what: &'static str,
    /// The name that was given.
    pub given: String,
    /// The family whose preset, variant or parameter was meant.
    pub family: Option<String>,
    /// The names that exist.
    pub valid: Vec<String>,
    /// The one that was probably meant.
    pub suggestion: Option<String>,
}

impl Unknown {
    pub(crate) fn new<S: Into<String>>(
        what: &'static str,
        given: &str,
        family: Option<&str>,
        valid: impl IntoIterator<Item = S>,
    ) -> Self {
        let valid: Vec<String> = valid.into_iter().map(Into::into).collect();
        let suggestion = closest(given, &valid).map(str::to_owned);
        Self { what, given: given.to_owned(), family: family.map(str::to_owned), valid, suggestion }
    }

    fn hint(&self) -> String {
        let valid = match self.valid.as_slice() {
            [] => format!("there is no {} to choose from", self.what),
            [only] => format!("the only {} is `{only}`", self.what),
            several => format!("there are {}", several.join(", ")),
        };
        match &self.suggestion {
            Some(suggestion) => format!("did you mean `{suggestion}`? {valid}"),
            None => valid,
        }
    }
}

/// The candidate that `given` most resembles, if it resembles one at all.
fn closest<'a>(given: &str, candidates: &'a [String]) -> Option<&'a str> {
    let given = given.to_lowercase();
    candidates
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(&given, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().max(given.len()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.as_str())
}

fn of(family: Option<&String>) -> String {
    family.map(|family| format!(" of family `{family}`")).unwrap_or_default()
}

fn places(searched: &[String]) -> String {
    if searched.is_empty() { "any folder, as none was named".into() } else { searched.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::Unknown;

    #[test]
    fn suggestions() {
        let unknown = |given| Unknown::new("family", given, None, ["conficker", "ozdok", "ramnit"]).suggestion;
        assert_eq!(unknown("ramnti").as_deref(), Some("ramnit"));
        assert_eq!(unknown("Confiker").as_deref(), Some("conficker"));
        assert_eq!(unknown("zeus"), None);
    }
}
