//! What Ctrl-C does to a command that is at work: half-written files go, what is kept is said, and the exit code is 4.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::exit::Exit;

/// Files under their temporary names, to be removed when the work is cut short.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// What is done and said last.
type LastWords = Box<dyn FnMut() -> String + Send>;

/// What the command that is at work wants to say.
static LAST_WORDS: Mutex<Option<LastWords>> = Mutex::new(None);

/// What Ctrl-C does and says from now on, for a command that keeps something.
pub(crate) fn at_end(last_words: impl FnMut() -> String + Send + 'static) {
    *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(last_words));
}

/// Takes note of a file or folder that is being written.
pub(crate) fn begun(file: &Path) {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).push(file.to_owned());
}

/// Forgets a file or folder that is whole, or gone.
pub(crate) fn ended(file: &Path) {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| other != file);
}

/// Watches for Ctrl-C from now on. Where signals cannot be watched, the system's default stays.
pub(crate) fn watch() {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
    thread::spawn(move || {
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            leave();
        }
    });
}

#[expect(clippy::exit, reason = "the work goes on in another thread, which nobody asks to stop")]
fn leave() {
    // Held until the end, so that no new file begins.
    let unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    for file in unfinished.iter() {
        // It may have got its final name in this moment.
        let _ = if file.is_dir() { std::fs::remove_dir_all(file) } else { std::fs::remove_file(file) };
    }
    let mut last_words = LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    let said = last_words.as_mut().map_or_else(
        || "interrupted: no report and no file of this command was kept".to_owned(),
        |last_words| last_words(),
    );
    // Standard error may be closed; there is nobody left to tell.
    let _ = writeln!(anstream::stderr(), "{said}");
    std::process::exit(Exit::Interrupted as i32);
}
