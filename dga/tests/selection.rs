//! What a selection means: presets, variants and parameters together.

use dga::{Configuration, Error, Parameter, PresetFile, Selection, WordLists, find};

fn selection(preset: Option<&str>, variant: Option<&str>, params: &[(&str, &str)]) -> Selection {
    let text = |(name, text): &(&str, &str)| ((*name).to_owned(), Parameter::Text((*text).to_owned()));
    Selection {
        preset: preset.map(str::to_owned),
        variant: variant.map(str::to_owned),
        params: params.iter().map(text).collect(),
    }
}

fn configurations(family: &str, selection: &Selection) -> Result<Vec<Configuration>, Error> {
    find(family)?.configurations(selection, &[])
}

fn first_name(family: &str, selection: &Selection) -> Result<String, Error> {
    let generator = find(family)?.bind(selection, &WordLists::none())?;
    let at = "2021-03-05T13:00:00Z".parse().expect("a moment");
    Ok(generator.first(at, 1)?[0].to_string())
}

#[test]
fn nothing_given_is_the_first_preset() {
    let found = configurations("ramnit", &Selection::default()).expect("a preset");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].preset.as_deref(), Some("79159c10"));
    assert_eq!(first_name("ramnit", &Selection::default()).expect("bound"), "knpqxlxcwtlvgrdyhd.com");
}

#[test]
fn a_variant_or_parameters_alone_have_the_specifications_defaults() {
    let chosen = selection(None, Some("v2"), &[("seed", "0x16647BB4")]);
    assert_eq!(configurations("ramnit", &chosen).expect("one")[0].preset, None);
    assert_eq!(first_name("ramnit", &chosen).expect("bound"), "prklqkkwhgpshiejk.click");
    let without_variant = selection(None, None, &[("seed", "0x16647BB4")]);
    assert_eq!(first_name("ramnit", &without_variant).expect("bound"), "prklqkkwhgpshiej.com");
    let missing = first_name("ramnit", &selection(None, Some("v1"), &[]));
    assert!(matches!(missing, Err(Error::MissingParameter { parameter, .. }) if parameter == "seed"));
}

#[test]
fn parameters_replace_those_of_a_preset() {
    let chosen = selection(Some("4302c04a"), None, &[("tlds", "[test]")]);
    assert_eq!(first_name("ramnit", &chosen).expect("bound"), "rgcakqlu.test");
}

#[test]
fn a_variant_chooses_among_all_presets_and_must_fit_a_single_one() {
    let all = configurations("ranbyus", &selection(Some("all"), None, &[])).expect("presets");
    let may = configurations("ranbyus", &selection(Some("all"), Some("may"), &[])).expect("presets");
    assert!(!may.is_empty() && may.len() < all.len());
    assert!(may.iter().all(|configuration| configuration.variant == "may"));
    let wrong = configurations("conficker", &selection(Some("a"), Some("b"), &[]));
    assert!(matches!(wrong, Err(Error::PresetVariant { .. })));
    assert!(matches!(first_name("conficker", &selection(Some("all"), None, &[])), Err(Error::SeveralPresets { .. })));
}

#[test]
fn the_variant_is_a_parameter_too() {
    let one = first_name("conficker", &selection(None, Some("b"), &[])).expect("bound");
    assert_eq!(first_name("conficker", &selection(None, None, &[("variant", "b")])).expect("bound"), one);
    let contradiction = first_name("conficker", &selection(None, Some("a"), &[("variant", "b")]));
    assert!(matches!(contradiction, Err(Error::Parameter { parameter, .. }) if parameter == "variant"));
    // A family with one variant accepts its name and no other.
    assert!(first_name("cryptolocker", &selection(None, Some("v1"), &[])).is_ok());
    assert!(matches!(first_name("cryptolocker", &selection(None, Some("v2"), &[])), Err(Error::Unknown(_))));
}

#[test]
fn presets_of_ones_own() {
    let text = "family: ramnit\npresets:\n  - { name: mine, parameters: { seed: 0x1f }, source: a sandbox }\n";
    let files = PresetFile::read(text).expect("presets");
    let ramnit = find("ramnit").expect("known");
    let mine = ramnit.configurations(&selection(Some("mine"), None, &[]), &files).expect("mine");
    assert_eq!((mine.len(), mine[0].variant.as_str()), (1, "v1"));
    let all = ramnit.configurations(&selection(Some("all"), None, &[]), &files).expect("all");
    assert_eq!(all.len(), ramnit.presets().expect("presets").len() + 1);
    for wrong in [
        "family: zeus\npresets: []\n",
        "family: ramnit\n",
        "family: ramnit\npresets:\n  - { name: all, source: x }\n",
        "family: ramnit\npresets:\n  - { name: 79159c10, source: x }\n",
        "family: ramnit\npresets:\n  - { name: a, source: x, colour: red }\n",
    ] {
        assert!(PresetFile::read(wrong).is_err(), "{wrong}");
    }
}
