//! The corpus of the fuzz targets, through the same functions that they call.

// Public in the crate of the targets.
#[allow(unreachable_pub)]
#[path = "../../fuzz/src/sinkhole.rs"]
mod targets;

#[allow(unreachable_pub)]
#[path = "../../fuzz/src/replay.rs"]
mod replay;

use replay::replay;

#[test]
fn the_corpus_is_read() {
    replay("sinkhole_question", targets::question);
    replay("sinkhole_tcp", targets::tcp);
    replay("sinkhole_segment", targets::store);
    replay("sinkhole_client_hello", targets::opening);
}
