//! Every scenario of `scenarios/` is played with its full population, and its `expect:` block must hold.

use std::path::Path;
use std::process::Command;

#[test]
fn every_scenario_keeps_its_expectations() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut played = 0;
    let entries = std::fs::read_dir(root.join("scenarios")).expect("the folder of scenarios");
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let output = Command::new(env!("CARGO_BIN_EXE_hydrabane"))
            .current_dir(root)
            .arg("run")
            .arg(&path)
            .output()
            .expect("the binary runs");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{}:\n{text}", path.display());
        assert!(text.contains("holds"), "{} expects nothing", path.display());
        played += 1;
    }
    assert!(played >= 2, "only {played} scenarios were found");
}
