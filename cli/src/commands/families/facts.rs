//! What is shown of a family.

use std::io::{self, Write};

use dga::{Error, Family, Preset, Selection, Taxonomy, WordListId};
use serde::Serialize;

/// A line of the table.
#[derive(Serialize)]
pub(super) struct Summary {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) class: String,
    pub(super) variants: &'static [&'static str],
    pub(super) presets: usize,
}

impl Summary {
    pub(super) fn new(family: &'static Family) -> Result<Self, Error> {
        let info = family.info();
        Ok(Self {
            name: info.name,
            aliases: info.aliases,
            class: info.taxonomy.first().map(Taxonomy::to_string).unwrap_or_default(),
            variants: info.variants,
            presets: family.presets()?.len(),
        })
    }
}

/// All that is known of one family.
#[derive(Serialize)]
pub(super) struct Detail {
    name: &'static str,
    aliases: &'static [&'static str],
    about: String,
    active: (Option<u16>, Option<u16>),
    defined: (i32, i32),
    taxonomy: &'static [Taxonomy],
    variants: Vec<Variant>,
    parameters: Vec<&'static str>,
    illegal_names: bool,
    word_lists: Vec<&'static str>,
    presets: &'static [Preset],
    references: &'static [&'static str],
}

#[derive(Serialize)]
struct Variant {
    name: &'static str,
    class: String,
    /// When the list of the variant's first preset changes.
    schedule: Option<String>,
}

impl Detail {
    pub(super) fn new(family: &'static Family) -> Result<Self, Error> {
        let info = family.info();
        let configurations = family.configurations(&every_preset(), &[])?;
        let variants = info.variants.iter().enumerate().map(|(index, name)| {
            let first = configurations.iter().find(|configuration| configuration.variant == *name);
            let class = info.taxonomy.get(index).or(info.taxonomy.first());
            Ok(Variant {
                name,
                class: class.map(Taxonomy::to_string).unwrap_or_default(),
                schedule: first.map(|first| family.inspect(first)).transpose()?.map(|first| first.schedule.to_string()),
            })
        });
        Ok(Self {
            name: info.name,
            aliases: info.aliases,
            about: family.page(),
            active: info.active,
            defined: info.dates,
            taxonomy: info.taxonomy,
            variants: variants.collect::<Result<_, Error>>()?,
            parameters: family.parameter_names(),
            illegal_names: info.illegal_names,
            word_lists: word_lists(family)?.iter().map(|list| list.id).collect(),
            presets: family.presets()?,
            references: info.references,
        })
    }

    /// The family's page.
    pub(super) fn write(&self, output: &mut impl Write) -> io::Result<()> {
        writeln!(output, "{}\n\n{}", self.name, self.about.trim_end())?;
        writeln!(output, "\n# Variants\n")?;
        for Variant { name, class, schedule } in &self.variants {
            writeln!(output, "- {name}: {class}, {}", schedule.as_deref().unwrap_or("no known configuration"))?;
        }
        if !self.word_lists.is_empty() {
            writeln!(output, "\n# Word lists\n\n- {}", self.word_lists.join("\n- "))?;
        }
        writeln!(output, "\n# Presets\n")?;
        for preset in self.presets {
            let parameters: Vec<_> = preset
                .parameters
                .iter()
                .map(|(name, value)| format!("{name}={}", serde_json::to_string(value).unwrap_or_default()))
                .collect();
            let variant = preset.variant.as_deref().filter(|_| self.variants.len() > 1).unwrap_or_default();
            let line = format!("- {}: {variant} {}", preset.name, parameters.join(" "));
            writeln!(output, "{}", line.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches(':'))?;
            let seen = match (&preset.first_seen, &preset.last_seen) {
                (Some(first), Some(last)) => format!("; seen {first} to {last}"),
                (Some(first), None) => format!("; seen {first}"),
                (None, Some(last)) => format!("; seen until {last}"),
                (None, None) => String::new(),
            };
            let sample = preset.sample.as_ref().map(|sample| format!("; sample {sample}")).unwrap_or_default();
            writeln!(output, "  {}{seen}{sample}", preset.source)?;
        }
        writeln!(output, "\n# References\n")?;
        for reference in self.references {
            writeln!(output, "- {reference}")?;
        }
        if !self.aliases.is_empty() {
            writeln!(output, "\nAlso called {}.", self.aliases.join(", "))?;
        }
        Ok(())
    }
}

/// The word lists that a family's presets need.
pub(super) fn word_lists(family: &Family) -> Result<Vec<WordListId>, Error> {
    let mut lists = Vec::new();
    for configuration in family.configurations(&every_preset(), &[])? {
        for list in family.inspect(&configuration)?.word_lists {
            if !lists.contains(&list) {
                lists.push(list);
            }
        }
    }
    Ok(lists)
}

fn every_preset() -> Selection {
    Selection { preset: Some(dga::ALL.into()), ..Selection::default() }
}
