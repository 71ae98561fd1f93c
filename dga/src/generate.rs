//! [`Generate`]: the face that every bound generator shows, whatever its family.

use std::fmt;

use chrono::{DateTime, Datelike, Utc};

use crate::algorithm::Ready;
use crate::error::Error;
use crate::info::Info;
use crate::name::Name;
use crate::schedule::{Period, Schedule};

/// A generator that is ready to make names for any time. Implemented once, for every family.
pub trait Generate: fmt::Debug + Send + Sync {
    /// What the catalogue says about the family.
    fn info(&self) -> &'static Info;

    /// The family's name.
    fn family(&self) -> &'static str {
        self.info().name
    }

    /// The variant's name.
    fn variant(&self) -> &'static str;

    /// The parameters as they were bound, with defaults filled in.
    fn parameters(&self) -> &serde_yaml::Value;

    /// When the list changes.
    fn schedule(&self) -> &Schedule;

    /// The window during which the list that is valid at `at` stays the same; open for families without date.
    ///
    /// # Errors
    ///
    /// [`Error::Date`] where the specification does not define the family.
    fn period(&self, at: DateTime<Utc>) -> Result<Period, Error>;

    /// How many names a list has, where only a setting ends it and more can be asked for.
    fn length(&self) -> Option<usize>;

    /// How many names of the list a bot tries, if it picks them at random; by default it tries all, in order.
    fn tries(&self) -> Option<u32> {
        None
    }

    /// The list that is valid at `at`, to be taken in batches. It goes on beyond [`length`](Self::length) where the
    /// sequence has no end of its own.
    ///
    /// # Errors
    ///
    /// As [`period`](Self::period).
    fn list<'a>(&'a self, at: DateTime<Utc>) -> Result<Box<dyn List + 'a>, Error>;

    /// The first `limit` names (or by default the whole list) for each of several moments, appended to one buffer
    /// each. Faster than one list after the other where names depend on those before them.
    ///
    /// # Errors
    ///
    /// As [`period`](Self::period), for any of the moments.
    ///
    /// # Panics
    ///
    /// There are fewer buffers than moments.
    fn lists(&self, at: &[DateTime<Utc>], limit: Option<usize>, out: &mut [Vec<Name>]) -> Result<(), Error>;

    /// The whole list that is valid at `at`, in the bot's order.
    ///
    /// # Errors
    ///
    /// As [`period`](Self::period).
    fn names(&self, at: DateTime<Utc>) -> Result<Vec<Name>, Error> {
        let mut names = Vec::new();
        self.lists(&[at], None, std::slice::from_mut(&mut names))?;
        Ok(names)
    }

    /// The first `count` names of the list that is valid at `at`; more than the bot's own list where the sequence has
    /// no end of its own, fewer where it has.
    ///
    /// # Errors
    ///
    /// As [`period`](Self::period).
    fn first(&self, at: DateTime<Utc>, count: usize) -> Result<Vec<Name>, Error> {
        let mut names = Vec::new();
        self.lists(&[at], Some(count), std::slice::from_mut(&mut names))?;
        Ok(names)
    }
}

/// A list in the making.
pub trait List: Send {
    /// Appends the next names to `out`, at most `limit`; returns how many. Fewer than `limit` means that the list ends.
    fn fill(&mut self, limit: usize, out: &mut Vec<Name>) -> usize;
}

impl<I: Iterator<Item = Name> + Send> List for I {
    fn fill(&mut self, limit: usize, out: &mut Vec<Name>) -> usize {
        let before = out.len();
        out.extend(self.take(limit));
        out.len() - before
    }
}

/// A generator with what is known about it.
pub(crate) struct Bound<R> {
    pub(crate) info: &'static Info,
    pub(crate) variant: &'static str,
    pub(crate) parameters: serde_yaml::Value,
    pub(crate) schedule: Schedule,
    pub(crate) ready: R,
}

impl<R: Ready> Bound<R> {
    fn check(&self, at: DateTime<Utc>) -> Result<(), Error> {
        let (first, last) = self.info.dates;
        if matches!(self.schedule, Schedule::Always) || (first..=last).contains(&at.year()) {
            return Ok(());
        }
        Err(Error::Date { family: self.info.name, at, first, last })
    }
}

impl<R: Ready> Generate for Bound<R> {
    fn info(&self) -> &'static Info {
        self.info
    }

    fn variant(&self) -> &'static str {
        self.variant
    }

    fn parameters(&self) -> &serde_yaml::Value {
        &self.parameters
    }

    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn period(&self, at: DateTime<Utc>) -> Result<Period, Error> {
        self.check(at)?;
        Ok(self.schedule.period(at))
    }

    fn length(&self) -> Option<usize> {
        self.ready.length()
    }

    fn tries(&self) -> Option<u32> {
        self.ready.tries()
    }

    fn list<'a>(&'a self, at: DateTime<Utc>) -> Result<Box<dyn List + 'a>, Error> {
        self.check(at)?;
        Ok(Box::new(self.ready.names(at)))
    }

    fn lists(&self, at: &[DateTime<Utc>], limit: Option<usize>, out: &mut [Vec<Name>]) -> Result<(), Error> {
        assert!(out.len() >= at.len(), "{} lists need as many buffers, not {}", at.len(), out.len());
        for at in at {
            self.check(*at)?;
        }
        self.ready.lists(at, limit.or(self.ready.length()).unwrap_or(usize::MAX), out);
        Ok(())
    }
}

impl<R> fmt::Debug for Bound<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Generate")
            .field("family", &self.info.name)
            .field("variant", &self.variant)
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}
