//! What several commands need of the catalogue: its word lists from folders, its errors as failures.

use std::fs;
use std::path::PathBuf;

use dga::WordLists;

use crate::environment;
use crate::exit::Failure;

/// Where word lists are looked for.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct WordListArguments {
    /// A folder with word lists, one `<id>.txt` each. Without it they are looked for in `HYDRABANE_WORDLISTS`, then in
    /// `hydrabane/wordlists` below `XDG_DATA_HOME`.
    #[arg(long, value_name = "DIR")]
    wordlists: Option<PathBuf>,
}

impl WordListArguments {
    /// Word lists from the folder that was named, or from the usual ones.
    pub(crate) fn word_lists(&self) -> WordLists {
        word_lists(self.wordlists.clone().map_or_else(environment::word_list_folders, |folder| vec![folder]))
    }
}

/// Word lists from the first of these folders that has them.
pub(crate) fn word_lists(folders: Vec<PathBuf>) -> WordLists {
    let places = folders.iter().map(|folder| format!("`{}`", folder.display())).collect();
    WordLists::new(places, move |id| word_list_file(&folders, id).map(|(_, bytes)| bytes))
}

/// A word list's file in the first of these folders that has it, right or wrong.
pub(crate) fn word_list_file(folders: &[PathBuf], id: &str) -> Option<(PathBuf, Vec<u8>)> {
    let mut paths = folders.iter().map(|folder| folder.join(format!("{id}.txt")));
    paths.find_map(|path| fs::read(&path).ok().map(|bytes| (path, bytes)))
}

impl From<dga::Error> for Failure {
    fn from(error: dga::Error) -> Self {
        let failure = match &error {
            dga::Error::WordListMissing { .. } => Self::environment(&error),
            _ => Self::usage(&error),
        };
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
