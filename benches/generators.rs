//! Names per second of every family on one core, and of the Python generators that some of them have as peers.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "criterion's macros write functions without a comment")]
#![expect(clippy::print_stderr, reason = "what is skipped is said")]

mod processor_time;

use std::time::Duration;

use benches::{NAMES, PEERS, PYTHON, Peer, PeerError, Workload, word_lists};
use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use dga::{FAMILIES, Family, WordLists};
use processor_time::ProcessorTime;

/// The first preset of each family that the catalogue lists; after it its peer, so that both meet the same machine.
fn families(criterion: &mut Criterion<ProcessorTime>) {
    let words = word_lists();
    for family in FAMILIES {
        ours(criterion, family, &words);
        for peer in PEERS.iter().filter(|peer| peer.family == family.info().name) {
            theirs(criterion, peer);
        }
    }
}

fn ours(criterion: &mut Criterion<ProcessorTime>, family: &Family, words: &WordLists) {
    let name = family.info().name;
    match Workload::new(family, words) {
        Ok(mut workload) => {
            let mut group = criterion.benchmark_group(NAMES);
            group.throughput(Throughput::Elements(workload.run()));
            group.bench_function(name, |bencher| bencher.iter(|| workload.run()));
        }
        Err(error) => eprintln!("skipped: {name}: {error}"),
    }
}

/// A peer's process takes the time itself, so that its start does not count.
fn theirs(criterion: &mut Criterion<ProcessorTime>, peer: &Peer) {
    match peer.check() {
        Ok(()) => {}
        Err(error @ PeerError::Start(_)) => {
            eprintln!("skipped: {PYTHON}/{}: {error}", peer.family);
            return;
        }
        Err(error) => panic!("{error}"),
    }
    let mut group = criterion.benchmark_group(PYTHON);
    // Each sample has a process of its own, and takes long.
    group.sample_size(10).sampling_mode(SamplingMode::Flat).measurement_time(Duration::from_secs(3));
    group.throughput(Throughput::Elements(peer.names as u64));
    group.bench_function(peer.family, |bencher| {
        bencher.iter_custom(|repeats| peer.time(repeats).unwrap_or_else(|error| panic!("{error}")));
    });
}

/// Medians of short samples: on a shared machine the median of many holds still sooner than that of a few long ones.
fn settings() -> Criterion<ProcessorTime> {
    Criterion::default()
        .with_measurement(ProcessorTime)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1_500))
        .sample_size(30)
        .without_plots()
}

criterion_group! {
    name = generators;
    config = settings();
    targets = families
}
criterion_main!(generators);
