//! [`Gate`]: lets names through to a format, and counts those that it holds back.

use std::borrow::Cow;
use std::collections::BTreeMap;

use dga::{Registry, RegistryKind};
use name_files::Row;

use super::keep_out::{KeepOut, is_host_name};
use super::unique::Unique;
use crate::error::Error;
use crate::format::{Export, Info};
use crate::malware::Malware;

/// How many examples of a kind are remembered.
const EXAMPLES: usize = 3;

/// Lets names through to a format: legal host names in lower case, which no list keeps out, which are not below a
/// provider's suffix, and for which bots do ask.
pub struct Gate<'a> {
    keep_out: &'a KeepOut,
    unique: Option<Unique>,
    models: Models,
    /// The family and preset that were looked up last, and whether they are a model.
    last: Option<(String, String, bool)>,
    left: Left,
}

/// What becomes of names that a model makes, for which no bot ever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Models {
    /// They are held back.
    HoldBack,
    /// They pass: they were asked for by name.
    Pass,
}

/// What was held back.
#[derive(Clone, Debug, Default)]
pub struct Left {
    /// How many names went through.
    pub passed: u64,
    /// How many are those of models, whether they passed or not: by family and preset.
    pub models: BTreeMap<String, u64>,
    /// How many were no legal host names.
    pub illegal: u64,
    /// How many a list kept out.
    pub kept_out: u64,
    /// Names that were kept out, each with the listed name because of which: the first few.
    pub kept_out_examples: Vec<(String, String)>,
    /// How many lie below a suffix of a dynamic DNS or hosting provider, or are a public suffix themselves: by suffix.
    pub providers: BTreeMap<String, u64>,
    /// How many came a second time.
    pub repeated: u64,
}

impl<'a> Gate<'a> {
    /// A gate before `format`, with names to keep out.
    pub fn new(keep_out: &'a KeepOut, models: Models, format: &Info) -> Self {
        Self { keep_out, unique: format.unique.then(Unique::default), models, last: None, left: Left::default() }
    }

    /// Hands a name on to `format`, or one below a provider's suffix to `providers`, or holds it back.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub fn admit(
        &mut self,
        row: &Row<'_>,
        format: &mut dyn Export,
        providers: Option<&mut dyn Export>,
    ) -> Result<(), Error> {
        if self.is_of_a_model(row) {
            *self.left.models.entry(format!("{}/{}", row.family, row.preset)).or_default() += 1;
            if self.models == Models::HoldBack {
                return Ok(());
            }
        }
        let name = lower(row.name);
        if !is_host_name(&name) {
            self.left.illegal += 1;
            return Ok(());
        }
        if let Some(listed) = self.keep_out.reason(&name) {
            self.left.kept_out += 1;
            if self.left.kept_out_examples.len() < EXAMPLES {
                self.left.kept_out_examples.push((name.into_owned(), listed.to_owned()));
            }
            return Ok(());
        }
        if self.unique.as_mut().is_some_and(|unique| !unique.is_new(&name)) {
            self.left.repeated += 1;
            return Ok(());
        }
        let row = Row { name: &name, ..*row };
        if let Some(suffix) = suffix_of_a_provider(&row) {
            *self.left.providers.entry(suffix.to_owned()).or_default() += 1;
            return providers.map_or(Ok(()), |providers| providers.add(&row));
        }
        self.left.passed += 1;
        format.add(&row)
    }

    /// Whether a model makes the name. Rows of one generator follow each other.
    fn is_of_a_model(&mut self, row: &Row<'_>) -> bool {
        match &self.last {
            Some((family, preset, is_model)) if family == row.family && preset == row.preset => *is_model,
            _ => {
                let is_model = Malware::of(row).is_model;
                self.last = Some((row.family.to_owned(), row.preset.to_owned(), is_model));
                is_model
            }
        }
    }

    /// What has been held back.
    pub fn into_left(self) -> Left {
        self.left
    }
}

/// The suffix because of which a name is kept apart: who runs it gives away names below it, and is the one to ask. A
/// name that is a public suffix itself stands for all names below it.
fn suffix_of_a_provider<'a>(row: &Row<'a>) -> Option<&'a str> {
    let private = psl::suffix(row.name.as_bytes()).is_some_and(|suffix| suffix.typ() == Some(psl::Type::Private));
    if private || row.registrable_domain().is_none() {
        return row.public_suffix();
    }
    let registry = Registry::of(row.name).filter(|registry| registry.kind == RegistryKind::Provider)?;
    Some(&row.name[row.name.len() - registry.suffix.len()..])
}

fn lower(name: &str) -> Cow<'_, str> {
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) { name.to_ascii_lowercase().into() } else { name.into() }
}
