//! The corpus of the fuzz targets, through the same functions that they call.
#![allow(clippy::unwrap_used)]

// Public in the crate of the targets.
#[allow(unreachable_pub)]
#[path = "../../fuzz/src/logs.rs"]
mod targets;

#[allow(unreachable_pub)]
#[path = "../../fuzz/src/index.rs"]
mod index_targets;

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
    replay("text", targets::text);
    replay("pcap", targets::pcap);
    replay("pcapng", targets::pcapng);
    replay("dnstap", targets::dnstap);
    replay("question", targets::question);
    replay("unpack", targets::unpack);
    replay("index", index_targets::index);
}
