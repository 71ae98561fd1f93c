//! What is shown of a family.

use dga::{Any, Error, Family, Preset, Quest, Registry, Selection, Taxonomy, WordListId};
use serde::Serialize;

use super::lists::Lists;

/// A line of the table.
#[derive(Serialize)]
pub(super) struct Summary {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) class: String,
    pub(super) schedule: String,
    pub(super) names: String,
    pub(super) variants: &'static [&'static str],
    pub(super) presets: usize,
}

impl Summary {
    /// Class, schedule and number of names are those of the first variant of which a configuration is known.
    pub(super) fn new(family: &'static Family) -> Result<Self, Error> {
        let info = family.info();
        let variants = Variant::all(family)?;
        let shown = variants.iter().find(|variant| variant.schedule.is_some()).or(variants.first());
        Ok(Self {
            name: info.name,
            aliases: info.aliases,
            class: shown.map(|shown| shown.class.clone()).unwrap_or_default(),
            schedule: shown.and_then(|shown| shown.schedule.clone()).unwrap_or_default(),
            names: shown.and_then(|shown| shown.lists).map(Lists::size).unwrap_or_default(),
            variants: info.variants,
            presets: family.presets()?.len(),
        })
    }
}

/// All that is known of one family.
#[derive(Serialize)]
pub(super) struct Detail {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) about: String,
    pub(super) active: (Option<u16>, Option<u16>),
    pub(super) defined: (i32, i32),
    pub(super) taxonomy: &'static [Taxonomy],
    pub(super) variants: Vec<Variant>,
    pub(super) registries: Vec<&'static Registry>,
    pub(super) parameters: Vec<&'static str>,
    pub(super) recover: Vec<Recover>,
    pub(super) illegal_names: bool,
    pub(super) word_lists: Vec<&'static str>,
    pub(super) presets: &'static [Preset],
    pub(super) references: &'static [&'static str],
}

/// What is known of a variant.
#[derive(Serialize)]
pub(super) struct Variant {
    pub(super) name: &'static str,
    pub(super) class: String,
    /// When the list of the variant's first preset changes.
    pub(super) schedule: Option<String>,
    pub(super) lists: Option<&'static Lists>,
}

impl Variant {
    fn all(family: &'static Family) -> Result<Vec<Self>, Error> {
        let info = family.info();
        let configurations = family.configurations(&every_preset(), &[])?;
        let variants = info.variants.iter().enumerate().map(|(index, name)| {
            let first = configurations.iter().find(|configuration| configuration.variant == *name);
            let class = info.taxonomy.get(index).or(info.taxonomy.first());
            Ok(Self {
                name,
                class: class.map(Taxonomy::to_string).unwrap_or_default(),
                schedule: first.map(|first| family.inspect(first)).transpose()?.map(|first| first.schedule.to_string()),
                lists: Lists::of(info.name, name),
            })
        });
        variants.collect()
    }
}

impl Detail {
    pub(super) fn new(family: &'static Family) -> Result<Self, Error> {
        let info = family.info();
        Ok(Self {
            name: info.name,
            aliases: info.aliases,
            about: family.page(),
            active: info.active,
            defined: info.dates,
            taxonomy: info.taxonomy,
            variants: Variant::all(family)?,
            registries: Lists::registries(info.name),
            parameters: family.parameter_names(),
            recover: family.quests().iter().map(Recover::new).collect(),
            illegal_names: info.illegal_names,
            word_lists: word_lists(family)?.iter().map(|list| list.id).collect(),
            presets: family.presets()?,
            references: info.references,
        })
    }
}

/// What `hydrabane recover` can find of a family.
#[derive(Serialize)]
pub(super) struct Recover {
    pub(super) parameters: Vec<&'static str>,
    /// All variants if empty.
    pub(super) variants: &'static [&'static str],
    pub(super) numbers: u64,
    /// How a name is found whose place is not known.
    pub(super) any_position: &'static str,
    pub(super) note: &'static str,
}

impl Recover {
    fn new(quest: &Quest) -> Self {
        Self {
            parameters: quest.found().collect(),
            variants: quest.variants,
            numbers: quest.numbers,
            any_position: match quest.any {
                Any::State => "one pass",
                Any::Places => "a pass for each place",
                Any::Lists => "one pass that makes whole lists",
            },
            note: quest.note,
        }
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
