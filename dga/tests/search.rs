//! Searches for unknown numbers, for every family that has one: whatever number made names is found in a block that
//! contains it, nothing is found that does not fit, and steps back lead to lists that go on as they should.
#![allow(clippy::disallowed_methods)]

mod support;

use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use dga::{Any, Clue, Configuration, Error, FAMILIES, Family, Generate, Quest, Seek, Selection, WordLists};

/// A search with everything that is needed to check it.
struct Case {
    family: &'static Family,
    quest: &'static Quest,
    /// With what stands for the unknown.
    configuration: Configuration,
    at: DateTime<Utc>,
    seek: Box<dyn Seek>,
}

const MOMENTS: [&str; 2] = ["2015-11-09T00:00:00Z", "2027-01-31T00:00:00Z"];

fn cases(words: &WordLists) -> Vec<Case> {
    let mut cases = Vec::new();
    for family in FAMILIES {
        for quest in family.quests() {
            for variant in family.info().variants.iter().filter(|variant| quest.is_of(variant)) {
                for moment in MOMENTS {
                    match case(family, quest, variant, moment.parse().expect("a moment"), words) {
                        Ok(case) => cases.push(case),
                        Err(error @ Error::WordListMissing { .. }) => support::skip(&error.to_string()),
                        Err(error) => panic!("{} {variant}: {error}", family.info().name),
                    }
                }
            }
        }
    }
    assert!(cases.len() > 60, "only {} cases", cases.len());
    cases
}

/// The first preset of the variant, or its defaults where there is none, with something unknown.
fn case(
    family: &'static Family,
    quest: &'static Quest,
    variant: &str,
    at: DateTime<Utc>,
    words: &WordLists,
) -> Result<Case, Error> {
    let selection =
        |preset| Selection { preset, variant: Some(variant.to_owned()), params: std::collections::BTreeMap::new() };
    let presets = family.configurations(&selection(Some(dga::ALL.into())), &[])?;
    let known = match presets.first() {
        Some(preset) => preset.clone(),
        None => family.configurations(&selection(None), &[])?.remove(0),
    };
    // A chain begins with a captured name; any of another configuration will do.
    let captured = if quest.is_chain() {
        family.bind_configuration(&known, words)?.first(at, 3)?[2].to_string()
    } else {
        String::new()
    };
    let configuration = family.unknown(&known, quest, &captured);
    let seek = family.seek(quest, at, &configuration, words)?;
    Ok(Case { family, quest, configuration, at, seek })
}

impl Case {
    fn name(&self) -> String {
        let Configuration { variant, preset, .. } = &self.configuration;
        format!("{} {variant} {} of {preset:?} at {}", self.family.info().name, self.quest.parameter(), self.at)
    }

    /// The ordinary generator for what a number stands for.
    fn generator(&self, number: u64, words: &WordLists) -> Arc<dyn Generate> {
        let mut configuration = self.configuration.clone();
        let parameters = self.seek.parameters(number);
        configuration.parameters.extend(parameters.unwrap_or_else(|| panic!("{}: {number} is nothing", self.name())));
        self.family.bind_configuration(&configuration, words).unwrap_or_else(|error| panic!("{}: {error}", self.name()))
    }

    /// Names as they would be captured.
    fn names(&self, number: u64, count: usize, words: &WordLists) -> Vec<String> {
        let names = self.generator(number, words).first(self.at, count).expect("names");
        names.iter().map(|name| name.to_string().to_ascii_lowercase()).collect()
    }

    fn found(&self, numbers: Range<u64>, clues: &[Clue]) -> Vec<u64> {
        let mut found = Vec::new();
        self.seek.search(numbers, clues, &mut |number| found.push(number));
        found
    }

    /// A few numbers of the space, among them its ends; always the same.
    fn sample(&self, count: u64) -> Vec<u64> {
        let last = self.quest.numbers - 1;
        let spread = (1..=count).map(|number| number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % self.quest.numbers);
        let mut numbers: Vec<_> = [0, last].into_iter().chain(spread).collect();
        numbers.dedup();
        numbers
    }

    /// A block with this number somewhere in it.
    fn block(&self, number: u64, length: u64) -> Range<u64> {
        let start = number.saturating_sub(number % length / 2 + 1);
        start..(start + length).min(self.quest.numbers)
    }
}

/// `names` with these places.
fn clues(names: &[String], places: &[usize]) -> Vec<Clue> {
    places.iter().map(|place| Clue::new(&names[*place], *place).expect("a short name")).collect()
}

/// The number is found, and whatever else is found fits as the generator itself says; what is not found does not.
#[test]
fn what_fits_is_found_and_nothing_else() {
    let words = support::word_lists();
    for case in cases(&words) {
        for number in case.sample(4) {
            let names = case.names(number, 30, &words);
            for places in [&[0][..], &[1], &[0, 1, 2], &[3, 7], &[20]] {
                if places.iter().any(|place| *place >= names.len()) {
                    continue;
                }
                let clues = clues(&names, places);
                let block = case.block(number, 700);
                let fits: Vec<u64> = block.clone().filter(|number| case.seek.fits(*number, &clues)).collect();
                let found = case.found(block, &clues);
                assert_eq!(found, fits, "{}, {number:#x}, places {places:?}", case.name());
                assert!(found.contains(&number), "{}: {number:#x} is missed at {places:?}", case.name());
            }
        }
    }
}

/// The same number is found in its list when the place is not known.
#[test]
fn names_are_found_at_any_place() {
    let words = support::word_lists();
    for case in cases(&words) {
        for number in case.sample(1) {
            let names = case.names(number, 40, &words);
            let place = names.len() / 2;
            let clue = Clue::new(&names[place], 0).expect("a short name");
            let first = names.iter().position(|name| *name == names[place]);
            let mut found = Vec::new();
            case.seek.search_lists(case.block(number, 20), &clue, 40, &mut |number, place| found.push((number, place)));
            assert!(found.contains(&(number, first.expect("there"))), "{}: {found:?}", case.name());
            for (number, at) in found {
                assert_eq!(case.names(number, 40, &words)[at], names[place], "{}: {number:#x}", case.name());
            }
        }
    }
}

/// Spaces of at most 2^16 numbers, as a whole: from every number's first names the number is found again.
#[test]
fn small_spaces_exhaustively() {
    let words = support::word_lists();
    let mut searched = 0;
    for case in cases(&words).iter().filter(|case| case.quest.numbers <= 1 << 16) {
        for number in (0..case.quest.numbers).step_by(1.max(case.quest.numbers as usize / 16)) {
            let names = case.names(number, 4, &words);
            let found = case.found(0..case.quest.numbers, &clues(&names, &[0, 1, 2, 3][..names.len().min(4)]));
            assert!(found.contains(&number), "{}: {number} is missed", case.name());
            for other in found {
                assert_eq!(case.names(other, 4, &words), names, "{}: {other} does not fit", case.name());
            }
            searched += 1;
        }
    }
    assert!(searched > 0);
}

/// A list that begins one name earlier goes on as the list of the number does. Each number has one before it on average,
/// because every number has one after it.
#[test]
fn steps_back() {
    let words = support::word_lists();
    let mut stepped = Vec::new();
    for case in cases(&words).iter().filter(|case| case.quest.any == Any::State) {
        let turns = case.family.turns(&case.configuration).expect("zones");
        let label = |name: &String| name.split('.').next().unwrap_or_default().to_owned();
        let (mut numbers, mut before) = (0, 0);
        // Without the ends of the space: 0 may follow itself.
        for number in case.sample(1_000).into_iter().skip(2) {
            let Some(earlier) = case.seek.before(number) else { break };
            numbers += 1;
            before += earlier.len();
            for start in earlier.iter().take(if numbers < 20 { 8 } else { 0 }) {
                let (one, two) = (case.names(*start, 5, &words), case.names(number, 4, &words));
                if turns == 1 {
                    assert_eq!(one[1..], two, "{}: {start:#x} before {number:#x}", case.name());
                } else {
                    let labels = |names: &[String]| names.iter().map(label).collect::<Vec<_>>();
                    assert_eq!(labels(&one[1..]), labels(&two), "{}: {start:#x} before {number:#x}", case.name());
                }
            }
        }
        if numbers > 0 {
            let average = before as f64 / f64::from(numbers);
            assert!((0.75..1.25).contains(&average), "{}: {average} numbers are before each", case.name());
            stepped.push(case.family.info().name);
        }
    }
    stepped.dedup();
    for family in ["corebot", "dircrypt", "dnschanger", "fobber", "ngioweb", "ramnit", "symmi", "vawtrak"] {
        assert!(stepped.contains(&family), "{family} has no steps back: {stepped:?}");
    }
}

/// A list that begins later has its zones turned.
#[test]
fn turned_lists() {
    let words = WordLists::none();
    let family = dga::find("ramnit").expect("a family");
    let at = MOMENTS[0].parse().expect("a moment");
    let case = case(family, &family.quests()[0], "v2", at, &words).expect("a case");
    assert_eq!(family.turns(&case.configuration).expect("zones"), 4);
    let whole = case.names(0x1234_5678, 12, &words);
    let ends = |names: &[String]| -> Vec<String> {
        names.iter().map(|name| name.rsplit('.').next().unwrap_or_default().to_owned()).collect()
    };
    for places in 0..9 {
        let mut turned = family.turned(&case.configuration, places).expect("turned");
        turned.parameters.extend(case.seek.parameters(1).expect("parameters"));
        let names = family.bind_configuration(&turned, &words).expect("bound").first(at, 3).expect("names");
        let names: Vec<_> = names.iter().map(ToString::to_string).collect();
        assert_eq!(ends(&names), ends(&whole[places..places + 3]), "{places}");
    }
}

/// What is said of a quest is true: it names parameters and variants of its family, and several quests of a family can be
/// told apart.
#[test]
fn quests_are_of_their_family() {
    for family in FAMILIES {
        let info = family.info();
        for (place, quest) in family.quests().iter().enumerate() {
            for (parameter, _) in quest.finds {
                assert!(family.parameter_names().contains(parameter), "{}: `{parameter}`", info.name);
            }
            assert!(quest.variants.iter().all(|variant| info.variants.contains(variant)), "{}", info.name);
            assert!((1..=1 << 32).contains(&quest.numbers), "{}", info.name);
            let others = family.quests()[..place].iter().filter(|other| other.parameter() == quest.parameter());
            for other in others {
                let both = info.variants.iter().any(|variant| quest.is_of(variant) && other.is_of(variant));
                assert!(!both, "{}: two ways to find `{}`", info.name, quest.parameter());
            }
        }
    }
}
