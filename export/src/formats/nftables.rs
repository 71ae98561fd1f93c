//! Rules of a Linux firewall against custom name servers.

use std::fmt;
use std::io::Write;

use ipnet::IpNet;
use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::name_servers::prefixes;
use crate::shelf::{File, Shelf};

/// Sets and rules for nftables.
pub(super) struct Nftables;

const INFO: Info = Info {
    name: "nftables",
    group: Group::Blocking,
    about: "Linux firewall: sets of custom name servers' addresses, and rules that stop DNS to them",
    reader: "nft from 0.9.2",
    use_it: "On the router: `nft -f hydrabane.nft`. It replaces table `hydrabane` as a whole and nothing else; for every \
             boot add `include \"/etc/nftables.d/hydrabane.nft\"` to /etc/nftables.conf. `nft delete table inet \
             hydrabane` takes it away.\n\
             `nft list table inet hydrabane` shows how often the rules matched; with `--set log=true` the kernel's log \
             has the hosts that asked, which are those to clean.\n\
             Addresses change hands: agree on a day to remove them.",
    files: Files::One,
    takes: Takes::Addresses,
    blocks: false,
    unique: false,
    settings: &[
        Setting { key: "action", default: "drop", about: "`drop`, or `reject` so that bots fail over at once" },
        Setting {
            key: "ports",
            default: "53",
            about: "ports of UDP and TCP that are stopped, separated by commas, or `all` for every protocol",
        },
        Setting { key: "log", default: "false", about: "write packets to the kernel's log, at most ten a second" },
        Setting { key: "table", default: "hydrabane", about: "the table's name" },
    ],
    example: "nftables --address 203.0.113.5 --address 2001:db8::/64 -o hydrabane.nft",
};

/// The port of DNS over UDP and TCP (RFC 1035 §4.2).
const DNS: u16 = 53;

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    action: Action,
    ports: Ports,
    log: bool,
    table: Table,
}

impl Default for Options {
    fn default() -> Self {
        Self { action: Action::Drop, ports: Ports::These(vec![DNS]), log: false, table: Table("hydrabane".into()) }
    }
}

/// What happens to packets.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Action {
    Drop,
    Reject,
}

/// Which ports are stopped.
#[derive(Deserialize)]
#[serde(try_from = "Written")]
enum Ports {
    /// Those of every protocol.
    All,
    /// These, of UDP and TCP.
    These(Vec<u16>),
}

/// Ports as they are written: a single one is a number to YAML.
#[derive(Deserialize)]
#[serde(untagged, expecting = "the ports must be numbers separated by commas, or `all`")]
enum Written {
    Number(u16),
    Text(String),
}

impl TryFrom<Written> for Ports {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let mut ports = match written {
            Written::Text(text) if text == "all" => return Ok(Self::All),
            Written::Number(port) => vec![port],
            Written::Text(text) => {
                let port =
                    |word: &str| word.trim().parse().map_err(|_| format!("`{}` is no port", word.escape_debug()));
                text.split(',').map(port).collect::<Result<_, _>>()?
            }
        };
        if ports.contains(&0) {
            return Err("there is no port 0".into());
        }
        ports.sort_unstable();
        ports.dedup();
        Ok(Self::These(ports))
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::These(ports) = self else { return Ok(()) };
        let ports: Vec<_> = ports.iter().map(ToString::to_string).collect();
        write!(formatter, " meta l4proto {{ tcp, udp }} th dport {{ {} }}", ports.join(", "))
    }
}

/// A table's name: what nft takes without quotes.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Table(String);

impl TryFrom<String> for Table {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let legal = text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
            // NFT_NAME_MAXLEN of the kernel, with the final zero.
            && text.len() < 256;
        if legal { Ok(Self(text)) } else { Err(format!("`{}` is no table's name", text.escape_debug())) }
    }
}

impl Format for Nftables {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let Options { action, ports, log, table: Table(table) } = context.settings.read(&INFO)?;
        // A set refuses prefixes that overlap.
        let prefixes = IpNet::aggregate(&prefixes(context, &INFO)?);
        let (four, six): (Vec<_>, Vec<_>) = prefixes.into_iter().partition(|prefix| matches!(prefix, IpNet::V4(_)));
        let four = Elements(&four);
        let six = Elements(&six);
        let log = if log { "\t\tlimit rate 10/second log prefix \"hydrabane: \"\n" } else { "" };
        let action = match action {
            Action::Drop => "drop",
            Action::Reject => "reject with icmpx admin-prohibited",
        };
        let mut file = place.open("servers.nft")?;
        // The first two lines make one transaction of it: the table is replaced, whether it was there or not.
        write!(
            file,
            "# {head}
table inet {table}
delete table inet {table}

table inet {table} {{
\tset servers4 {{
\t\ttype ipv4_addr
\t\tflags interval
\t\tauto-merge
{four}\t}}

\tset servers6 {{
\t\ttype ipv6_addr
\t\tflags interval
\t\tauto-merge
{six}\t}}

\tchain forward {{
\t\ttype filter hook forward priority filter; policy accept;
\t\tjump look
\t}}

\tchain output {{
\t\ttype filter hook output priority filter; policy accept;
\t\tjump look
\t}}

\tchain look {{
\t\tip daddr @servers4{ports} goto stop
\t\tip6 daddr @servers6{ports} goto stop
\t}}

\tchain stop {{
{log}\t\tcounter {action}
\t}}
}}
",
            head = context.head.line(),
        )?;
        Ok(Box::new(Rules(file)))
    }
}

/// The line of a set that says what it holds.
struct Elements<'a>(&'a [IpNet]);

impl fmt::Display for Elements<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        let elements: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        writeln!(formatter, "\t\telements = {{\n\t\t\t{}\n\t\t}}", elements.join(",\n\t\t\t"))
    }
}

struct Rules(File);

impl Export for Rules {
    fn add(&mut self, _: &Row<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        Ok(self.0.flush()?)
    }
}
