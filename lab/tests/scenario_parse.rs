//! What holds for every file that `parse` is given, good or bad.

use std::fmt::Write;

use dga::WordLists;
use lab::scenario::{Problems, Scenario, parse};
use proptest::prelude::*;

const OZDOK: &str = include_str!("../../scenarios/ozdok.yaml");
const PRIMARIES_ONLY: &str = include_str!("../../scenarios/ozdok-primaries-only.yaml");
const EVERYTHING: &str = include_str!("scenarios/everything.yaml");

fn read(bytes: &[u8]) -> Result<Scenario, Problems> {
    parse("file.yaml", bytes, &WordLists::none())
}

/// Reads a file, and checks what must hold for its problems.
fn sound(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Err(problems) = read(bytes) else { return Ok(()) };
    prop_assert!(problems.len() > 0, "a refusal says why");
    let lines = bytes.split(|byte| *byte == b'\n').count();
    let mut last = 0;
    for problem in &problems {
        let span = problem.span();
        prop_assert!(span.start <= span.end && span.end <= bytes.len(), "{span:?} lies outside the file");
        prop_assert!(last <= span.start, "problems are in the file's order");
        last = span.start;
        if let Ok(text) = std::str::from_utf8(bytes) {
            prop_assert!(
                text.is_char_boundary(span.start) && text.is_char_boundary(span.end),
                "{span:?} cuts a letter"
            );
        }
        let (line, column) = problems.line_and_column(span.start);
        prop_assert!((1..=lines).contains(&line), "line {line} of {lines}");
        prop_assert!(column >= 1);
        prop_assert!(!problem.message().is_empty());
    }
    for coloured in [false, true] {
        let shown = problems.render(coloured);
        let escapes = shown.chars().filter(|char| char.is_control() && *char != '\n' && *char != '\u{1b}').count();
        prop_assert_eq!(escapes, 0, "control characters in {:?}", shown);
    }
    let plain = !problems.render(false).contains('\u{1b}');
    prop_assert!(plain, "colour where none was asked for");
    Ok(())
}

/// Texts that look like parts of a scenario, so that many of their mixtures are YAML.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("version: 1\n".to_owned()),
        Just("name: x\n".to_owned()),
        Just("  - ".to_owned()),
        Just("{ ".to_owned()),
        Just(" }".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just(": ".to_owned()),
        Just(", ".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\t".to_owned()),
        Just("&a ".to_owned()),
        Just("*a".to_owned()),
        Just("!t ".to_owned()),
        Just("--- ".to_owned()),
        Just("| \n".to_owned()),
        Just("\"\\e[2J\\x00\"".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("é".to_owned()),
        Just("timeline:\n".to_owned()),
        Just("99999999999999999999".to_owned()),
        "[a-z]{1,8}",
        "\\PC{0,4}",
    ]
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        sound(&bytes)?;
    }

    #[test]
    fn any_text(fragments in proptest::collection::vec(fragment(), 0..60)) {
        sound(fragments.concat().as_bytes())?;
    }

    #[test]
    fn a_good_file_with_slips(
        source in prop_oneof![Just(OZDOK), Just(PRIMARIES_ONLY), Just(EVERYTHING)],
        slips in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..12, fragment()), 1..6),
    ) {
        let mut text: Vec<char> = source.chars().collect();
        for (place, length, put) in slips {
            let at = place.index(text.len());
            let end = (at + length).min(text.len());
            text.splice(at..end, put.chars());
        }
        sound(text.into_iter().collect::<String>().as_bytes())?;
    }

    /// Whatever line of a file holds a key, the same key again in its mapping is found.
    #[test]
    fn duplicates(
        source in prop_oneof![Just(OZDOK), Just(EVERYTHING)],
        line in any::<prop::sample::Index>(),
        windows in any::<bool>(),
    ) {
        let lines: Vec<&str> = source.lines().collect();
        let keys: Vec<usize> = (0..lines.len()).filter(|index| key(lines[*index]).is_some()).collect();
        let chosen = keys[line.index(keys.len())];
        let (indentation, word) = key(lines[chosen]).expect("a line with a key");
        let mut twice = lines.clone();
        let again = format!("{}{word}: {{}}", " ".repeat(indentation));
        twice.insert(chosen, &again);
        let text = twice.join(if windows { "\r\n" } else { "\n" });
        let problems = read(text.as_bytes()).expect_err("a key twice");
        let found = problems.iter().find(|problem| problem.message() == format!("duplicate key `{word}`"));
        let found = found.unwrap_or_else(|| panic!("{word} twice, but only:\n{problems}"));
        prop_assert_eq!(problems.line_and_column(found.span().start), (chosen + 2, indentation + 1));
        sound(text.as_bytes())?;
    }
}

/// Indentation and key of a line of a block mapping.
fn key(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start();
    let (word, _) = text.split_once(':')?;
    let plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
    (plain && !word.is_empty()).then(|| (line.len() - text.len(), word))
}

#[test]
fn places_count_characters_not_bytes() {
    let text = "version: 1\r\nname: é\u{1F600}\r\nabout: { é: 1 }\r\n";
    let problems = read(text.as_bytes()).expect_err("no clock");
    let about = problems.iter().find(|problem| problem.message().starts_with("`about`")).expect("a mapping");
    assert_eq!(problems.line_and_column(about.span().start), (3, 1));
    let problems = read("version: 1\nnamé: x\n".as_bytes()).expect_err("no clock");
    let shown = problems.to_string();
    assert!(shown.contains("2 | namé: x\n  | ^^^^\n"), "{shown}");
}

#[test]
fn large_files_end_soon() {
    let mut hosts = String::new();
    for number in 0..70_000 {
        writeln!(hosts, "    h{number}: {{ operator: herder, adress: x }}").expect("a string takes everything");
    }
    let many = format!("version: 1\nworld:\n  hosts:\n{hosts}");
    assert!(read(many.as_bytes()).expect_err("wrong keys").len() > 70_000);
    let names = "unknown, ".repeat(200_000);
    let unknown = OZDOK.replace("[ns-a, ns-b] #", &format!("[{names}] #"));
    assert!(read(unknown.as_bytes()).expect_err("unknown hosts").len() >= 1_000);
    let again = "a: {}\n".repeat(200_000);
    assert_eq!(
        read(again.as_bytes())
            .expect_err("duplicates")
            .iter()
            .filter(|problem| problem.message().starts_with("dup"))
            .count(),
        199_999
    );
    let deep = "[".repeat(1 << 20);
    assert!(read(deep.as_bytes()).expect_err("deep").to_string().contains("nested deeper"));
    let flat = format!("version: [{}", "a, ".repeat(1 << 20));
    assert!(read(flat.as_bytes()).is_err());
    let over = vec![b' '; lab::scenario::LARGEST_FILE + 1];
    assert!(read(&over).expect_err("too large").to_string().contains("larger than 8 MiB"));
}
