//! A text with fields in braces, which is hashed: `{year}-{month:02}-{day:02}{secret}`.

use std::io::Write as _;

use serde::{Deserialize, Serialize};

use super::field::{Field, Window};

/// A text with fields.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Template {
    written: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Literal(String),
    Number { field: Field, width: usize },
    Secret,
}

/// The most digits that a number may be padded to.
const WIDEST: usize = 20;

impl Template {
    /// Its fields.
    pub(crate) fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Number { field, .. } => Some(*field),
            _ => None,
        })
    }

    /// Whether the secret enters.
    pub(crate) fn has_secret(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Secret))
    }

    /// Writes the text into `out`, which is emptied before.
    pub(crate) fn write(&self, window: Window, index: u64, key: u64, secret: &str, out: &mut Vec<u8>) {
        out.clear();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => out.extend_from_slice(text.as_bytes()),
                Piece::Secret => out.extend_from_slice(secret.as_bytes()),
                Piece::Number { field, width } => {
                    let number = window.number(*field, index, key);
                    write!(out, "{number:0width$}").expect("memory takes every text");
                }
            }
        }
    }
}

impl TryFrom<String> for Template {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = written.as_str();
        while let Some(place) = rest.find(['{', '}']) {
            let (literal, from) = rest.split_at(place);
            pieces.push(Piece::Literal(literal.to_owned()));
            if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
                pieces.push(Piece::Literal(from[..1].to_owned()));
                rest = after;
                continue;
            }
            let inner = from.strip_prefix('{').and_then(|inner| inner.split_once('}'));
            let Some((field, after)) = inner else {
                return Err(format!("`{from}`: a brace without its partner; write `{{{{` or `}}}}` for the character"));
            };
            pieces.push(piece(field)?);
            rest = after;
        }
        pieces.push(Piece::Literal(rest.to_owned()));
        Ok(Self { written, pieces })
    }
}

impl From<Template> for String {
    fn from(template: Template) -> Self {
        template.written
    }
}

/// What stands between braces: a field, perhaps with a width.
fn piece(text: &str) -> Result<Piece, String> {
    if text == "secret" {
        return Ok(Piece::Secret);
    }
    let (name, width) = match text.split_once(":0") {
        None => (text, 0),
        Some((name, width)) => match width.parse() {
            Ok(width @ 1..=WIDEST) => (name, width),
            _ => return Err(format!("`{{{text}}}`: the width must be 1 to {WIDEST}, as in `{{{name}:02}}`")),
        },
    };
    let field = Field::called(name).ok_or_else(|| {
        let fields: Vec<_> = Field::names().chain(["secret"]).collect();
        format!("there is no field `{name}`; there are {}", fields.join(", "))
    })?;
    Ok(Piece::Number { field, width })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let window = Window::from("2021-03-05T00:00:00Z".parse().expect("a moment"));
        let written = |text: &str| {
            let mut out = b"what was there".to_vec();
            Template::try_from(text.to_owned()).expect("a template").write(window, 12, 3, "s", &mut out);
            String::from_utf8(out).expect("text")
        };
        assert_eq!(written("{year}-{month:02}-{day:02}{secret}"), "2021-03-05s");
        assert_eq!(written("{{{index:04}}}|{key}|ä"), "{0012}|3|ä");
        assert_eq!(written(""), "");
    }

    #[test]
    fn mistakes() {
        let wrong = |text: &str| Template::try_from(text.to_owned()).expect_err("a mistake");
        assert!(wrong("{yaer}").contains("no field `yaer`; there are year, month"));
        assert!(wrong("{year").contains("a brace without its partner"));
        assert!(wrong("year}").contains("a brace without its partner"));
        assert!(wrong("{day:021}").contains("1 to 20"));
        assert!(wrong("{day:2}").contains("no field `day:2`"));
    }
}
