//! The families' pages and what they are made of: the numbers of `cli/data/lists.yaml` are measured anew, every suffix
//! has a registry, and `docs/families/` is what `hydrabane families pages` writes.
//!
//! `HYDRABANE_BLESS=1 cargo test --test families` writes both anew. The pages are compiled in part: run it twice after a
//! change of the lists.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::{env, fs};

use chrono::{DateTime, Datelike, Utc};
use dga::{Error, FAMILIES, Family, Generate, Registry, RegistryKind, Selection, WordLists};

/// The moments at which lists are measured; those before a family's first year are left out.
const MOMENTS: [&str; 8] = [
    "2009-03-13T00:00:00Z",
    "2014-07-20T00:00:00Z",
    "2015-11-09T00:00:00Z",
    "2016-10-03T00:00:00Z",
    "2019-02-28T00:00:00Z",
    "2021-03-05T13:00:00Z",
    "2024-02-29T00:00:00Z",
    "2026-11-22T00:00:00Z",
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository's root").to_owned()
}

fn blessed() -> bool {
    env::var("HYDRABANE_BLESS").as_deref() == Ok("1")
}

fn word_lists() -> WordLists {
    let folder =
        env::var_os("HYDRABANE_WORDLISTS").map_or_else(|| repository().join("../shared/wordlists"), PathBuf::from);
    let place = folder.display().to_string();
    WordLists::new(vec![place], move |id| fs::read(folder.join(format!("{id}.txt"))).ok())
}

/// The generators of a variant: its presets, or its defaults if there is none.
fn generators(family: &Family, variant: &str, words: &WordLists) -> Result<Vec<Arc<dyn Generate>>, Error> {
    let selection = |preset: Option<&str>| Selection {
        preset: preset.map(str::to_owned),
        variant: Some(variant.to_owned()),
        ..Selection::default()
    };
    let mut configurations = family.configurations(&selection(Some(dga::ALL)), &[])?;
    if configurations.is_empty() {
        configurations = family.configurations(&selection(None), &[])?;
    }
    configurations.iter().map(|configuration| family.bind_configuration(configuration, words)).collect()
}

/// The lines of `lists.yaml` for a family.
fn measure(family: &Family, words: &WordLists) -> Result<Vec<String>, Error> {
    let info = family.info();
    let mut lines = Vec::new();
    for variant in info.variants {
        let generators = match generators(family, variant, words) {
            Err(Error::MissingParameter { .. }) => continue,
            other => other?,
        };
        let (mut least, mut most, mut open) = (usize::MAX, 0, false);
        let mut suffixes = BTreeSet::new();
        let mut example: Option<(&str, Vec<String>)> = None;
        for generator in &generators {
            open |= generator.length().is_some();
            for moment in MOMENTS {
                let at: DateTime<Utc> = moment.parse().expect("a moment");
                if info.active.0.is_some_and(|first| at.year() < i32::from(first)) {
                    continue;
                }
                let names = generator.names(at)?;
                (least, most) = (least.min(names.len()), most.max(names.len()));
                suffixes.extend(names.iter().map(|name| suffix(family, name.as_ref())));
                if example.is_none() && !names.is_empty() {
                    example = Some((moment, names.iter().take(3).map(ToString::to_string).collect()));
                }
            }
        }
        let json = |texts: &[String]| serde_json::to_string(texts).expect("texts");
        let suffixes = json(&suffixes.into_iter().map(str::to_owned).collect::<Vec<_>>());
        let (at, example) = example.unwrap_or_else(|| panic!("{} {variant} has no names", info.name));
        lines.push(format!(
            "- {{ family: {}, variant: {variant:?}, least: {least}, most: {most}, open: {open}, suffixes: {suffixes}, \
             at: {at:?}, example: {} }}\n",
            info.name,
            json(&example),
        ));
    }
    Ok(lines)
}

/// Public suffixes that have no registry, each with a family and a name.
static MISSING: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

/// The registry's suffix of a name, which must reach to its public suffix at least.
fn suffix(family: &Family, name: &str) -> &'static str {
    let known = Registry::of(name).map_or("", |registry| &registry.suffix);
    let public = psl::suffix_str(name).filter(|_| !name.contains("..")).unwrap_or_default();
    if known.len() < public.len() {
        let whose = format!("{}: {name}", family.info().name);
        MISSING.lock().expect("no panic").entry(public.to_owned()).or_insert(whose);
    }
    known
}

/// Every suffix that occurs has a registry, and the measured numbers are those of the file.
#[test]
fn lists_are_current() {
    let words = word_lists();
    let file = repository().join("cli/data/lists.yaml");
    let text = fs::read_to_string(&file).expect("cli/data/lists.yaml");
    let head: String = text.split_inclusive('\n').take_while(|line| line.starts_with('#')).collect();
    let kept = |family: &str| {
        let start = format!("- {{ family: {family},");
        text.split_inclusive('\n').filter(|line| line.starts_with(&start)).map(str::to_owned).collect::<Vec<_>>()
    };
    let measured: Vec<Vec<String>> = std::thread::scope(|scope| {
        let (words, kept) = (&words, &kept);
        let halves: Vec<_> = (0..2)
            .map(|half| {
                scope.spawn(move || {
                    let own = FAMILIES.iter().enumerate().filter(|(place, _)| place % 2 == half);
                    own.map(|(place, family)| (place, measured(family, words, kept))).collect::<Vec<_>>()
                })
            })
            .collect();
        let all: BTreeMap<_, _> = halves.into_iter().flat_map(|half| half.join().expect("measured")).collect();
        all.into_values().collect()
    });
    let missing = MISSING.lock().expect("no panic");
    assert!(missing.is_empty(), "suffixes that dga/data/registries.yaml lacks: {missing:#?}");
    current(&file, &(head + &measured.concat().concat()));
}

fn measured(family: &Family, words: &WordLists, kept: &impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let name = family.info().name;
    match measure(family, words) {
        Ok(lines) => lines,
        Err(error @ Error::WordListMissing { .. }) => {
            assert_ne!(env::var("HYDRABANE_REQUIRE").as_deref(), Ok("all"), "nothing may be skipped: {error}");
            eprintln!("skipped: {name}: {error}");
            kept(name)
        }
        Err(error) => panic!("{name}: {error}"),
    }
}

/// Compares a file with what it should be, or writes it.
fn current(file: &Path, expected: &str) {
    if blessed() {
        fs::write(file, expected).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        return;
    }
    let text = fs::read_to_string(file).unwrap_or_default();
    let different = text.lines().zip(expected.lines()).find(|(one, another)| one != another);
    assert!(
        text == expected,
        "{} is not current; `HYDRABANE_BLESS=1 cargo test --test families` writes it. First difference: {different:#?}",
        file.display(),
    );
}

#[test]
fn pages_are_current() {
    let folder = tempfile::tempdir().expect("a folder");
    let status = Command::new(env!("CARGO_BIN_EXE_hydrabane"))
        .args(["families", "pages"])
        .arg(folder.path())
        .status()
        .expect("hydrabane runs");
    assert!(status.success());
    let docs = repository().join("docs/families");
    if blessed() {
        let _ = fs::remove_dir_all(&docs);
        fs::create_dir_all(&docs).expect("docs/families");
    }
    let names = |folder: &Path| -> BTreeSet<_> {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        entries.map(|entry| entry.expect("an entry").file_name()).collect()
    };
    let made = names(folder.path());
    assert_eq!(made.len(), FAMILIES.len() + 1);
    for name in &made {
        let page = fs::read_to_string(folder.path().join(name)).expect("a page");
        current(&docs.join(name), &page);
    }
    assert_eq!(made, names(&docs), "docs/families has other pages");
}

/// Whether a suffix is ICANN's, a provider's or nobody's is as the Public Suffix List says. It does not know every
/// provider, and not `za` itself, which takes no names.
#[test]
fn kinds_are_those_of_the_public_suffix_list() {
    for Registry { suffix, kind, .. } in Registry::all() {
        let name = format!("a-name-nobody-has.{suffix}");
        let public = psl::suffix(name.as_bytes()).expect("a suffix");
        let own = public.as_bytes() == suffix.as_bytes();
        let icann = public.typ() == Some(psl::Type::Icann);
        let agrees = match kind {
            RegistryKind::Gtld | RegistryKind::CctldLevel => own && icann,
            // Below a few countries every label is a suffix.
            RegistryKind::Cctld => icann || suffix == "za",
            RegistryKind::Provider => !own || public.typ() == Some(psl::Type::Private),
            _ => public.typ().is_none(),
        };
        assert!(agrees, "{suffix} is said to be {kind:?}: {public:?}");
    }
}
