//! `hydrabane recover`, as its users run it: a seed goes in as names and comes out as a preset that makes these names
//! again; searches are interrupted, resumed and refused.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

fn hydrabane(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hydrabane")).args(arguments).output().expect("hydrabane runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// What a command writes to standard output; it must succeed.
fn done(arguments: &[&str]) -> String {
    let output = hydrabane(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn names(arguments: &[&str]) -> Vec<String> {
    done(&[&["generate"], arguments].concat()).lines().map(str::to_owned).collect()
}

/// Recovers into a file, and gives the names of a preset of it.
fn recovered(folder: &Path, arguments: &[&str], preset: &str, generate: &[&str]) -> (String, Vec<String>) {
    let file = folder.join("mine.yaml").display().to_string();
    done(&[&["recover"], arguments, &["-o", &file]].concat());
    let list = names(&[&[arguments[0], "--presets", &file, "--preset", preset], generate].concat());
    (fs::read_to_string(file).expect("presets"), list)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The state with which Ramnit's next name begins, written down from its specification once more.
fn ramnit_next(state: u32) -> u32 {
    let stepped = (state % 127_773).wrapping_mul(16_807).wrapping_sub((state / 127_773).wrapping_mul(2_836));
    let product = u64::from(state) * u64::from(stepped);
    (product as u32).wrapping_add((product >> 32) as u32)
}

/// A range of numbers around one, as `--numbers` takes it.
fn around(number: u32) -> String {
    format!("{}..{:#x}", number.saturating_sub(1_000_000), u64::from(number.saturating_add(1_000_000)))
}

#[test]
fn the_preset_makes_the_names_and_those_that_follow() {
    let folder = folder();
    let list = names(&["ramnit", "--preset", "79159c10"]);
    let window = around(0x7915_9C10);
    // As analysts write names down.
    let written = [list[0].to_uppercase(), format!("{}.", list[1])];
    let arguments = ["ramnit", &written[0], &written[1], "--numbers", &window];
    let (file, again) = recovered(folder.path(), &arguments, "recovered-79159c10", &[]);
    assert_eq!(again, list);
    for name in &list[2..12] {
        assert!(file.contains(&format!("#   {name}\n")), "{name} follows: {file}");
    }
    assert!(!file.contains(&list[12]), "ten names by default");
}

#[test]
fn a_later_place_is_walked_back_from() {
    let folder = folder();
    let list = names(&["ramnit", "--preset", "79159c10"]);
    let state = (0..7).fold(0x7915_9C10, |state, _| ramnit_next(state));
    let (window, first, second) = (around(state), format!("{}@7", list[7]), format!("{}@9", list[9]));
    let arguments = ["ramnit", &second, &first, "--numbers", &window];
    let (_, again) = recovered(folder.path(), &arguments, "recovered-79159c10", &[]);
    assert_eq!(again, list);
    let arguments = ["ramnit", &list[7], &list[8], "--position", "7", "--numbers", &window];
    assert_eq!(recovered(folder.path(), &arguments, "recovered-79159c10", &[]).1, list);
}

#[test]
fn without_a_place_the_list_goes_on_from_the_captured_name() {
    let folder = folder();
    let seed = "seed=0x12345678";
    let list = names(&["ramnit", "--variant", "v2", "--param", seed, "--count", "10"]);
    let state = (0..3).fold(0x1234_5678, |state, _| ramnit_next(state));
    let window = around(state);
    let label = list[3].split('.').next().expect("a label");
    let preset = format!("from-{label}-{state:x}");
    // The order of the names does not matter.
    let arguments = ["ramnit", "--variant", "v2", &list[5], &list[3], "--position", "any", "--numbers", &window];
    let (file, again) = recovered(folder.path(), &arguments, &preset, &["--count", "7"]);
    assert_eq!(again, list[3..], "zones go on as they follow: {file}");
    assert!(file.contains("name: recovered-12345678\n"), "the seed is among those that are left: {file}");
    let again = names(&[
        "ramnit",
        "--presets",
        &folder.path().join("mine.yaml").display().to_string(),
        "--preset",
        "recovered-12345678",
    ]);
    assert_eq!(again, list);
}

#[test]
fn dates_matter_and_are_asked_for() {
    let folder = folder();
    let configuration = ["corebot", "--param", "seed=0x00abcdef", "--date"];
    let list = names(&[&configuration[..], &["2015-11-09"]].concat());
    let arguments = ["corebot", &list[0], &list[1], "--date", "2015-11-09", "--numbers", "0xab0000..0xabffff"];
    let (file, other_day) = recovered(folder.path(), &arguments, "recovered-abcdef", &["--date", "2016-02-29"]);
    assert_eq!(other_day, names(&[&configuration[..], &["2016-02-29"]].concat()));
    assert!(file.contains("2015-11-09T00:00:00Z to 2015-11-10T00:00:00Z"), "{file}");
    let output = hydrabane(&["recover", "corebot", &list[0], "--numbers", "0..0xffff"]);
    assert_eq!(output.status.code(), Some(1), "today's names are others");
    assert!(text(&output.stderr).contains("no `--date` says when"), "{}", text(&output.stderr));
}

#[test]
fn several_seeds_are_listed_and_more_names_decide() {
    let list = names(&["kraken", "--variant", "v2", "--date", "2015-11-09", "--count", "60"]);
    let search = |places: &[usize]| -> serde_json::Value {
        let named: Vec<String> = places.iter().map(|place| format!("{}@{place}", list[*place])).collect();
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        let arguments =
            [&["recover", "kraken", "--variant", "v2", "--date", "2015-11-09", "--format", "json"], &named[..]]
                .concat();
        serde_json::from_str(&done(&arguments)).expect("JSON")
    };
    // The names of seed 24938315, of which the bits from 23 on have no effect.
    let seed = 24_938_315 % (1 << 23);
    let one = search(&[0]);
    let total = one["seeds"].as_u64().expect("a number");
    assert!(total > 1, "one name leaves several seeds: {total}");
    let listed = one["candidates"].as_array().expect("candidates");
    assert_eq!(listed.len() as u64, total.min(20));
    let decided = &one["decided_by"];
    assert!(decided["names"].as_u64().expect("a number") > 0, "{decided}");
    let several = search(&[0, 2, 4, 16, 34]);
    let numbers: Vec<u64> = several["candidates"]
        .as_array()
        .expect("candidates")
        .iter()
        .map(|candidate| candidate["number"].as_u64().expect("a number"))
        .collect();
    assert!(numbers.contains(&seed), "{numbers:?}");
    assert!((numbers.len() as u64) < total, "more names leave fewer: {numbers:?}");
}

/// What is known of other parameters is taken over, with its type.
#[test]
fn known_parameters_and_presets_are_the_base() {
    let folder = folder();
    let parameters = ["--param", "tlds=[org, net]", "--param", "length_min=9", "--param", "length_max=11"];
    let list = names(&[&["ramnit", "--param", "seed=77"], &parameters[..]].concat());
    let arguments = [&["ramnit", &list[0], &list[1], "--numbers", "0..1000"], &parameters[..]].concat();
    assert_eq!(recovered(folder.path(), &arguments, "recovered-4d", &[]).1, list);
    let list = names(&["qadars", "--preset", "89f5", "--date", "2016-04-12"]);
    let arguments =
        ["qadars", &list[0], &list[1], "--preset", "89f5", "--date", "2016-04-12", "--numbers", "0x8000..0x8fff"];
    assert_eq!(recovered(folder.path(), &arguments, "recovered-89f5", &["--date", "2016-04-12"]).1, list);
    // Names that no zone of the configuration fits are told before the search.
    let output = hydrabane(&["recover", "ramnit", "abcdefgh.example", "--numbers", "0..9"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("`com`, not in `example`"), "{}", text(&output.stderr));
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let list = names(&["kraken", "--count", "1"]);
    let with = |threads| done(&["recover", "kraken", &list[0], "--threads", threads]);
    assert_eq!(with("1"), with("3"));
}

/// The search that a test interrupts, ended when the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Begins a search that takes minutes, waits until some of it is done, and interrupts it; gives what it said.
fn interrupted(resume: Option<&Path>) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hydrabane"));
    command.args(["recover", "locky", "abcdefghijk.ru", "--date", "2016-11-09", "--threads", "1"]);
    if let Some(file) = resume {
        command.arg("--resume").arg(file);
    }
    let mut running = Running(command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it runs"));
    // There is no other sign of work than the processor's time; a unit of it takes some hundredths of a second.
    thread::sleep(Duration::from_secs(2));
    let id = running.0.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill runs").success());
    let status = running.0.wait().expect("it ends");
    let mut said = String::new();
    std::io::Read::read_to_string(&mut running.0.stderr.take().expect("piped"), &mut said).expect("text");
    assert_eq!(status.code(), Some(4), "{said}");
    said
}

fn units(file: &Path) -> u64 {
    let ledger: serde_json::Value = serde_json::from_str(&fs::read_to_string(file).expect("kept")).expect("JSON");
    let ranges = ledger["done"].as_array().expect("ranges");
    ranges.iter().map(|range| range[1].as_u64().expect("last") - range[0].as_u64().expect("first") + 1).sum()
}

#[test]
fn an_interrupted_search_says_what_is_kept_and_goes_on() {
    let folder = folder();
    let file = folder.path().join("search.json");
    let said = interrupted(Some(&file));
    assert!(said.contains("% is searched") && said.contains("kept in `"), "{said}");
    let first = units(&file);
    assert!(first > 0, "{said}");
    interrupted(Some(&file));
    assert!(units(&file) > first, "the second run goes on");
    assert!(interrupted(None).contains("nothing is kept (`--resume FILE` keeps it)"));
    let left: Vec<PathBuf> = fs::read_dir(folder.path()).expect("it").map(|entry| entry.expect("it").path()).collect();
    assert_eq!(left, [file], "no half file stays");
}

#[test]
fn a_search_that_is_done_is_not_made_again_and_another_is_refused() {
    let folder = folder();
    let file = folder.path().join("search.json").display().to_string();
    let list = names(&["kraken", "--count", "3"]);
    let search = |name: &str| hydrabane(&["recover", "kraken", name, "--resume", &file]);
    let answer = search(&list[0]);
    assert_eq!(answer.status.code(), Some(0));
    let kept = fs::read_to_string(&file).expect("kept");
    let again = search(&list[0]);
    assert_eq!((again.status.code(), &again.stdout), (Some(0), &answer.stdout));
    let refused = |name: &str, why: &str| {
        let output = search(name);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains(why), "{}", text(&output.stderr));
    };
    refused(&list[2], "it belongs to another search: kraken v1");
    fs::write(&file, kept.replacen("\"units\"", "\"unit\"", 1)).expect("written");
    refused(&list[0], "damaged");
    let done = kept.find("\"done\"").expect("what is done");
    let digit = done + kept[done..].find(|character: char| character.is_ascii_digit()).expect("a digit");
    let other = if kept.as_bytes()[digit] == b'0' { "1" } else { "0" };
    fs::write(&file, format!("{}{other}{}", &kept[..digit], &kept[digit + 1..])).expect("written");
    refused(&list[0], "checksum");
    fs::write(&file, &kept[..kept.len() / 2]).expect("written");
    refused(&list[0], "damaged");
    fs::write(&file, [0xFF, 0xFE]).expect("written");
    refused(&list[0], "no text");
}

/// docs/recover.md has every family, and of each that can be searched every variant's space.
#[test]
fn the_document_has_every_family() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/recover.md");
    let document = fs::read_to_string(document).expect("docs/recover.md");
    for family in dga::FAMILIES {
        let name = family.info().name;
        let rows: Vec<&str> = document.lines().filter(|line| line.starts_with(&format!("| {name} |"))).collect();
        assert!(!rows.is_empty(), "{name} is missing");
        for quest in family.quests() {
            let parameter = format!("`{}`", quest.parameter());
            let size = match quest.numbers {
                numbers if numbers.is_power_of_two() && numbers > 256 => format!("2^{}", numbers.ilog2()),
                numbers => numbers.to_string(),
            };
            let row = rows.iter().find(|row| {
                let cells: Vec<&str> = row.split('|').map(str::trim).collect();
                cells[3].split(", ").any(|cell| cell == parameter) && cells[4] == size && {
                    quest.variants.is_empty() || quest.variants.iter().any(|variant| cells[2].contains(variant))
                }
            });
            assert!(row.is_some(), "{name}: no row for {parameter} of {size}: {rows:#?}");
        }
    }
}

/// Far back too many seeds lead to the same names: then the names that follow are all that is given.
#[test]
fn a_walk_back_that_spreads_too_far_is_given_up() {
    let folder = folder();
    let list = names(&["ramnit", "--preset", "79159c10"]);
    let state = (0..200).fold(0x7915_9C10, |state, _| ramnit_next(state));
    let (window, name) = (format!("{state}..{state}"), format!("{}@200", list[200]));
    let preset = format!("from-{}-{state:x}", list[200].split('.').next().expect("a label"));
    let (file, again) =
        recovered(folder.path(), &["ramnit", &name, "--numbers", &window], &preset, &["--count", "100"]);
    assert_eq!(again, list[200..]);
    assert!(file.contains("was given up"), "{file}");
}
