//! Suricata's rules over a data set of names: what both forms of data sets share.

use std::io::Write;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::context::Context;
use crate::depths::{Depths, labels};
use crate::error::Error;
use crate::format::Setting;
use crate::shelf::{File, Shelf};

/// The settings of every format with such rules.
pub(crate) const SETTINGS: [Setting; 4] = [
    Setting {
        key: "set",
        default: "hydrabane",
        about: "name of the data set and of the files, of a-z, 0-9, `-` and `_`; each export that a sensor loads needs its own",
    },
    Setting {
        key: "sid",
        default: "1911000",
        about: "number of the first rule, 1 to 4000000000; the rule for names of N labels has N more",
    },
    Setting { key: "sub-domains", default: "true", about: "also alert on everything below a name" },
    Setting {
        key: "hashsize",
        default: "0",
        about: "buckets of the data set; 0: as many as names, between 2048 and 65536. More than 65536 needs \
                `datasets: limits: single-hashsize` in suricata.yaml",
    },
];

/// Numbers from 1000000 to 1999999 are for rules of one's own (sidallocation.org).
const FIRST_SID: u32 = 1_911_000;

/// Buckets: Suricata's default, and the most that Suricata 8 allows by default (`datasets.limits.single-hashsize`).
const BUCKETS: (u64, u64) = (2048, 65_536);

/// What a name takes in a data set besides its text, in bytes, and what a bucket takes: upper bounds, measured with
/// Suricata 7.0.10 and 8.0.7. A data set that is larger than its `memcap` is refused.
const BYTES: (u64, u64) = (256, 64);

/// Suricata's default `memcap`, in megabytes.
const LEAST_MEGABYTES: u64 = 100;

/// What can be set.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Options {
    /// The data set's name.
    pub(crate) set: SetName,
    sid: Sid,
    sub_domains: bool,
    hashsize: u32,
    /// How a data set of JSON objects is written.
    pub(crate) form: Form,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            set: SetName("hydrabane".into()),
            sid: Sid(FIRST_SID),
            sub_domains: true,
            hashsize: 0,
            form: Form::Ndjson,
        }
    }
}

/// How a data set of JSON objects is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Form {
    /// One object a line.
    Ndjson,
    /// One document with an array.
    Json,
}

/// A name that Suricata and every file system take: it stands in rules and before the files' endings.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct SetName(String);

impl SetName {
    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SetName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        /// Suricata's `DATASET_NAME_MAX_LEN` is 63, with the byte that ends the text.
        const LONGEST: usize = 62;
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
        if (1..=LONGEST).contains(&text.len()) && text.bytes().all(letters) {
            Ok(Self(text))
        } else {
            Err(format!("`set` must be 1 to {LONGEST} of a-z, 0-9, `-` and `_`, as in `conficker-november`"))
        }
    }
}

/// The number of a first rule, with room for 127 more.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "u32")]
struct Sid(u32);

impl TryFrom<u32> for Sid {
    type Error = String;

    fn try_from(sid: u32) -> Result<Self, String> {
        if (1..=4_000_000_000).contains(&sid) {
            Ok(Self(sid))
        } else {
            Err("`sid` must be from 1 to 4000000000".into())
        }
    }
}

/// Rules that are written when the names are known.
pub(crate) struct DnsRules {
    file: File,
    options: Options,
    /// The data set's file and form, as `dataset` takes them.
    load: String,
    head: String,
    at: DateTime<Utc>,
    depths: Depths,
    names: u64,
    bytes: u64,
}

impl DnsRules {
    /// Rules over a data set that `load` describes.
    pub(crate) fn begin(
        context: &Context,
        options: Options,
        load: String,
        place: &mut dyn Shelf,
    ) -> Result<Self, Error> {
        let file = place.open(&format!("{}.rules", options.set.as_str()))?;
        let depths = Depths::default();
        Ok(Self { file, options, load, head: context.head.line(), at: context.at, depths, names: 0, bytes: 0 })
    }

    /// Counts a name that the data set holds with so many bytes.
    pub(crate) fn add(&mut self, name: &str, bytes: usize) {
        self.depths.add(name);
        self.names += 1;
        self.bytes += bytes as u64;
    }

    /// Writes the rules.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        writeln!(self.file, "# {}", self.head)?;
        if self.names == 0 {
            writeln!(self.file, "# There are no names, and so there is no rule.")?;
        } else if self.options.sub_domains {
            for number in self.depths.iter() {
                // The second branch always matches: a query with fewer labels becomes its last one, which no name is,
                // instead of staying as it is.
                let cut = format!(r#" pcrexform:"({}|[^.]*)$";"#, labels(number));
                let sid = self.options.sid.0 + number as u32;
                self.rule(&format!("a generated name of {number} labels, or one below it"), &cut, sid)?;
            }
        } else {
            self.rule("a generated name", "", self.options.sid.0)?;
        }
        Ok(self.file.flush()?)
    }

    fn rule(&mut self, about: &str, cut: &str, sid: u32) -> Result<(), Error> {
        let (least, most) = BUCKETS;
        let buckets = match self.options.hashsize {
            0 => self.names.next_power_of_two().clamp(least, most),
            set => set.into(),
        };
        let bytes = self.names * BYTES.0 + self.bytes + buckets * BYTES.1;
        let megabytes = bytes.div_ceil(1 << 20).max(LEAST_MEGABYTES);
        let (set, load, rev) = (self.options.set.as_str(), &self.load, self.at.format("%Y%m%d"));
        Ok(writeln!(
            self.file,
            "alert dns any any -> any any (msg:\"DNS query for {about} (Hydrabane, set {set})\"; dns.query; to_lowercase;{cut} \
             dataset:isset,{set},type string,{load},memcap {megabytes}mb,hashsize {buckets}; classtype:domain-c2; \
             sid:{sid}; rev:{rev};)"
        )?)
    }
}
