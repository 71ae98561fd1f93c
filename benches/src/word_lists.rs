//! Where word lists are looked for: they are not part of the product.

use std::path::{Path, PathBuf};
use std::{env, fs};

use dga::WordLists;

/// Word lists from `HYDRABANE_WORDLISTS`, or from the folder beside the repository.
#[expect(
    clippy::disallowed_methods,
    reason = "a measurement has no command line of its own that could name the folder"
)]
pub fn word_lists() -> WordLists {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/wordlists");
    let folder = env::var_os("HYDRABANE_WORDLISTS").map_or_else(beside, PathBuf::from);
    let place = folder.display().to_string();
    WordLists::new(vec![place], move |id| fs::read(folder.join(format!("{id}.txt"))).ok())
}
