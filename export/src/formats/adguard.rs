//! Rules of `AdGuard` for DNS filters.

use std::io::Write;

use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::garden::{Garden, record_type};
use crate::shelf::{File, Shelf};

/// Rules of `AdGuard`.
pub(super) struct AdGuard;

const INFO: Info = Info {
    name: "adguard",
    group: Group::Blocking,
    about: "AdGuard's DNS filter rules: `||name^`",
    reader: "AdGuard Home from 0.105, AdGuard DNS, Technitium, other readers of Adblock-style DNS lists",
    use_it: "AdGuard Home: Filters, DNS blocklists, Add blocklist, with the URL or the path of the file (a path must be \
             allowed by `safe_fs_patterns` in AdGuardHome.yaml from 0.107.53 on).\n\
             Names below a listed one are blocked with it. Other readers than AdGuard Home know no other policy than \
             `block`.",
    files: Files::One,
    takes: Takes::Names,
    blocks: true,
    unique: true,
    settings: &[
        Setting {
            key: "policy",
            default: "block",
            about: "what is answered: `block` (as AdGuard's blocking mode says), `nxdomain`, `nodata`, `refused`, \
                    addresses of a walled garden separated by commas, or its name",
        },
        Setting { key: "title", default: "Names of botnets", about: "what the list is called" },
    ],
    example: "adguard conficker ramnit --days 7 -o hydrabane.txt",
};

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    policy: Policy,
    title: Title,
}

impl Default for Options {
    fn default() -> Self {
        Self { policy: Policy(vec![String::new()]), title: Title("Names of botnets".into()) }
    }
}

/// What stands behind each name, a rule each (<https://adguard-dns.io/kb/general/dns-filtering-syntax/#dnsrewrite>).
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Policy(Vec<String>);

impl TryFrom<String> for Policy {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let rewrite = |answer: &str| format!("$dnsrewrite={answer}");
        Ok(Self(match text.as_str() {
            "block" => vec![String::new()],
            "nxdomain" => vec![rewrite("NXDOMAIN;;")],
            "nodata" => vec![rewrite("NOERROR;;")],
            "refused" => vec![rewrite("REFUSED;;")],
            _ => match Garden::read(text, "`block`, `nxdomain`, `nodata`, `refused`")? {
                Garden::Name(name) => vec![rewrite(&format!("NOERROR;CNAME;{name}"))],
                Garden::Addresses(addresses) => addresses
                    .iter()
                    .map(|address| rewrite(&format!("NOERROR;{};{address}", record_type(address))))
                    .collect(),
            },
        }))
    }
}

/// A title of one line.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Title(String);

impl TryFrom<String> for Title {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if text.contains(char::is_control) { Err("the title has a control character") } else { Ok(Self(text)) }
    }
}

impl Format for AdGuard {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let mut file = place.open("filter.txt")?;
        writeln!(file, "! Title: {}", options.title.0)?;
        writeln!(file, "! Description: {}", context.head.line())?;
        Ok(Box::new(Names { file, policy: options.policy }))
    }
}

struct Names {
    file: File,
    policy: Policy,
}

impl Export for Names {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        for behind in &self.policy.0 {
            writeln!(self.file, "||{}^{behind}", row.name)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        Ok(self.file.flush()?)
    }
}
