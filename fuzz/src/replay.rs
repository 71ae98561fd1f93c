//! The committed corpus, fed to what the targets call.

use std::fs;
use std::path::Path;

/// Feeds every file of a target's corpus to it.
///
/// # Panics
///
/// There is no file, or the target panics.
pub fn replay(name: &str, target: fn(&[u8])) {
    // The crate that replays stands beside `fuzz`.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
    let files = fs::read_dir(&folder).expect("a target has a corpus");
    let fed = files.map(|file| target(&fs::read(file.expect("a file").path()).expect("a file that can be read")));
    assert!(fed.count() > 0, "{}", folder.display());
}
