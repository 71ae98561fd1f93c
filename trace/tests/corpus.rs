//! The corpus of the fuzz targets, through the same functions that they call.

// Public in the crate of the targets.
#[allow(unreachable_pub)]
#[path = "../../fuzz/src/logs.rs"]
mod targets;

#[allow(unreachable_pub)]
#[path = "../../fuzz/src/index.rs"]
mod index_targets;

#[allow(unreachable_pub)]
#[path = "../../fuzz/src/replay.rs"]
mod replay;

use replay::replay;

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
