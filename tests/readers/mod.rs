//! Programs and Python packages that read what we write. `.ci/run` installs them, and puts an environment that has the
//! Python packages first into `PATH`.
#![allow(dead_code, clippy::disallowed_methods, clippy::print_stderr)]

use std::process::{Command, Stdio};

/// Whether a program runs. Otherwise says why the test is skipped.
///
/// # Panics
///
/// It does not, and `HYDRABANE_REQUIRE` says that nothing may be skipped.
pub(crate) fn runs(program: &str, arguments: &[&str], install: &str) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
    command.status().is_ok_and(|status| status.success())
        || skipped(&format!("{program} {} does not run: install {install}", arguments.join(" ")))
}

/// Whether Python has a package.
///
/// # Panics
///
/// As [`runs`].
pub(crate) fn python_has(package: &str) -> bool {
    runs("python3", &["-c", &format!("import {package}")], &format!("`{package}` with pip"))
}

/// Says why a test is skipped, or fails where every test must run.
///
/// # Panics
///
/// `HYDRABANE_REQUIRE` says that nothing may be skipped.
pub(crate) fn skipped(why: &str) -> bool {
    assert_ne!(std::env::var("HYDRABANE_REQUIRE").as_deref(), Ok("all"), "nothing may be skipped: {why}");
    eprintln!("skipped: {why}");
    false
}
