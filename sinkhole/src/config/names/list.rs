//! Names of a file: a plain list, or a table whose rows say of which family, preset and period they are.

use std::path::Path;

use name_files::read::{self, Error};

use crate::config::Problem;
use crate::config::names::{Collected, Objection};
use crate::names::TooManyTexts;

/// Problems of one list that are told; the rest is only counted.
const TOLD: u64 = 10;

/// Why a list was not read to its end.
enum Stopped {
    /// What is wrong with the file.
    Read(Error),
    /// No more texts.
    Texts(TooManyTexts),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Read(error)
    }
}

impl Collected {
    /// Adds the names of the file at `path`, all under `family` if it is given. What is wrong in it becomes problems.
    pub(in crate::config) fn add_list(&mut self, path: &Path, family: Option<&str>) -> Vec<Problem> {
        let mut wrong = Wrong { path, problems: Vec::new(), more: 0 };
        let names = match read::open_any(path) {
            Ok(names) => names,
            Err(error) => {
                wrong.with_file(&error);
                return wrong.problems;
            }
        };
        // What the generators make is taken as it is, but for what nobody can register.
        let is_made = names.head().is_some();
        let mut without_family = None;
        let visited = names.visit_each(&mut |place, row| {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    wrong.with_row(place, &error);
                    return Ok(());
                }
            };
            let label = family.unwrap_or(row.family);
            if label.is_empty() && without_family.is_none() {
                without_family = Some(place);
            }
            match self.add(&row, label).map_err(Stopped::Texts)? {
                Ok(()) => {}
                Err(_) if is_made => self.left_out += 1,
                Err(objection) => wrong.with_name(place, row.name, &objection),
            }
            Ok(())
        });
        match visited {
            Ok(()) => {}
            Err(Stopped::Read(error)) => wrong.with_file(&error),
            Err(Stopped::Texts(error)) => wrong.tell(None, error.to_string(), None),
        }
        if let Some(place) = without_family {
            let hint = "give the list a `family` in the configuration";
            wrong.tell(Some(place), "nothing says of which family the name is".into(), Some(hint));
        }
        if wrong.more > 0 {
            let message = format!("{} more lines are no names", wrong.more);
            wrong.tell(None, message, None);
        }
        wrong.problems
    }
}

/// What is wrong with a list.
struct Wrong<'a> {
    path: &'a Path,
    problems: Vec<Problem>,
    /// How many more there are than are told.
    more: u64,
}

impl Wrong<'_> {
    fn tell(&mut self, place: Option<u64>, message: String, hint: Option<&str>) {
        self.problems.push(Problem {
            file: self.path.to_owned(),
            place: place.map(|line| (line as usize, 1)),
            message,
            hint: hint.map(str::to_owned),
        });
    }

    /// Whether one more is told; else it is counted.
    fn is_told(&mut self) -> bool {
        let told = (self.problems.len() as u64) < TOLD;
        self.more += u64::from(!told);
        told
    }

    /// The file cannot be read, or not further.
    fn with_file(&mut self, error: &Error) {
        match error {
            Error::Input(error) => self.tell(None, format!("cannot be read: {error}"), None),
            Error::Line { line, reason, hint } => self.tell(Some(*line), reason.clone(), Some(hint)),
            error => self.tell(None, error.to_string(), error.hint()),
        }
    }

    /// A row cannot be read.
    fn with_row(&mut self, place: u64, error: &Error) {
        if self.is_told() {
            match error {
                Error::Line { .. } => self.with_file(error),
                Error::Row { reason, .. } => self.tell(Some(place), reason.clone(), error.hint()),
                error => self.tell(Some(place), error.to_string(), error.hint()),
            }
        }
    }

    /// A name is not held.
    fn with_name(&mut self, place: u64, name: &str, objection: &Objection) {
        if self.is_told() {
            let spelled = name.escape_debug();
            match objection {
                Objection::NoName(error) => self.tell(Some(place), format!("`{spelled}`: {error}"), None),
                Objection::PublicSuffix => {
                    let message = format!("`{spelled}` is a public suffix: holding it would take names of strangers");
                    let hint = "hold the names below it that the botnet uses; see publicsuffix.org";
                    self.tell(Some(place), message, Some(hint));
                }
            }
        }
    }
}
