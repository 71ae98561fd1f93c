//! The two threads of a store. One syncs what was written, hashes it, and seals segments that are full. The other one,
//! which only takes what the processor has left, makes Parquet of sealed segments and removes old ones.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use crate::notice::{Notice, Notify, Task};
use crate::store::recorder::Inner;

/// How often it is looked whether it has become calm enough to archive.
const LULL: Duration = Duration::from_secs(1);
/// How often it is looked whether segments have become too old.
const ARCHIVE: Duration = Duration::from_secs(60);
/// The niceness of the second thread: the highest, so that it never takes the processor from answers (nice(2)).
const NICE: i32 = 19;

/// The threads of a store.
#[derive(Debug)]
pub(super) struct Background {
    /// What wakes the threads and ends them.
    signal: Arc<Signal>,
    /// The threads that run.
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What the threads wait for.
#[derive(Debug, Default)]
struct Signal {
    /// What happened.
    state: Mutex<State>,
    /// Wakes whoever waits.
    changed: Condvar,
}

/// What happened since the threads looked.
#[derive(Debug, Default)]
struct State {
    /// They are to end.
    ending: bool,
    /// A segment may be full.
    full: bool,
    /// A segment was sealed.
    sealed: bool,
}

impl Signal {
    /// The state, also after a panic.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the threads are to end.
    fn is_ending(&self) -> bool {
        self.state().ending
    }

    /// Changes the state and wakes the threads.
    fn tell(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    /// Waits until `is` or the end, at most `time`; says whether to go on.
    fn wait(&self, time: Duration, is: impl Fn(&mut State) -> bool) -> bool {
        let state = self.state();
        let waiting = |state: &mut State| !state.ending && !is(state);
        let waited = self.changed.wait_timeout_while(state, time, waiting);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        // What was waited for is taken.
        is(&mut state);
        !state.ending
    }
}

impl Background {
    /// Starts the threads.
    ///
    /// # Errors
    ///
    /// The system has no room for another thread.
    pub(super) fn start(inner: &Arc<Inner>) -> io::Result<Self> {
        let signal = Arc::new(Signal::default());
        let background = Self { signal: Arc::clone(&signal), threads: Mutex::default() };
        let sync = {
            let (inner, signal) = (Arc::clone(inner), Arc::clone(&signal));
            Builder::new().name("store-sync".to_owned()).spawn(move || sync(&inner, &signal))?
        };
        background.threads().push(sync);
        if inner.store.parquet.enabled || inner.store.retention.enabled {
            let inner = Arc::clone(inner);
            let archive = Builder::new().name("store-archive".to_owned()).spawn(move || archive(&inner, &signal))?;
            background.threads().push(archive);
        }
        Ok(background)
    }

    /// The threads, also after a panic.
    fn threads(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that a segment may be full.
    pub(super) fn wake(&self) {
        self.signal.tell(|state| state.full = true);
    }

    /// Ends the threads, each after what it has in hand.
    pub(super) fn end(&self) {
        self.signal.tell(|state| state.ending = true);
        for thread in self.threads().drain(..) {
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.end();
    }
}

/// Tells a problem once, until it is over.
struct Once<'a> {
    /// Who is told.
    notify: &'a Notify,
    /// It was told and is not over.
    failing: bool,
}

impl<'a> Once<'a> {
    /// Nothing was told yet.
    fn new(notify: &'a Notify) -> Self {
        Self { notify, failing: false }
    }

    /// Takes note of how something went, and tells it if it begins to fail.
    fn tell(&mut self, result: io::Result<()>, notice: impl FnOnce(io::Error) -> Notice) {
        match result {
            Ok(()) => self.failing = false,
            Err(error) => {
                if !std::mem::replace(&mut self.failing, true) {
                    self.notify.tell(notice(error));
                }
            }
        }
    }
}

/// Syncs and seals until the end.
fn sync(inner: &Inner, signal: &Signal) {
    let mut syncing = Once::new(&inner.notify);
    let mut sealing = Once::new(&inner.notify);
    while signal.wait(inner.store.fsync, |state| std::mem::take(&mut state.full)) {
        syncing.tell(inner.sync(), |error| Notice::Unsynced { error });
        let mut sealed = inner.hash();
        if sealed.is_ok() && inner.is_full() {
            sealed = inner.roll();
            if sealed.is_ok() {
                signal.tell(|state| state.sealed = true);
            }
        }
        sealing.tell(sealed, |error| Notice::Store { task: Task::Seal, error });
    }
}

/// Makes Parquet and removes what is old until the end.
fn archive(inner: &Inner, signal: &Signal) {
    // Without it the work takes its share of the processor, and is done all the same.
    let _ = rustix::process::nice(NICE);
    let mut archiving = Once::new(&inner.notify);
    loop {
        // Also a thread that only takes what is left of a processor takes it from the memory and the disk that answers
        // need, and nobody waits for Parquet.
        let calm = || loop {
            if signal.is_ending() {
                return false;
            }
            if inner.is_calm() {
                return true;
            }
            if !signal.wait(LULL, |_| false) {
                return false;
            }
        };
        archiving.tell(inner.archive(calm), |error| Notice::Store { task: Task::Archive, error });
        if !signal.wait(ARCHIVE, |state| std::mem::take(&mut state.sealed)) {
            return;
        }
    }
}
