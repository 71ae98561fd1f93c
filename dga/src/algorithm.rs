//! What a family file provides: parameters that can be bound, and the names that come out.

use std::fmt::Debug;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::info::Info;
use crate::name::Name;
use crate::parameter::Parameters;
use crate::schedule::Schedule;
use crate::search::{Quest, Sought};
use crate::words::{WordListId, WordLists};

/// A family's generator before it is bound: the type that implements it holds the parameters, as they are written in
/// presets, scenarios, vectors and on command lines.
pub trait Algorithm: DeserializeOwned + Serialize + Debug + Send + Sync + 'static {
    /// What the catalogue says about the family.
    const INFO: Info;

    /// What of the family can be found from captured names, the most usual first; nothing by default.
    const QUESTS: &'static [Quest] = &[];

    /// When the list changes; may depend on the parameters.
    fn schedule(&self) -> Schedule;

    /// The word lists that these parameters need.
    fn word_lists(&self) -> Vec<WordListId> {
        Vec::new()
    }

    /// Checks the parameters and computes what does not depend on the time.
    ///
    /// # Errors
    ///
    /// A parameter has a value that the specification does not allow, or a word list is missing.
    fn bind(self, words: &WordLists) -> Result<impl Ready, Refusal>;

    /// A search for what one of [`QUESTS`](Self::QUESTS) says, in the lists that are valid at `at`. All other parameters
    /// are as they are here.
    ///
    /// # Errors
    ///
    /// As [`bind`](Self::bind).
    fn seek(self, quest: &'static Quest, _at: DateTime<Utc>, _words: &WordLists) -> Sought {
        Err(Refusal::value(quest.parameter(), "this family has no search"))
    }

    /// After how many places the list uses its zones as at the beginning again, where these follow the place; 1 where a
    /// list that begins later uses them just so.
    fn turns(&self) -> usize {
        1
    }

    /// What else of the parameters differs, apart from what is sought, where the list begins so many places later.
    fn turned(&self, _places: usize) -> Parameters {
        Parameters::new()
    }
}

/// A bound generator: whatever can be known without the time is known.
pub trait Ready: Send + Sync + 'static {
    /// The names of the list that is valid at `at`, in the bot's order. Where the sequence has no end of its own, it
    /// goes on beyond [`length`](Self::length).
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_;

    /// How many names the bot's list has, if only a setting ends it; `None` where [`names`](Self::names) ends by
    /// itself.
    fn length(&self) -> Option<usize> {
        None
    }

    /// How many names of the list a bot tries, if it picks them at random; by default it tries all, in order.
    fn tries(&self) -> Option<u32> {
        None
    }

    /// The first `limit` names of the lists of several moments, appended to one buffer each. Generators in which each
    /// name waits for the one before override this and make several lists side by side.
    fn lists(&self, at: &[DateTime<Utc>], limit: usize, out: &mut [Vec<Name>]) {
        for (at, out) in at.iter().zip(out) {
            out.extend(self.names(*at).take(limit));
        }
    }
}

/// Why parameters cannot be bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A parameter's value is not allowed.
    Value {
        /// The parameter.
        parameter: &'static str,
        /// What is wrong with its value.
        reason: String,
    },
    /// A parameter is needed that was not given.
    Missing(&'static str),
    /// A word list is missing or altered.
    Words(Error),
}

impl Refusal {
    /// A refusal of one parameter's value.
    pub fn value(parameter: &'static str, reason: impl Into<String>) -> Self {
        Self::Value { parameter, reason: reason.into() }
    }

    /// Refuses a parameter's text unless it is ASCII.
    pub(crate) fn unless_ascii(parameter: &'static str, text: &str) -> Result<(), Self> {
        if text.is_ascii() { Ok(()) } else { Err(Self::value(parameter, "only ASCII characters are possible")) }
    }

    pub(crate) fn of(self, family: &str) -> Error {
        let family = family.to_owned();
        match self {
            Self::Value { parameter, reason } => Error::Parameter { family, parameter: parameter.into(), reason },
            Self::Missing(parameter) => Error::MissingParameter { family, parameter: parameter.into() },
            Self::Words(error) => error,
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Words(error)
    }
}
