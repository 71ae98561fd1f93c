//! `hydrabane sinkhole export`: every event of one or several stores, each once, in a form that others read.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::PathBuf;
use std::rc::Rc;

use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use sinkhole::event_formats::{self, FORMATS, Format};
use sinkhole::event_pseudonyms::{KeyError, Pseudonyms};

use crate::commands::export::place::Place;
use crate::commands::sinkhole::stores::Stores;
use crate::commands::sinkhole::warn_left_out;
use crate::exit::{Exit, Failure};

/// Arguments of `hydrabane sinkhole export`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = help())]
pub(super) struct Arguments {
    #[command(flatten)]
    stores: Stores,

    /// How to write it.
    #[arg(long, value_name = "FORMAT", default_value = "jsonl", value_parser = format())]
    format: String,

    /// Where to: a file (standard output without it), or a folder for formats of several files.
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// Replace a folder that is there already and not empty.
    #[arg(long)]
    replace: bool,

    /// Give every address a pseudonym, under the key in this file: 32 octets, or 64 hexadecimal digits. Addresses of one
    /// network stay in one network. What bots write about themselves into paths and user agents stays as it is.
    #[arg(long, value_name = "KEYFILE")]
    pseudonymise: Option<PathBuf>,
}

/// The names of all formats.
fn format() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(FORMATS.iter().map(|format| format.info().name))
}

/// What each format is.
fn help() -> String {
    let lines = FORMATS.iter().map(|format| {
        let info = format.info();
        format!("  {:<14} {}\n", info.name, info.about)
    });
    format!("Formats:\n{}", lines.collect::<String>())
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        let failure = Self::usage(&error);
        failure.hint(
            "`head -c 32 /dev/urandom > KEYFILE` makes a key; keep it secret, and use it again for the same partners",
        )
    }
}

/// A stream that the export and this command share.
struct Shared(Rc<RefCell<Place>>);

impl Write for Shared {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let format: &dyn Format = event_formats::find(&arguments.format).ok_or_else(Failure::bug)?;
    let info = format.info();
    if info.is_folder && arguments.output.is_none() {
        let message = format!("`{}` is a folder of files", info.name);
        return Err(Failure::usage(message).hint("give it a place with `-o FOLDER`"));
    }
    let pseudonyms = arguments.pseudonymise.as_deref().map(Pseudonyms::read).transpose()?;
    let mut events = arguments.stores.events()?;
    let place = Place::open(arguments.output.as_deref(), info.is_folder, arguments.replace)?;
    let place = Rc::new(RefCell::new(place));
    let target = match place.borrow().folder() {
        Some(folder) => event_formats::Place::Folder(folder.to_owned()),
        None => event_formats::Place::Stream(Box::new(Shared(Rc::clone(&place)))),
    };
    let failed = |error: io::Error| Failure::write("the events", &error);
    let mut sink = format.begin(target).map_err(failed)?;
    let (mut written, mut without) = (0_u64, 0_u64);
    while let Some(recorded) = events.next_recorded() {
        let mut recorded = recorded?;
        if let Some(pseudonyms) = &pseudonyms {
            pseudonyms.apply(&mut recorded);
        }
        if sink.add(&recorded).map_err(failed)? {
            written += 1;
        } else {
            without += 1;
        }
    }
    sink.finish().map_err(failed)?;
    warn_left_out(&events);
    if let Ok(place) = Rc::try_unwrap(place) {
        place.into_inner().finish()?;
    }
    if without > 0 {
        // Standard error may be closed; there is nobody left to tell.
        let _ = writeln!(
            anstream::stderr().lock(),
            "{written} records are exported; {without} are of kinds that `{}` has no place for",
            info.name
        );
    }
    Ok(Exit::Done)
}
