//! Response policy zones: rules for resolvers in the form of a zone, which can be transferred like one.

use std::io::Write;

use name_files::Row;
use serde::Deserialize;

use crate::context::Context;
use crate::error::Error;
use crate::format::{Export, Files, Format, Group, Info, Setting, Takes};
use crate::garden::Garden;
use crate::name_servers::{prefixes, trigger};
use crate::shelf::{File, Shelf};
use crate::zone_file::{Start, Ttl, ZoneName, serial};

/// A response policy zone.
pub(super) struct Rpz;

const INFO: Info = Info {
    name: "rpz",
    group: Group::Blocking,
    about: "response policy zone, with triggers for custom name servers' addresses",
    reader: "BIND from 9.8 (`drop` and `tcp-only` from 9.10), Unbound from 1.14 (names from 1.10), Knot Resolver, PowerDNS Recursor, Infoblox and others",
    use_it: "BIND: `response-policy { zone \"rpz.hydrabane\"; };` in `options`, and \
             `zone \"rpz.hydrabane\" { type primary; file \"/etc/bind/rpz.hydrabane\"; allow-query { none; }; };`. \
             Clients that ask for signatures are spared unless `break-dnssec yes` stands behind the zone.\n\
             Unbound: `module-config: \"respip validator iterator\"` in `server:`, then `rpz:` with \
             `name: rpz.hydrabane` and `zonefile: /etc/unbound/rpz.hydrabane`.\n\
             An `--address` stops names that resolve to it (rpz-ip) and names that are served there (rpz-nsip). What a \
             bot asks its own server directly passes no resolver: `export nftables` stops that.\n\
             When the list is made anew for the same hour, give secondaries a higher serial.",
    files: Files::One,
    takes: Takes::NamesAndAddresses,
    blocks: true,
    unique: true,
    settings: &[
        Setting {
            key: "policy",
            default: "nxdomain",
            about: "what is answered: `nxdomain`, `nodata`, `drop` (nothing), `passthru` (the truth: an allow-list), \
                    `tcp-only` (ask again over TCP), addresses of a walled garden separated by commas, or its name",
        },
        Setting { key: "wildcards", default: "true", about: "block what lies below the names, too" },
        Setting {
            key: "zone",
            default: "rpz.hydrabane",
            about: "the zone's name, as the resolver's configuration has it",
        },
        Setting { key: "ttl", default: "300", about: "for how long an answer may be kept, in seconds" },
        Setting { key: "serial", default: "<YYYYMMDDHH of the date>", about: "the zone's serial, a number" },
    ],
    example: "rpz conficker --days 7 --address 203.0.113.5 -o rpz.hydrabane",
};

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    policy: Policy,
    wildcards: bool,
    zone: ZoneName,
    ttl: Ttl,
    serial: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            policy: Policy(vec!["CNAME .".into()]),
            wildcards: true,
            zone: ZoneName::of_policy(),
            ttl: Ttl::DEFAULT,
            serial: None,
        }
    }
}

/// The records that stand at each trigger (draft-vixie-dnsop-dns-rpz-00 §3).
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Policy(Vec<String>);

impl TryFrom<String> for Policy {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Ok(Self(match text.as_str() {
            "nxdomain" => vec!["CNAME .".into()],
            "nodata" => vec!["CNAME *.".into()],
            "drop" | "passthru" | "tcp-only" => vec![format!("CNAME rpz-{text}.")],
            _ => Garden::read(text, "`nxdomain`, `nodata`, `drop`, `passthru`, `tcp-only`")?.records(),
        }))
    }
}

impl Format for Rpz {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn begin(&self, context: &Context, place: &mut dyn Shelf) -> Result<Box<dyn Export>, Error> {
        let options: Options = context.settings.read(&INFO)?;
        let prefixes = prefixes(context, &INFO)?;
        let file = place.open("rpz.zone")?;
        let mut zone = Zone { file, options };
        let Options { zone: origin, ttl, serial: given, .. } = &zone.options;
        let serial = given.unwrap_or_else(|| serial(context.at));
        write!(zone.file, "{}", Start { context, origin: Some(origin), ttl: *ttl, serial })?;
        for prefix in prefixes {
            let trigger = trigger(prefix);
            zone.rule("", &format!("{trigger}.rpz-ip"))?;
            zone.rule("", &format!("{trigger}.rpz-nsip"))?;
        }
        Ok(Box::new(zone))
    }
}

struct Zone {
    file: File,
    options: Options,
}

impl Zone {
    fn rule(&mut self, wildcard: &str, trigger: &str) -> Result<(), Error> {
        let zone = &self.options.zone;
        // A rule that is left out would let the name through unnoticed; so nothing is written.
        if !zone.has_room_for(wildcard.len() + trigger.len()) {
            return Err(Error::Setting {
                format: INFO.name,
                reason: format!("`{wildcard}{trigger}` below zone `{zone}` is longer than names can be"),
                hint:
                    "give the zone a shorter name, try `--set wildcards=false`, or keep the name out with `--keep-out`"
                        .into(),
            });
        }
        for record in &self.options.policy.0 {
            writeln!(self.file, "{wildcard}{trigger} {record}")?;
        }
        Ok(())
    }
}

impl Export for Zone {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        self.rule("", row.name)?;
        if self.options.wildcards { self.rule("*.", row.name) } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        Ok(self.file.flush()?)
    }
}
