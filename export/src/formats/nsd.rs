//! Zones of one's own in NSD: an entry for each name, and the master file that they share.

use std::io::Write;

use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::shared_zone::{self, Folder, Policy, SharedZone};
use crate::shelf::{File, Shelf};
use crate::zone_file::Ttl;

/// Zones of NSD.
pub(super) struct Nsd;

const INFO: Info = Info {
    name: "nsd",
    group: Group::Blocking,
    about: "NSD: a zone of one's own for each name, all with one master file",
    reader: "NSD from 4.0",
    use_it: "Put the folder where `folder` says; in nsd.conf: `include: \"/etc/nsd/hydrabane/zones.conf\"`. Then \
             `nsd-checkconf` and `nsd-control reconfig`.\n\
             NSD only answers for zones: it blocks where names are delegated to it, or where a resolver sends their \
             questions to it.\n\
             Names below a listed one are answered with it.",
    files: Files::Folder,
    takes: Takes::Names,
    blocks: true,
    unique: true,
    settings: &[
        shared_zone::POLICY,
        shared_zone::TTL,
        Setting {
            key: "folder",
            default: "/etc/nsd/hydrabane",
            about: "the folder on the server, as an absolute path",
        },
    ],
    example: "nsd conficker --set policy=192.0.2.53 -o hydrabane",
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
        Self { policy: Policy::Empty, ttl: Ttl::DEFAULT, folder: Folder::known("/etc/nsd/hydrabane") }
    }
}

impl Format for Nsd {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let Options { policy, ttl, folder } = context.settings.read(&INFO)?;
        SharedZone { policy: &policy, ttl }.write(context, place)?;
        let mut file = place.open("zones.conf")?;
        writeln!(file, "# {}", context.head.line())?;
        // Every zone takes its master file from this pattern.
        writeln!(file, "pattern:\n  name: \"hydrabane\"\n  zonefile: \"{}\"", folder.zone_file())?;
        Ok(Box::new(Zones(file)))
    }
}

struct Zones(File);

impl Export for Zones {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        Ok(writeln!(self.0, "zone:\n  name: \"{}\"\n  include-pattern: \"hydrabane\"", row.name)?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        Ok(self.0.flush()?)
    }
}
