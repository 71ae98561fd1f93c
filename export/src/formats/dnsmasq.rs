//! dnsmasq's lines for names that it does not pass on.

use std::io::Write;

use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::garden::Addresses;
use crate::shelf::{File, Shelf};

/// dnsmasq's lines.
pub(super) struct Dnsmasq;

const INFO: Info = Info {
    name: "dnsmasq",
    group: Group::Blocking,
    about: "dnsmasq: a line for each name",
    reader: "dnsmasq (from 2.86 it finds names fast in long lists), OpenWrt, Pi-hole",
    use_it: "Put it into /etc/dnsmasq.d/ as hydrabane.conf (elsewhere: `conf-file=/etc/hydrabane.conf`); then `dnsmasq \
             --test` and a restart: a reload does not read it.\n\
             Names below a listed one are blocked with it.",
    files: Files::One,
    takes: Takes::Names,
    blocks: true,
    unique: true,
    settings: &[Setting {
        key: "policy",
        default: "nxdomain",
        about: "what is answered: `nxdomain`, `zero` (0.0.0.0 and ::), or addresses separated by commas",
    }],
    example: "dnsmasq conficker --days 7 -o hydrabane.conf",
};

/// The longest part of a comment. dnsmasq reads at most 1,024 bytes of a line (`MAXDNAME`) and takes what follows for a
/// line of its own.
const COMMENT: usize = 500;

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    policy: Policy,
}

impl Default for Options {
    fn default() -> Self {
        Self { policy: Policy::nxdomain() }
    }
}

/// What stands behind each name in `address=/name/`, a line each (dnsmasq(8), `--address`).
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Policy(Vec<String>);

impl Policy {
    fn nxdomain() -> Self {
        Self(vec![String::new()])
    }
}

impl TryFrom<String> for Policy {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "nxdomain" => Ok(Self::nxdomain()),
            "zero" => Ok(Self(vec!["#".into()])),
            _ => {
                let addresses = Addresses::try_from(text);
                let addresses = addresses.map_err(|why| format!("{why}, nor one of `nxdomain`, `zero`"))?;
                Ok(Self(addresses.iter().map(|address| address.to_string()).collect()))
            }
        }
    }
}

impl Format for Dnsmasq {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let mut file = place.open("dnsmasq.conf")?;
        let mut rest = context.head.line();
        while !rest.is_empty() {
            let end = (0..=rest.len().min(COMMENT)).rev().find(|end| rest.is_char_boundary(*end)).unwrap_or(0);
            let after = rest.split_off(end);
            writeln!(file, "# {rest}")?;
            rest = after;
        }
        Ok(Box::new(Names { file, policy: options.policy }))
    }
}

struct Names {
    file: File,
    policy: Policy,
}

impl Export for Names {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        for answer in &self.policy.0 {
            writeln!(self.file, "address=/{}/{answer}", row.name)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        Ok(self.file.flush()?)
    }
}
