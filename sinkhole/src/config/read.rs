//! From the file's text to its meaning, or to everything that is wrong with it.

mod names;

use std::collections::HashSet;
use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use chrono::TimeDelta;
use dga::WordLists;

use crate::config::names::beside;
use crate::config::positions::Positions;
use crate::config::spec::v1;
use crate::config::{
    Answer, Config, ConfigError, Connections, Cookies, IDLE_LIMITS, Listen, Mark, NOTICE_LIMIT, NSID_LIMIT, OnFull,
    Parquet, Problem, RateLimit, Retention, SEGMENT_LIMITS, Secret, Store, TTL_LIMIT, Watch, duration, size,
};
use crate::name::Name;
use crate::pipeline::rate_limit::{PER_SECOND_LIMIT, SLIP_LIMIT};

/// Addresses of one kind that are answered at most: all of both kinds fit an answer over UDP to who has a cookie.
const ADDRESS_LIMIT: usize = 16;
/// The shortest and the longest time between looks at the files.
const WATCH: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(60 * 60));
/// The shortest and the longest time between syncs.
const FSYNC: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(60 * 60));

/// Reads the configuration in `path`, and the lists that it names. `words` has the word lists of families that need
/// some.
///
/// # Errors
///
/// The file cannot be read, or something in it is wrong: a mistake of syntax or type alone, else every problem.
pub fn read(path: &Path, words: &WordLists) -> Result<Config, ConfigError> {
    let text = read_utf8(path)?;
    read_text(&text, path, words)
}

/// Reads a configuration from its text; `path` is named in problems, and its folder is where relative paths start.
///
/// # Errors
///
/// As [`read`].
pub fn read_text(text: &str, path: &Path, words: &WordLists) -> Result<Config, ConfigError> {
    let spec = parse(text, path)?;
    let mut reading = Reading { path, positions: Positions::of(text), problems: Vec::new() };
    let config = Config {
        listen: reading.listen(&spec.listen),
        names: reading.names(&spec.names, words),
        answer: reading.answer(&spec.answer),
        nsid: reading.text("nsid", &spec.nsid, NSID_LIMIT),
        connections: reading.connections(&spec.connections),
        cookies: reading.cookies(&spec.cookies),
        rate_limit: reading.rate_limit(&spec.rate_limit),
        mark: reading.mark(spec.mark),
        store: reading.store(&spec.store),
        watch: reading.watch(&spec.watch),
    };
    if reading.problems.is_empty() { Ok(config) } else { Err(ConfigError::Wrong { problems: reading.problems }) }
}

/// The folder in which the sinkhole of the configuration in `path` keeps its events. Nothing else of the file is looked
/// at beyond its syntax, so that events can be read when a list has moved.
///
/// # Errors
///
/// The file cannot be read, or has a mistake of syntax or type.
pub fn events_folder(path: &Path) -> Result<PathBuf, ConfigError> {
    let text = read_utf8(path)?;
    Ok(beside(path, &parse(&text, path)?.store.dir))
}

/// The files of which the configuration in `path` is made: it and its lists, as far as it can be read.
pub fn files(path: &Path) -> Vec<PathBuf> {
    let spec = read_utf8(path).and_then(|text| parse(&text, path));
    let lists = spec.into_iter().flat_map(|spec| spec.names).filter_map(|source| source.file);
    std::iter::once(path.to_owned()).chain(lists.map(|file| beside(path, &file))).collect()
}

fn read_utf8(path: &Path) -> Result<String, ConfigError> {
    let octets = fs::read(path).map_err(|error| ConfigError::Read { path: path.to_owned(), error })?;
    String::from_utf8(octets).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let place = place_of(&error.as_bytes()[..valid]);
        one(path, Some(place), "the file is not text: it is no UTF-8 from here".into(), None)
    })
}

fn parse(text: &str, path: &Path) -> Result<v1::Spec, ConfigError> {
    if text.trim().is_empty() {
        let hint = "`hydrabane sinkhole template` prints a sample";
        return Err(one(path, None, "the file is empty".into(), Some(hint.into())));
    }
    let spec: v1::Spec = serde_yaml::from_str(text).map_err(|error| of_yaml(path, &error))?;
    if spec.version != 1 {
        let message = format!("version {} is not known", spec.version);
        let place = Positions::of(text).find("version");
        return Err(one(path, place, message, Some("this program reads version 1".into())));
    }
    Ok(spec)
}

/// A file on its way to its meaning.
struct Reading<'a> {
    path: &'a Path,
    positions: Positions,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn problem(&mut self, at: &str, message: impl Into<String>, hint: Option<&str>) {
        self.problems.push(Problem {
            file: self.path.to_owned(),
            place: self.positions.find(at),
            message: message.into(),
            hint: hint.map(str::to_owned),
        });
    }

    /// Reads each text of a list; those that are wrong become problems.
    fn each<Value: FromStr>(&mut self, at: &str, texts: &[String], what: &str, hint: &str) -> Vec<Value> {
        let mut values = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            if let Ok(value) = text.parse() {
                values.push(value);
            } else {
                let message = format!("`{}` is no {what}", text.escape_debug());
                self.problem(&format!("{at}[{index}]"), message, Some(hint));
            }
        }
        values
    }

    fn listen(&mut self, spec: &v1::Listen) -> Listen {
        let hint = "write address and port: \"192.0.2.53:53\" or \"[2001:db8::53]:53\"";
        let listen = Listen {
            dns: self.each("listen.dns", &spec.dns, "address with a port", hint),
            http: self.each("listen.http", &spec.http, "address with a port", hint),
            tcp: self.each("listen.tcp", &spec.tcp, "address with a port", hint),
        };
        if spec.dns.is_empty() && spec.http.is_empty() && spec.tcp.is_empty() {
            self.problem("listen", "the sinkhole listens nowhere", Some("give `dns`, `http` or `tcp` an address"));
        }
        // DNS takes its port for TCP too, so all three share one space of addresses.
        let mut taken = HashSet::new();
        for (at, texts) in [("dns", &spec.dns), ("http", &spec.http), ("tcp", &spec.tcp)] {
            for (index, text) in texts.iter().enumerate() {
                if let Ok(address) = text.parse::<SocketAddr>()
                    && address.port() != 0
                    && !taken.insert(address)
                {
                    self.problem(&format!("listen.{at}[{index}]"), format!("{address} is listened on twice"), None);
                }
            }
        }
        listen
    }

    fn answer(&mut self, spec: &v1::Answer) -> Answer {
        let a: Vec<Ipv4Addr> = self.each("answer.a", &spec.a, "IPv4 address", "write it as \"192.0.2.53\"");
        let aaaa: Vec<Ipv6Addr> = self.each("answer.aaaa", &spec.aaaa, "IPv6 address", "write it as \"2001:db8::53\"");
        if spec.a.is_empty() && spec.aaaa.is_empty() {
            self.problem("answer", "no address is answered", Some("give `a` or `aaaa` the sinkhole's addresses"));
        }
        for (key, addresses) in [("a", spec.a.len()), ("aaaa", spec.aaaa.len())] {
            if addresses > ADDRESS_LIMIT {
                let message = format!("{addresses} addresses are too many; give at most {ADDRESS_LIMIT}");
                self.problem(&format!("answer.{key}"), message, None);
            }
        }
        for (key, ttl) in [("ttl", spec.ttl), ("negative_ttl", spec.negative_ttl)] {
            if ttl > TTL_LIMIT {
                self.problem(&format!("answer.{key}"), format!("{ttl} seconds are more than a TTL can be"), None);
            }
        }
        let ns: Vec<Name> = self.each("answer.ns", &spec.ns, "domain name", "write it as ns1.sinkhole.example");
        if spec.ns.is_empty() {
            self.problem("answer.ns", "there is no name server", Some("name one: ns1.sinkhole.example"));
        }
        if spec.ns.len() > ADDRESS_LIMIT {
            self.problem("answer.ns", format!("more than {ADDRESS_LIMIT} name servers"), None);
        }
        let contact = mailbox(&spec.contact).unwrap_or_else(|| {
            let message = format!("`{}` is no mailbox", spec.contact.escape_debug());
            self.problem("answer.contact", message, Some("write it as abuse.sinkhole.example"));
            Name::root()
        });
        let notice = self.text("answer.notice", &spec.notice, NOTICE_LIMIT);
        Answer { a, aaaa, ttl: spec.ttl, negative_ttl: spec.negative_ttl, ns, contact, notice }
    }

    /// A text that leaves the machine: `limit` octets of printable ASCII.
    fn text(&mut self, at: &str, text: &str, limit: usize) -> String {
        if !text.bytes().all(|octet| (0x20..0x7f).contains(&octet)) || text.len() > limit {
            let hint = format!("use at most {limit} letters, digits and signs of ASCII");
            self.problem(at, "the text cannot be sent", Some(&hint));
        }
        text.to_owned()
    }

    fn connections(&mut self, spec: &v1::Connections) -> Connections {
        let (least, most) = IDLE_LIMITS;
        let idle = duration::parse(&spec.idle).filter(|idle| (least..=most).contains(idle));
        if idle.is_none() {
            let message = format!("`{}` is no time from 100ms to 10m", spec.idle.escape_debug());
            self.problem("connections.idle", message, Some("write it as 10s"));
        }
        for (key, number) in [("total", spec.total), ("per_source", spec.per_source)] {
            if number == 0 {
                let hint = "a sinkhole without TCP would lose who is sent there";
                self.problem(&format!("connections.{key}"), "no connection would be served", Some(hint));
            }
        }
        Connections { total: spec.total, per_source: spec.per_source, idle: idle.unwrap_or(most) }
    }

    fn cookies(&mut self, spec: &v1::Cookies) -> Cookies {
        let secret = match spec.secret.0.as_str() {
            "random" => None,
            _ => self.secret("cookies.secret", &spec.secret),
        };
        let previous = spec.previous.iter().enumerate();
        let previous =
            previous.filter_map(|(index, text)| self.secret(&format!("cookies.previous[{index}]"), text)).collect();
        Cookies { enabled: spec.enabled, secret, previous }
    }

    fn secret(&mut self, at: &str, text: &v1::Hidden) -> Option<Secret> {
        let secret = Secret::read(&text.0);
        if secret.is_none() {
            let hint = "`openssl rand -hex 16` makes one";
            self.problem(at, "a secret has 32 hexadecimal digits, in quotation marks", Some(hint));
        }
        secret
    }

    fn rate_limit(&mut self, spec: &v1::RateLimit) -> RateLimit {
        if !(1..=PER_SECOND_LIMIT).contains(&spec.per_second) {
            let message = format!("{} answers a second are not from 1 to {PER_SECOND_LIMIT}", spec.per_second);
            self.problem("rate_limit.per_second", message, Some("write `enabled: false` for no limit"));
        }
        if spec.slip > SLIP_LIMIT {
            let hint = "2: every second limited question is answered with TC; 0: none is";
            self.problem("rate_limit.slip", format!("{} is more than {SLIP_LIMIT}", spec.slip), Some(hint));
        }
        RateLimit { enabled: spec.enabled, per_second: spec.per_second, slip: spec.slip }
    }

    fn mark(&mut self, spec: v1::Mark) -> Mark {
        if !spec.text.bytes().all(|octet| (0x20..0x7f).contains(&octet)) || spec.text.len() > 256 {
            let hint = "use at most 256 letters, digits and signs of ASCII";
            self.problem("mark.text", "the text cannot stand in an HTTP header", Some(hint));
        }
        Mark { enabled: spec.enabled, text: spec.text }
    }

    fn watch(&mut self, spec: &v1::Watch) -> Watch {
        let (least, most) = WATCH;
        let every = duration::parse(&spec.every).filter(|every| (least..=most).contains(every));
        if every.is_none() {
            let message = format!("`{}` is no time from 100ms to 1h", spec.every.escape_debug());
            self.problem("watch.every", message, Some("write it as 2s"));
        }
        Watch { enabled: spec.enabled, every: every.unwrap_or(most) }
    }

    fn store(&mut self, spec: &v1::Store) -> Store {
        let (least, most) = FSYNC;
        let fsync = duration::parse(&spec.fsync).filter(|fsync| (least..=most).contains(fsync));
        if fsync.is_none() {
            let message = format!("`{}` is no time from 10ms to 1h", spec.fsync.escape_debug());
            self.problem("store.fsync", message, Some("write it as 1s"));
        }
        if spec.dir.as_os_str().is_empty() {
            self.problem("store.dir", "the folder has no name", Some("write it as `events`"));
        }
        let (least, largest) = SEGMENT_LIMITS;
        let segment = size::parse(&spec.segment).filter(|size| (least..=largest).contains(size));
        if segment.is_none() {
            let message = format!("`{}` is no size from 64KiB to 256MiB", spec.segment.escape_debug());
            self.problem("store.segment", message, Some("write it as 64MiB"));
        }
        let age = duration::parse(&spec.retention.age)
            .filter(|age| !age.is_zero())
            .and_then(|age| TimeDelta::from_std(age).ok());
        if age.is_none() {
            let message = format!("`{}` is no time", spec.retention.age.escape_debug());
            self.problem("store.retention.age", message, Some("write it as 365d"));
        }
        let kept = size::parse(&spec.retention.size);
        if kept.is_none() {
            let message = format!("`{}` is no size", spec.retention.size.escape_debug());
            self.problem("store.retention.size", message, Some("write it as 100GiB"));
        }
        Store {
            segment: segment.unwrap_or(largest),
            retention: Retention {
                enabled: spec.retention.enabled,
                age: age.unwrap_or(TimeDelta::MAX),
                size: kept.unwrap_or(u64::MAX),
            },
            parquet: Parquet { enabled: spec.parquet.enabled },
            folder: beside(self.path, &spec.dir),
            fsync: fsync.unwrap_or(most),
            on_full: match spec.on_full {
                v1::OnFull::Answer => OnFull::Answer,
                v1::OnFull::Stop => OnFull::Stop,
            },
        }
    }
}

/// A mailbox as a name (RFC 1035 §8): `abuse.sinkhole.example`, or in the spelling of mail addresses.
fn mailbox(text: &str) -> Option<Name> {
    match text.split_once('@') {
        None => text.parse().ok(),
        Some((local, domain)) => {
            let domain: Name = domain.parse().ok()?;
            Name::from_labels(std::iter::once(local.as_bytes()).chain(domain.labels())).ok()
        }
    }
}

fn one(path: &Path, place: Option<(usize, usize)>, message: String, hint: Option<String>) -> ConfigError {
    ConfigError::Wrong { problems: vec![Problem { file: path.to_owned(), place, message, hint }] }
}

/// A mistake of syntax or type, with its place taken out of the message.
fn of_yaml(path: &Path, error: &serde_yaml::Error) -> ConfigError {
    let place = error.location().map(|location| (location.line(), location.column()));
    let mut message = error.to_string();
    if let Some((line, column)) = place {
        message = message.replace(&format!(" at line {line} column {column}"), "");
    }
    let message = message.chars().flat_map(|character| {
        let escaped: Vec<char> =
            if character.is_control() { character.escape_debug().collect() } else { vec![character] };
        escaped
    });
    let message: String = message.collect();
    let hint = suggestion(&message).map(|key| format!("did you mean `{key}`?"));
    one(path, place, message, hint)
}

/// The expected key that is most like an unknown one.
fn suggestion(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("unknown field `").or_else(|| message.split_once("unknown variant `"))?;
    let mut quoted = rest.split('`');
    let unknown = quoted.next()?;
    quoted
        .skip(1)
        .step_by(2)
        .map(|key| (strsim::jaro_winkler(unknown, key), key))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, key)| key.to_owned())
}

/// Line and column, both from 1, of the octet after `before`.
fn place_of(before: &[u8]) -> (usize, usize) {
    let line = before.split(|octet| *octet == b'\n').count();
    let column = before.iter().rev().take_while(|octet| **octet != b'\n').count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests;
