//! Python packages that read what we write. `.ci/run` puts an environment that has them first into `PATH`.

use std::env;
use std::process::{Command, Stdio};

/// The interpreter, if it has `package`; otherwise says why the test is skipped.
///
/// # Panics
///
/// The package is missing and `HYDRABANE_REQUIRE` says that nothing may be skipped.
pub(crate) fn with(package: &str) -> Option<&'static str> {
    let found = Command::new("python3")
        .args(["-c", &format!("import {package}")])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if found {
        return Some("python3");
    }
    assert_ne!(
        env::var("HYDRABANE_REQUIRE").as_deref(),
        Ok("all"),
        "nothing may be skipped: python3 has no `{package}`"
    );
    eprintln!("skipped: python3 has no `{package}`; `pip install {package}` brings it");
    None
}
