//! Families that are written a second time as parameters of `custom`, and what `custom` says about mistakes.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::Path;

use dga::{Error, Family, Parameter, PresetFile, Schedule, Selection, WordLists, find, moment};

fn custom() -> &'static Family {
    find("custom").expect("it is in the catalogue")
}

fn given(params: &[(&str, &str)]) -> Vec<(String, Parameter)> {
    params.iter().map(|(name, text)| ((*name).to_owned(), Parameter::Text((*text).to_owned()))).collect()
}

/// Asserts that an example, with parameters changed, makes what the built-in family makes with others.
fn same(family: &str, built_in: &[(&str, &str)], changes: &[(&str, &str)]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(format!("{family}.yaml"));
    let files = PresetFile::read(&fs::read_to_string(path).expect("an example")).expect("presets");
    let [PresetFile { presets, .. }] = files.as_slice() else { panic!("{family}: one document") };
    let params = given(changes).into_iter().collect();
    let selection = Selection { preset: Some(presets[0].name.clone()), params, ..Selection::default() };
    let configurations = custom().configurations(&selection, &files).expect("a preset");
    let words = WordLists::none();
    let written = custom().bind_configuration(&configurations[0], &words).expect("allowed");
    let selection = Selection { params: given(built_in).into_iter().collect(), ..Selection::default() };
    let built_in = find(family).expect("a family").bind(&selection, &words).expect("allowed");
    for date in ["1970-01-01", "2012-02-29", "2015-12-31", "2017-08-15", "2021-03-05T13:00:00Z", "2100-12-31"] {
        let at = moment(date).expect("a moment");
        let names = built_in.names(at).expect("defined");
        assert!(!names.is_empty());
        assert_eq!(written.names(at).expect("defined"), names, "{family} {date} {changes:?}");
        assert_eq!(written.period(at), built_in.period(at), "{family} {date}");
        assert_eq!(written.length().unwrap_or(names.len()), names.len(), "{family}");
    }
}

#[test]
fn verblecon() {
    same("verblecon", &[("seed", "verble")], &[]);
    same("verblecon", &[("seed", "another")], &[("secret", "another")]);
}

#[test]
fn enviserv() {
    same("enviserv", &[("seed", "papa_koli")], &[]);
    same("enviserv", &[("seed", "abc"), ("count", "1200")], &[("secret", "abc"), ("count", "1200")]);
}

#[test]
fn dnschanger() {
    same("dnschanger", &[("seed", "87373")], &[]);
    same("dnschanger", &[("seed", "1")], &[("key", "1")]);
}

#[test]
fn corebot() {
    same("corebot", &[("seed", "0x1DB98930"), ("group", "1")], &[]);
    same("corebot", &[("seed", "0xFFFFFFFF"), ("group", "2")], &[("key", "0x10001FFFF")]);
}

#[test]
fn xshellghost() {
    same("xshellghost", &[], &[]);
}

#[test]
fn models_make_as_many_names_as_they_are_known_for() {
    let model = |preset: &str| {
        let selection = Selection { preset: Some(preset.to_owned()), ..Selection::default() };
        custom().bind(&selection, &WordLists::none()).expect("a preset")
    };
    let at = moment("2009-04-01").expect("a moment");
    let conficker = model("conficker-c-model");
    let names = conficker.names(at).expect("defined");
    assert_eq!(names.len(), 50_000);
    let zone = |name: &dga::Name| name.as_str().split_once('.').map(|(_, zone)| zone.to_owned());
    assert_eq!(names.iter().map(zone).collect::<std::collections::BTreeSet<_>>().len(), 110);
    assert_eq!(conficker.parameters()["tries"].as_u64(), Some(500));
    let srizbi = model("srizbi-model");
    assert_eq!(srizbi.names(at).expect("defined").len(), 4);
    assert!(matches!(srizbi.schedule(), Schedule::Every { seconds: 259_200, .. }));
}

/// Changes `srizbi-model`; gives the parameter that is blamed and the reason.
fn refused(changes: &[(&str, &str)]) -> (String, String) {
    let params = given(changes).into_iter().collect();
    let selection = Selection { preset: Some("srizbi-model".into()), params, ..Selection::default() };
    match custom().bind(&selection, &WordLists::none()) {
        Err(Error::Parameter { parameter, reason, .. }) => (parameter, reason),
        Err(Error::MissingParameter { parameter, .. }) => (parameter, "missing".into()),
        other => panic!("{changes:?}: {other:?}"),
    }
}

#[test]
fn mistakes_are_blamed_on_their_parameter() {
    for (parameter, value, reason) in [
        ("core", "{md4: {}}", "md4"),
        ("core", "{md5: {bits: 8, byts: 1}}", "byts"),
        ("core", "{md5: {bits: 5}}", "4, 8, 16 or 32"),
        ("core", "{lcg: {increment: 1}}", "multiplier"),
        ("core", "{xorshift: {shifts: [13, 17, 32]}}", "1 to 31"),
        ("core", "{lcg: {multiplier: 1, increment: 1, modulus_bits: 65}}", "1 to 64"),
        ("seed", "{number: [{of: day}]}", "hash a `text`"),
        ("seed", "{text: \"{secret}{wek}\"}", "no field `wek`"),
        ("secret", "~", "missing"),
        ("key", "1", "does not use it"),
        ("label", "{letters: {length: {fixed: 0}}}", "1 to 63"),
        ("label", "{letters: {length: {drawn: {min: 9, max: 8}}}}", "1 to 63"),
        ("label", "{letters: {alphabet: ab, modulus: 3, length: {fixed: 5}}}", "1 to 2"),
        ("label", "{letters: {alphabet: a_b, length: {fixed: 5}}}", "`_` is no letter"),
        ("label", "{words: {tables: [[a], []]}}", "a word in each"),
        ("label", "{words: {tables: [[a, \"b c\"]]}}", "`b c`"),
        ("tlds", "[]", "at least one"),
        ("tlds", "[.com]", "no ending"),
        ("tld_rule", "{date: index}", "no part of the date"),
        ("tld_rule", "random", "random"),
        ("schedule", "{every: {hours: 0, since: 2008-11-01}}", "1 hour to 366 days"),
        ("schedule", "{every: {hours: 72, since: yesterday}}", "neither a date nor an instant"),
        ("schedule", "{every: {hours: 72}}", "since"),
        ("count", "0", "at least 1"),
        ("tries", "5", "1 to 4"),
    ] {
        let (blamed, said) = refused(&[(parameter, value)]);
        assert_eq!(blamed, parameter, "{value}: {said}");
        assert!(said.contains(reason), "{parameter} {value}: {said}");
    }
    let (blamed, said) = refused(&[("schedule", "always")]);
    assert_eq!((blamed.as_str(), said.as_str()), ("seed", "`days` has no value while `schedule` is `always`"));
    let (blamed, said) = refused(&[("core", "{xorshift: {}}")]);
    assert_eq!(blamed, "seed", "{said}");
}
