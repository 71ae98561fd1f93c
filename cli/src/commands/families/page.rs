//! A family's page, as Markdown: on the terminal and in `docs/families/`.

use std::io::{self, Write};

use dga::{Preset, Registry, RegistryKind, Scheme, Seed, Taxonomy};

use super::facts::{Detail, Recover, Summary, Variant};

impl Detail {
    /// Writes the page.
    pub(super) fn write(&self, output: &mut impl Write) -> io::Result<()> {
        let sections = Sections::of(&self.about);
        writeln!(output, "# {}\n\n{}", self.name, sections.about)?;
        writeln!(output, "\n{}", self.in_short())?;
        writeln!(output, "\n## Names\n\n{}", sections.named("Names"))?;
        self.write_variants(output)?;
        writeln!(output, "\n## Whom to ask\n")?;
        for registry in &self.registries {
            writeln!(output, "- {}", line(registry))?;
        }
        writeln!(output, "\n## How a bot walks the list\n\n{}", sections.named("Bots"))?;
        self.write_pitfalls(output, sections.named("Pitfalls"))?;
        writeln!(output, "\n## Parameters\n\n{}", sections.named("Parameters"))?;
        self.write_recover(output)?;
        if !self.word_lists.is_empty() {
            writeln!(output, "\n## Word lists\n\n- `{}`", self.word_lists.join("`\n- `"))?;
        }
        writeln!(output, "\n## Presets\n")?;
        for preset in self.presets {
            self.write_preset(output, preset)?;
        }
        writeln!(output, "\n## References\n")?;
        for reference in self.references {
            writeln!(output, "- <{reference}>")?;
        }
        Ok(())
    }

    fn in_short(&self) -> String {
        let mut parts = Vec::new();
        if !self.aliases.is_empty() {
            parts.push(format!("Also called {}.", self.aliases.join(", ")));
        }
        match self.active {
            (Some(first), Some(last)) if first == last => parts.push(format!("Seen in {first}.")),
            (Some(first), Some(last)) => parts.push(format!("Seen from {first} to {last}.")),
            (Some(first), None) => parts.push(format!("Seen since {first}.")),
            (None, Some(last)) => parts.push(format!("Seen until {last}.")),
            (None, None) => {}
        }
        let (first, last) = self.defined;
        parts.push(format!("Dates from {first} to {last} can be asked for."));
        parts.join(" ")
    }

    fn write_variants(&self, output: &mut impl Write) -> io::Result<()> {
        let rows: Vec<_> = self
            .variants
            .iter()
            .map(|Variant { name, class, schedule, lists }| {
                [
                    (*name).to_owned(),
                    class.clone(),
                    schedule.clone().unwrap_or_else(|| "no known configuration".into()),
                    lists.map(super::lists::Lists::size).unwrap_or_default(),
                ]
            })
            .collect();
        writeln!(output)?;
        table(output, ["Variant", "Class", "The list", "Names in a list"], &rows)?;
        writeln!(output)?;
        let mut told: Vec<String> = Vec::new();
        for class in self.taxonomy {
            let meaning = meaning(*class);
            if !told.contains(&meaning) {
                writeln!(output, "- {meaning}")?;
                told.push(meaning);
            }
        }
        for Variant { name, lists, .. } in &self.variants {
            let Some(lists) = lists else { continue };
            let names: Vec<_> = lists.example.iter().map(|name| code(name)).collect();
            writeln!(output, "- `{name}`, list of {}: {}, …", lists.at.replace("T00:00:00Z", ""), names.join(", "))?;
        }
        Ok(())
    }

    /// The family's own list of pitfalls, and what follows from its lists and suffixes.
    fn write_pitfalls(&self, output: &mut impl Write, own: &str) -> io::Result<()> {
        let has = |kind| self.registries.iter().any(|registry| registry.kind == kind);
        let derived = [
            (self.illegal_names, "Some names are no legal host names; registries refuse them, and resolvers may."),
            (has(RegistryKind::Provider), "Some names lie below a provider's own domain: ask the provider, as above."),
            (has(RegistryKind::NotInRoot), "Some names end in a suffix that is not in the ICANN root: block them."),
            (!self.word_lists.is_empty(), "Its word lists are not part of the product: see `families wordlists`."),
        ];
        let derived = derived.iter().filter(|(holds, _)| *holds).map(|(_, pitfall)| format!("- {pitfall}"));
        let own = Some(own.to_owned()).filter(|own| !own.is_empty());
        let all: Vec<_> = own.into_iter().chain(derived).collect();
        if all.is_empty() { Ok(()) } else { writeln!(output, "\n## Pitfalls\n\n{}", all.join("\n")) }
    }

    /// What can be found of captured names.
    fn write_recover(&self, output: &mut impl Write) -> io::Result<()> {
        writeln!(output, "\n## Unknown seeds\n")?;
        if self.recover.is_empty() {
            return writeln!(output, "There is nothing that `hydrabane recover` could find; docs/recover.md says why.");
        }
        for Recover { parameters, variants, numbers, any_position, note } in &self.recover {
            let of = match variants {
                [] => String::new(),
                variants => format!(" of variant `{}`", variants.join("`, `")),
            };
            let note = if note.is_empty() { String::new() } else { format!("; {note}") };
            let numbers = if *numbers == 1 { "nothing to try".to_owned() } else { format!("{numbers} to try") };
            writeln!(
                output,
                "- `hydrabane recover` finds `{}`{of}: {numbers}, {any_position} if no place is known{note}",
                parameters.join("` and `"),
            )?;
        }
        Ok(())
    }

    fn write_preset(&self, output: &mut impl Write, preset: &Preset) -> io::Result<()> {
        let parameters: Vec<_> = preset
            .parameters
            .iter()
            .map(|(name, value)| format!("`{name}={}`", serde_json::to_string(value).unwrap_or_default()))
            .collect();
        let variant = preset.variant.as_deref().filter(|_| self.variants.len() > 1);
        let variant = variant.map(|variant| format!("variant `{variant}`"));
        let what: Vec<_> = variant.into_iter().chain(parameters).collect();
        let colon = if what.is_empty() { "" } else { ": " };
        writeln!(output, "- `{}`{colon}{}", preset.name, what.join(" "))?;
        let seen = match (&preset.first_seen, &preset.last_seen) {
            (Some(first), Some(last)) => format!("; seen {first} to {last}"),
            (Some(first), None) => format!("; seen {first}"),
            (None, Some(last)) => format!("; seen until {last}"),
            (None, None) => String::new(),
        };
        let sample = preset.sample.as_ref().map(|sample| format!("; sample `{sample}`")).unwrap_or_default();
        writeln!(output, "  {}{seen}{sample}", preset.source)
    }
}

/// Writes the index of all pages.
pub(super) fn write_index(output: &mut impl Write, families: &[Summary]) -> io::Result<()> {
    writeln!(output, "# Families\n")?;
    writeln!(output, "One page each, as `hydrabane families show FAMILY` prints it.\n")?;
    let rows: Vec<_> = families
        .iter()
        .map(|family| {
            [
                format!("[{0}]({0}.md)", family.name),
                family.class.clone(),
                family.schedule.clone(),
                family.names.clone(),
                family.variants.join(", "),
                family.presets.to_string(),
            ]
        })
        .collect();
    table(output, ["Family", "Class", "The list", "Names in a list", "Variants", "Presets"], &rows)
}

/// Writes a table with aligned columns.
fn table<const COLUMNS: usize>(
    output: &mut impl Write,
    head: [&str; COLUMNS],
    rows: &[[String; COLUMNS]],
) -> io::Result<()> {
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        rows.iter().map(|row| row[column].chars().count()).chain([head[column].len()]).max().unwrap_or(0)
    });
    let mut row = |cells: [&str; COLUMNS]| {
        for (cell, width) in cells.iter().zip(widths) {
            write!(output, "| {cell:width$} ")?;
        }
        writeln!(output, "|")
    };
    row(head)?;
    let rules = widths.map(|width| "-".repeat(width));
    row(rules.each_ref().map(String::as_str))?;
    rows.iter().try_for_each(|cells| row(cells.each_ref().map(String::as_str)))
}

fn line(Registry { suffix, kind, operator, note, .. }: &Registry) -> String {
    let what = match kind {
        RegistryKind::Gtld => "generic; registry",
        RegistryKind::Cctld => "of a country or territory; registry",
        RegistryKind::CctldLevel => "below a country's or territory's; registry",
        RegistryKind::Provider => "a provider's own domain; ask",
        _ => "not in the ICANN root; run by",
    };
    let note = note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
    format!("`{suffix}`, {what} {operator}{note}")
}

/// A name as code; one that is no legal host name may have a backtick.
fn code(name: &str) -> String {
    if name.contains('`') { format!("`` {name} ``") } else { format!("`{name}`") }
}

fn meaning(class: Taxonomy) -> String {
    let seed = match class.seed {
        Seed::Tid => "names do not depend on the date and can be computed in advance",
        Seed::Tdd => "names depend on the date and can be computed in advance",
        Seed::Tdn => "names depend on something that is only known on the day",
        Seed::Tin => "names depend on something that differs from machine to machine",
    };
    let scheme = match class.scheme {
        Scheme::Arithmetic => "their characters are computed",
        Scheme::Hash => "they are the text of a hash",
        Scheme::WordList => "they are made of words from a list",
        Scheme::Permutation => "they are permutations of given characters",
    };
    format!("{class}: {seed}; {scheme}.")
}

/// A family's own text, cut at its headings.
struct Sections<'a> {
    about: &'a str,
    named: Vec<(&'a str, &'a str)>,
}

impl<'a> Sections<'a> {
    fn of(text: &'a str) -> Self {
        let mut parts = text.split("\n# ");
        let about = parts.next().unwrap_or_default().trim();
        let named = parts.filter_map(|part| part.split_once('\n')).map(|(name, text)| (name.trim(), text.trim()));
        Self { about, named: named.collect() }
    }

    /// The text under a heading, empty if there is none; the catalogue's tests say which headings every family has.
    fn named(&self, name: &str) -> &'a str {
        self.named.iter().find(|(own, _)| *own == name).map(|(_, text)| *text).unwrap_or_default()
    }
}
