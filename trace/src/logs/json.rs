//! A few values out of a JSON object, without building the whole of it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::entry::Reason;

/// What is looked for: a key each, or keys of nested objects with dots between them.
pub(super) type Wanted<'w, const N: usize> = [Option<&'w str>; N];

/// What was found.
pub(super) type Picked<'j, const N: usize> = [Option<Cow<'j, str>>; N];

/// Picks texts and numbers out of an object.
///
/// # Errors
///
/// The line is not a JSON object.
pub(super) fn pick<'j, const N: usize>(
    line: &'j str,
    wanted: Wanted<'_, N>,
) -> Result<Picked<'j, N>, serde_json::Error> {
    let mut picked = [const { None }; N];
    let mut deserializer = serde_json::Deserializer::from_str(line);
    (&mut deserializer).deserialize_map(Object { wanted, picked: &mut picked })?;
    deserializer.end()?;
    Ok(picked)
}

/// What is wrong with a line, without the number of the line, which is always the first.
pub(super) fn complaint(error: &serde_json::Error) -> Reason {
    Reason::Json(error.to_string().replace(" at line 1 column ", " at column "))
}

/// A text that borrows from the line where nothing in it is escaped.
#[derive(Debug)]
pub(super) struct Text<'j>(pub(super) Cow<'j, str>);

impl<'de: 'j, 'j> Deserialize<'de> for Text<'j> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Text)
    }
}

/// Takes a text.
struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// Takes the wanted values of an object.
struct Object<'w, 'p, 'j, const N: usize> {
    wanted: Wanted<'w, N>,
    picked: &'p mut Picked<'j, N>,
}

impl<'de: 'j, 'j, const N: usize> Visitor<'de> for Object<'_, '_, 'j, N> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(key)) = map.next_key()? {
            let (mut here, mut below) = ([false; N], [None; N]);
            for (index, path) in self.wanted.iter().enumerate() {
                match path.and_then(|path| path.strip_prefix(&*key)) {
                    Some("") => here[index] = true,
                    Some(rest) => below[index] = rest.strip_prefix('.'),
                    None => {}
                }
            }
            if here.contains(&true) {
                if let Some(value) = map.next_value_seed(Scalar)? {
                    for (index, _) in here.iter().enumerate().filter(|(_, here)| **here) {
                        self.picked[index] = Some(value.clone());
                    }
                }
            } else if below.iter().any(Option::is_some) {
                map.next_value_seed(Below(Object { wanted: below, picked: &mut *self.picked }))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// A value that may be an object with wanted values in it, or anything else.
struct Below<'w, 'p, 'j, const N: usize>(Object<'w, 'p, 'j, N>);

impl<'de: 'j, 'j, const N: usize> DeserializeSeed<'de> for Below<'_, '_, 'j, N> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// A text or a number; nothing for all else.
struct Scalar;

impl<'de> DeserializeSeed<'de> for Scalar {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The visits of values that are of no use.
macro_rules! of_no_use {
    ($nothing:expr, $($visit:ident: $value:ty),*) => {
        $(fn $visit<E>(self, _: $value) -> Result<Self::Value, E> { Ok($nothing) })*

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($nothing)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
            while sequence.next_element::<IgnoredAny>()?.is_some() {}
            Ok($nothing)
        }
    };
}

impl<'de: 'j, 'j, const N: usize> Visitor<'de> for Below<'_, '_, 'j, N> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    of_no_use!((), visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.0.visit_map(map)
    }
}

impl<'de> Visitor<'de> for Scalar {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    of_no_use!(None, visit_bool: bool);

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_may_have_dots_or_lie_in_each_other() {
        let wanted = [Some("dns.question.name"), Some("ts"), Some("id.orig_h")];
        let line = r#"{"x":[1,{"ts":2}],"dns":{"id":7,"question":{"name":"a\u002etest","type":"A"}},"ts":1.5,"id.orig_h":"::1"}"#;
        assert_eq!(
            pick(line, wanted).unwrap().map(|text| text.map(Cow::into_owned)),
            [Some("a.test".to_owned()), Some("1.5".to_owned()), Some("::1".to_owned())]
        );
        assert_eq!(pick(r#"{"dns":7,"ts":{},"id.orig_h":[null]}"#, wanted).unwrap(), [const { None }; 3]);
        for broken in ["", "[]", "7", r#"{"ts":1"#, r#"{"ts":1} {"#] {
            assert!(pick(broken, wanted).is_err(), "{broken}");
        }
    }
}
