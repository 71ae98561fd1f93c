//! Names per second of every family on one core, and of the Python generators that some of them have as peers.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "criterion's macros write functions without a comment")]
#![expect(clippy::print_stderr, reason = "what is skipped is said")]

use std::time::Duration;

use benches::{NAMES, PEERS, PYTHON, PeerError, Workload, word_lists};
use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use dga::FAMILIES;

/// The first preset of each family that the catalogue lists.
fn ours(criterion: &mut Criterion) {
    let words = word_lists();
    let mut group = criterion.benchmark_group(NAMES);
    for family in FAMILIES {
        let name = family.info().name;
        match Workload::new(family, &words) {
            Ok(mut workload) => {
                group.throughput(Throughput::Elements(workload.run()));
                group.bench_function(name, |bencher| bencher.iter(|| workload.run()));
            }
            Err(error) => eprintln!("skipped: {name}: {error}"),
        }
    }
    group.finish();
}

/// Their processes take the time themselves, so that their start does not count.
fn peers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group(PYTHON);
    // A measurement has a process of its own, and takes long.
    group.sample_size(10).sampling_mode(SamplingMode::Flat).measurement_time(Duration::from_secs(3));
    for peer in PEERS {
        match peer.check() {
            Ok(()) => {}
            Err(error @ PeerError::Start(_)) => {
                eprintln!("skipped: {PYTHON}/{}: {error}", peer.family);
                continue;
            }
            Err(error) => panic!("{error}"),
        }
        group.throughput(Throughput::Elements(peer.names as u64));
        group.bench_function(peer.family, |bencher| {
            bencher.iter_custom(|repeats| peer.time(repeats).unwrap_or_else(|error| panic!("{error}")));
        });
    }
    group.finish();
}

/// Medians of short samples: on a shared machine the median of many holds still sooner than that of a few long ones.
fn settings() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1_500))
        .sample_size(30)
        .without_plots()
}

criterion_group! {
    name = generators;
    config = settings();
    targets = ours, peers
}
criterion_main!(generators);
