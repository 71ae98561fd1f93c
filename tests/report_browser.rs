//! The report's page in a real browser: the charts are drawn, and hostile text stays text.
//!
//! Needs Chromium (Debian: `chromium`). Without it the test says so and is skipped; `HYDRABANE_REQUIRE=all` turns
//! that into a failure.
#![forbid(unsafe_code)]
// Tests may ask for the environment.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::Path;
use std::process::Command;

/// A play of two days with a name that tries to be markup.
const SCENARIO: &str = r#"
version: 1
name: "<script>document.title='broken'</script><b>bold</b> =cmd()"
about: "<img src=x onerror=alert(1)>"
seed: 1
clock: { start: 2026-11-01T00:00:00Z, days: 2 }
bots:
  count: 40
  call-back: { every: 1h, jitter: 0.2 }
  handshake: none
  online: { mean: 0.5, diurnal: false }
  churn: { leave-per-day: 0.0, join-per-day: 0.0 }
  addresses: { lease: 36h, nat: 0.2 }
  resolvers: { count: 4, skew: 1.0 }
chain:
  - domains: { names: [one.test, two.test], routes: [host], order: per-name }
name-servers: []
world:
  hosts:
    c2: { address: 198.51.100.10, operator: herder, provider: us }
    sink: { address: 192.0.2.53, operator: sinkhole }
  providers:
    us: { complies: true }
  names:
    one.test: { holder: herder, points-to: [c2] }
    two.test: { holder: none }
timeline:
  - { at: 2026-11-01T12:00:00Z, by: defender, act: { suspend: { names: [one.test] } } }
  - { at: 2026-11-01T12:30:00Z, by: defender, act: { sinkhole: { names: [two.test], host: sink } } }
herder: { notices-below: 0.5, reacts-after: 9d, may: [] }
expect:
  - { at: 2026-11-02T12:00:00Z, share: held, above: 0.5 }
"#;

/// The page's document after its scripts have run.
fn dump(chromium: &str, page: &Path, profile: &Path) -> String {
    let output = Command::new(chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--window-size=1280,2000",
            "--virtual-time-budget=5000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("chromium starts");
    assert!(output.status.success(), "chromium failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("the document is UTF-8")
}

/// The browser's name, if it is installed.
fn chromium() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success()))
}

#[test]
fn charts_are_drawn_and_hostile_text_stays_text() {
    let Some(chromium) = chromium() else {
        let why = "chromium is not installed (Debian: `apt-get install chromium`)";
        assert!(std::env::var_os("HYDRABANE_REQUIRE").is_none(), "{why}");
        println!("skipped: {why}");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let scenario = folder.path().join("scenario.yaml");
    let page = folder.path().join("report.html");
    fs::write(&scenario, SCENARIO).expect("the scenario is written");
    let run = Command::new(env!("CARGO_BIN_EXE_hydrabane"))
        .arg("run")
        .arg(&scenario)
        .args(["--format", "html", "-o"])
        .arg(&page)
        .output()
        .expect("hydrabane starts");
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));

    let document = dump(chromium, &page, &folder.path().join("profile"));
    let (head, body) = document.split_once("</head>").expect("a head and a body");
    // The charts: uPlot puts its canvas into each place, and the page's own script fills in the chosen hour.
    for place in [r#"id="shares""#, r#"id="days""#] {
        let chart = body.split_once(place).map(|(_, rest)| rest).unwrap_or_default();
        let chart = &chart[..chart.len().min(2_000)];
        assert!(chart.contains(r#"class="uplot"#) && chart.contains("<canvas"), "no chart in {place}: {chart}");
    }
    let problem = body.split_once(r#"id="problem""#).and_then(|(_, rest)| rest.split_once("</p>"));
    let problem = problem.map(|(problem, _)| problem.trim());
    assert_eq!(problem, Some(r#"role="alert" hidden="">"#), "the script told of a problem");
    let moment = body.split_once(r#"id="moment">"#).map(|(_, rest)| &rest[..4]);
    assert_eq!(moment, Some("2026"), "the chosen hour is shown");
    // The hostile name is text, and its script did not run.
    assert!(body.contains("&lt;script&gt;document.title='broken'&lt;/script&gt;&lt;b&gt;bold&lt;/b&gt; =cmd()"));
    assert!(body.contains("&lt;img src=x onerror=alert(1)&gt;"));
    assert!(!head.contains("<title>broken</title>"));
}
