//! Ranges against a slow oracle, which looks at every hour by itself.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use dga::{Error, Generate, Info, List, Name, Part, Period, Range, Schedule, Selection, Validity, WordLists, find};
use proptest::prelude::*;

/// Lists that change at multiples of some hours; what lies outside of them is empty.
struct Lists {
    hours: i64,
    windows: Vec<Vec<Name>>,
    schedule: Schedule,
}

const INFO: &Info = &Info { name: "lists", ..Info::NEW };
/// 2020-01-01, in hours.
const START: i64 = 438_288;

fn hour(hour: i64) -> DateTime<Utc> {
    DateTime::from_timestamp((START + hour) * 3_600, 0).expect("in range")
}

impl Lists {
    fn new(hours: i64, lists: Vec<Vec<u8>>) -> Self {
        let name = |number: u8| Name::parse(&format!("{number}.test")).expect("short");
        let windows = lists.into_iter().map(|list| list.into_iter().map(name).collect()).collect();
        Self { hours, windows, schedule: Schedule::Every { seconds: hours * 3_600, since: START * 3_600 } }
    }
}

impl fmt::Debug for Lists {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.windows.fmt(formatter)
    }
}

impl Generate for Lists {
    fn info(&self) -> &'static Info {
        INFO
    }

    fn variant(&self) -> &'static str {
        "v1"
    }

    fn parameters(&self) -> &serde_yaml::Value {
        &serde_yaml::Value::Null
    }

    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn period(&self, at: DateTime<Utc>) -> Result<Period, Error> {
        Ok(self.schedule.period(at))
    }

    fn length(&self) -> Option<usize> {
        None
    }

    fn list<'a>(&'a self, at: DateTime<Utc>) -> Result<Box<dyn List + 'a>, Error> {
        let number = (at.timestamp().div_euclid(3_600) - START).div_euclid(self.hours);
        let list = usize::try_from(number).ok().and_then(|number| self.windows.get(number));
        Ok(Box::new(list.into_iter().flatten().copied()))
    }

    fn lists(&self, at: &[DateTime<Utc>], limit: Option<usize>, out: &mut [Vec<Name>]) -> Result<(), Error> {
        for (at, out) in at.iter().zip(out) {
            self.list(*at)?.fill(limit.unwrap_or(usize::MAX), out);
        }
        Ok(())
    }
}

/// Looks at every hour from `first` to `last`; intervals that begin or end outside of them must not touch the range.
fn oracle(generator: &dyn Generate, range: &Range, first: i64, last: i64) -> Vec<Validity> {
    let mut open: BTreeMap<Name, (i64, usize)> = BTreeMap::new();
    let mut intervals = Vec::new();
    for now in first..=last {
        let names = match range.limit {
            Some(limit) => generator.first(hour(now), limit),
            None => generator.names(hour(now)),
        }
        .expect("a list");
        let ended: Vec<Name> = open.keys().filter(|name| !names.contains(name)).copied().collect();
        for name in ended {
            let (begin, index) = open.remove(&name).expect("it was open");
            intervals.push((begin, now, index, name));
        }
        for (index, name) in names.iter().enumerate() {
            open.entry(*name).or_insert((now, index));
        }
    }
    intervals.sort_unstable_by_key(|(begin, _, index, _)| (*begin, *index));
    let validity = |(begin, end, index, name): (i64, i64, usize, Name)| Validity {
        name,
        period: Period { from: Some(hour(begin) - range.margin), until: Some(hour(end) + range.margin) },
        index,
    };
    let touches =
        |validity: &Validity| validity.period.from < Some(range.until) && validity.period.until > Some(range.from);
    intervals.into_iter().map(validity).filter(touches).collect()
}

/// The generator of a preset.
fn bound(family: &str, preset: &str) -> Arc<dyn Generate> {
    let selection = Selection { preset: Some(preset.into()), ..Selection::default() };
    find(family).expect("known").bind(&selection, &WordLists::none()).expect("bound")
}

/// The parts of a range, one after the other.
fn joined(generator: &dyn Generate, range: &Range, parts: &[Part]) -> Vec<Validity> {
    let all = parts.iter().flat_map(|part| range.validities_of(part, generator).expect("a range"));
    all.collect::<Result<_, _>>().expect("lists")
}

fn collected(generator: &dyn Generate, range: &Range) -> Vec<Validity> {
    range.validities(generator).expect("a range").collect::<Result<_, _>>().expect("lists")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn as_every_hour_says(
        hours in 1_i64..5,
        lists in prop::collection::vec(prop::collection::vec(0_u8..12, 0..8), 1..30),
        from in -10_i64..100,
        length in 1_i64..60,
        margin in 0_i64..6,
        limit in prop::option::of(0_usize..6),
    ) {
        let generator = Lists::new(hours, lists);
        let range = Range { from: hour(from), until: hour(from + length), margin: TimeDelta::hours(margin), limit };
        prop_assert_eq!(collected(&generator, &range), oracle(&generator, &range, -20, 200));
    }
}

#[test]
fn a_family_of_days() {
    let conficker = find("conficker").expect("known").bind(&Selection::default(), &WordLists::none()).expect("bound");
    let margin = TimeDelta::days(1);
    let range = Range { from: hour(5), until: hour(24 * 3), margin, limit: Some(20) };
    assert_eq!(collected(&*conficker, &range), oracle(&*conficker, &range, -24 * 3, 24 * 7));
    assert_eq!(collected(&*conficker, &range).len(), 5 * 20);
}

#[test]
fn families_whose_lists_overlap_and_families_with_uneven_periods() {
    for (name, preset, count) in [
        ("sisron", "v1", 40),
        ("pushdo", "kz-v1", 65),
        ("pitou", "0dafe02c", 500),
        ("sharkbot", "v2.8", 7),
        ("m0yv", "td-02484a18", 30),
        ("locky", "v3-1511", 12),
        ("vidro", "v1", 10),
    ] {
        let generator = bound(name, preset);
        // From 29 December 2019 to 4 January 2020, with days that are looked at on either side.
        let margin = TimeDelta::hours(30);
        let range = Range { from: hour(24 * -3 + 7), until: hour(24 * 3), margin, limit: Some(count) };
        let expected = oracle(&*generator, &range, -24 * 40, 24 * 40);
        // The oracle sees only whole hours.
        let seconds = if name == "vidro" { 3_600 } else { 1 };
        let rounded = |validity: &Validity| {
            let up = |at: Option<DateTime<Utc>>| {
                at.map(|at| at.timestamp().div_euclid(seconds) + i64::from(at.timestamp() % seconds != 0))
            };
            (validity.name, up(validity.period.from), up(validity.period.until), validity.index)
        };
        let found: Vec<_> = collected(&*generator, &range).iter().map(rounded).collect();
        assert_eq!(found, expected.iter().map(rounded).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn a_family_without_date_is_valid_for_ever() {
    let ramnit = find("ramnit").expect("known").bind(&Selection::default(), &WordLists::none()).expect("bound");
    let range = Range { from: hour(0), until: hour(1), margin: TimeDelta::days(1), limit: None };
    let validities = collected(&*ramnit, &range);
    assert_eq!(validities.len(), 300);
    assert!(validities.iter().all(|validity| validity.period == Period::ALWAYS));
    assert!(validities.iter().enumerate().all(|(index, validity)| validity.index == index));
}

#[test]
fn a_name_that_stays_for_years_has_open_ends() {
    let generator = Lists::new(24, vec![vec![1]; 1500]);
    let range = Range { from: hour(24 * 700), until: hour(24 * 701), margin: TimeDelta::zero(), limit: None };
    let validities = collected(&generator, &range);
    assert_eq!(validities.len(), 1);
    assert_eq!(validities[0].period, Period::ALWAYS);
}

#[test]
fn the_edges_of_what_is_defined() {
    let ozdok = find("ozdok").expect("known").bind(&Selection::default(), &WordLists::none()).expect("bound");
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
    let range = |from, until| Range { from: at(from), until: at(until), margin: TimeDelta::days(2), limit: None };
    assert_eq!(collected(&*ozdok, &range("1970-01-01T00:00:00Z", "1970-01-02T00:00:00Z")).len(), 3);
    assert_eq!(collected(&*ozdok, &range("2100-12-31T00:00:00Z", "2101-01-01T00:00:00Z")).len(), 3);
    let beyond = range("2100-12-31T00:00:00Z", "2101-01-02T00:00:00Z");
    assert!(matches!(beyond.validities(&*ozdok), Err(Error::Date { .. })));
    let empty = range("2000-12-31T00:00:00Z", "2000-12-31T00:00:00Z");
    assert!(matches!(empty.validities(&*ozdok), Err(Error::EmptyRange { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_parts_of_a_range_are_the_range(
        hours in 1_i64..5,
        lists in prop::collection::vec(prop::collection::vec(0_u8..12, 0..8), 1..60),
        from in -10_i64..100,
        length in 1_i64..200,
        margin in 0_i64..30,
        limit in prop::option::of(0_usize..6),
    ) {
        let generator = Lists::new(hours, lists);
        let range = Range { from: hour(from), until: hour(from + length), margin: TimeDelta::hours(margin), limit };
        let parts = range.parts(1, &generator).expect("parts");
        // Every part but the last has eight lists.
        prop_assert!(parts.len() as i64 >= (length + 2 * margin) / hours / 8, "{} parts", parts.len());
        prop_assert_eq!(joined(&generator, &range, &parts), collected(&generator, &range));
    }
}

#[test]
fn the_parts_of_real_families() {
    for (name, preset) in [("sisron", "v1"), ("pushdo", "kz-v1"), ("sharkbot", "v2.8"), ("locky", "v3-1511")] {
        let generator = bound(name, preset);
        let margin = TimeDelta::hours(30);
        let range = Range { from: hour(24 * -30 + 7), until: hour(24 * 40), margin, limit: None };
        let parts = range.parts(1, &*generator).expect("parts");
        assert!(parts.len() > 1, "{name}: {parts:?}");
        assert_eq!(joined(&*generator, &range, &parts), collected(&*generator, &range), "{name}");
    }
}
