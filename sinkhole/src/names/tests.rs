//! What is found, beside a model that keeps every name as it is written.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::config::Answer;

fn entry(label: u16) -> Entry {
    Entry { label: LabelId(label), preset: LabelId::NONE, period: 0, index: 0, zone: ZoneId::default() }
}

fn zone() -> Zone {
    Zone::new(Answer::default())
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

#[test]
fn the_deepest_held_name_wins_and_case_does_not_matter() {
    let mut names = Names::new(zone());
    names.hold(&name("A.test"), entry(1));
    names.hold(&name("deep.b.a.test"), entry(2));
    let find = |names: &Names, text: &str| {
        names.find(name(text).as_wire()).map(|found| (found.entry.label.0, found.apex_labels, found.at_apex))
    };
    assert_eq!(find(&names, "a.TEST"), Some((1, 2, true)));
    assert_eq!(find(&names, "x.b.a.test"), Some((1, 2, false)));
    assert_eq!(find(&names, "x.y.Deep.b.a.test"), Some((2, 4, false)));
    assert_eq!(find(&names, "test"), None);
    assert_eq!(find(&names, "ba.test"), None);
    assert_eq!(find(&names, "."), None);
    assert!(names.release(&name("a.tesT")));
    assert!(!names.release(&name("a.test")));
    assert_eq!(find(&names, "a.test"), None);
    assert_eq!(names.len(), 1);
}

#[test]
fn texts_get_numbers_and_the_empty_one_has_none() {
    let mut collector = Collector::default();
    let label = collector.text("ramnit").unwrap();
    let held_for = Described { label, preset: collector.text("").unwrap(), period: 9, zone: 1 };
    collector.add(name("a.test").as_wire(), held_for, 4);
    let lured = zone().unlured();
    let names = Names::of(&collector.finish(), vec![zone(), lured.clone()], |text| {
        assert_eq!(text, "ramnit");
        LabelId(7)
    });
    let found = names.find(name("x.A.test").as_wire()).unwrap();
    let expected = Entry { label: LabelId(7), preset: LabelId::NONE, period: 9, index: 4, zone: ZoneId(1) };
    assert_eq!((found.entry, names.zone(&found.entry)), (expected, &lured));
}

#[test]
fn there_are_as_many_texts_as_numbers() {
    let mut collector = Collector::default();
    for number in 1..=u16::MAX {
        assert_eq!(collector.text(&number.to_string()), Ok(TextId(number)));
    }
    assert_eq!(collector.text("1"), Ok(TextId(1)));
    assert_eq!(collector.text("more"), Err(TooManyTexts));
}

#[test]
fn the_longest_name_is_found() {
    let longest = name(&"a.".repeat(127));
    let mut names = Names::new(zone());
    names.hold(&longest, entry(1));
    assert_eq!(names.find(longest.as_wire()).map(|found| found.apex_labels), Some(127));
}

/// One of few names, so that most are met more than once.
fn some_name() -> impl Strategy<Value = Name> {
    prop::collection::vec("[abAB]", 0..=5)
        .prop_map(|labels| Name::from_labels(labels.iter().map(String::as_bytes)).unwrap())
}

/// What happens to a table while a sinkhole runs.
#[derive(Clone, Debug)]
enum Act {
    Hold(Name),
    Release(Name),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![some_name().prop_map(Act::Hold), some_name().prop_map(Act::Release)]
}

proptest! {
    #[test]
    fn names_are_what_a_map_of_them_is(
        sources in prop::collection::vec(prop::collection::vec((some_name(), 0..3_u32), 0..30), 0..4),
        acts in prop::collection::vec(act(), 0..20),
        asked in prop::collection::vec(some_name(), 0..50),
    ) {
        // A name belongs to the first source, there to the period that was named first, there to the first place.
        let mut model: BTreeMap<Name, Entry> = BTreeMap::new();
        let mut collector = Collector::default();
        for (number, source) in sources.iter().enumerate() {
            collector.next_source();
            let text = collector.text(&number.to_string()).unwrap();
            let mut periods: Vec<u32> = source.iter().map(|(_, period)| *period).collect();
            let mut seen = Vec::new();
            periods.retain(|period| !seen.contains(period) && { seen.push(*period); true });
            for (index, (name, period)) in source.iter().enumerate() {
                let held_for = Described { label: text, preset: TextId::default(), period: *period, zone: 0 };
                collector.add(name.to_lowercase().as_wire(), held_for, index as u32);
            }
            for period in periods {
                for (index, (name, _)) in source.iter().enumerate().filter(|(_, row)| row.1 == period) {
                    let entry = Entry { period, index: index as u32, ..entry(number as u16 + 1) };
                    model.entry(name.to_lowercase()).or_insert(entry);
                }
            }
        }
        let number = |text: &str| LabelId(text.parse::<u16>().unwrap() + 1);
        let mut names = Names::of(&collector.finish(), vec![zone()], number);
        prop_assert_eq!(names.len(), model.len());
        for (number, act) in acts.iter().enumerate() {
            match act {
                Act::Hold(name) => {
                    let entry = entry(number as u16 + 100);
                    names.hold(name, entry);
                    model.insert(name.to_lowercase(), entry);
                }
                Act::Release(name) => {
                    prop_assert_eq!(names.release(name), model.remove(&name.to_lowercase()).is_some());
                }
            }
            prop_assert_eq!(names.len(), model.len());
        }
        for name in asked.iter().chain(sources.iter().flatten().map(|row| &row.0)) {
            let lower = name.to_lowercase();
            let labels = lower.label_count();
            let expected = (1..=labels).rev().find_map(|count| {
                let entry = *model.get(&lower.last_labels(count))?;
                Some(Found { entry, apex_labels: count as u8, at_apex: count == labels })
            });
            prop_assert_eq!(names.find(name.as_wire()), expected);
        }
    }
}
