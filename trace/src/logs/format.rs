//! What a format of logs is.

use std::io;
use std::ops::ControlFlow;

use super::entry::Entry;
use super::input::Input;
use super::settings::Settings;

/// Takes one record; says whether to go on.
pub type Visit<'v> = dyn FnMut(Entry<'_>) -> ControlFlow<()> + 'v;

/// A format of logs.
pub trait Format: Sync {
    /// What it is called, and what it is.
    fn info(&self) -> &'static Info;

    /// Whether a stream that begins so is of this format. Of what one program wrote, no two of
    /// [`FORMATS`](super::FORMATS) say so; of a syslog of several programs, the first that says so has it.
    ///
    /// Formats of text are given whole lines.
    fn detects(&self, head: &[u8]) -> bool;

    /// Visits every record of a stream, until it ends or the visitor has enough.
    ///
    /// # Errors
    ///
    /// The source fails. What is wrong with a record is told to the visitor.
    fn read(&self, input: &mut Input<'_>, settings: &Settings, visit: &mut Visit<'_>) -> io::Result<()>;
}

/// What a format is called.
#[derive(Debug)]
pub struct Info {
    /// Its name for `--input-format`.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// Whether it consists of lines.
    pub text: bool,
}

/// A visitor that is watched, for what is to be told at the end of a stream if it has not had enough before.
pub(super) struct Watched<'w, 'v> {
    /// The visitor.
    pub(super) visit: &'w mut Visit<'v>,
    /// Whether it has had enough.
    pub(super) has_enough: bool,
}

impl Watched<'_, '_> {
    /// Visits.
    pub(super) fn visit(&mut self, entry: Entry<'_>) -> ControlFlow<()> {
        let flow = (self.visit)(entry);
        self.has_enough = flow.is_break();
        flow
    }
}
