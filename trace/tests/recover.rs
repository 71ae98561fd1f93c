//! Searches from names to solutions: every kind of pass, and searches that are resumed.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Mutex;

use chrono::{DateTime, Utc};
use dga::{Configuration, Selection, WordLists, find};
use proptest::prelude::*;
use trace::recover::{Captured, Error, Hit, Ledger, Outcome, Plan, Task, decide, run, solve};

fn at() -> DateTime<Utc> {
    "2015-11-09T00:00:00Z".parse().expect("a moment")
}

/// A configuration of a variant with these parameters.
fn configuration(family: &str, variant: &str, parameters: &[(&str, &str)]) -> Configuration {
    let text = |(name, value): &(&str, &str)| (String::from(*name), dga::Parameter::Text(String::from(*value)));
    let params = parameters.iter().map(text).collect();
    let selection = Selection { preset: None, variant: Some(variant.into()), params };
    find(family).expect("a family").configurations(&selection, &[]).expect("it exists").remove(0)
}

fn names(family: &str, configuration: &Configuration, count: usize) -> Vec<String> {
    let generator = find(family).expect("a family").bind_configuration(configuration, &WordLists::none());
    let names = generator.expect("bound").first(at(), count).expect("names");
    names.iter().map(ToString::to_string).collect()
}

fn captured(name: &str, place: Option<usize>) -> Captured {
    Captured { name: name.to_owned(), place }
}

fn task(family: &str, base: &Configuration, captured: &[Captured], numbers: Range<u64>) -> Result<Task, Error> {
    let family = find(family).expect("a family");
    let quest = Task::quest(family, &base.variant, None)?;
    Task::new(family, quest, base, at(), captured, Some(numbers))
}

fn searched(task: &Task) -> Outcome {
    let words = WordLists::none();
    let plan = Plan::new(task, &words).expect("a plan");
    let ledger = Mutex::new(Ledger::new(task, &plan));
    run(&plan, &ledger, 2, &|_| {});
    let ledger = ledger.into_inner().expect("no panic");
    assert_eq!(ledger.done(), plan.units());
    solve(task, &plan, &ledger.hits(), &words).expect("solved")
}

/// Families whose names are found at any place by a pass for each place, or by whole lists.
#[test]
fn any_place_of_a_list() {
    for (family, variant, seed, reach) in
        [("ramdo", "v1", 0x1_2345_u64, 20), ("m0yv", "tid", 0x1_2345, 128), ("flubot", "v1", 1136, 5000)]
    {
        let base = configuration(family, variant, &[("seed", "0")]);
        let known = configuration(family, variant, &[("seed", &seed.to_string())]);
        let list = names(family, &known, reach);
        let (early, late) = (&list[reach / 3], &list[reach - 1]);
        // In the wrong order, and one of them twice.
        let captured = [captured(late, None), captured(early, None), captured(late, None)];
        let outcome = searched(&task(family, &base, &captured, seed - 3..seed + 4).expect("a task"));
        let own = outcome.seeds.iter().find(|solution| solution.number == seed).expect("found");
        assert_eq!((own.first, own.last), (reach / 3, reach - 1), "{family}");
        assert!(outcome.from_here.is_empty(), "{family}");
        for solution in &outcome.seeds {
            let made = solution.generator(&WordLists::none()).expect("bound").first(at(), reach).expect("names");
            assert!([early, late].iter().all(|name| made.iter().any(|made| made == name.as_str())), "{family}");
        }
    }
}

/// Between seeds with the same names so far, as many more names decide as it says, and no fewer.
#[test]
fn decisions_are_exact() {
    let words = WordLists::none();
    let base = configuration("kraken", "v2", &[]);
    let list = names("kraken", &base, 1);
    let outcome = searched(&task("kraken", &base, &[captured(&list[0], Some(0))], 0..1 << 23).expect("a task"));
    assert!(outcome.seeds.len() > 2, "{}", outcome.seeds.len());
    let candidates = &outcome.seeds[..outcome.seeds.len().min(40)];
    let decision = decide(candidates, &words).expect("decided");
    let groups = |count: usize| {
        let lists = candidates.iter().map(|candidate| {
            let next = candidate.next(&words, count, false).expect("names");
            next.into_iter().map(|next| next.name.to_string()).collect::<Vec<_>>()
        });
        lists.collect::<BTreeSet<_>>().len()
    };
    assert_eq!(groups(decision.names), decision.groups);
    assert!(groups(decision.names - 1) < decision.groups);
}

#[test]
fn names_that_make_no_sense_are_refused() {
    let base = configuration("ramnit", "v1", &[]);
    let refused = |captured: &[Captured]| task("ramnit", &base, captured, 0..10).expect_err("refused").to_string();
    assert_eq!(refused(&[]), "at least one captured name is needed");
    assert!(refused(&[captured("nodot", Some(0))]).contains("`nodot` is no domain name"));
    assert!(refused(&[captured(&"a".repeat(200), Some(0))]).contains("is no domain name"));
    let both = [captured("abcdefgh.com", Some(0)), captured("abcdefgi.com", None)];
    assert!(refused(&both).contains("all names are known, or of none"));
    let same = [captured("abcdefgh.com", Some(2)), captured("abcdefgi.com", Some(2))];
    assert!(refused(&same).contains("cannot both stand at place 2"));
    let beyond = task("ramnit", &base, &[captured("abcdefgh.com", Some(0))], 5..(1 << 32) + 1).expect_err("refused");
    assert!(beyond.to_string().contains("the numbers 0 to 4294967295"));
    for family in ["conficker", "nymaim"] {
        let family = find(family).expect("a family");
        assert!(matches!(Task::quest(family, family.info().variants[0], None), Err(Error::NoQuest { .. })));
    }
    let murofet = find("murofet").expect("a family");
    assert!(matches!(Task::quest(murofet, "v1", None), Err(Error::NoQuestOfVariant { .. })));
    assert!(matches!(Task::quest(murofet, "v2", Some("count")), Err(Error::NotFound { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Whatever units were done before the interruption, in whatever order, the whole gives the same.
    #[test]
    fn resumed_searches_find_the_same(
        order in Just((0..32_u64).collect::<Vec<_>>()).prop_shuffle(),
        done in 0..32_usize,
    ) {
        let words = WordLists::none();
        let base = configuration("kraken", "v1", &[]);
        let list = names("kraken", &base, 1);
        let task = task("kraken", &base, &[captured(&list[0], Some(0))], 0..1 << 23).expect("a task");
        let plan = Plan::new(&task, &words).expect("a plan");
        prop_assert_eq!(plan.units(), 32);
        let whole = Mutex::new(Ledger::new(&task, &plan));
        run(&plan, &whole, 2, &|_| {});
        let whole = whole.into_inner().expect("no panic");
        prop_assert!(!whole.hits().is_empty());

        // The hits of a unit are those of its numbers.
        let hits_of = |unit: u64| -> Vec<Hit> {
            whole.hits().into_iter().filter(|hit| hit.number >> 18 == unit).collect()
        };
        let mut part = Ledger::new(&task, &plan);
        for unit in &order[..done] {
            part.note(*unit, hits_of(*unit));
            prop_assert!(part.has(*unit));
        }
        prop_assert_eq!(part.done(), done as u64);
        for unit in &order[done..] {
            prop_assert!(!part.has(*unit));
        }
        let mut resumed = Ledger::new(&task, &plan);
        resumed.resume(&part.written()).expect("resumed");
        prop_assert_eq!(&resumed, &part);
        let resumed = Mutex::new(resumed);
        let worked = Mutex::new(0);
        run(&plan, &resumed, 2, &|_| *worked.lock().expect("no panic") += 1);
        prop_assert_eq!(*worked.lock().expect("no panic"), 32 - done);
        prop_assert_eq!(resumed.into_inner().expect("no panic").hits(), whole.hits());
    }
}
