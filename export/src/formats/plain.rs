//! Plain lists: one name a line.

use std::io::Write;

use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::shelf::{File, Shelf};

/// One name a line.
pub(super) struct Plain;

const INFO: Info = Info {
    name: "plain",
    group: Group::Blocking,
    about: "one name a line",
    reader: "Pi-hole, Technitium, pfBlockerNG, most firewalls and proxies, scripts",
    use_it: "A comment line says where the names come from; `--set head=false` leaves it out.",
    files: Files::One,
    takes: Takes::Names,
    blocks: true,
    unique: true,
    settings: &[Setting {
        key: "head",
        default: "true",
        about: "begin with a comment line that says where the names come from",
    }],
    example: "plain conficker --days 7 -o conficker.txt",
};

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    head: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { head: true }
    }
}

impl Format for Plain {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let mut file = place.open("names.txt")?;
        if options.head {
            writeln!(file, "# {}", context.head.line())?;
        }
        Ok(Box::new(Names(file)))
    }
}

struct Names(File);

impl Export for Names {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        Ok(writeln!(self.0, "{}", row.name)?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        Ok(self.0.flush()?)
    }
}
