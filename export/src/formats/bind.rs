//! Zones of one's own in BIND: a statement for each name, and the master file that they share.

use std::io::Write;

use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::shared_zone::{self, Folder, Policy, SharedZone};
use crate::shelf::{File, Shelf};
use crate::zone_file::Ttl;

/// Zones of BIND.
pub(super) struct Bind;

const INFO: Info = Info {
    name: "bind",
    group: Group::Blocking,
    about: "BIND: a zone of one's own for each name, all with one master file",
    reader: "BIND from 9.8, as resolver or authority",
    use_it: "Put the folder where `folder` says; in named.conf: `include \"/etc/bind/hydrabane/zones.conf\";` (inside \
             the view, if there are views). Then `named-checkconf -z` and `rndc reconfig`.\n\
             Names below a listed one are blocked with it. Each zone takes memory and time at the start: from some \
             thousand names on, a policy zone (`export rpz`) is the better form.",
    files: Files::Folder,
    takes: Takes::Names,
    blocks: true,
    unique: true,
    settings: &[
        shared_zone::POLICY,
        shared_zone::TTL,
        Setting {
            key: "folder",
            default: "/etc/bind/hydrabane",
            about: "the folder on the server, as an absolute path",
        },
    ],
    example: "bind conficker --set policy=192.0.2.53 -o hydrabane",
};

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    policy: Policy,
    ttl: Ttl,
    folder: Folder,
}

impl Default for Options {
    fn default() -> Self {
        Self { policy: Policy::Empty, ttl: Ttl::DEFAULT, folder: Folder::known("/etc/bind/hydrabane") }
    }
}

impl Format for Bind {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let Options { policy, ttl, folder } = context.settings.read(&INFO)?;
        SharedZone { policy: &policy, ttl }.write(context, place)?;
        let mut file = place.open("zones.conf")?;
        writeln!(file, "// {}", context.head.line())?;
        Ok(Box::new(Zones { file, zone_file: folder.zone_file() }))
    }
}

struct Zones {
    file: File,
    zone_file: String,
}

impl Export for Zones {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        // `master` is what every version of BIND reads; nobody else serves these zones, so nobody is notified.
        let zone_file = &self.zone_file;
        Ok(writeln!(self.file, "zone \"{}\" {{ type master; file \"{zone_file}\"; notify no; }};", row.name)?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        Ok(self.file.flush()?)
    }
}
