//! Names that a family produces between two days.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use dga::{Range, Selection, WordLists};
use name_files::{Request, Span};

use crate::config::names::{Collected, Full};
use crate::names::TooManyTexts;

/// A rule about a family.
pub(in crate::config) struct Rule<'a> {
    /// The family.
    pub(in crate::config) family: &'a str,
    /// Its presets; without any the first.
    pub(in crate::config) presets: Option<&'a [String]>,
    /// The first day.
    pub(in crate::config) from: NaiveDate,
    /// The last day, which is included.
    pub(in crate::config) to: NaiveDate,
}

/// Why the names of a rule cannot be held.
#[derive(Debug, thiserror::Error)]
pub(in crate::config) enum RuleError {
    /// The family cannot make them.
    #[error(transparent)]
    Family(#[from] dga::Error),
    /// No more names can be held.
    #[error(transparent)]
    Full(#[from] Full),
}

impl RuleError {
    /// What to do about it.
    pub(in crate::config) fn hint(&self) -> Option<String> {
        match self {
            Self::Family(error) => error.hint(),
            Self::Full(_) => None,
        }
    }
}

impl From<TooManyTexts> for RuleError {
    fn from(error: TooManyTexts) -> Self {
        Self::Full(error.into())
    }
}

impl Collected {
    /// Adds the names of a rule. What is no domain name cannot be asked for, and what is a public suffix cannot be
    /// registered: both are left out.
    pub(in crate::config) fn add_rule(&mut self, rule: &Rule<'_>, words: &WordLists) -> Result<(), RuleError> {
        let family = dga::find(rule.family)?;
        let range = Range {
            from: midnight(rule.from),
            until: midnight(rule.to.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)),
            margin: TimeDelta::zero(),
            limit: None,
        };
        let selections: Vec<Selection> = match rule.presets {
            None => vec![Selection::default()],
            Some(presets) => presets
                .iter()
                .map(|preset| Selection { preset: Some(preset.clone()), ..Selection::default() })
                .collect(),
        };
        let mut sources = Vec::new();
        for selection in selections {
            for configuration in family.configurations(&selection, &[])? {
                let generator = family.bind_configuration(&configuration, words)?;
                sources.push((configuration, Arc::clone(&generator)));
            }
        }
        // One thread: the processor's others answer questions meanwhile.
        Request { sources, span: Span::Range(range), count: None }.visit(1, |row| {
            if self.add(row, row.family)?.is_err() {
                self.left_out += 1;
            }
            Ok(())
        })
    }
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
