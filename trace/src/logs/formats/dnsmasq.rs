//! dnsmasq's log (dnsmasq(8): `--log-queries`, `--log-queries=extra`, `--log-facility`), which is Pi-hole's
//! `pihole.log`, too.
//!
//! ```text
//! Nov 22 08:00:00 dnsmasq[7]: query[A] a.test from 192.0.2.7
//! Nov 22 08:00:00 dnsmasq[7]: reply a.test is NXDOMAIN
//! Nov 22 08:00:00 dnsmasq[7]: 12 192.0.2.7/53211 reply a.test is 192.0.2.80
//! ```
//!
//! What says where a question goes (`forwarded`) is another record, because the question has its own.

use std::io;

use chrono::DateTime;

use super::super::entry::{Client, Damage, Entry, Lookup, Part, Reason};
use super::super::format::{Format, Info, Visit};
use super::super::input::Input;
use super::super::settings::Settings;
use super::super::{lines, rcode, syslog};

/// dnsmasq's log.
pub(super) struct Dnsmasq;

static INFO: Info = Info { name: "dnsmasq", about: "dnsmasq's queries and replies, and Pi-hole's log", text: true };

impl Format for Dnsmasq {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn detects(&self, head: &[u8]) -> bool {
        let settings = Settings::new(DateTime::UNIX_EPOCH);
        lines::of_head(head).any(|line| is_own(&syslog::split(line, &settings)))
    }

    fn read(&self, input: &mut Input<'_>, settings: &Settings, visit: &mut Visit<'_>) -> io::Result<()> {
        lines::each(input, lines::LONGEST, visit, |offset, line, visit| {
            let line = syslog::split(line, settings);
            let said = if is_own(&line) { said(line.message) } else { Said::Other };
            visit(match said {
                Said::Lookup { client, name, part, rcode } => {
                    Entry::Lookup(Lookup { offset, at: line.at, client, name, part, rcode })
                }
                Said::Other => Entry::Other { offset },
                Said::Broken => Entry::Damaged(Damage { offset, reason: Reason::NotALookup { format: INFO.name } }),
            })
        })
    }
}

/// Whether dnsmasq's resolver wrote this; its other parts call themselves `dnsmasq-dhcp`, `dnsmasq-tftp` and so on.
fn is_own(line: &syslog::Line<'_>) -> bool {
    line.program.is_some_and(|program| program == "dnsmasq" || program == "pihole-FTL")
}

/// What a message says.
enum Said<'t> {
    /// It tells of a look-up.
    Lookup { client: Option<Client<'t>>, name: &'t str, part: Part, rcode: Option<u16> },
    /// It is about something else.
    Other,
    /// It begins as one about a look-up does.
    Broken,
}

/// What a message says.
fn said(message: &str) -> Said<'_> {
    let (client, message) = extra(message);
    if message.starts_with("query[") || message.starts_with("auth[") {
        let Some((_, rest)) = message.split_once("] ") else { return Said::Broken };
        // A name can be left out: `query[NS]  from 192.0.2.7` is the root's.
        let (name, from) = match rest.rsplit_once(" from ") {
            Some(("", from)) => (".", from),
            Some(found) => found,
            None => return Said::Broken,
        };
        // What cannot be shown is not told.
        if name.starts_with('<') {
            return Said::Other;
        }
        return match lines::name(name).filter(|name| !name.contains(' ')) {
            Some(name) => Said::Lookup { client: client.or(Client::of(from)), name, part: Part::Question, rcode: None },
            None => Said::Broken,
        };
    }
    // `reply a.test is 192.0.2.80`, `cached …`, `config …`, `/etc/hosts … is …`, Pi-hole's `gravity blocked … is …`.
    let Some((before, value)) = message.rsplit_once(" is ") else { return Said::Other };
    let Some((source, name)) = before.rsplit_once(' ') else { return Said::Other };
    let blocked = source.ends_with("blocked") || source.ends_with("denied");
    let known = blocked || source.starts_with('/') || matches!(source, "reply" | "cached" | "cached-stale" | "config");
    // `reply error is SERVFAIL` does not say of which name.
    if !known || name == "error" {
        return Said::Other;
    }
    let rcode = match rcode::number(value) {
        Some(code) => Some(code),
        // `<CNAME>`, `NODATA`, or the data of a record. What a block list put in the answer's place says nothing.
        None => (!blocked).then_some(0),
    };
    match lines::name(name) {
        Some(name) => Said::Lookup { client, name, part: Part::Answer, rcode },
        None => Said::Broken,
    }
}

/// What `--log-queries=extra` puts before a message, `12 192.0.2.7/53211 `, or `* 192.0.2.7/53211 ` where several
/// clients wait for it: the client.
fn extra(message: &str) -> (Option<Client<'_>>, &str) {
    let found = message.split_once(' ').and_then(|(serial, rest)| {
        let is_serial = serial == "*" || (!serial.is_empty() && serial.bytes().all(|octet| octet.is_ascii_digit()));
        let (client, rest) = rest.split_once(' ').filter(|_| is_serial)?;
        let address = client.rsplit_once('/')?.0.parse().ok()?;
        Some((Some(Client::Address(address)), rest))
    });
    found.unwrap_or((None, message))
}
