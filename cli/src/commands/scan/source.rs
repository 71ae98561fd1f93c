//! Where a log comes from, and whether more of it is there already.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::Failure;

/// A pipe that gives less than this at once has given all that is there: a full one holds 64 KiB.
const LITTLE: usize = 1 << 14;

/// A log's octets.
pub(super) struct Source {
    octets: Box<dyn Read + Send>,
    drained: Drained,
}

/// Whether a stream has given all that is there for now.
#[derive(Clone)]
pub(super) struct Drained(Arc<AtomicBool>);

impl Drained {
    /// Whether it is so since the last octets came.
    pub(super) fn is_now(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Source {
    /// Opens a file, or standard input for `-`.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let octets: Box<dyn Read + Send> = if path == Path::new("-") {
            Box::new(io::stdin())
        } else {
            let file = File::open(path)
                .map_err(|error| Failure::usage(format_args!("cannot read `{}`: {error}", path.display())))?;
            Box::new(file)
        };
        Ok(Self { octets, drained: Drained(Arc::default()) })
    }

    /// Tells while the source is read whether it is drained.
    pub(super) fn drained(&self) -> Drained {
        self.drained.clone()
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.octets.read(buffer)?;
        self.drained.0.store((1..LITTLE).contains(&read), Ordering::Relaxed);
        Ok(read)
    }
}
