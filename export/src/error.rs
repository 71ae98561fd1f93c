//! Why an export cannot be made.

use std::io;

use thiserror::Error as ThisError;

/// Why an export cannot be made.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// There is no such format.
    #[error("unknown format `{given}`")]
    Format {
        /// What was asked for.
        given: String,
        /// What was probably meant.
        suggestion: Option<&'static str>,
    },
    /// The format has no such setting, or it cannot have this value.
    #[error("format `{format}`: {reason}")]
    Setting {
        /// The format.
        format: &'static str,
        /// What is wrong, with the setting's name.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// A list of names to keep out does not parse.
    #[error("line {line}: {reason}")]
    KeepOut {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A generator refused.
    #[error(transparent)]
    Generator(#[from] dga::Error),
    /// A file could not be written.
    #[error(transparent)]
    Output(#[from] io::Error),
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Format { suggestion: Some(suggestion), .. } => Some(format!("did you mean `{suggestion}`?")),
            Self::Format { .. } => Some("`hydrabane export list` shows every format".into()),
            Self::Setting { hint, .. } => Some(hint.clone()),
            Self::KeepOut { .. } => Some(
                "one name a line, or a Tranco list with rank and name (`1,example.com`); `#` begins a comment".into(),
            ),
            Self::Generator(error) => error.hint(),
            Self::Output(_) => None,
        }
    }
}
