//! What holds for every family of the catalogue, present and future.

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use dga::{ALL, Configuration, Error, FAMILIES, Family, Generate, Seed, Selection, find};

/// Around 29 February, turns of years, ISO weeks that cross them, the end of 32-bit time, and the last year.
const MOMENTS: [&str; 14] = [
    "1970-01-01T00:00:00Z",
    "1999-12-31T23:59:59Z",
    "2000-02-29T12:00:00Z",
    "2012-02-29T23:59:59Z",
    "2012-03-01T00:00:00Z",
    "2015-12-31T23:30:00Z",
    "2016-01-01T00:00:00Z",
    "2021-01-03T23:59:59Z",
    "2024-12-30T06:07:08Z",
    "2026-11-22T03:04:05Z",
    "2038-01-19T03:14:07Z",
    "2038-01-19T03:14:08Z",
    "2100-02-28T23:59:59Z",
    "2100-12-31T12:00:00Z",
];

/// How many names of a list are looked at where all would take long.
const SOME: usize = 300;

fn moments() -> impl Iterator<Item = DateTime<Utc>> {
    MOMENTS.iter().map(|moment| moment.parse().expect("a moment"))
}

fn every_preset() -> Selection {
    Selection { preset: Some(ALL.into()), ..Selection::default() }
}

/// Every family with every preset that can be bound with the word lists at hand.
fn configurations() -> impl Iterator<Item = (&'static Family, Configuration, Arc<dyn Generate>)> {
    let words = support::word_lists();
    FAMILIES.iter().flat_map(move |family| {
        let configurations = family.configurations(&every_preset(), &[]).expect("presets");
        let bound = configurations.into_iter().filter_map(|configuration| {
            match family.bind_configuration(&configuration, &words) {
                Ok(generator) => Some((family, configuration, generator)),
                Err(error @ Error::WordListMissing { .. }) => {
                    support::skip(&format!("{} {configuration:?}: {error}", family.info().name));
                    None
                }
                Err(error) => panic!("{} {configuration:?}: {error}", family.info().name),
            }
        });
        bound.collect::<Vec<_>>()
    })
}

/// As [`configurations`], but only the first two presets of each variant, which differ in nothing that matters.
fn representatives() -> Vec<(&'static Family, Configuration, Arc<dyn Generate>)> {
    let mut seen: Vec<(&str, String)> = Vec::new();
    configurations()
        .filter(|(family, configuration, _)| {
            let kind = (family.info().name, configuration.variant.clone());
            seen.push(kind.clone());
            seen.iter().filter(|other| **other == kind).count() <= 2
        })
        .collect()
}

/// What stands under a heading of a family's page, which may be missing.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let text = page.split_once(&format!("\n{heading}\n")).map_or("", |(_, text)| text);
    text.split("\n# ").next().unwrap_or_default().trim()
}

#[test]
fn names_are_alphabetical_lower_case_and_unique() {
    let names: Vec<_> = FAMILIES.iter().map(|family| family.info().name).collect();
    assert!(names.is_sorted_by(|one, next| one < next), "{names:?}");
    for name in names {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        assert!(name.bytes().all(allowed), "{name}");
        assert_eq!(find(name).expect("it is there").info().name, name);
    }
}

#[test]
fn aliases_name_one_family() {
    let mut taken: BTreeSet<String> = FAMILIES.iter().map(|family| family.info().name.to_owned()).collect();
    for family in FAMILIES {
        for alias in family.info().aliases {
            assert!(taken.insert(alias.to_lowercase()), "{alias} of {} is taken", family.info().name);
        }
    }
}

#[test]
fn each_family_is_documented() {
    for family in FAMILIES {
        let info = family.info();
        let page = family.page();
        assert!(page.lines().next().is_some_and(|line| line.len() > 20), "{}: a first sentence", info.name);
        let headings: Vec<_> = page.lines().filter(|line| line.starts_with("# ")).collect();
        assert!(
            [&["# Names", "# Bots", "# Parameters"][..], &["# Names", "# Bots", "# Pitfalls", "# Parameters"][..]]
                .contains(&headings.as_slice()),
            "{}: its headings are {headings:?}",
            info.name
        );
        for heading in headings {
            assert!(!section(&page, heading).is_empty(), "{}: a text under `{heading}`", info.name);
        }
        for parameter in family.parameter_names() {
            assert!(page.contains(&format!("`{parameter}`")), "{}: parameter `{parameter}`", info.name);
        }
        assert!(!info.references.is_empty(), "{}: a reference", info.name);
        assert!(!info.variants.is_empty(), "{}: a variant", info.name);
        assert!([1, info.variants.len()].contains(&info.taxonomy.len()), "{}: its taxonomy", info.name);
        assert_eq!(info.variants.len() > 1, family.parameter_names().contains(&"variant"), "{}", info.name);
    }
}

/// Pitfalls are a list, to which a page adds what follows from the catalogue's data.
#[test]
fn pitfalls_are_a_list() {
    for family in FAMILIES {
        let page = family.page();
        let mut lines = section(&page, "# Pitfalls").lines();
        assert!(lines.all(|line| line.starts_with("- ") || line.starts_with("  ")), "{}", family.info().name);
    }
}

#[test]
fn a_page_says_what_nobody_can_predict_and_what_is_no_host_name() {
    for family in FAMILIES {
        let (info, page) = (family.info(), family.page());
        let pitfalls = section(&page, "# Pitfalls");
        if info.taxonomy.iter().any(|class| matches!(class.seed, Seed::Tdn | Seed::Tin)) {
            assert!(pitfalls.contains("UNPREDICTABLE"), "{}: pitfalls: UNPREDICTABLE", info.name);
        }
        assert!(!info.illegal_names || pitfalls.contains("host name"), "{}: pitfalls: no host name", info.name);
    }
}

#[test]
fn each_family_has_presets_with_names_and_sources() {
    for family in FAMILIES {
        let presets = family.presets().expect("presets");
        assert!(!presets.is_empty(), "{}", family.info().name);
        let names: BTreeSet<_> = presets.iter().map(|preset| preset.name.as_str()).collect();
        assert_eq!(names.len(), presets.len(), "{}: names of presets", family.info().name);
        assert!(!names.contains(ALL));
        assert!(presets.iter().all(|preset| !preset.source.is_empty()), "{}", family.info().name);
    }
}

#[test]
fn every_preset_makes_legal_names_unless_its_family_is_known_not_to() {
    let at = "2026-11-22T03:04:05Z".parse().expect("a moment");
    for (family, configuration, generator) in configurations() {
        let names = generator.first(at, SOME).expect("a list");
        let info = family.info();
        assert!(!names.is_empty(), "{} {configuration:?} makes nothing", info.name);
        let illegal = names.iter().find(|name| !name.is_host_name());
        assert!(illegal.is_none() || info.illegal_names, "{} {configuration:?}: {illegal:?}", info.name);
    }
}

#[test]
fn a_period_contains_its_moment_and_the_next_begins_where_it_ends() {
    for (family, configuration, generator) in representatives() {
        for at in moments() {
            let period = generator.period(at).expect("defined");
            assert!(period.contains(at), "{} {configuration:?} {at}", family.info().name);
            if let Some(until) = period.until
                && let Ok(next) = generator.period(until)
            {
                assert_eq!(next.from, Some(until), "{} {configuration:?} {at}", family.info().name);
            }
        }
    }
}

#[test]
fn one_period_has_one_list() {
    for (family, configuration, generator) in representatives() {
        for at in moments() {
            let period = generator.period(at).expect("defined");
            let end = period.until.map_or(at, |until| until - TimeDelta::nanoseconds(1));
            let list = generator.first(at, SOME).expect("a list");
            for other in [period.from.unwrap_or(at), end] {
                // A period may reach into a year for which the family is not defined.
                if let Ok(other) = generator.first(other, SOME) {
                    assert_eq!(other, list, "{} {configuration:?} {at}", family.info().name);
                }
            }
        }
    }
}

#[test]
fn a_short_list_begins_a_long_one_and_batches_make_the_same() {
    let at = "2021-03-05T13:00:00Z".parse().expect("a moment");
    for (family, configuration, generator) in representatives() {
        let long = generator.first(at, SOME).expect("a list");
        let short = generator.first(at, 7).expect("a list");
        assert_eq!(short, long[..long.len().min(7)], "{} {configuration:?}", family.info().name);
        let mut batches = Vec::new();
        let mut list = generator.list(at).expect("a list");
        while batches.len() < SOME {
            let before = batches.len();
            let made = list.fill(11.min(SOME - before), &mut batches);
            assert_eq!(batches.len(), before + made);
            if made == 0 {
                break;
            }
        }
        assert_eq!(batches, long, "{} {configuration:?}", family.info().name);
    }
}

#[test]
fn lists_side_by_side_are_those_made_alone() {
    let at: Vec<_> = moments().chain(moments().map(|at| at - TimeDelta::days(-5))).take(19).collect();
    for (family, configuration, generator) in representatives() {
        let mut lists = vec![Vec::new(); at.len()];
        generator.lists(&at, Some(40), &mut lists).expect("lists");
        for (at, list) in at.iter().zip(lists) {
            assert_eq!(list, generator.first(*at, 40).expect("a list"), "{} {configuration:?}", family.info().name);
        }
    }
}

#[test]
fn undefined_years_are_errors() {
    let at = "2101-01-01T00:00:00Z".parse().expect("a moment");
    for (family, configuration, generator) in representatives() {
        let dated = generator.period(at) != Ok(dga::Period::ALWAYS);
        assert_eq!(generator.names(at).is_err(), dated, "{} {configuration:?}", family.info().name);
    }
}

#[test]
fn what_does_not_exist_is_an_error_that_says_what_does() {
    let words = support::word_lists();
    for family in FAMILIES {
        let wrong = |selection: Selection| match family.bind(&selection, &words) {
            Err(Error::Unknown(unknown)) => assert!(unknown.to_string().contains(family.info().name)),
            other => panic!("{}: {other:?}", family.info().name),
        };
        wrong(Selection { preset: Some("no such preset".into()), ..Selection::default() });
        wrong(Selection { variant: Some("no such variant".into()), ..Selection::default() });
        let params = [("no_such_parameter".to_owned(), dga::Parameter::Text("1".into()))].into();
        let preset = family.presets().expect("presets").first().map(|preset| preset.name.clone());
        wrong(Selection { preset, params, ..Selection::default() });
    }
}
