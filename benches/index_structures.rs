//! What an index of names could be built on: bytes a name, how long it takes to build, and look-ups per second of one core
//! when 99 of 100 names are not in it. One run measures all of them with the same names; docs/index.md has the table.
//!
//! `cargo bench -p hydrabane-benches --bench index_structures -- 2027-01-01 2027-03-31`
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program for the command line")]

mod processor_time;

use std::error::Error;
use std::hint::black_box;

use benches::{Machine, word_lists};
use boomphf::Mphf;
use chrono::TimeDelta;
use criterion::measurement::Measurement;
use dga::{ALL, FAMILIES, Range, Selection, moment};
use fst::{Map, MapBuilder};
use name_files::{Head, Request, Span};
use processor_time::ProcessorTime;
use rustc_hash::FxHashMap;
use trace::index::{Fingerprint, Index, in_memory};
use xorf::{BinaryFuse8, Filter};

/// One name of so many is in the index.
const HIT: usize = 100;
/// How many names are looked up.
const LOOKUPS: usize = 4_000_000;

/// A name's fingerprint and its list.
type Pair = (u64, u32);

/// What can be asked for the list of a name.
trait Structure {
    /// How many of these names have candidates.
    fn candidates(&self, names: &[&str]) -> usize;
}

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo gives `--bench`; where there are no dates, a week is enough to see that all of it works.
    let dates: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let date = |place: usize, default: &str| {
        let text = dates.get(place).map_or(default, String::as_str);
        moment(text).ok_or_else(|| format!("`{text}` is no date"))
    };
    let until = date(1, "2027-01-07")? + TimeDelta::days(1);
    let request = request(Range { from: date(0, "2027-01-01")?, until, margin: TimeDelta::zero(), limit: None })?;
    let (names, pairs) = names(&request)?;
    let asked = asked(&names);
    println!("Measured on {}; {} different names.\n", Machine::this(), pairs.len());
    println!("| Structure | Bytes a name | Built, million names/s | Look-ups, million/s |");
    println!("| --- | ---: | ---: | ---: |");
    let count = pairs.len();
    let index = || Ok(in_memory(&request, Head::new("bench"), 1, &std::env::temp_dir(), |_, _| {})?);
    // Its time to build has that of the generators in it, which the others are spared.
    measure("this index: buckets by fingerprint (built from dates)", count, &asked, index, |index: &Index| {
        index.size()
    })?;
    measure("sorted fingerprints, binary search", count, &asked, || Ok(Sorted::new(&pairs)), Sorted::size)?;
    measure("binary fuse filter, then sorted fingerprints", count, &asked, || Filtered::new(&pairs), Filtered::size)?;
    measure(
        "minimal perfect hash (BBHash), fingerprints beside",
        count,
        &asked,
        || Ok(Perfect::new(&pairs)),
        Perfect::size,
    )?;
    measure("hash table of fingerprints (hashbrown)", count, &asked, || Ok(Table::new(&pairs)), Table::size)?;
    measure("FST of the names", count, &asked, || Transducer::new(&names), Transducer::size)?;
    Ok(())
}

/// Builds a structure, asks it, and prints its line.
fn measure<S: Structure>(
    what: &str,
    count: usize,
    asked: &[&str],
    make: impl FnOnce() -> Result<S, Box<dyn Error>>,
    size: impl Fn(&S) -> u64,
) -> Result<(), Box<dyn Error>> {
    let clock = ProcessorTime;
    let seconds = |start| clock.end(start).as_secs_f64();
    let start = clock.start();
    let structure = make()?;
    let built = seconds(start);
    let mut fastest = f64::INFINITY;
    for _ in 0..3 {
        let start = clock.start();
        let found = black_box(structure.candidates(asked));
        fastest = fastest.min(seconds(start));
        assert!(found >= asked.len() / HIT, "{what}: {found} found");
    }
    println!(
        "| {what} | {:.2} | {:.1} | {:.1} |",
        size(&structure) as f64 / count as f64,
        count as f64 / built / 1e6,
        asked.len() as f64 / fastest / 1e6,
    );
    Ok(())
}

/// Every preset of every family whose word lists are there.
fn request(range: Range) -> Result<Request, Box<dyn Error>> {
    let words = word_lists();
    let every = Selection { preset: Some(ALL.into()), ..Selection::default() };
    let mut sources = Vec::new();
    for family in FAMILIES {
        for configuration in family.configurations(&every, &[])? {
            if let Ok(generator) = family.bind_configuration(&configuration, &words) {
                sources.push((configuration, generator));
            }
        }
    }
    Ok(Request { sources, span: Span::Range(range), count: None })
}

/// All different names, sorted, with their fingerprints (sorted, too) and the number of a list.
fn names(request: &Request) -> Result<(Vec<String>, Vec<Pair>), dga::Error> {
    let mut names = Vec::new();
    request.visit_by_source(1, |_, row| {
        names.push(row.name.to_ascii_lowercase());
        Ok::<_, dga::Error>(())
    })?;
    names.sort_unstable();
    names.dedup();
    let mut pairs: Vec<Pair> = names.iter().zip(0..).map(|(name, list)| (fingerprint(name), list)).collect();
    pairs.sort_unstable();
    Ok((names, pairs))
}

fn fingerprint(name: &str) -> u64 {
    Fingerprint::of(name.as_bytes()).into()
}

/// Names to look up: one of a hundred is there, the others look alike.
fn asked(names: &[String]) -> Vec<&str> {
    // A step that has no factor in common with most counts: every name is as likely as another.
    let step = 7_919_317;
    let name = |place: usize| names[place.wrapping_mul(step) % names.len()].as_str();
    (0..LOOKUPS)
        .map(|place| {
            let name = name(place);
            // Without its first letter a name is another one, and hardly ever one of these.
            if place % HIT == 0 { name } else { &name[1..] }
        })
        .collect()
}

impl Structure for Index {
    fn candidates(&self, names: &[&str]) -> usize {
        let mut found = Vec::new();
        let mut fingerprints = Vec::with_capacity(1 << 12);
        let mut count = 0;
        for names in names.chunks(1 << 12) {
            fingerprints.clear();
            fingerprints.extend(names.iter().map(|name| Fingerprint::of(name.as_bytes())));
            found.clear();
            Self::candidates(self, &fingerprints, &mut found);
            count += found.len();
        }
        count
    }
}

/// Fingerprints in order, and their lists.
struct Sorted {
    fingerprints: Vec<u64>,
    lists: Vec<u32>,
}

impl Sorted {
    fn new(pairs: &[Pair]) -> Self {
        let (fingerprints, lists) = pairs.iter().copied().unzip();
        Self { fingerprints, lists }
    }

    fn size(&self) -> u64 {
        (self.fingerprints.len() * 12) as u64
    }

    fn list(&self, fingerprint: u64) -> Option<u32> {
        self.fingerprints.binary_search(&fingerprint).ok().map(|place| self.lists[place])
    }
}

impl Structure for Sorted {
    fn candidates(&self, names: &[&str]) -> usize {
        names.iter().filter_map(|name| self.list(fingerprint(name))).count()
    }
}

/// A filter before sorted fingerprints.
struct Filtered {
    filter: BinaryFuse8,
    sorted: Sorted,
}

impl Filtered {
    fn new(pairs: &[Pair]) -> Result<Self, Box<dyn Error>> {
        let keys: Vec<u64> = pairs.iter().map(|(fingerprint, _)| *fingerprint).collect();
        Ok(Self { filter: BinaryFuse8::try_from(&keys)?, sorted: Sorted::new(pairs) })
    }

    fn size(&self) -> u64 {
        self.filter.fingerprints.len() as u64 + self.sorted.size()
    }
}

impl Structure for Filtered {
    fn candidates(&self, names: &[&str]) -> usize {
        let fingerprints = names.iter().map(|name| fingerprint(name));
        let passed = fingerprints.filter(|fingerprint| self.filter.contains(fingerprint));
        passed.filter_map(|fingerprint| self.sorted.list(fingerprint)).count()
    }
}

/// A place of its own for each name, with half of its fingerprint and its list.
struct Perfect {
    places: Mphf<u64>,
    entries: Vec<(u32, u32)>,
}

impl Perfect {
    fn new(pairs: &[Pair]) -> Self {
        let keys: Vec<u64> = pairs.iter().map(|(fingerprint, _)| *fingerprint).collect();
        let places = Mphf::new(1.7, &keys);
        let mut entries = vec![(0, 0); pairs.len()];
        for (fingerprint, list) in pairs {
            entries[places.hash(fingerprint) as usize] = (*fingerprint as u32, *list);
        }
        Self { places, entries }
    }

    /// The function itself has about 3.2 bits a name with this factor (Limasset and others, "Fast and scalable minimal
    /// perfect hashing for massive key sets", 2017, table 2); the crate does not tell.
    fn size(&self) -> u64 {
        (self.entries.len() * 8) as u64 + (self.entries.len() as u64 * 32) / 80
    }
}

impl Structure for Perfect {
    fn candidates(&self, names: &[&str]) -> usize {
        let list = |name: &&str| {
            let fingerprint = fingerprint(name);
            let (half, list) = self.entries[self.places.try_hash(&fingerprint)? as usize];
            (half == fingerprint as u32).then_some(list)
        };
        names.iter().filter_map(list).count()
    }
}

/// The standard library's hash table.
struct Table(FxHashMap<u64, u32>);

impl Table {
    fn new(pairs: &[Pair]) -> Self {
        Self(pairs.iter().copied().collect())
    }

    /// A place has sixteen bytes and one of control.
    fn size(&self) -> u64 {
        (self.0.capacity() * 8 / 7 * 17) as u64
    }
}

impl Structure for Table {
    fn candidates(&self, names: &[&str]) -> usize {
        names.iter().filter_map(|name| self.0.get(&fingerprint(name))).count()
    }
}

/// The names themselves, sharing beginnings and ends.
struct Transducer(Map<Vec<u8>>);

impl Transducer {
    fn new(names: &[String]) -> Result<Self, Box<dyn Error>> {
        let mut builder = MapBuilder::memory();
        for (name, list) in names.iter().zip(0..) {
            builder.insert(name, list)?;
        }
        Ok(Self(builder.into_map()))
    }

    fn size(&self) -> u64 {
        self.0.as_fst().size() as u64
    }
}

impl Structure for Transducer {
    fn candidates(&self, names: &[&str]) -> usize {
        names.iter().filter_map(|name| self.0.get(name)).count()
    }
}
