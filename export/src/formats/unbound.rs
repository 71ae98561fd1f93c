//! Local zones of Unbound.

use std::io::Write;

use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::garden::Garden;
use crate::shelf::{File, Shelf};
use crate::zone_file::Ttl;

/// Local zones of Unbound.
pub(super) struct Unbound;

const INFO: Info = Info {
    name: "unbound",
    group: Group::Blocking,
    about: "Unbound: a local zone for each name",
    reader: "Unbound (`nodata`, `drop` and `zero` from 1.13.1), pfSense, OPNsense",
    use_it: "Put it into /etc/unbound/unbound.conf.d/ as hydrabane.conf (elsewhere: `include: \
             \"/etc/unbound/hydrabane.conf\"` in unbound.conf); then `unbound-checkconf` and `unbound-control reload`.\n\
             Names below a listed one are blocked with it. For more than some hundred thousand names, or lists that \
             change every day, a policy zone (`export rpz`) is the better form: Unbound loads it while it runs.",
    files: Files::One,
    takes: Takes::Names,
    blocks: true,
    unique: true,
    settings: &[
        Setting {
            key: "policy",
            default: "nxdomain",
            about: "what is answered: `nxdomain`, `nodata`, `refuse`, `drop` (nothing), `zero` (0.0.0.0 and ::), \
                    addresses of a walled garden separated by commas, or its name",
        },
        Setting { key: "ttl", default: "300", about: "for how long a walled garden's answer may be kept, in seconds" },
    ],
    example: "unbound conficker --days 7 -o hydrabane.conf",
};

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    policy: Policy,
    ttl: Ttl,
}

impl Default for Options {
    fn default() -> Self {
        Self { policy: Policy { zone: "always_nxdomain".into(), records: Vec::new() }, ttl: Ttl::DEFAULT }
    }
}

/// The type of each local zone (unbound.conf(5), `local-zone`), and the records at its apex. The types that begin with
/// `always_` hold even where the configuration has data of its own for the name.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Policy {
    zone: String,
    records: Vec<String>,
}

impl TryFrom<String> for Policy {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let zone = match text.as_str() {
            "nxdomain" => "always_nxdomain",
            "nodata" => "always_nodata",
            "refuse" => "always_refuse",
            "drop" => "always_deny",
            "zero" => "always_null",
            _ => {
                let garden = Garden::read(text, "`nxdomain`, `nodata`, `refuse`, `drop`, `zero`")?;
                return Ok(Self { zone: "redirect".into(), records: garden.records() });
            }
        };
        Ok(Self { zone: zone.into(), records: Vec::new() })
    }
}

impl Format for Unbound {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let Options { policy, ttl } = context.settings.read(&INFO)?;
        let mut file = place.open("local-zones.conf")?;
        writeln!(file, "# {}\nserver:", context.head.line())?;
        Ok(Box::new(Zones { file, policy, ttl }))
    }
}

struct Zones {
    file: File,
    policy: Policy,
    ttl: Ttl,
}

impl Export for Zones {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        let Policy { zone, records } = &self.policy;
        writeln!(self.file, "local-zone: \"{}.\" {zone}", row.name)?;
        for record in records {
            writeln!(self.file, "local-data: \"{}. {} {record}\"", row.name, self.ttl)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        Ok(self.file.flush()?)
    }
}
