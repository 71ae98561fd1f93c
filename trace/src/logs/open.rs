//! From a stream of octets to a log of a known format.

use std::io::{self, Read};

use memchr::{memchr, memrchr};

use super::entry::{Damage, Entry, Reason};
use super::format::{Format, Visit};
use super::formats::{self, FORMATS};
use super::input::Input;
use super::settings::Settings;
use super::unpack::{self, Packing};

/// How much of a stream may be looked at to find out what it is. A server's other messages may stand before its first
/// look-up.
const HEAD: usize = 64 * 1024;

/// A log that has been opened.
pub struct Log<'r> {
    input: Input<'r>,
    format: &'static dyn Format,
    packing: Packing,
    settings: Settings,
}

/// Why a stream cannot be read as a log.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The source fails.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The stream is packed, and cannot be unpacked from its beginning.
    #[error("it cannot be unpacked: {0}")]
    Packed(String),
    /// The stream begins as no log that is known.
    #[error("it begins as no log that is known; say what it is with `--input-format`")]
    Unknown,
}

/// Opens a log: unpacks it, and finds out its format if none is given. Of a pipe no more is read than that needs.
///
/// An empty stream is a log without records.
///
/// # Errors
///
/// See [`OpenError`].
pub fn open<'r>(
    source: impl Read + Send + 'r,
    format: Option<&'static dyn Format>,
    settings: &Settings,
) -> Result<Log<'r>, OpenError> {
    let (packing, source) = unpack::unpack(source)?;
    let mut input = Input::new(source);
    let found = match format {
        Some(format) => Some(format),
        None => detect(&mut input, settings),
    };
    let format = match found {
        Some(format) => format,
        None => match input.more() {
            Err(error) => return Err(complaint(error)),
            Ok(_) if input.available().is_empty() => formats::fallback(),
            Ok(_) => return Err(OpenError::Unknown),
        },
    };
    Ok(Log { input, format, packing, settings: settings.clone() })
}

/// What a failure at the beginning of a stream means.
fn complaint(error: io::Error) -> OpenError {
    match unpack::complaint(error) {
        Ok(message) => OpenError::Packed(message),
        Err(error) => OpenError::Io(unpack::own(error)),
    }
}

impl Log<'_> {
    /// What it is.
    pub fn format(&self) -> &'static dyn Format {
        self.format
    }

    /// How it is packed.
    pub fn packing(&self) -> Packing {
        self.packing
    }

    /// Visits every record, until the log ends or the visitor has enough.
    ///
    /// # Errors
    ///
    /// The source fails. A packed stream that is damaged is told to the visitor.
    pub fn read(mut self, visit: &mut Visit<'_>) -> io::Result<()> {
        match self.format.read(&mut self.input, &self.settings, visit) {
            Ok(()) => Ok(()),
            Err(error) => {
                let message = unpack::complaint(error).map_err(unpack::own)?;
                let offset = self.input.offset();
                let _ = visit(Entry::Damaged(Damage { offset, reason: Reason::Packed(message) }));
                Ok(())
            }
        }
    }
}

/// The format of a stream, by its head.
fn detect(input: &mut Input<'_>, settings: &Settings) -> Option<&'static dyn Format> {
    let mut looked_at = 0;
    loop {
        let more = input.available().len() < HEAD && input.more_for_now();
        let head = input.available();
        let whole_lines = match memrchr(b'\n', head) {
            Some(end) => &head[..=end],
            None => &[],
        };
        let lines = match (is_binary(head), more) {
            (true, _) => &[],
            (false, true) => whole_lines,
            (false, false) => head,
        };
        // Nothing new to say while a line grows.
        if !more || lines.len() > looked_at || is_binary(head) {
            looked_at = lines.len();
            let detects = |format: &&&dyn Format| format.detects(if format.info().text { lines } else { head });
            let found = FORMATS.iter().find(detects).copied();
            let found = match found {
                // Where there is a column, there is a table.
                Some(format) if settings.name.is_none() || !formats::is_list(format) => Some(format),
                found if settings.name.is_some() => formats::table(lines).or(found),
                found => found,
            };
            if found.is_some() {
                return found;
            }
        }
        if !more {
            return None;
        }
    }
}

/// Whether this is no text: all binary formats have a zero among their first octets.
fn is_binary(head: &[u8]) -> bool {
    memchr(0, &head[..head.len().min(32)]).is_some()
}
