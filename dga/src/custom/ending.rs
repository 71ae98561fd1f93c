//! Which top-level domain a name gets.

use serde::{Deserialize, Serialize};

use super::core::Source;
use super::field::{Field, Window};
use crate::algorithm::Refusal;
use crate::name::Name;

/// The rule, as it is written.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rule {
    /// They take turns, by the name's place in the list.
    #[default]
    Cycle,
    /// By a draw after those of the label.
    Drawn,
    /// The same for a whole list, by a part of the date.
    Date(Field),
}

impl Rule {
    /// Refuses endings that no host name has, and rules that need a date where there is none.
    pub(crate) fn check(self, tlds: &[String], dated: bool) -> Result<(), Refusal> {
        if let Some(tld) = tlds.iter().find(|tld| !Name::parse(tld).is_some_and(|name| name.is_host_name())) {
            return Err(Refusal::value("tlds", format!("`{tld}` is no ending of host names")));
        }
        match self {
            Self::Date(field) if !field.is_of_the_date() => {
                Err(Refusal::value("tld_rule", format!("`{field}` is no part of the date")))
            }
            Self::Date(field) if !dated => {
                Err(Refusal::value("tld_rule", format!("`{field}` has no value while `schedule` is `always`")))
            }
            _ => Ok(()),
        }
    }

    /// The number of the ending, of which there are `length`.
    #[inline]
    pub(crate) fn choose(self, length: usize, window: Window, index: u64, source: &mut Source) -> usize {
        match self {
            Self::Cycle => (index % length as u64) as usize,
            Self::Drawn => (source.draw() % length as u64) as usize,
            Self::Date(field) => window.number(field, index, 0).rem_euclid(length as i128) as usize,
        }
    }
}
