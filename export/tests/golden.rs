//! Every format writes what its golden files hold, for the same few rows: whoever adds a format adds its files with
//! `HYDRABANE_BLESS=1 cargo test -p hydrabane-export`.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use chrono::{DateTime, Utc};
use dga::Period;
use export::safety::{Gate, KeepOut, Models};
use export::{Context, FORMATS, Format, InMemory, Process, Settings};
use name_files::{Head, Row};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn day(day: u32) -> Period {
    Period {
        from: Some(at(&format!("2026-11-{day}T00:00:00Z"))),
        until: Some(at(&format!("2026-11-{}T00:00:00Z", day + 1))),
    }
}

/// Rows of three families: with a date and without, with a hyphen, below a country's second level.
fn rows() -> Vec<Row<'static>> {
    let row = |family, variant, preset, name, valid, index| Row { family, variant, preset, name, valid, index };
    vec![
        row("conficker", "a", "a", "xwljsvffkf.biz", day(22), 0),
        row("conficker", "a", "a", "nilsvhu.info", day(22), 1),
        row("conficker", "a", "a", "oqvnyy.com", day(22), 2),
        row("conficker", "a", "a", "ulaeya.com", day(23), 0),
        row("ramnit", "v1", "bootrap", "knpqxlxcwtlvgrdyhd.com", Period::ALWAYS, 0),
        row("qadars", "v3", "", "7g5q-3k.co.uk", day(22), 7),
    ]
}

fn context(settings: Settings) -> Context {
    Context {
        head: Head {
            tool: "hydrabane".into(),
            version: "0.0.0".into(),
            catalogue: "3-000000000000".into(),
            arguments: "export\nfor a test".into(),
        },
        at: at("2026-11-22T00:00:00Z"),
        settings,
        addresses: ["203.0.113.5", "198.51.100.0/28", "2001:db8::53"]
            .iter()
            .map(|text| text.parse().or_else(|_| text.parse::<std::net::IpAddr>().map(Into::into)).expect("an address"))
            .collect(),
        processes: vec![
            Process { image: "mask_svc.exe".into(), program: "MaskVPN".into() },
            Process { image: "odd \"one\",=2.exe".into(), program: String::new() },
        ],
    }
}

fn written(format: &dyn Format, context: &Context, rows: &[Row<'_>]) -> BTreeMap<String, Vec<u8>> {
    let mut place = InMemory::default();
    let keep_out = KeepOut::default();
    let mut gate = Gate::new(&keep_out, Models::HoldBack, format.info());
    let mut export = format.begin(context, &mut place).expect("it begins");
    for row in rows {
        gate.admit(row, &mut *export, None).expect("in memory");
    }
    export.finish().expect("in memory");
    place.files()
}

fn golden(format: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format)
}

fn files_of(folder: &Path, base: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_of(&path, base, found);
        } else {
            let name = path.strip_prefix(base).expect("below").to_str().expect("UTF-8").to_owned();
            found.insert(name, fs::read(&path).expect("a file"));
        }
    }
}

#[test]
fn every_format_writes_its_golden_files() {
    for format in FORMATS {
        let name = format.info().name;
        let made = written(*format, &context(Settings::default()), &rows());
        let folder = golden(name);
        if env::var("HYDRABANE_BLESS").as_deref() == Ok("1") {
            let _ = fs::remove_dir_all(&folder);
            for (file, bytes) in &made {
                let path = folder.join(file);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(path, bytes).expect("a golden file");
            }
        }
        let mut kept = BTreeMap::new();
        files_of(&folder, &folder, &mut kept);
        assert_eq!(made.keys().collect::<Vec<_>>(), kept.keys().collect::<Vec<_>>(), "files of `{name}`");
        for (file, bytes) in made {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            assert_eq!(text(&bytes), text(&kept[&file]), "`{name}`, file {file}");
        }
    }
}

#[test]
fn the_same_names_give_the_same_bytes() {
    for format in FORMATS {
        let once = written(*format, &context(Settings::default()), &rows());
        assert_eq!(once, written(*format, &context(Settings::default()), &rows()), "{}", format.info().name);
    }
}

#[test]
fn the_list_of_formats() {
    let infos: Vec<_> = FORMATS.iter().map(|format| format.info()).collect();
    assert!(infos.is_sorted_by_key(|info| (info.group, info.name)), "by group, then alphabetical");
    for info in infos {
        let name = info.name;
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'), "{name}");
        assert!(info.example.split(' ').next() == Some(name), "{name}: {}", info.example);
        for text in [info.about, info.reader, info.use_it] {
            assert!(!text.is_empty(), "{name}");
        }
        assert!(info.about.len() <= 90, "{name}: one line");
        for setting in info.settings {
            assert!(!setting.about.is_empty(), "{name}: {}", setting.key);
            // A default that is shown can also be set, unless it is described in words.
            if !setting.default.contains([' ', '<']) {
                let settings = Settings::new([(setting.key.to_owned(), setting.default.to_owned())]);
                let set = written(export::find(name).expect("known"), &context(settings), &rows());
                assert_eq!(
                    set,
                    written(export::find(name).expect("known"), &context(Settings::default()), &rows()),
                    "{name}: {}",
                    setting.key
                );
            }
        }
        assert!(export::find(&name.to_uppercase()).is_ok());
    }
}

#[test]
fn unknown_settings_are_refused() {
    for format in FORMATS {
        let settings = Settings::new([("no-such-setting".to_owned(), "1".to_owned())]);
        let refused = format.begin(&context(settings), &mut InMemory::default()).err();
        let refused = refused.unwrap_or_else(|| panic!("{} takes any setting", format.info().name));
        assert!(refused.to_string().contains("no-such-setting"), "{refused}");
    }
}

/// What a user's file of presets calls a family cannot write lines of its own.
#[test]
fn texts_of_strangers_stay_within_their_place() {
    let hostile = "a\nb\r\n\"c\",'d'\t<e>\\ $(f) ; =g";
    let rows = [Row { family: hostile, variant: hostile, preset: hostile, ..rows()[0] }];
    let plain = [Row { family: "x", variant: "x", preset: "x", ..rows[0] }];
    for format in FORMATS {
        let name = format.info().name;
        let lines = |rows: &[Row<'_>]| -> usize {
            let files = written(*format, &context(Settings::default()), rows);
            files.values().map(|bytes| bytes.split(|byte| *byte == b'\n').count()).sum()
        };
        assert_eq!(lines(&rows), lines(&plain), "{name}");
    }
}
