//! The one place that reads environment variables.
#![allow(clippy::disallowed_methods)]

use std::path::PathBuf;

/// Folders in which word lists are looked for when no `--wordlists` is given, in order:
/// `HYDRABANE_WORDLISTS`, then `hydrabane/wordlists` below `XDG_DATA_HOME` (by default `~/.local/share`).
pub(crate) fn word_list_folders() -> Vec<PathBuf> {
    let named = std::env::var_os("HYDRABANE_WORDLISTS").map(PathBuf::from);
    let data = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share")));
    named.into_iter().chain(data.map(|data| data.join("hydrabane/wordlists"))).collect()
}

/// Where files lie that nobody wants to keep.
pub(crate) fn temporary_folder() -> PathBuf {
    std::env::temp_dir()
}
