//! Where an export's files go: an output, or a folder that only appears under its name once it is whole.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use export::Shelf;

use crate::exit::Failure;
use crate::interrupt;
use crate::output::{Output, temporary};

/// Where an export's files go.
pub(crate) enum Place {
    /// One file, or standard output.
    One(Rc<RefCell<Output>>),
    /// A folder.
    Folder(Folder),
}

/// A folder in the making.
pub(crate) struct Folder {
    temporary: PathBuf,
    path: PathBuf,
}

impl Place {
    /// Opens it before the work begins. A folder that is there already must be empty unless it may be replaced.
    pub(crate) fn open(path: Option<&Path>, folder: bool, replace: bool) -> Result<Self, Failure> {
        let (true, Some(path)) = (folder, path) else {
            return Ok(Self::One(Rc::new(RefCell::new(Output::open(path)?))));
        };
        let occupied = match fs::read_dir(path) {
            Ok(mut entries) => entries.next().is_some(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(cannot_write(path, &error)),
        };
        if occupied && !replace {
            return Err(Failure::usage(format_args!("folder `{}` is not empty", path.display()))
                .hint("give another folder, or `--replace`"));
        }
        let temporary = temporary(path);
        fs::create_dir(&temporary).map_err(|error| cannot_write(path, &error))?;
        interrupt::begun(&temporary);
        Ok(Self::Folder(Folder { temporary, path: path.to_owned() }))
    }

    /// Whether somebody sees it grow.
    pub(super) fn is_terminal(&self) -> bool {
        matches!(self, Self::One(output) if output.borrow().is_terminal())
    }

    /// The folder in the making, under its temporary name.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match self {
            Self::One(_) => None,
            Self::Folder(folder) => Some(&folder.temporary),
        }
    }

    /// Gives the file or folder its name.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::One(output) => Rc::into_inner(output).map_or(Ok(()), |output| output.into_inner().finish()),
            Self::Folder(folder) => folder.finish(),
        }
    }
}

impl Folder {
    fn finish(self) -> Result<(), Failure> {
        let Self { temporary, path } = &self;
        let failed = |error: io::Error| cannot_write(path, &error);
        if path.exists() {
            fs::remove_dir_all(path).map_err(failed)?;
        }
        fs::rename(temporary, path).map_err(failed)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // After `finish` the temporary name is gone; before it, half a folder must not stay.
        let _ = fs::remove_dir_all(&self.temporary);
        interrupt::ended(&self.temporary);
    }
}

/// Writes to the one output; a folder has no stream of its own.
impl Write for Place {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::One(output) => output.borrow_mut().write(bytes),
            Self::Folder(_) => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::One(output) => output.borrow_mut().flush(),
            Self::Folder(_) => Ok(()),
        }
    }
}

impl Shelf for Place {
    fn open(&mut self, name: &str) -> io::Result<export::File> {
        match self {
            Self::One(output) => Ok(Box::new(Shared(Rc::clone(output)))),
            Self::Folder(folder) => open_in(&folder.temporary, name),
        }
    }

    fn handle(&self) -> Box<dyn Shelf> {
        match self {
            Self::One(output) => Box::new(Self::One(Rc::clone(output))),
            Self::Folder(folder) => Box::new(Within(folder.temporary.clone())),
        }
    }
}

/// A folder that somebody else finishes.
struct Within(PathBuf);

impl Shelf for Within {
    fn open(&mut self, name: &str) -> io::Result<export::File> {
        open_in(&self.0, name)
    }

    fn handle(&self) -> Box<dyn Shelf> {
        Box::new(Self(self.0.clone()))
    }
}

fn open_in(folder: &Path, name: &str) -> io::Result<export::File> {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    Ok(Box::new(BufWriter::new(File::create_new(path)?)))
}

struct Shared(Rc<RefCell<Output>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

/// A folder within a place.
pub(super) struct Below {
    /// Its name.
    pub(super) folder: &'static str,
    /// The place.
    pub(super) shelf: Box<dyn Shelf>,
}

impl Shelf for Below {
    fn open(&mut self, name: &str) -> io::Result<export::File> {
        self.shelf.open(&format!("{}/{name}", self.folder))
    }

    fn handle(&self) -> Box<dyn Shelf> {
        Box::new(Self { folder: self.folder, shelf: self.shelf.handle() })
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::environment(format_args!("cannot write `{}`: {error}", path.display()))
        .hint("give `-o` a folder in one that exists and that you may write to")
}
