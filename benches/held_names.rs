//! What the sinkhole's table of held names costs: octets of memory a name, and nanoseconds a look-up, beside hash tables that
//! hold the same. One run measures all of them with the same names and questions.
//!
//! `cargo bench -p hydrabane-benches --bench held_names -- 1000000 10000000`
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program for the command line")]

mod processor_time;

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::hint::black_box;
use std::process::Command;

use benches::Machine;
use criterion::measurement::Measurement;
use processor_time::ProcessorTime;
use sinkhole::{HeldName, HeldNames, Name};

/// How many questions there are of each kind.
const QUESTIONS: u64 = 1_000_000;

/// What can be asked whether it holds a name.
trait Holds {
    /// Whether the name is held, or one above it.
    fn holds(&self, name: &Name) -> bool;
}

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo gives `--bench`; without numbers, few names are enough to see that all of it works.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let [only, count] = arguments.as_slice()
        && let Some((_, measure)) = TABLES.iter().find(|(what, _)| what == only)
    {
        return measure(only, count.parse()?);
    }
    let counts = if arguments.is_empty() { vec!["100000".to_owned()] } else { arguments };
    println!("Measured on {}; {QUESTIONS} questions of each kind, in no order.\n", Machine::this());
    println!("| Names | Table | Octets a name | Held, ns | Below a held name, ns | Not held, ns |");
    println!("| ---: | --- | ---: | ---: | ---: | ---: |");
    for count in counts {
        for (what, _) in TABLES {
            // A process of its own: memory that one table has given back would not count for the next.
            let done = Command::new(std::env::current_exe()?).args([what, count.as_str()]).status()?;
            if !done.success() {
                return Err(format!("{what}: {done}").into());
            }
        }
    }
    Ok(())
}

/// Measures a table with so many names.
type Measure = fn(&str, u64) -> Result<(), Box<dyn Error>>;

/// What is measured.
const TABLES: [(&str, Measure); 3] = [
    ("this table", |what, count| measure(count, what, || names(count).map(held).collect::<HeldNames>())),
    ("hash table of fingerprints (hashbrown)", |what, count| measure(count, what, || Fingerprints::of(names(count)))),
    ("hash table of names (hashbrown)", |what, count| measure(count, what, || Names::of(names(count)))),
];

/// The names that are held.
fn names(count: u64) -> impl Iterator<Item = Name> {
    (0..count).map(|number| name(number, ""))
}

/// Builds a table, asks it, and prints its line.
fn measure<Table: Holds>(count: u64, what: &str, make: impl FnOnce() -> Table) -> Result<(), Box<dyn Error>> {
    let before = resident()?;
    let table = make();
    let octets = resident()?.saturating_sub(before) as f64 / count as f64;
    // A step that has no factor in common with most counts: every name is as likely as another.
    let numbers = || (0..QUESTIONS).map(|place| place.wrapping_mul(7_919_317) % count);
    let mut times = [f64::INFINITY; 3];
    let questions = [
        (numbers().map(|number| name(number, "")).collect::<Vec<_>>(), true),
        (numbers().map(|number| name(number, "www.")).collect(), true),
        (numbers().map(|number| name(number + count, "")).collect(), false),
    ];
    for _ in 0..5 {
        for ((questions, expected), fastest) in questions.iter().zip(&mut times) {
            let clock = ProcessorTime;
            let start = clock.start();
            let held = questions.iter().filter(|name| black_box(table.holds(name))).count();
            *fastest = fastest.min(clock.end(start).as_secs_f64() * 1e9 / questions.len() as f64);
            assert_eq!(held, if *expected { questions.len() } else { 0 }, "{what}");
        }
    }
    let [at, below, none] = times;
    println!("| {count} | {what} | {octets:.1} | {at:.0} | {below:.0} | {none:.0} |");
    Ok(())
}

/// The name of this number, of a length that is usual for what bots ask, below `above`.
fn name(number: u64, above: &str) -> Name {
    // SplitMix64's finaliser: a permutation, so that each number has its own name.
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    let letters: String = (0..14).map(|place| char::from(b'a' + ((mixed >> (place * 4)) & 15) as u8)).collect();
    let rest = char::from(b'a' + ((mixed >> 56) & 15) as u8);
    let last = char::from(b'a' + (mixed >> 60) as u8);
    format!("{above}{letters}{rest}{last}.com").parse().unwrap_or_else(|_| Name::root())
}

fn held(name: Name) -> HeldName {
    HeldName { name, label: String::new(), index: 0 }
}

/// Octets of memory that the process has.
fn resident() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
}

impl Holds for HeldNames {
    fn holds(&self, name: &Name) -> bool {
        HeldNames::holds(self, name)
    }
}

/// The last two labels of a name, which is how deep all held names are, in lower case.
fn ending(name: &Name) -> ([u8; 255], usize) {
    let wire = name.as_wire();
    let mut start = 0;
    for _ in 2..name.label_count() {
        start += 1 + usize::from(wire[start]);
    }
    let mut lower = [0; 255];
    let length = wire.len() - start;
    lower[..length].copy_from_slice(&wire[start..]);
    lower[..length].make_ascii_lowercase();
    (lower, length)
}

/// A table by the same fingerprints, which are their own hashes.
struct Fingerprints {
    key: RandomState,
    table: HashMap<u64, [u32; 2], BuildHasherDefault<Itself>>,
}

/// The hash of a number that is one already.
#[derive(Default)]
struct Itself(u64);

impl Hasher for Itself {
    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Fingerprints {
    fn of(names: impl Iterator<Item = Name>) -> Self {
        let mut table = Self { key: RandomState::new(), table: HashMap::default() };
        for name in names {
            let fingerprint = table.fingerprint(&name);
            table.table.insert(fingerprint, [0; 2]);
        }
        table
    }

    fn fingerprint(&self, name: &Name) -> u64 {
        let (lower, length) = ending(name);
        let mut hasher = self.key.build_hasher();
        hasher.write(&lower[..length]);
        hasher.finish()
    }
}

impl Holds for Fingerprints {
    fn holds(&self, name: &Name) -> bool {
        self.table.contains_key(&self.fingerprint(name))
    }
}

/// A table of the names themselves.
struct Names(HashMap<Box<[u8]>, [u32; 2]>);

impl Names {
    fn of(names: impl Iterator<Item = Name>) -> Self {
        Self(names.map(|name| (name.as_wire().into(), [0; 2])).collect())
    }
}

impl Holds for Names {
    fn holds(&self, name: &Name) -> bool {
        let (lower, length) = ending(name);
        self.0.contains_key(&lower[..length])
    }
}
