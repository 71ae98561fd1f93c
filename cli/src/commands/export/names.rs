//! Where an export's names come from.

use chrono::{DateTime, TimeDelta, Utc};
use name_files::{Request, Row, Span};
use rustc_hash::FxHashSet;

use super::{Arguments, Work};
use crate::exit::Failure;
use crate::span;

/// Where an export's names come from.
pub(super) enum Names {
    /// They are made from families and dates.
    Made(Request),
    /// There are none: the format is made from something else.
    None(DateTime<Utc>),
}

/// Names, to tell which of them are new.
pub(super) struct Set(FxHashSet<Box<str>>);

impl Set {
    /// Whether it has this name, as a bot writes it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

impl Names {
    /// What the arguments mean if it is `now`.
    pub(super) fn of(arguments: &Arguments, now: DateTime<Utc>) -> Result<Self, Failure> {
        let request = arguments.request.request(now)?;
        Ok(if arguments.has_names() { Self::Made(request) } else { Self::None(request.span.begin()) })
    }

    /// The same names for an earlier day: a range is moved as a whole.
    pub(super) fn since(&self, arguments: &Arguments, day: &str) -> Result<Self, Failure> {
        let Self::Made(request) = self else {
            return Err(Failure::usage("`--since` compares names that are made from families and dates"));
        };
        let begin = span::parse("since", day, request.span.begin())?;
        if begin >= request.span.begin() {
            return Err(Failure::usage("`--since` must be a day before that of the names"));
        }
        let moved = moved(request.span, begin - request.span.begin())
            .ok_or_else(|| Failure::usage("`--since` lies before all calendars"))?;
        Ok(Self::Made(arguments.request.request_for(moved)?))
    }

    /// Whether there are none by design.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::None(_))
    }

    /// The moment for which they are made, or its beginning.
    pub(super) fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Made(request) => request.span.begin(),
            Self::None(at) => *at,
        }
    }

    /// About how many there are, as far as it is known.
    pub(super) fn about(&self) -> u64 {
        match self {
            Self::Made(request) => request.about().unwrap_or(0),
            Self::None(_) => 0,
        }
    }

    /// The arguments that decide about them.
    pub(super) fn described(&self, arguments: &Arguments) -> String {
        match self {
            Self::Made(request) => arguments.request.described(&request.span),
            Self::None(_) => String::new(),
        }
    }

    /// Visits every name in order.
    pub(super) fn visit(
        &self,
        threads: usize,
        visit: &mut dyn FnMut(&Row<'_>) -> Result<(), export::Error>,
    ) -> Result<(), export::Error> {
        match self {
            Self::Made(request) => request.visit(threads, visit),
            Self::None(_) => Ok(()),
        }
    }

    /// All names at once.
    pub(super) fn set(&self, work: &Work<'_>) -> Result<Set, Failure> {
        let mut set = FxHashSet::default();
        self.visit(work.threads, &mut |row| {
            set.insert(row.name.into());
            Ok(())
        })?;
        Ok(Set(set))
    }
}

fn moved(span: Span, by: TimeDelta) -> Option<Span> {
    Some(match span {
        Span::Moment { at, margin } => Span::Moment { at: at.checked_add_signed(by)?, margin },
        Span::Range(range) => Span::Range(dga::Range {
            from: range.from.checked_add_signed(by)?,
            until: range.until.checked_add_signed(by)?,
            ..range
        }),
    })
}
