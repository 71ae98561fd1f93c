//! The corpus of the fuzz targets, through the same functions that they call.
#![allow(clippy::unwrap_used)]

// Public in the crate of the targets.
#[allow(unreachable_pub)]
#[path = "../../fuzz/src/sinkhole.rs"]
mod targets;

use std::fs;
use std::path::Path;

/// Feeds every file of a target's corpus to it.
fn replay(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
    let mut count = 0;
    for file in fs::read_dir(&folder).unwrap() {
        target(&fs::read(file.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count > 0, "{}", folder.display());
}

#[test]
fn the_corpus_is_read() {
    replay("sinkhole_question", targets::question);
    replay("sinkhole_tcp", targets::tcp);
    replay("sinkhole_segment", targets::store);
    replay("sinkhole_client_hello", targets::opening);
}
