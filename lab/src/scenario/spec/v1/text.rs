//! Values that are text in the file and get their meaning later, each with the pattern that editors check.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

macro_rules! texts {
    ($($(#[doc = $doc:literal])+ $name:ident = $pattern:literal;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Hash)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )+};
}

texts! {
    /// An instant in UTC, such as `2009-11-05T22:00:00Z` (RFC 3339).
    Instant = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$";
    /// A length of time with its unit, such as `500ms`, `5s`, `30m`, `36h` or `9d`.
    Length = r"^[0-9]+(ms|s|m|h|d)$";
    /// A host name under `.test` or `.example`.
    Listed = r"^([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+([tT][eE][sS][tT]|[eE][xX][aA][mM][pP][lL][eE])$";
    /// An IP address from the documentation ranges: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 or `2001:db8::/32`.
    Address = r"^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:0?[dD][bB]8:)";
    /// An address from the documentation ranges with a port, such as `198.51.100.7:443` or `[2001:db8::7]:443`.
    SocketAddress = r"^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|\[2001:0?[dD][bB]8:).*:[0-9]+$";
}
