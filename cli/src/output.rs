//! Where results go: standard output, or a file that only appears under its name once it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::exit::Failure;
use crate::interrupt;

/// A place for results, opened before the work begins.
pub(crate) enum Output {
    /// Standard output.
    Standard(BufWriter<io::Stdout>),
    /// A file, written under a temporary name beside its own.
    File {
        /// The open temporary file.
        writer: BufWriter<File>,
        /// The name it is written under.
        temporary: PathBuf,
        /// The name it gets when it is whole.
        path: PathBuf,
    },
}

impl Output {
    /// Opens `path`, or standard output for `None` and `-`.
    ///
    /// # Errors
    ///
    /// The folder does not exist or may not be written to (exit 3).
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Self::Standard(BufWriter::new(io::stdout())));
        };
        let refused = |reason: &dyn std::fmt::Display| {
            Failure::environment(format_args!("cannot write `{}`: {reason}", path.display()))
                .hint("give `-o` a file in a folder that exists and that you may write to")
        };
        // Found out now rather than when all work is done.
        if path.is_dir() {
            return Err(refused(&"it is a folder"));
        }
        let temporary = temporary(path);
        let file = File::create(&temporary).map_err(|error| refused(&error))?;
        interrupt::begun(&temporary);
        Ok(Self::File { writer: BufWriter::new(file), temporary, path: path.to_owned() })
    }

    /// Whether somebody sees it grow.
    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self, Self::Standard(_)) && io::stdout().is_terminal()
    }

    /// Writes an object as a line of JSON.
    ///
    /// # Errors
    ///
    /// The line cannot be written.
    pub(crate) fn json_line(&mut self, object: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut *self, object)?;
        self.write_all(b"\n")
    }

    /// Ends the output: flushes, and gives a file its name.
    ///
    /// # Errors
    ///
    /// The last bytes could not be written, or the file could not be renamed (exit 3).
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.flush().map_err(|error| Failure::write("the output", &error))?;
        if let Self::File { temporary, path, .. } = &self {
            fs::rename(temporary, path)
                .map_err(|error| Failure::environment(format_args!("cannot write `{}`: {error}", path.display())))?;
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(writer) => writer.write(bytes),
            Self::File { writer, .. } => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(writer) => writer.flush(),
            Self::File { writer, .. } => writer.flush(),
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Self::File { temporary, .. } = self {
            // After `finish` the temporary name is gone; before it, half a file must not stay.
            let _ = fs::remove_file(&*temporary);
            interrupt::ended(temporary);
        }
    }
}

/// The name under which a file or folder is written until it is whole.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    PathBuf::from(name)
}
