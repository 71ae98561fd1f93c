//! The word lists that families need: which of them are found and where, and which are missing or altered.

use std::io::{self, Write};
use std::path::PathBuf;

use dga::{Error, FAMILIES, WordListId};
use serde::Serialize;

use super::facts;
use crate::catalogue;

/// A word list, and what was found of it.
#[derive(Serialize)]
pub(super) struct WordList {
    #[serde(flatten)]
    list: Identity,
    families: Vec<&'static str>,
    /// The file that was looked at, if a folder has one.
    file: Option<String>,
    /// Whether there is a file and it is the right one.
    found: bool,
    /// What is wrong otherwise.
    problem: Option<String>,
    /// What an altered file has.
    found_sha256: Option<String>,
}

#[derive(Serialize)]
struct Identity {
    id: &'static str,
    words: usize,
    /// What the file must have.
    sha256: &'static str,
    source: &'static str,
}

impl WordList {
    /// All lists, each as the first of `folders` has it that has one.
    pub(super) fn all(folders: &[PathBuf]) -> Result<Vec<Self>, Error> {
        let mut needed: Vec<(WordListId, Vec<&'static str>)> = Vec::new();
        for family in FAMILIES {
            for list in facts::word_lists(family)? {
                match needed.iter_mut().find(|(known, _)| *known == list) {
                    Some((_, families)) => families.push(family.info().name),
                    None => needed.push((list, vec![family.info().name])),
                }
            }
        }
        let words = catalogue::word_lists(folders.to_vec());
        let lists = needed.into_iter().map(|(list, families)| {
            let (problem, found_sha256) = match words.words(&list) {
                Ok(_) => (None, None),
                Err(Error::WordListMissing { .. }) => (Some("missing".into()), None),
                Err(Error::WordListAltered { found, .. }) => (Some("altered".into()), Some(found)),
                Err(other) => (Some(other.to_string()), None),
            };
            let WordListId { id, words, sha256, source } = list;
            Self {
                list: Identity { id, words, sha256, source },
                families,
                file: catalogue::word_list_file(folders, id).map(|(path, _)| path.display().to_string()),
                found: problem.is_none(),
                problem,
                found_sha256,
            }
        });
        Ok(lists.collect())
    }

    /// Whether families can use it.
    pub(super) fn is_found(&self) -> bool {
        self.found
    }

    fn state(&self) -> String {
        let state = self.problem.as_deref().unwrap_or("found");
        let file = self.file.as_ref().map(|file| format!(": {file}")).unwrap_or_default();
        let sha256 = self.found_sha256.as_ref().map(|sha256| format!(" has {sha256}")).unwrap_or_default();
        format!("{state}{file}{sha256}")
    }
}

/// Writes the table, and where was looked.
pub(super) fn write(output: &mut impl Write, lists: &[WordList], folders: &[PathBuf]) -> io::Result<()> {
    let rows = lists.iter().map(|list| {
        let WordList { list: Identity { id, words, sha256, .. }, families, .. } = list;
        [format!("{id}.txt"), words.to_string(), (*sha256).to_owned(), families.join(", "), list.state()]
    });
    let head = ["FILE", "WORDS", "SHA-256 THAT IT MUST HAVE", "FAMILIES", "STATE"].map(str::to_owned);
    super::write_columns(output, &std::iter::once(head).chain(rows).collect::<Vec<_>>())?;
    let folders: Vec<_> = folders.iter().map(|folder| format!("`{}`", folder.display())).collect();
    let found = lists.iter().filter(|list| list.found).count();
    writeln!(output, "{found} of {} found; looked in {}", lists.len(), folders.join(", then "))
}
