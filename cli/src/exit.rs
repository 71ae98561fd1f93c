//! Exit codes, and failures on their way to one.

use std::fmt::Display;
use std::io;
use std::process::ExitCode;

/// How a command ended, as the shell sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The work is done.
    Done = 0,
    /// The answer is no: an expectation failed, a vector mismatched.
    No = 1,
    /// Wrong use, or a bad file.
    Usage = 2,
    /// The environment does not allow it: a port is taken, a permission is missing, the disk is full.
    Environment = 3,
    /// Interrupted; what is kept was said.
    Interrupted = 4,
    /// A bug of ours.
    Bug = 70,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A command that could not do its work: what to say, and the exit code.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    hint: Option<String>,
}

impl Failure {
    /// Wrong use, or a bad file (exit 2).
    pub(crate) fn usage(message: impl Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The environment does not allow it (exit 3).
    pub(crate) fn environment(message: impl Display) -> Self {
        Self::new(Exit::Environment, message)
    }

    /// A bug of ours (exit 70).
    pub(crate) fn bug() -> Self {
        Self::new(Exit::Bug, "this is a bug in hydrabane, not in what you gave it").hint(
            "please report the lines above with the command and its files, as SECURITY.md or CONTRIBUTING.md says",
        )
    }

    fn new(exit: Exit, message: impl Display) -> Self {
        Self { exit, message: message.to_string(), hint: None }
    }

    /// The same failure with what to do about it.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    /// A write to standard output or to a file failed. A reader that went away is no failure.
    pub(crate) fn write(what: &str, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { exit: Exit::Done, message: String::new(), hint: None };
        }
        Self::environment(format_args!("cannot write {what}: {error}"))
    }

    /// Says on standard error what happened; returns the code to end with.
    pub(crate) fn report(self) -> Exit {
        use std::io::Write;
        if !self.message.is_empty() {
            let red = anstyle::AnsiColor::Red.on_default().bold();
            let cyan = anstyle::AnsiColor::Cyan.on_default().bold();
            let mut stderr = anstream::stderr().lock();
            // Standard error may be closed; there is nobody left to tell.
            let _ = writeln!(stderr, "{red}error{red:#}: {}", self.message.trim_end());
            if let Some(hint) = &self.hint {
                let _ = writeln!(stderr, "{cyan}hint{cyan:#}: {hint}");
            }
        }
        self.exit
    }
}

/// Prints what clap has to say (help, version, or a mistake) and gives its exit code.
pub(crate) fn of_clap(error: &clap::Error) -> ExitCode {
    // Standard output may be a closed pipe, which is no failure.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage.into() } else { Exit::Done.into() }
}
