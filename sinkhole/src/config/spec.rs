//! The configuration file as it is written.

/// Version 1 of the file.
pub mod v1 {
    use std::fmt;
    use std::path::PathBuf;

    use serde::de::{Error, Visitor};
    use serde::{Deserialize, Deserializer};

    /// The whole file. What each key means stands in the sample, [`crate::config::TEMPLATE`].
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[non_exhaustive]
    pub struct Spec {
        /// 1.
        pub version: u32,
        /// Addresses with ports.
        pub listen: Listen,
        /// Lists and rules.
        pub names: Vec<Names>,
        /// What is answered.
        pub answer: Answer,
        /// The server's name for itself.
        #[serde(default)]
        pub nsid: String,
        /// Connections over TCP.
        #[serde(default)]
        pub connections: Connections,
        /// DNS cookies.
        #[serde(default)]
        pub cookies: Cookies,
        /// Per source network.
        #[serde(default)]
        pub rate_limit: RateLimit,
        /// The `X-Sinkhole` header.
        #[serde(default)]
        pub mark: Mark,
        /// Where events are kept.
        pub store: Store,
        /// Whether changed files are read again.
        #[serde(default)]
        pub watch: Watch,
    }

    /// Addresses with ports.
    #[derive(Debug, Default, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    #[non_exhaustive]
    pub struct Listen {
        /// UDP and TCP.
        pub dns: Vec<String>,
        /// HTTP call-backs.
        pub http: Vec<String>,
        /// Other connections.
        pub tcp: Vec<String>,
    }

    /// A list, or a rule.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[non_exhaustive]
    pub struct Names {
        /// The list; without it this is a rule.
        pub file: Option<PathBuf>,
        /// The label of a list, or the family of a rule. A list whose rows say theirs needs none.
        pub family: Option<String>,
        /// Presets of a rule.
        pub presets: Option<Vec<String>>,
        /// First day of a rule.
        pub from: Option<String>,
        /// Last day of a rule.
        pub to: Option<String>,
        /// Addresses for these names; what is left out is answered as for all.
        pub answer: Option<Addresses>,
        /// Whether addresses are answered at all.
        #[serde(default = "lure")]
        pub lure: bool,
    }

    fn lure() -> bool {
        true
    }

    /// Addresses that are answered in the place of the general ones.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[non_exhaustive]
    pub struct Addresses {
        /// IPv4 addresses.
        pub a: Option<Vec<String>>,
        /// IPv6 addresses.
        pub aaaa: Option<Vec<String>>,
    }

    /// What is answered.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[non_exhaustive]
    pub struct Answer {
        /// IPv4 addresses.
        #[serde(default)]
        pub a: Vec<String>,
        /// IPv6 addresses.
        #[serde(default)]
        pub aaaa: Vec<String>,
        /// Seconds.
        #[serde(default = "ttl")]
        pub ttl: u32,
        /// Seconds.
        #[serde(default = "ttl")]
        pub negative_ttl: u32,
        /// Names of name servers.
        pub ns: Vec<String>,
        /// SOA RNAME.
        pub contact: String,
        /// Text of the TXT record.
        #[serde(default)]
        pub notice: String,
    }

    fn ttl() -> u32 {
        crate::config::DEFAULT_TTL
    }

    /// Connections over TCP.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    #[non_exhaustive]
    pub struct Connections {
        /// On one listener.
        pub total: usize,
        /// Of one source address.
        pub per_source: usize,
        /// A time with its unit.
        pub idle: String,
    }

    impl Default for Connections {
        fn default() -> Self {
            let connections = crate::config::Connections::default();
            Self { total: connections.total, per_source: connections.per_source, idle: "10s".to_owned() }
        }
    }

    /// DNS cookies.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    #[non_exhaustive]
    pub struct Cookies {
        /// Whether there are any.
        pub enabled: bool,
        /// `random`, or a secret.
        pub secret: Hidden,
        /// Secrets from before.
        pub previous: Vec<Hidden>,
    }

    impl Default for Cookies {
        fn default() -> Self {
            let cookies = crate::config::Cookies::default();
            Self { enabled: cookies.enabled, secret: Hidden("random".to_owned()), previous: Vec::new() }
        }
    }

    /// A text that no message shows.
    pub struct Hidden(pub String);

    impl fmt::Debug for Hidden {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("Hidden")
        }
    }

    impl<'de> Deserialize<'de> for Hidden {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(HiddenText)
        }
    }

    /// Takes a text. Digits without quotation marks are a number to YAML, which serde would show in its message.
    struct HiddenText;

    impl HiddenText {
        fn refuse<E: Error>() -> Result<Hidden, E> {
            Err(E::custom("a secret is no text; write it in quotation marks"))
        }
    }

    impl Visitor<'_> for HiddenText {
        type Value = Hidden;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a secret in quotation marks")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Hidden, E> {
            Ok(Hidden(text.to_owned()))
        }

        fn visit_u64<E: Error>(self, _: u64) -> Result<Hidden, E> {
            Self::refuse()
        }

        fn visit_u128<E: Error>(self, _: u128) -> Result<Hidden, E> {
            Self::refuse()
        }

        fn visit_f64<E: Error>(self, _: f64) -> Result<Hidden, E> {
            Self::refuse()
        }

        fn visit_i64<E: Error>(self, _: i64) -> Result<Hidden, E> {
            Self::refuse()
        }

        fn visit_i128<E: Error>(self, _: i128) -> Result<Hidden, E> {
            Self::refuse()
        }
    }

    /// Per source network.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    #[non_exhaustive]
    pub struct RateLimit {
        /// Whether there is a limit.
        pub enabled: bool,
        /// Answers per second to one network.
        pub per_second: u32,
        /// Which share of limited questions is answered with TC.
        pub slip: u8,
    }

    impl Default for RateLimit {
        fn default() -> Self {
            let limit = crate::config::RateLimit::default();
            Self { enabled: limit.enabled, per_second: limit.per_second, slip: limit.slip }
        }
    }

    /// The `X-Sinkhole` header.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    #[non_exhaustive]
    pub struct Mark {
        /// Whether it is sent.
        pub enabled: bool,
        /// Its value.
        pub text: String,
    }

    impl Default for Mark {
        fn default() -> Self {
            let mark = crate::config::Mark::default();
            Self { enabled: mark.enabled, text: mark.text }
        }
    }

    /// Where events are kept.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[non_exhaustive]
    pub struct Store {
        /// The folder.
        pub dir: PathBuf,
        /// A time with its unit.
        #[serde(default = "fsync")]
        pub fsync: String,
        /// What happens when events cannot be written.
        #[serde(default)]
        pub on_full: OnFull,
        /// A size with its unit.
        #[serde(default = "segment")]
        pub segment: String,
        /// Which sealed segments are removed.
        #[serde(default)]
        pub retention: Retention,
        /// Whether sealed segments become Parquet.
        #[serde(default)]
        pub parquet: Parquet,
    }

    /// Whether changed files are read again.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    #[non_exhaustive]
    pub struct Watch {
        /// Whether they are.
        pub enabled: bool,
        /// A time with its unit.
        pub every: String,
    }

    impl Default for Watch {
        fn default() -> Self {
            Self { enabled: true, every: "2s".to_owned() }
        }
    }

    fn segment() -> String {
        "64MiB".to_owned()
    }

    /// Which sealed segments are removed.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    #[non_exhaustive]
    pub struct Retention {
        /// Whether any are.
        pub enabled: bool,
        /// A time with its unit.
        pub age: String,
        /// A size with its unit.
        pub size: String,
    }

    impl Default for Retention {
        fn default() -> Self {
            Self { enabled: false, age: "365d".to_owned(), size: "100GiB".to_owned() }
        }
    }

    /// Whether sealed segments become Parquet.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[non_exhaustive]
    pub struct Parquet {
        /// Whether they do.
        pub enabled: bool,
    }

    impl Default for Parquet {
        fn default() -> Self {
            Self { enabled: true }
        }
    }

    fn fsync() -> String {
        "1s".to_owned()
    }

    /// What happens when events cannot be written.
    #[derive(Clone, Copy, Debug, Default, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    #[non_exhaustive]
    pub enum OnFull {
        /// Answers leave unrecorded.
        #[default]
        Answer,
        /// Questions are refused.
        Stop,
    }
}
