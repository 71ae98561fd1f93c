//! What the tests of the catalogue share: where vectors and word lists are, and how a test is skipped.
#![allow(dead_code, clippy::disallowed_methods, clippy::print_stderr)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use dga::WordLists;

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the repository").to_owned()
}

/// A family's vector file.
pub(crate) fn vector_file(family: &str) -> PathBuf {
    root().join("tests/vectors").join(format!("{family}.jsonl"))
}

/// Word lists from `HYDRABANE_WORDLISTS`, or from the folder beside the repository.
pub(crate) fn word_lists() -> WordLists {
    let folder = env::var_os("HYDRABANE_WORDLISTS").map_or_else(|| root().join("../shared/wordlists"), PathBuf::from);
    let place = folder.display().to_string();
    WordLists::new(vec![place], move |id| fs::read(folder.join(format!("{id}.txt"))).ok())
}

/// Says why something was not tested; fails if `HYDRABANE_REQUIRE=all` forbids that.
pub(crate) fn skip(why: &str) {
    assert!(env::var("HYDRABANE_REQUIRE").as_deref() != Ok("all"), "nothing may be skipped: {why}");
    eprintln!("skipped: {why}");
}
