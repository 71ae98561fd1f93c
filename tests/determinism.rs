//! **Contract: determinism.** The same scenario, seed and arguments give the same bytes of report, whatever the
//! number of threads.

use std::process::Command;

fn report(scenario: &str, format: &str, threads: &str) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_hydrabane"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args(["run", scenario, "--bots", "3000", "--format", format, "--threads", threads])
        .output()
        .expect("the binary runs");
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn threads_change_no_byte() {
    for scenario in ["scenarios/ozdok.yaml", "scenarios/ozdok-primaries-only.yaml"] {
        for format in ["json", "text", "html"] {
            let one = report(scenario, format, "1");
            assert!(one.len() > 1_000, "{scenario} as {format} says something");
            assert!(one == report(scenario, format, "2"), "{scenario} as {format} differs between 1 and 2 threads");
            assert!(one == report(scenario, format, "7"), "{scenario} as {format} differs between 1 and 7 threads");
        }
    }
}
