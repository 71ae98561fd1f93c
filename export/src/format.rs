//! [`Format`]: what a file in `formats/` provides.

use std::fmt;

use name_files::Row;

use crate::context::Context;
use crate::error::Error;
use crate::shelf::Shelf;

/// A hand-over format.
pub trait Format: Sync {
    /// What it is, and who reads it.
    fn info(&self) -> &'static Info;

    /// Begins an export: reads the settings, opens files, writes what stands before the names. It may open more files as
    /// the names come.
    ///
    /// # Errors
    ///
    /// A setting is wrong, or a file cannot be written.
    fn begin<'a>(&self, context: &Context, place: &'a mut dyn Shelf) -> Result<Box<dyn Export + 'a>, Error>;
}

/// An export that has begun.
pub trait Export {
    /// Takes the next name.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error>;

    /// Writes what stands after the names, and everything to its file.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    fn finish(self: Box<Self>) -> Result<(), Error>;
}

/// What a format is, and who reads it.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Its name on the command line: lower case, words joined by hyphens.
    pub name: &'static str,
    /// What it is for.
    pub group: Group,
    /// What it is, in one line.
    pub about: &'static str,
    /// Who reads it: programs with the versions from which they do, or people.
    pub reader: &'static str,
    /// How its files get there, and what else to know; a few lines.
    pub use_it: &'static str,
    /// What it writes.
    pub files: Files,
    /// What it is made from.
    pub takes: Takes,
    /// Whether it cuts people off from names: then a list of names to keep out should be given.
    pub blocks: bool,
    /// Whether its reader refuses a name that stands there twice; the names that it gets are then made unique.
    pub unique: bool,
    /// The settings that `--set KEY=VALUE` takes.
    pub settings: &'static [Setting],
    /// Arguments of `hydrabane export` that make it, as an example.
    pub example: &'static str,
}

/// What a format is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Resolvers and firewalls that stop answers.
    Blocking,
    /// Sensors and log searches that raise alerts.
    Watching,
    /// Platforms on which defenders tell each other.
    Sharing,
    /// Registrars and registries.
    Registering,
}

impl Group {
    /// All groups, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Blocking, Self::Watching, Self::Sharing, Self::Registering];
}

impl fmt::Display for Group {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Blocking => "blocking",
            Self::Watching => "watching",
            Self::Sharing => "sharing",
            Self::Registering => "registering",
        })
    }
}

/// What a format writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// One file, which may also be standard output.
    One,
    /// A folder with several files.
    Folder,
}

/// What a format is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Names; addresses would have no place in it.
    Names,
    /// Names, and addresses of custom name servers where there are any.
    NamesAndAddresses,
    /// Addresses of custom name servers only.
    Addresses,
    /// Processes that betray an infected host.
    Processes,
}

/// A setting of a format.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name.
    pub key: &'static str,
    /// What it is without being set, as it is shown.
    pub default: &'static str,
    /// What it means, with its values and its unit.
    pub about: &'static str,
}
