//! How numbers become a label.

use serde::{Deserialize, Serialize};

use super::core::Source;
use crate::algorithm::Refusal;
use crate::name::Name;

/// How a label is made, as it is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Label {
    /// Of single characters.
    Letters(Letters),
    /// Of words, one from each table.
    Words(Phrase),
}

/// Characters `alphabet[(draw >> shift) % modulus]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Letters {
    #[serde(default = "usual_alphabet")]
    alphabet: String,
    /// By default the alphabet's length.
    #[serde(default)]
    modulus: Option<u64>,
    #[serde(default)]
    shift: u32,
    length: Length,
}

fn usual_alphabet() -> String {
    "abcdefghijklmnopqrstuvwxyz".into()
}

/// How many characters.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Length {
    /// Always as many.
    Fixed(usize),
    /// `min` + draw modulo the number of lengths there are.
    Drawn(Drawn),
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Drawn {
    min: usize,
    max: usize,
    /// Whether the same draw also makes the first character.
    #[serde(default)]
    shared: bool,
}

/// Words `table[(draw >> shift) % length of the table]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Phrase {
    tables: Vec<Vec<String>>,
    #[serde(default)]
    shift: u32,
    /// What stands between two words.
    #[serde(default)]
    between: String,
}

/// The longest label of a host name.
const LONGEST: usize = 63;

impl Label {
    /// The longest label that can come out, if the parameters have a meaning.
    pub(crate) fn longest(&self) -> Result<usize, Refusal> {
        let wrong = |reason: String| Err(Refusal::value("label", reason));
        let longest = match self {
            Self::Letters(Letters { alphabet, modulus, shift, length }) => {
                if let Some(other) = foreign(alphabet) {
                    return wrong(format!("`alphabet`: `{other}` is no letter, digit or hyphen"));
                }
                if !(1..=alphabet.len() as u64).contains(&modulus.unwrap_or(alphabet.len() as u64)) {
                    return wrong(format!("`modulus` must be 1 to {}, the length of `alphabet`", alphabet.len()));
                }
                check_shift(*shift)?;
                match length {
                    Length::Fixed(length) => *length..=*length,
                    Length::Drawn(Drawn { min, max, .. }) => *min..=*max,
                }
            }
            Self::Words(Phrase { tables, shift, between }) => {
                check_shift(*shift)?;
                if tables.is_empty() || tables.iter().any(Vec::is_empty) {
                    return wrong("`tables`: at least one table is needed, and a word in each".into());
                }
                let texts = tables.iter().flatten().chain([between]);
                if let Some((text, other)) = texts.into_iter().find_map(|text| foreign(text).map(|at| (text, at))) {
                    return wrong(format!("`{text}`: `{other}` is no letter, digit or hyphen"));
                }
                let joints = between.len() * (tables.len() - 1);
                let words = |longest: bool| {
                    let lengths = tables.iter().map(move |table| {
                        let lengths = table.iter().map(String::len);
                        if longest { lengths.max() } else { lengths.min() }
                    });
                    lengths.flatten().sum::<usize>()
                };
                joints + words(false)..=joints + words(true)
            }
        };
        let (shortest, longest) = longest.into_inner();
        if shortest < 1 || shortest > longest || longest > LONGEST {
            return wrong(format!(
                "a label of {shortest} to {longest} characters is none; 1 to {LONGEST} are possible"
            ));
        }
        Ok(longest)
    }

    /// Appends a label. The parameters must have a meaning, as [`longest`](Self::longest) finds out.
    #[inline]
    pub(crate) fn append(&self, source: &mut Source, name: &mut Name) {
        match self {
            Self::Letters(Letters { alphabet, modulus, shift, length }) => {
                let length = match *length {
                    Length::Fixed(length) => length,
                    Length::Drawn(Drawn { min, max, shared }) => {
                        let draw = if shared { source.peek() } else { source.draw() };
                        min + (draw % (max - min + 1) as u64) as usize
                    }
                };
                let modulus = modulus.unwrap_or(alphabet.len() as u64);
                for _ in 0..length {
                    name.push(alphabet.as_bytes()[(source.draw() >> shift) as usize % modulus as usize]);
                }
            }
            Self::Words(Phrase { tables, shift, between }) => {
                for (place, table) in tables.iter().enumerate() {
                    if place > 0 {
                        name.push_str(between);
                    }
                    name.push_str(&table[(source.draw() >> shift) as usize % table.len()]);
                }
            }
        }
    }
}

fn check_shift(shift: u32) -> Result<(), Refusal> {
    if shift < 64 { Ok(()) } else { Err(Refusal::value("label", "`shift` must be 0 to 63")) }
}

/// The first character that host names do not have.
fn foreign(text: &str) -> Option<char> {
    text.chars().find(|character| !character.is_ascii_alphanumeric() && *character != '-')
}
