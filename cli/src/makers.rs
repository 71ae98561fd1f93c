//! Whose names are looked for: every preset of the catalogue or of some families, and a user's own.

use std::io::Write;
use std::path::PathBuf;

use dga::{ALL, Error, FAMILIES, Family, Selection, WordLists, find};
use name_files::{Request, Source, Span};

use crate::catalogue::WordListArguments;
use crate::exit::Failure;
use crate::request::{bound, own_presets};

/// The options that say whose names are looked for.
#[derive(Debug, clap::Args)]
pub(crate) struct MakersArguments {
    /// Only names of these families, separated by commas.
    #[arg(long, value_name = "FAMILY", value_delimiter = ',')]
    families: Vec<String>,

    /// A YAML file with presets of your own, in the form of the catalogue's.
    #[arg(long, value_name = "FILE")]
    presets: Option<PathBuf>,

    #[command(flatten)]
    word_lists: WordListArguments,
}

/// What to do with families whose names cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// The command fails.
    Fails,
    /// They are left out, which is said.
    LeftOut,
}

impl MakersArguments {
    /// Whether some are chosen or added, so that an index that is already there is not what is meant.
    pub(crate) fn are_given(&self) -> bool {
        !self.families.is_empty() || self.presets.is_some()
    }

    /// Word lists from the folder that was named, or from the usual ones.
    pub(crate) fn word_lists(&self) -> WordLists {
        self.word_lists.word_lists()
    }

    /// The names of all that is chosen, for a time.
    pub(crate) fn request(&self, span: Span, missing: Missing) -> Result<Request, Failure> {
        let words = self.word_lists();
        let own = own_presets(self.presets.as_deref())?;
        let families: Vec<&Family> = if self.families.is_empty() {
            FAMILIES.iter().collect()
        } else {
            FAMILIES.iter().filter(|family| self.families.iter().any(|name| family.is_called(name))).collect()
        };
        // A name that is none is told by the error of looking for it.
        self.families.iter().try_for_each(|name| find(name).map(drop))?;
        let every = Selection { preset: Some(ALL.into()), ..Selection::default() };
        let mut sources: Vec<Source> = Vec::new();
        let mut left_out: Vec<(&str, Error)> = Vec::new();
        for family in families {
            let made = bound(family, &every, &own, &words).and_then(|made| {
                made.iter().try_for_each(|(_, generator)| span.check(&**generator))?;
                Ok(made)
            });
            match made {
                Ok(made) => sources.extend(made),
                Err(error) if missing == Missing::Fails => return Err(error.into()),
                Err(error) => left_out.push((family.info().name, error)),
            }
        }
        warn_of_left_out(&left_out);
        Ok(Request { sources, span, count: None })
    }

    /// The options that decide about the names.
    pub(crate) fn described(&self) -> String {
        let mut words = Vec::new();
        if !self.families.is_empty() {
            words.push(format!(" --families {}", self.families.join(",")));
        }
        words.extend(self.presets.iter().map(|path| format!(" --presets {}", path.display())));
        words.concat()
    }
}

fn warn_of_left_out(families: &[(&str, Error)]) {
    let Some((_, first)) = families.first() else { return };
    let named: Vec<String> = families.iter().map(|(name, _)| format!("`{name}`")).collect();
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    let mut stderr = anstream::stderr().lock();
    // Standard error may be closed; what is found is right all the same.
    let _ = writeln!(
        stderr,
        "{yellow}warning{yellow:#}: names of {} are not looked for: {first}{}",
        named.join(", "),
        if families.len() > 1 { " (and so on)" } else { "" },
    );
    if let Some(hint) = first.hint() {
        let cyan = anstyle::AnsiColor::Cyan.on_default().bold();
        let _ = writeln!(stderr, "{cyan}hint{cyan:#}: {hint}");
    }
}
