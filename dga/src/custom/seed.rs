//! What a generator is seeded with: a text for the hashes, a number for the others.

use serde::{Deserialize, Serialize};

use super::core::{Core, Source};
use super::field::{Field, Window};
use super::template::Template;
use crate::algorithm::Refusal;

/// The seed, as it is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Seed {
    /// A text with fields in braces, for `md5` and `sha256`.
    Text(Template),
    /// Terms that are put together from left to right, beginning with 0, for `lcg` and `xorshift`.
    Number(Vec<Term>),
}

/// A number that enters the seed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Term {
    of: Field,
    #[serde(default = "once")]
    times: u64,
    #[serde(default)]
    by: Join,
}

fn once() -> u64 {
    1
}

/// How a term is joined to what stands before it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Join {
    #[default]
    Add,
    Subtract,
    Multiply,
    Xor,
}

impl Seed {
    fn fields(&self) -> Vec<Field> {
        match self {
            Self::Text(template) => template.fields().collect(),
            Self::Number(terms) => terms.iter().map(|term| term.of).collect(),
        }
    }

    /// Puts seed and core together. `dated` is whether the list ever changes.
    pub(crate) fn bind(
        self,
        core: Core,
        secret: Option<String>,
        key: Option<u64>,
        dated: bool,
    ) -> Result<Start, Refusal> {
        core.check()?;
        match (&self, core.is_hash()) {
            (Self::Text(_), false) => {
                return Err(Refusal::value("seed", "`lcg` and `xorshift` begin with a `number`, not with a `text`"));
            }
            (Self::Number(_), true) => {
                return Err(Refusal::value("seed", "`md5` and `sha256` hash a `text`, not a `number`"));
            }
            _ => {}
        }
        let fields = self.fields();
        if let Some(field) = fields.iter().find(|field| field.is_of_the_date()).filter(|_| !dated) {
            return Err(Refusal::value("seed", format!("`{field}` has no value while `schedule` is `always`")));
        }
        let has_secret = matches!(&self, Self::Text(template) if template.has_secret());
        for (parameter, used, given) in
            [("secret", has_secret, secret.is_some()), ("key", fields.contains(&Field::Key), key.is_some())]
        {
            match (used, given) {
                (true, false) => return Err(Refusal::Missing(parameter)),
                (false, true) => return Err(Refusal::value(parameter, "`seed` does not use it")),
                _ => {}
            }
        }
        let of_each_name = fields.contains(&Field::Index);
        Ok(Start { core, secret: secret.unwrap_or_default(), key: key.unwrap_or_default(), seed: self, of_each_name })
    }
}

/// A core that only waits for the time.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    core: Core,
    seed: Seed,
    secret: String,
    key: u64,
    of_each_name: bool,
}

impl Start {
    /// Whether every name has its own seed; otherwise the names of a list come from one sequence.
    pub(crate) fn is_of_each_name(&self) -> bool {
        self.of_each_name
    }

    /// The sequence of numbers for a list, or for one of its names. `text` is room for what is hashed.
    pub(crate) fn source(&self, window: Window, index: u64, text: &mut Vec<u8>) -> Source {
        match &self.seed {
            Seed::Text(template) => {
                template.write(window, index, self.key, &self.secret, text);
                self.core.after_text(text)
            }
            Seed::Number(terms) => {
                let number = terms.iter().fold(0_u64, |sum, term| {
                    // The low 64 bits, also of what is negative.
                    let number = (window.number(term.of, index, self.key) as u64).wrapping_mul(term.times);
                    match term.by {
                        Join::Add => sum.wrapping_add(number),
                        Join::Subtract => sum.wrapping_sub(number),
                        Join::Multiply => sum.wrapping_mul(number),
                        Join::Xor => sum ^ number,
                    }
                });
                self.core.after_number(number)
            }
        }
    }
}
