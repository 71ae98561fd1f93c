//! The search on all cores, with its bar, and what Ctrl-C leaves of it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use dga::WordLists;
use trace::recover::{Hit, Ledger, Plan, Task, run, units_done};

use super::resumed::Resumed;
use crate::clock;
use crate::exit::Failure;
use crate::interrupt;
use crate::progress::Numbers;

/// How often what is done is written down, in seconds: as much is lost when a machine stops.
const SAVED_EVERY: i64 = 10;

/// Goes through all that a task needs; returns what was hit.
pub(super) fn search(
    task: &Task,
    words: &WordLists,
    threads: usize,
    resume: Option<&Path>,
) -> Result<(Plan, Vec<Hit>), Failure> {
    let plan = Plan::new(task, words)?;
    let mut ledger = Ledger::new(task, &plan);
    let resumed = resume.map(|path| Resumed::open(path, &mut ledger)).transpose()?;
    let begun = units_done(&plan, &ledger);
    let ledger = Arc::new(Mutex::new(ledger));
    interrupt::at_end({
        let (ledger, resumed) = (Arc::clone(&ledger), resumed.clone());
        move || last_words(&ledger.lock().unwrap_or_else(PoisonError::into_inner), resumed.as_ref())
    });
    let bar = Numbers::new(plan.numbers(), begun);
    let saved = Mutex::new(clock::now());
    run(&plan, &ledger, threads, &|numbers| {
        bar.add(numbers);
        let Some(resumed) = &resumed else { return };
        let Ok(mut saved) = saved.try_lock() else { return };
        let now = clock::now();
        if now - *saved >= TimeDelta::seconds(SAVED_EVERY) {
            // What cannot be written now may be written later; the end of the search says it.
            let _ = resumed.save(&ledger.lock().unwrap_or_else(PoisonError::into_inner));
            *saved = now;
        }
    });
    bar.finish();
    let kept = resumed.as_ref().map_or_else(
        || "nothing is kept (`--resume FILE` keeps it)".to_owned(),
        |resumed| format!("all that was searched is kept in `{}`", resumed.path().display()),
    );
    interrupt::at_end(move || format!("interrupted before the seeds were worked out; {kept}"));
    let ledger = ledger.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(resumed) = &resumed {
        resumed.save(&ledger)?;
    }
    Ok((plan, ledger.hits()))
}

/// What is said when the search is cut short.
fn last_words(ledger: &Ledger, resumed: Option<&Resumed>) -> String {
    let done = format!("interrupted: {:.1} % is searched", 100.0 * ledger.share());
    let hits = ledger.hits();
    let found: Vec<String> = hits.iter().take(10).map(|hit| format!("{:#x}", hit.number)).collect();
    let found = match found.as_slice() {
        [] => ", nothing is found so far".to_owned(),
        found => format!(", found so far: {}", found.join(", ")),
    };
    let kept = match resumed {
        None => "; nothing is kept (`--resume FILE` keeps it)".to_owned(),
        Some(resumed) => match resumed.save(ledger) {
            Ok(()) => format!("; kept in `{0}`: the same command goes on from there", resumed.path().display()),
            Err(_) => format!("; `{}` could not be written", resumed.path().display()),
        },
    };
    done + &found + &kept
}
