//! The work itself: units of a plan on several threads, each noted in the ledger when it is done.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::ledger::Ledger;
use super::plan::Plan;

/// Does all units that are not done yet. After each of them `done` is called with how many numbers it had.
///
/// # Panics
///
/// A thread panicked, which is a mistake of ours.
pub fn run(plan: &Plan, ledger: &Mutex<Ledger>, threads: usize, done: &(dyn Fn(u64) + Sync)) {
    let next = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let unit = next.fetch_add(1, Ordering::Relaxed);
                    if unit >= plan.units() {
                        return;
                    }
                    if ledger.lock().unwrap_or_else(PoisonError::into_inner).has(unit) {
                        continue;
                    }
                    let mut hits = Vec::new();
                    let numbers = plan.work(unit, &mut hits);
                    ledger.lock().unwrap_or_else(PoisonError::into_inner).note(unit, hits);
                    done(numbers);
                }
            });
        }
    });
}

/// How many numbers the done units have, about: the last unit of a pass may be shorter.
pub fn units_done(plan: &Plan, ledger: &Ledger) -> u64 {
    (ledger.done() * plan.block()).min(plan.numbers())
}
