//! Which names are wanted: the arguments that every command shares which makes names from families and dates.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use dga::{FAMILIES, Family, Parameter, PresetFile, Selection, WordLists, find};
use name_files::{Request, Source, Span};

use crate::catalogue::WordListArguments;
use crate::exit::Failure;
use crate::span::SpanOptions;

/// Families, their configurations, and a time.
#[derive(Debug, clap::Args)]
pub(crate) struct RequestArguments {
    /// Families by name or alias; `hydrabane families` lists them.
    #[arg(value_name = "FAMILY")]
    pub(crate) families: Vec<String>,

    /// Every family of the catalogue.
    #[arg(long, conflicts_with_all = ["variant", "param"])]
    pub(crate) all: bool,

    /// A known configuration by name, or `all`; by default the family's first, unless a variant or parameters are given.
    #[arg(long, value_name = "PRESET")]
    preset: Vec<String>,

    /// A variant by name; all else has the specification's defaults unless a preset is named.
    #[arg(long, value_name = "VARIANT")]
    variant: Option<String>,

    /// A parameter and its value, as YAML: `seed=0x1f`, `tlds=[com, net]`.
    #[arg(long, value_name = "KEY=VALUE", value_parser = parameter)]
    param: Vec<(String, Parameter)>,

    /// A YAML file with presets of your own, in the form of the catalogue's.
    #[arg(long, value_name = "FILE")]
    presets: Option<PathBuf>,

    #[command(flatten)]
    word_lists: WordListArguments,

    #[command(flatten)]
    pub(crate) span: SpanOptions,

    /// Only the first N names of each list, or more than the list has where only a setting ends it.
    #[arg(long, value_name = "N")]
    count: Option<usize>,
}

impl RequestArguments {
    /// What is wanted if it is `now`. Warns of families that did not exist at that time.
    pub(crate) fn request(&self, now: DateTime<Utc>) -> Result<Request, Failure> {
        let span = self.span.meaning(now)?;
        self.request_for(span)
    }

    /// What is wanted, for another time than the one that the arguments give.
    pub(crate) fn request_for(&self, span: Span) -> Result<Request, Failure> {
        let words = self.word_lists.word_lists();
        let own = own_presets(self.presets.as_deref())?;
        let families: Vec<&Family> = if self.all {
            FAMILIES.iter().collect()
        } else {
            self.families.iter().map(|name| find(name)).collect::<Result<_, _>>()?
        };
        let mut sources: Vec<Source> = Vec::new();
        let mut early = Vec::new();
        for family in families {
            for selection in self.selections() {
                for (configuration, generator) in bound(family, &selection, &own, &words)? {
                    // A family or a preset that is named twice is wanted once.
                    if sources
                        .iter()
                        .any(|(other, known)| *other == configuration && known.family() == family.info().name)
                    {
                        continue;
                    }
                    // Before any output: the date may be one for which the family is not defined.
                    span.check(&*generator)?;
                    if span.is_too_early(&*generator)
                        && !early.iter().any(|other: &&dga::Info| other.name == family.info().name)
                    {
                        early.push(family.info());
                    }
                    sources.push((configuration, generator));
                }
            }
        }
        warn_of_early(&early);
        Ok(Request { sources, span, count: self.count })
    }

    /// The arguments that decide about the names, with the date spelled out.
    pub(crate) fn described(&self, span: &Span) -> String {
        let mut words: Vec<String> = Vec::new();
        words.extend(self.all.then(|| "--all".to_owned()));
        words.extend(self.families.iter().cloned());
        let mut option = |name: &str, value: String| words.extend([format!("--{name}"), value]);
        for preset in &self.preset {
            option("preset", preset.clone());
        }
        if let Some(variant) = &self.variant {
            option("variant", variant.clone());
        }
        for (name, value) in &self.param {
            if let Parameter::Text(text) = value {
                option("param", format!("{name}={text}"));
            }
        }
        if let Some(path) = &self.presets {
            option("presets", path.display().to_string());
        }
        for (name, value) in span.described() {
            option(name, value);
        }
        if let Some(count) = self.count {
            option("count", count.to_string());
        }
        words.join(" ")
    }

    fn selections(&self) -> Vec<Selection> {
        let selection =
            |preset| Selection { preset, variant: self.variant.clone(), params: self.param.iter().cloned().collect() };
        match self.preset.as_slice() {
            [] => vec![selection(None)],
            presets => presets.iter().map(|preset| selection(Some(preset.clone()))).collect(),
        }
    }
}

/// The configurations of a family that a selection means, each bound.
pub(crate) fn bound(
    family: &Family,
    selection: &Selection,
    own: &[PresetFile],
    words: &WordLists,
) -> Result<Vec<Source>, dga::Error> {
    let configurations = family.configurations(selection, own)?;
    configurations
        .into_iter()
        .map(|configuration| {
            let generator = family.bind_configuration(&configuration, words)?;
            Ok((configuration, generator))
        })
        .collect()
}

/// The presets in a file of the user's own, if one is given.
pub(crate) fn own_presets(path: Option<&Path>) -> Result<Vec<PresetFile>, Failure> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::usage(format_args!("cannot read `{}`: {error}", path.display())))?;
    PresetFile::read(&text).map_err(|error| {
        let failure = Failure::usage(format_args!("`{}`: {error}", path.display()));
        failure.hint(error.hint().unwrap_or_else(|| {
            "a file of presets has `family: NAME` and `presets:`, a list of name, variant, parameters and source".into()
        }))
    })
}

/// Says which families did not exist at the time that is asked for: their names are computed, but no bot asked for them.
fn warn_of_early(early: &[&dga::Info]) {
    if early.is_empty() {
        return;
    }
    let named: Vec<String> = early
        .iter()
        .filter_map(|info| info.active.0.map(|first| format!("`{}` was first seen in {first}", info.name)))
        .collect();
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    let mut stderr = anstream::stderr().lock();
    // Standard error may be closed; the names are right all the same.
    let _ = writeln!(
        stderr,
        "{yellow}warning{yellow:#}: family {}; no bot is known to have asked for these names",
        named.join(", "),
    );
}

/// A parameter as it is typed.
pub(crate) fn parameter(text: &str) -> Result<(String, Parameter), String> {
    let (name, value) = text.split_once('=').ok_or("it must be KEY=VALUE, as in `seed=0x1f`")?;
    Ok((name.trim().to_owned(), Parameter::Text(value.to_owned())))
}
