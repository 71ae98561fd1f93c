//! [`Family`]: one entry of the catalogue, from selection to bound generator.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};

use crate::algorithm::Algorithm;
use crate::error::{Error, Unknown};
use crate::generate::{Bound, Generate};
use crate::info::Info;
use crate::parameter::{self, Parameter, Parameters};
use crate::preset::{ALL, Preset, PresetFile};
use crate::schedule::Schedule;
use crate::search::{NAME, Quest, Seek};
use crate::words::{WordListId, WordLists};

/// A family of the catalogue.
pub struct Family {
    info: &'static Info,
    source: &'static str,
    presets_yaml: &'static str,
    presets: &'static OnceLock<Vec<Preset>>,
    erased: Erased,
}

/// The family's parameter type, reduced to what can be done with it.
struct Erased {
    parameters: fn() -> Vec<&'static str>,
    inspect: fn(&Parameters) -> Result<Inspection, Error>,
    bind: Bind,
    quests: &'static [Quest],
    seek: SeekIn,
    turns: fn(&Parameters) -> Result<usize, Error>,
    turned: fn(&Parameters, usize) -> Result<Parameters, Error>,
}

/// Reads parameters of a variant and binds them.
type Bind = fn(&'static Info, &'static str, &Parameters, &WordLists) -> Result<Arc<dyn Generate>, Error>;

/// Reads parameters and makes a search of them.
type SeekIn = fn(&'static Quest, DateTime<Utc>, &Parameters, &WordLists) -> Result<Box<dyn Seek>, Error>;

/// What parameters mean, without binding them.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// When the list changes.
    pub schedule: Schedule,
    /// The word lists that are needed.
    pub word_lists: Vec<WordListId>,
    /// The parameters with defaults filled in.
    pub parameters: serde_yaml::Value,
}

/// What a user asked for of a family.
///
/// Nothing given means the family's first preset. A variant or parameters without a preset mean the specification's
/// defaults for everything else. Parameters beside a preset replace the preset's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// A preset's name.
    pub preset: Option<String>,
    /// A variant's name, as in the vectors.
    pub variant: Option<String>,
    /// Parameters by name.
    pub params: BTreeMap<String, Parameter>,
}

/// One configuration of a family: a preset, or what was given instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Configuration {
    /// The preset's name, if it is one.
    pub preset: Option<String>,
    /// The variant's name.
    pub variant: String,
    /// What differs from the specification's defaults.
    pub parameters: Parameters,
}

impl Family {
    pub(crate) const fn new<A: Algorithm>(
        info: &'static Info,
        source: &'static str,
        presets_yaml: &'static str,
        presets: &'static OnceLock<Vec<Preset>>,
    ) -> Self {
        let erased = Erased {
            parameters: parameter::names_of::<A>,
            inspect: inspect::<A>,
            bind: bind::<A>,
            quests: A::QUESTS,
            seek: seek::<A>,
            turns: |parameters| Ok(parameter::read::<A>(A::INFO.name, parameters)?.turns()),
            turned: |parameters, places| Ok(parameter::read::<A>(A::INFO.name, parameters)?.turned(places)),
        };
        Self { info, source, presets_yaml, presets, erased }
    }

    /// What the catalogue says about the family.
    pub fn info(&self) -> &'static Info {
        self.info
    }

    /// The family's page: what its file says about it, as Markdown.
    pub fn page(&self) -> String {
        let lines = self.source.lines().take_while(|line| line.starts_with("//!"));
        lines.map(|line| line.strip_prefix("//! ").unwrap_or_default()).collect::<Vec<_>>().join("\n")
    }

    /// The text from which the catalogue's version is computed.
    pub(crate) fn text(&self) -> [&'static str; 2] {
        [self.source, self.presets_yaml]
    }

    /// The names of its parameters; `variant` is one for families that have several variants.
    pub fn parameter_names(&self) -> Vec<&'static str> {
        (self.erased.parameters)()
    }

    /// The presets of the catalogue, the default first.
    ///
    /// # Errors
    ///
    /// The catalogue's own file of presets is wrong, which a test excludes.
    pub fn presets(&self) -> Result<&'static [Preset], Error> {
        if let Some(presets) = self.presets.get() {
            return Ok(presets);
        }
        let wrong = |reason: String| Error::Presets { reason: format!("{}.yaml: {reason}", self.info.name) };
        let mut files = PresetFile::parse(self.presets_yaml).map_err(|error| wrong(error.to_string()))?;
        match files.pop() {
            Some(file) if files.is_empty() && file.family == self.info.name => {
                Ok(self.presets.get_or_init(|| file.presets))
            }
            _ => Err(wrong("must be one document for this family".into())),
        }
    }

    /// The configurations that `selection` means; several for the preset `all`. `more` are presets of the user's own.
    ///
    /// # Errors
    ///
    /// The preset or the variant does not exist, or they do not belong together.
    pub fn configurations(&self, selection: &Selection, more: &[PresetFile]) -> Result<Vec<Configuration>, Error> {
        let given = selection.variant.as_deref();
        let variant = given.map(|given| self.variant(given)).transpose()?;
        let own = more.iter().filter(|file| self.is_called(&file.family)).flat_map(|file| &file.presets);
        let mut presets = self.presets()?.iter().chain(own);
        let chosen: Vec<&Preset> = match selection.preset.as_deref() {
            None if variant.is_some() || !selection.params.is_empty() => {
                return Ok(vec![self.configuration(None, variant, &Parameters::new(), &selection.params)?]);
            }
            None => presets.next().into_iter().collect(),
            Some(ALL) => {
                presets.filter(|preset| variant.is_none() || self.variant_of(preset).ok() == variant).collect()
            }
            Some(name) => {
                let unknown = || {
                    let names = presets.clone().map(|preset| preset.name.as_str());
                    Unknown::new("preset", name, Some(self.info.name), names)
                };
                vec![presets.clone().find(|preset| preset.name == name).ok_or_else(unknown)?]
            }
        };
        let mut configurations = Vec::with_capacity(chosen.len());
        for preset in chosen {
            let own = self.variant_of(preset)?;
            if let Some(asked) = variant.filter(|asked| *asked != own) {
                return Err(Error::PresetVariant {
                    family: self.info.name.into(),
                    preset: preset.name.clone(),
                    variant: own.into(),
                    asked: asked.into(),
                });
            }
            configurations.push(self.configuration(
                Some(preset.name.clone()),
                Some(own),
                &preset.parameters,
                &selection.params,
            )?);
        }
        Ok(configurations)
    }

    /// Binds the one configuration that `selection` means.
    ///
    /// # Errors
    ///
    /// As [`configurations`](Self::configurations), [`Error::SeveralPresets`] for `all`, and as
    /// [`bind_configuration`](Self::bind_configuration).
    pub fn bind(&self, selection: &Selection, words: &WordLists) -> Result<Arc<dyn Generate>, Error> {
        match self.configurations(selection, &[])?.as_slice() {
            [one] => self.bind_configuration(one, words),
            _ => Err(Error::SeveralPresets { family: self.info.name.into() }),
        }
    }

    /// Binds a configuration: checks it and computes what does not depend on the time.
    ///
    /// # Errors
    ///
    /// A parameter is unknown, missing, of the wrong type or not allowed, or a word list is missing or altered.
    pub fn bind_configuration(
        &self,
        configuration: &Configuration,
        words: &WordLists,
    ) -> Result<Arc<dyn Generate>, Error> {
        let variant = self.variant(&configuration.variant)?;
        (self.erased.bind)(self.info, variant, &self.with_variant(configuration), words)
    }

    /// What a configuration means, without binding it: this needs no word lists.
    ///
    /// # Errors
    ///
    /// A parameter is unknown, missing or of the wrong type.
    pub fn inspect(&self, configuration: &Configuration) -> Result<Inspection, Error> {
        (self.erased.inspect)(&self.with_variant(configuration)).map_err(|error| self.named(error))
    }

    /// What of the family can be found from captured names, the most usual first.
    pub fn quests(&self) -> &'static [Quest] {
        self.erased.quests
    }

    /// The configuration of which `quest` says what is unknown: the values that stand for it until it is found replace
    /// those of the configuration. `name` is the first captured name.
    pub fn unknown(&self, configuration: &Configuration, quest: &Quest, name: &str) -> Configuration {
        let mut unknown = configuration.clone();
        for (parameter, value) in quest.finds {
            let value = if *value == NAME { name } else { value };
            unknown.parameters.insert((*parameter).to_owned(), Parameter::Text(value.to_owned()));
        }
        unknown
    }

    /// A search for what `quest`, one of [`quests`](Self::quests), says, in the lists that are valid at `at`; all else is
    /// as in `configuration`.
    ///
    /// # Errors
    ///
    /// As [`bind_configuration`](Self::bind_configuration).
    pub fn seek(
        &self,
        quest: &'static Quest,
        at: DateTime<Utc>,
        configuration: &Configuration,
        words: &WordLists,
    ) -> Result<Box<dyn Seek>, Error> {
        let seek = (self.erased.seek)(quest, at, &self.with_variant(configuration), words);
        seek.map_err(|error| self.named(error))
    }

    /// After how many places the list uses its zones as at the beginning again: 1 unless they follow the place, and a
    /// list that begins later would have others.
    ///
    /// # Errors
    ///
    /// As [`inspect`](Self::inspect).
    pub fn turns(&self, configuration: &Configuration) -> Result<usize, Error> {
        (self.erased.turns)(&self.with_variant(configuration)).map_err(|error| self.named(error))
    }

    /// The configuration whose list begins so many places later, but for what is sought.
    ///
    /// # Errors
    ///
    /// As [`inspect`](Self::inspect).
    pub fn turned(&self, configuration: &Configuration, places: usize) -> Result<Configuration, Error> {
        let changes = (self.erased.turned)(&self.with_variant(configuration), places);
        let mut turned = configuration.clone();
        turned.parameters.extend(changes.map_err(|error| self.named(error))?);
        Ok(turned)
    }

    /// Whether `name` is the family's name or one of its aliases, in any letter case.
    pub fn is_called(&self, name: &str) -> bool {
        let aliases = self.info.aliases.iter();
        aliases.chain([&self.info.name]).any(|own| own.eq_ignore_ascii_case(name))
    }

    /// The parameters as the family's type reads them: with the variant where it is a parameter.
    fn with_variant(&self, configuration: &Configuration) -> Parameters {
        let mut parameters = configuration.parameters.clone();
        if self.info.variants.len() > 1 {
            let variant = serde_yaml::Value::String(configuration.variant.clone());
            parameters.insert("variant".into(), variant.into());
        }
        parameters
    }

    fn configuration(
        &self,
        preset: Option<String>,
        variant: Option<&'static str>,
        base: &Parameters,
        changes: &Parameters,
    ) -> Result<Configuration, Error> {
        let mut parameters = base.clone();
        parameters.extend(changes.iter().map(|(name, value)| (name.clone(), value.clone())));
        // `variant` may also be given like any other parameter.
        let among = match parameters.remove("variant") {
            Some(Parameter::Text(text)) => Some(self.variant(&text)?),
            Some(Parameter::Value(serde_yaml::Value::String(text))) => Some(self.variant(&text)?),
            Some(Parameter::Value(other)) => {
                let given = serde_yaml::to_string(&other).unwrap_or_default();
                Some(self.variant(given.trim())?)
            }
            None => None,
        };
        match (variant, among) {
            (Some(one), Some(another)) if one != another => Err(Error::Parameter {
                family: self.info.name.into(),
                parameter: "variant".into(),
                reason: format!("`{another}` contradicts variant `{one}`"),
            }),
            _ => {
                let variant = variant.or(among).unwrap_or(self.info.variants[0]).to_owned();
                Ok(Configuration { preset, variant, parameters })
            }
        }
    }

    fn variant(&self, given: &str) -> Result<&'static str, Error> {
        let variants = self.info.variants;
        variants
            .iter()
            .copied()
            .find(|variant| *variant == given)
            .ok_or_else(|| Unknown::new("variant", given, Some(self.info.name), variants.iter().copied()).into())
    }

    fn variant_of(&self, preset: &Preset) -> Result<&'static str, Error> {
        preset.variant.as_deref().map_or(Ok(self.info.variants[0]), |variant| self.variant(variant))
    }

    fn named(&self, error: Error) -> Error {
        match error {
            Error::Unknown(mut unknown) => {
                unknown.family = Some(self.info.name.into());
                Error::Unknown(unknown)
            }
            error => error,
        }
    }
}

impl fmt::Debug for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Family").field(&self.info.name).finish()
    }
}

fn inspect<A: Algorithm>(parameters: &Parameters) -> Result<Inspection, Error> {
    let algorithm: A = parameter::read(A::INFO.name, parameters)?;
    Ok(Inspection {
        schedule: algorithm.schedule(),
        word_lists: algorithm.word_lists(),
        parameters: written::<A>(&algorithm)?,
    })
}

fn bind<A: Algorithm>(
    info: &'static Info,
    variant: &'static str,
    parameters: &Parameters,
    words: &WordLists,
) -> Result<Arc<dyn Generate>, Error> {
    let algorithm: A = parameter::read(info.name, parameters)?;
    let schedule = algorithm.schedule();
    let parameters = written::<A>(&algorithm)?;
    let ready = algorithm.bind(words).map_err(|refusal| refusal.of(info.name))?;
    Ok(Arc::new(Bound { info, variant, parameters, schedule, ready }))
}

fn seek<A: Algorithm>(
    quest: &'static Quest,
    at: DateTime<Utc>,
    parameters: &Parameters,
    words: &WordLists,
) -> Result<Box<dyn Seek>, Error> {
    let algorithm: A = parameter::read(A::INFO.name, parameters)?;
    algorithm.seek(quest, at, words).map_err(|refusal| refusal.of(A::INFO.name))
}

fn written<A: Algorithm>(algorithm: &A) -> Result<serde_yaml::Value, Error> {
    serde_yaml::to_value(algorithm)
        .map_err(|error| Error::Parameters { family: A::INFO.name.into(), reason: error.to_string() })
}
