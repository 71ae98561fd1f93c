//! Hosts files: every name with the address that leads nowhere.

use std::io::Write;
use std::net::Ipv4Addr;

use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::garden::Addresses;
use crate::shelf::{File, Shelf};

/// A hosts file.
pub(super) struct Hosts;

const INFO: Info = Info {
    name: "hosts",
    group: Group::Blocking,
    about: "hosts file: each name with an address that leads nowhere",
    reader: "/etc/hosts, Windows' hosts file, CoreDNS (plugin hosts), dnsmasq (addn-hosts), Pi-hole, router firmware",
    use_it: "One host: append it to /etc/hosts (Windows: C:\\Windows\\System32\\drivers\\etc\\hosts).\n\
             dnsmasq: `addn-hosts=/etc/hydrabane.hosts`; CoreDNS: `hosts /etc/hydrabane.hosts . { fallthrough }`.\n\
             Only the names themselves are blocked, not what lies below them. A host's own file is read for every \
             lookup: tens of thousands of lines slow it down; give larger lists to a resolver.",
    files: Files::One,
    takes: Takes::Names,
    blocks: true,
    unique: true,
    settings: &[Setting {
        key: "addresses",
        default: "0.0.0.0",
        about: "what the names lead to, separated by commas; `0.0.0.0,::` stops IPv6 too",
    }],
    example: "hosts conficker --days 7 --set addresses=0.0.0.0,:: -o hydrabane.hosts",
};

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    addresses: Addresses,
}

impl Default for Options {
    fn default() -> Self {
        // Not 127.0.0.1: nothing answers at 0.0.0.0, while a service of the host's own may answer there.
        Self { addresses: Addresses::one(Ipv4Addr::UNSPECIFIED) }
    }
}

impl Format for Hosts {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let mut file = place.open("hosts.txt")?;
        writeln!(file, "# {}", context.head.line())?;
        Ok(Box::new(Names { file, addresses: options.addresses }))
    }
}

struct Names {
    file: File,
    addresses: Addresses,
}

impl Export for Names {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        for address in self.addresses.iter() {
            writeln!(self.file, "{address} {}", row.name)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        Ok(self.file.flush()?)
    }
}
