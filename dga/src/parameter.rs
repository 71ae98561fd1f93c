//! Parameters on their way from text or data into a family's own type.
//!
//! One type per family reads YAML presets, YAML scenarios, JSON vectors and `--param key=value`: all of them become
//! [`Parameters`], and these are deserialised with errors that name the parameter.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::{MapDeserializer, StringDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::{Deserialize, Serialize};
use serde_yaml::Value;

use crate::error::{Error, Unknown};

/// Parameters by name.
pub type Parameters = BTreeMap<String, Parameter>;

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameter {
    /// Text from a command line: YAML of whatever type the parameter has.
    Text(String),
    /// A value that has been read from a file.
    Value(Value),
}

impl From<Value> for Parameter {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl Serialize for Parameter {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Parameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::Value)
    }
}

/// Reads a family's parameters.
pub(crate) fn read<T: DeserializeOwned>(family: &str, parameters: &Parameters) -> Result<T, Error> {
    let entries = parameters.iter().map(|(name, value)| (name.as_str(), Entry { name, value }));
    T::deserialize(MapDeserializer::new(entries)).map_err(|error| error.of(family, &names_of::<T>()))
}

/// The names of the parameters that `T` reads, in the order of its fields.
pub(crate) fn names_of<T: DeserializeOwned>() -> Vec<&'static str> {
    let mut names = Vec::new();
    // Always an error: nothing is read, only the names are noted.
    let _ = T::deserialize(NamesOnly(&mut names));
    names
}

/// A mistake in a parameter, before it is known which family it belongs to.
#[derive(Debug)]
enum Mistake {
    Missing(&'static str),
    Unknown(String),
    Value { parameter: String, reason: String },
    Whole(String),
}

impl Mistake {
    fn of(self, family: &str, names: &[&'static str]) -> Error {
        let family = family.to_owned();
        match self {
            Self::Missing(parameter) => Error::MissingParameter { family, parameter: parameter.into() },
            Self::Unknown(given) => Unknown::new("parameter", &given, Some(&family), names.iter().copied()).into(),
            Self::Value { parameter, reason } => Error::Parameter { family, parameter, reason },
            Self::Whole(reason) => Error::Parameters { family, reason },
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

impl std::error::Error for Mistake {}

impl de::Error for Mistake {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Whole(message.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }

    fn unknown_field(field: &str, _expected: &'static [&'static str]) -> Self {
        Self::Unknown(field.to_owned())
    }
}

/// One parameter while it is read.
struct Entry<'a> {
    name: &'a str,
    value: &'a Parameter,
}

impl Entry<'_> {
    fn mistake(&self) -> impl FnOnce(serde_yaml::Error) -> Mistake + use<> {
        let parameter = self.name.to_owned();
        move |error| Mistake::Value { parameter, reason: error.to_string() }
    }

    /// The text of a parameter that is a string: quoted as in YAML, or just as it stands.
    fn unquoted(text: &str) -> String {
        if text.starts_with(['"', '\'']) {
            serde_yaml::from_str(text).unwrap_or_else(|_| text.to_owned())
        } else {
            text.to_owned()
        }
    }
}

impl<'de> IntoDeserializer<'de, Mistake> for Entry<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Forwards what is asked for to YAML's own deserialiser, of the text or of the value.
macro_rules! forward {
    ($($method:ident($($argument:ident: $type:ty),*))+) => {$(
        fn $method<V: Visitor<'de>>(self $(, $argument: $type)*, visitor: V) -> Result<V::Value, Mistake> {
            let mistake = self.mistake();
            match self.value {
                Parameter::Text(text) => serde_yaml::Deserializer::from_str(text).$method($($argument,)* visitor),
                Parameter::Value(value) => value.clone().$method($($argument,)* visitor),
            }
            .map_err(mistake)
        }
    )+};
}

impl<'de> Deserializer<'de> for Entry<'de> {
    type Error = Mistake;

    forward! {
        deserialize_any() deserialize_bool()
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_char()
        deserialize_bytes() deserialize_byte_buf() deserialize_unit() deserialize_unit_struct(name: &'static str)
        deserialize_seq() deserialize_tuple(length: usize)
        deserialize_tuple_struct(name: &'static str, length: usize) deserialize_map()
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
        deserialize_identifier() deserialize_ignored_any()
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let mistake = self.mistake();
        match self.value {
            Parameter::Text(text) => {
                let text: StringDeserializer<serde_yaml::Error> = Self::unquoted(text).into_deserializer();
                text.deserialize_string(visitor)
            }
            Parameter::Value(value) => value.clone().deserialize_string(visitor),
        }
        .map_err(mistake)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let absent = match self.value {
            Parameter::Text(text) => matches!(text.as_str(), "" | "~" | "null"),
            Parameter::Value(value) => value.is_null(),
        };
        if absent { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }
}

/// Notes the names of a struct's fields and gives up.
struct NamesOnly<'a>(&'a mut Vec<&'static str>);

impl<'de> Deserializer<'de> for NamesOnly<'_> {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Mistake> {
        Err(Mistake::Whole("parameters are a struct".into()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Mistake> {
        self.0.extend_from_slice(fields);
        Err(Mistake::Whole("only the names were wanted".into()))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        seed: u32,
        #[serde(default)]
        text: String,
        #[serde(default)]
        list: Option<Vec<String>>,
        #[serde(default)]
        flag: bool,
    }

    fn text(pairs: &[(&str, &str)]) -> Parameters {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), Parameter::Text((*text).to_owned()))).collect()
    }

    #[test]
    fn text_is_yaml_of_the_parameters_type() {
        let given = text(&[("seed", "0x1f"), ("text", "1670e44"), ("list", "[com, 1]"), ("flag", "true")]);
        let expected =
            Sample { seed: 31, text: "1670e44".into(), list: Some(vec!["com".into(), "1".into()]), flag: true };
        assert_eq!(read::<Sample>("sample", &given).expect("all is right"), expected);
        let quoted = text(&[("seed", "1"), ("text", "\"full\"")]);
        assert_eq!(read::<Sample>("sample", &quoted).expect("all is right").text, "full");
        let braces = text(&[("seed", "1"), ("text", "{\"a\":1}")]);
        assert_eq!(read::<Sample>("sample", &braces).expect("all is right").text, "{\"a\":1}");
    }

    #[test]
    fn values_keep_their_text() {
        let given: Parameters = serde_json::from_str(r#"{"seed": 4294967295, "text": "'a'"}"#).expect("JSON");
        assert_eq!(read::<Sample>("sample", &given).expect("all is right").text, "'a'");
    }

    #[test]
    fn mistakes_name_the_parameter() {
        let wrong = |pairs: &[(&str, &str)]| read::<Sample>("sample", &text(pairs)).expect_err("a mistake");
        assert!(matches!(wrong(&[]), Error::MissingParameter { parameter, .. } if parameter == "seed"));
        assert!(matches!(wrong(&[("seed", "x")]), Error::Parameter { parameter, .. } if parameter == "seed"));
        assert!(matches!(wrong(&[("seed", "4294967296")]), Error::Parameter { .. }));
        let Error::Unknown(unknown) = wrong(&[("sed", "1")]) else { panic!("not unknown") };
        assert_eq!(unknown.suggestion.as_deref(), Some("seed"));
        assert_eq!(unknown.valid, ["seed", "text", "list", "flag"]);
    }
}
