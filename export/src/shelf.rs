//! [`Shelf`]: where a format's files go.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::rc::Rc;

/// An open file of an export.
pub type File = Box<dyn Write>;

/// A place for the files of one export.
pub trait Shelf {
    /// Opens a new file. `name` is a plain file name, or one below folders joined by `/`. A format that writes one file
    /// opens it once; the shelf may give it another name.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    fn open(&mut self, name: &str) -> io::Result<File>;

    /// The same place once more, for formats whose files depend on the names that come.
    fn handle(&self) -> Box<dyn Shelf>;
}

/// Files in memory, by name.
#[derive(Clone, Debug, Default)]
pub struct InMemory(Rc<RefCell<BTreeMap<String, Vec<u8>>>>);

impl InMemory {
    /// The files as they are now.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.0.borrow().clone()
    }
}

impl Shelf for InMemory {
    fn open(&mut self, name: &str) -> io::Result<File> {
        if self.0.borrow_mut().insert(name.to_owned(), Vec::new()).is_some() {
            return Err(io::Error::other(format!("`{name}` is opened twice")));
        }
        Ok(Box::new(InMemoryFile { files: Rc::clone(&self.0), name: name.to_owned() }))
    }

    fn handle(&self) -> Box<dyn Shelf> {
        Box::new(self.clone())
    }
}

struct InMemoryFile {
    files: Rc<RefCell<BTreeMap<String, Vec<u8>>>>,
    name: String,
}

impl Write for InMemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.files.borrow_mut().entry(self.name.clone()).or_default().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
