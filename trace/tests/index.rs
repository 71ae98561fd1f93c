//! The index against the generators: what is built is found again, and nothing else.

use std::fs;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use dga::{ALL, Range, Selection, WordLists, find};
use name_files::{Head, Request, Span};
use proptest::prelude::*;
use trace::Asked;
use trace::identify::{Found, Identifier};
use trace::index::{Fingerprint, Index, IndexError, build, in_memory};

/// Families of every kind: with a list a day and none, sliding windows, capital letters, names of three labels.
const FAMILIES: &[&str] = &[
    "ramnit",
    "conficker",
    "pushdo",
    "sisron",
    "qakbot",
    "murofet",
    "necurs",
    "kraken",
    "m0yv",
    "dnschanger",
    "ozdok",
];

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

fn request(families: &[&str], from: &str, days: i64) -> Request {
    let from = moment(from);
    let range = Range { from, until: from + TimeDelta::days(days), margin: TimeDelta::zero(), limit: None };
    let every = Selection { preset: Some(ALL.into()), ..Selection::default() };
    let sources = families.iter().flat_map(|family| {
        let family = find(family).expect("known");
        let configurations = family.configurations(&every, &[]).expect("presets");
        configurations.into_iter().map(|configuration| {
            let generator = family.bind_configuration(&configuration, &WordLists::none()).expect("bound");
            (configuration, generator)
        })
    });
    Request { sources: sources.collect(), span: Span::Range(range), count: None }
}

fn index(request: &Request) -> Index {
    in_memory(request, Head::new("test"), 2, &std::env::temp_dir(), |_, _| {}).expect("built")
}

fn identify(index: &Index, names: &[&str]) -> Vec<Found> {
    let words = WordLists::none();
    let asked: Vec<Asked<'_>> = names.iter().map(|name| Asked::read(name).unwrap_or_default()).collect();
    Identifier::new(index, &words).identify(&asked).expect("bound")
}

#[test]
fn every_row_is_found_again_with_its_period_and_place() {
    for family in FAMILIES {
        let request = request(&[family], "2026-11-20T00:00:00Z", 9);
        let index = index(&request);
        let mut names: Vec<String> = Vec::new();
        let mut expected = Vec::new();
        request
            .visit_by_source(1, |source, row| {
                names.push(row.name.to_owned());
                expected.push((source, row.valid, row.index));
                Ok::<(), dga::Error>(())
            })
            .expect("made");
        assert!(!names.is_empty(), "{family}");
        let texts: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = identify(&index, &texts);
        // A name may be made several times; among its makers there is this row.
        let mut found_of = vec![Vec::new(); names.len()];
        for found in &found {
            assert_eq!(found.begin, 0, "{family}");
            found_of[found.asked].extend(found.makers.iter().map(|maker| (maker.source, maker.valid, maker.index)));
        }
        for ((name, expected), found) in names.iter().zip(&expected).zip(&found_of) {
            // Where an interval has no beginning, its place is counted in another list.
            let matches = |(source, valid, index): &(usize, dga::Period, usize)| {
                *source == expected.0 && *valid == expected.1 && (valid.from.is_none() || *index == expected.2)
            };
            assert!(found.iter().any(matches), "{family} {name}: {expected:?} is not among {found:?}");
        }
    }
}

#[test]
fn the_bytes_do_not_depend_on_threads() {
    let request = request(&["conficker", "pushdo", "ramnit"], "2026-11-01T00:00:00Z", 60);
    let built = |threads| {
        let mut bytes = Vec::new();
        build(&request, Head::new("test"), threads, &std::env::temp_dir(), &mut bytes, |_, _| {}).expect("built");
        bytes
    };
    let one = built(1);
    assert!(one == built(2) && one == built(7));
}

#[test]
fn sub_domains_and_other_spellings() {
    let index = index(&request(&["conficker"], "2009-03-13T00:00:00Z", 1));
    for name in ["gkeeb.net", "GKEEB.net.", "www.mail.gkeeb.net", "gkeeb[.]net", "hxxp://x.gkeeb[.]net/search?q=1"] {
        let found = identify(&index, &[name]);
        assert_eq!(found.len(), 1, "{name}");
        assert_eq!(
            (found[0].makers[0].index, index.about().sources[found[0].makers[0].source].variant.as_str()),
            (0, "a")
        );
    }
    for name in ["keeb.net", "net", "gkeeb.net.evil", "gkeeb.org", "", "gkeebnet"] {
        assert_eq!(identify(&index, &[name]), [], "{name}");
    }
}

/// Candidates must be proved. Here all are false: the index says that one variant made the names which another made.
#[test]
fn a_false_candidate_is_not_believed() {
    let mut request = request(&["conficker"], "2026-11-20T00:00:00Z", 2);
    let names = request.sources[0].1.names(moment("2026-11-20T00:00:00Z")).expect("made");
    let names: Vec<&str> = names.iter().map(dga::Name::as_str).collect();
    assert_eq!(identify(&index(&request), &names).len(), names.len());
    let other = request.sources[1].0.clone();
    request.sources.truncate(1);
    request.sources[0].0 = other;
    let index = index(&request);
    let fingerprints: Vec<_> = names.iter().map(|name| Fingerprint::of(name.as_bytes())).collect();
    let mut candidates = Vec::new();
    index.candidates(&fingerprints, &mut candidates);
    assert_eq!(candidates.len(), names.len());
    assert_eq!(identify(&index, &names), []);
}

fn file(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("names.index");
    let request = request(&["conficker"], "2026-11-20T00:00:00Z", 3);
    let output = fs::File::create(&path).expect("a file");
    build(&request, Head::new("test"), 1, folder, output, |_, _| {}).expect("built");
    path
}

#[test]
fn what_is_damaged_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(folder.path());
    assert_eq!(Index::open(&path).expect("whole").about().names(), 2 * 3 * 250);
    let whole = fs::read(&path).expect("written");
    let opened = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("written");
        Index::open(&path)
    };
    for at in (0..whole.len()).step_by(whole.len() / 97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        assert!(opened(&bytes).is_err(), "octet {at}");
        assert!(opened(&whole[..at]).is_err(), "cut at {at}");
    }
    assert!(matches!(opened(b"hydrabane"), Err(IndexError::NoIndex)));
    assert!(matches!(opened(b"PK\x03\x04 something else altogether"), Err(IndexError::NoIndex)));
    assert!(matches!(opened(&whole[..whole.len() - 1]), Err(IndexError::Cut)));
    let longer: Vec<u8> = whole.iter().copied().chain([0]).collect();
    assert!(opened(&longer).is_err());
}

#[test]
fn what_another_catalogue_made_is_stale() {
    let folder = tempfile::tempdir().expect("a folder");
    let request = request(&["conficker"], "2026-11-20T00:00:00Z", 1);
    let mut head = Head::new("test");
    head.catalogue = "1-0123456789ab".into();
    let mut bytes = Vec::new();
    build(&request, head, 1, folder.path(), &mut bytes, |_, _| {}).expect("built");
    let Err(IndexError::Stale { built, own }) = Index::of_bytes(bytes) else { panic!("not stale") };
    assert_eq!((built.as_str(), own), ("1-0123456789ab", dga::version()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Any bytes: an error, never a panic, and never an index.
    #[test]
    fn any_bytes_are_no_index(mut bytes in proptest::collection::vec(any::<u8>(), 0..300), begins in any::<bool>()) {
        if begins {
            bytes.splice(0..0, *b"hydrabane index\n");
        }
        prop_assert!(Index::of_bytes(bytes).is_err());
    }

    /// Names that nobody makes are not known, whatever stands before and behind them.
    #[test]
    fn strangers_are_not_known(name in "[a-z0-9-]{1,20}(\\.[a-z]{1,10}){0,3}") {
        let request = request(&["ozdok"], "2026-11-20T00:00:00Z", 1);
        let made = request.sources[0].1.names(moment("2026-11-20T00:00:00Z")).expect("made");
        prop_assume!(!made.iter().any(|made| name.ends_with(made.as_str())));
        prop_assert_eq!(identify(&index(&request), &[&name]), []);
    }
}

/// Qsnatch makes names such as `com.vn`, below which others have theirs.
#[test]
fn who_asks_below_a_public_suffix_does_not_ask_for_it() {
    let request = request(&["qsnatch"], "2027-01-01T00:00:00Z", 1);
    let suffixes: Vec<String> = {
        let mut names = Vec::new();
        request
            .visit_by_source(1, |_, row| {
                names.extend(row.registrable_domain().is_none().then(|| row.name.to_owned()));
                Ok::<(), dga::Error>(())
            })
            .expect("made");
        names
    };
    assert!(!suffixes.is_empty(), "qsnatch makes public suffixes");
    let index = index(&request);
    for suffix in suffixes.iter().take(5) {
        assert_eq!(identify(&index, &[suffix]).len(), 1, "{suffix}");
        assert_eq!(identify(&index, &[&format!("example.{suffix}")]), [], "{suffix}");
    }
}
