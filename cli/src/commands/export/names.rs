//! Where an export's names come from.

use std::cell::RefCell;
use std::io;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use dga::moment;
use name_files::{Form, Head, Request, Row, Span, read};
use rustc_hash::FxHashSet;

use super::{Arguments, Work};
use crate::exit::Failure;
use crate::span;

/// Where an export's names come from.
pub(super) enum Names {
    /// They are made from families and dates.
    Made(Request),
    /// They are read from a file.
    Read(Box<Input>),
    /// There are none: the format is made from something else.
    None(DateTime<Utc>),
}

/// A file of names that has been opened.
pub(super) struct Input {
    /// What the user calls it.
    name: String,
    /// Which tool wrote it, from what.
    head: Option<Head>,
    /// For when the export is made.
    at: DateTime<Utc>,
    /// Its names, until they have been visited.
    names: RefCell<Option<read::Names>>,
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
        if let Some(path) = &arguments.input {
            return Input::open(path, arguments, now).map(|input| Self::Read(Box::new(input)));
        }
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
            Self::Read(input) => input.at,
            Self::None(at) => *at,
        }
    }

    /// About how many there are, as far as it is known.
    pub(super) fn about(&self) -> u64 {
        match self {
            Self::Made(request) => request.about().unwrap_or(0),
            Self::Read(_) | Self::None(_) => 0,
        }
    }

    /// The arguments that decide about them.
    pub(super) fn described(&self, arguments: &Arguments) -> String {
        match self {
            Self::Made(request) => arguments.request.described(&request.span),
            Self::Read(input) => input.described(arguments.label.as_deref()),
            Self::None(_) => String::new(),
        }
    }

    /// Visits every name in order.
    pub(super) fn visit(
        &self,
        threads: usize,
        visit: &mut dyn FnMut(&Row<'_>) -> Result<(), export::Error>,
    ) -> Result<(), Failure> {
        match self {
            Self::Made(request) => Ok(request.visit::<export::Error>(threads, visit)?),
            Self::Read(input) => input.visit(visit),
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

impl Input {
    fn open(path: &Path, arguments: &Arguments, now: DateTime<Utc>) -> Result<Self, Failure> {
        let (name, names) = if path == Path::new("-") {
            ("standard input".to_owned(), read::stream(io::stdin()))
        } else {
            (path.display().to_string(), read::open(path))
        };
        let mut names = names.map_err(|error| refused(&name, &error))?;
        if let Some(label) = &arguments.label {
            if names.form() != Form::Lines {
                return Err(Failure::usage(format_args!("`{name}` says itself of which families its names are"))
                    .hint("leave `--label` out; it is for plain lists"));
            }
            names = names.labelled(label);
        }
        let head = names.head().cloned();
        let made_for = head.as_ref().and_then(|head| beginning(&head.arguments));
        let today = arguments.request.request(now)?.span.begin();
        let at = arguments.request.span.date(now)?.or(made_for).unwrap_or(today);
        Ok(Self { name, head, at, names: RefCell::new(Some(names)) })
    }

    /// The arguments that decide about the names, and where the file says its names come from.
    fn described(&self, label: Option<&str>) -> String {
        let mut words = vec![format!("--input {}", self.name)];
        words.extend(label.map(|label| format!("--label {label}")));
        words.push(format!("--date {}", name_files::written(self.at)));
        words.extend(self.head.as_ref().map(|head| format!("({})", head.line())));
        words.join(" ")
    }

    fn visit(&self, visit: &mut dyn FnMut(&Row<'_>) -> Result<(), export::Error>) -> Result<(), Failure> {
        // A stream can be read once; whoever needs its names twice is refused with the arguments.
        let Some(names) = self.names.take() else { return Err(Failure::bug()) };
        let visited: Result<(), Stopped> = names.visit(&mut |row| visit(row).map_err(Stopped::Export));
        visited.map_err(|stopped| match stopped {
            Stopped::Read(error) => refused(&self.name, &error),
            Stopped::Export(error) => error.into(),
        })
    }
}

/// Why not all names of a file were visited.
enum Stopped {
    Read(read::Error),
    Export(export::Error),
}

impl From<read::Error> for Stopped {
    fn from(error: read::Error) -> Self {
        Self::Read(error)
    }
}

fn refused(name: &str, error: &read::Error) -> Failure {
    let failure = match error {
        read::Error::Input(error) => Failure::usage(format_args!("cannot read `{name}`: {error}")),
        error => Failure::usage(format_args!("`{name}`: {error}")),
    };
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// The beginning of the time for which a file was made, as its head says it.
fn beginning(arguments: &str) -> Option<DateTime<Utc>> {
    let mut words = arguments.split(' ');
    words.find(|word| matches!(*word, "--from" | "--date"))?;
    moment(words.next()?)
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
