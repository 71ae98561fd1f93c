//! Presets: known configurations of families, as data.

use serde::{Deserialize, Serialize};

use crate::catalogue::find;
use crate::error::Error;
use crate::parameter::Parameters;

/// The preset name that means every preset of a family.
pub const ALL: &str = "all";

/// A known configuration of a family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Preset {
    /// Its name, unique within the family.
    pub name: String,
    /// The variant it belongs to; may be left out for the family's first.
    #[serde(default)]
    pub variant: Option<String>,
    /// What differs from the specification's defaults.
    #[serde(default)]
    pub parameters: Parameters,
    /// When it was first seen: a year, a month or a date.
    #[serde(default)]
    pub first_seen: Option<String>,
    /// When it was last seen: a year, a month or a date.
    #[serde(default)]
    pub last_seen: Option<String>,
    /// Hash of a sample that uses it, with the kind of hash before it.
    #[serde(default)]
    pub sample: Option<String>,
    /// Who published it.
    pub source: String,
}

/// A file of presets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PresetFile {
    /// The family that they belong to.
    pub family: String,
    /// The presets, the default first.
    pub presets: Vec<Preset>,
}

impl PresetFile {
    /// Reads files of presets from YAML: one document for each family.
    ///
    /// # Errors
    ///
    /// The text is no such file, a family does not exist, or one of its presets has a name that is taken.
    pub fn read(text: &str) -> Result<Vec<Self>, Error> {
        let files = Self::parse(text)?;
        for file in &files {
            let family = find(&file.family)?;
            let taken = family.presets()?.iter().map(|preset| preset.name.as_str());
            check_names(&file.presets, taken.chain([ALL]))?;
        }
        Ok(files)
    }

    pub(crate) fn parse(text: &str) -> Result<Vec<Self>, Error> {
        serde_yaml::Deserializer::from_str(text)
            .map(|document| Self::deserialize(document).map_err(|error| Error::Presets { reason: error.to_string() }))
            .collect()
    }
}

fn check_names<'a>(presets: &'a [Preset], taken: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let mut taken: Vec<&str> = taken.collect();
    for preset in presets {
        if taken.contains(&preset.name.as_str()) {
            return Err(Error::Presets { reason: format!("the name `{}` is taken", preset.name) });
        }
        taken.push(&preset.name);
    }
    Ok(())
}
