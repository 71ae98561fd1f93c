//! Samples of every format, damaged ones among them, and what is read from each. `HYDRABANE_BLESS=1` writes the
//! expectations anew.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod log_text;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use log_text::{settings, text};
use trace::logs::{FORMATS, OpenError, Packing, Settings, find, open};

/// Every sample, with the format that its folder is named after.
fn samples() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs");
    let mut samples = Vec::new();
    for format in fs::read_dir(folder).unwrap() {
        let format = format.unwrap();
        for sample in fs::read_dir(format.path()).unwrap() {
            let path = sample.unwrap().path();
            if path.extension().is_some_and(|extension| extension != "expected") {
                samples.push((format.file_name().into_string().unwrap(), path));
            }
        }
    }
    samples.sort();
    samples
}

#[test]
fn samples_are_read_as_expected() {
    let bless = std::env::var_os("HYDRABANE_BLESS").is_some();
    let mut wrong = Vec::new();
    for (format, sample) in samples() {
        let octets = fs::read(&sample).unwrap();
        let read = text(&octets, Some(find(&format).unwrap()), &settings());
        let expected = sample.with_extension("expected");
        if bless {
            fs::write(&expected, &read).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != read {
            wrong.push(format!("{}:\n{read}", sample.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn exactly_the_right_format_detects_each_sample() {
    let mut seen = BTreeSet::new();
    for (wanted, sample) in samples() {
        let octets = fs::read(&sample).unwrap();
        let names = FORMATS.iter().filter(|format| format.detects(&octets)).map(|format| format.info().name);
        assert_eq!(names.collect::<Vec<_>>(), [wanted.as_str()], "{}", sample.display());
        assert_eq!(open(&octets[..], None, &settings()).unwrap().format().info().name, wanted);
        seen.insert(wanted);
    }
    let all: BTreeSet<_> = FORMATS.iter().map(|format| format.info().name.to_owned()).collect();
    assert_eq!(seen, all, "every format has a sample");
}

#[test]
fn names_of_formats_are_told_apart() {
    let names: BTreeSet<_> = FORMATS.iter().map(|format| format.info().name).collect();
    assert_eq!(names.len(), FORMATS.len());
    for format in FORMATS {
        let info = format.info();
        assert!(info.name.bytes().all(|octet| octet.is_ascii_lowercase()), "{}", info.name);
        assert_eq!(find(&info.name.to_uppercase()).unwrap().info().name, info.name);
    }
    assert!(find("no such").is_none());
}

/// A sample that is cut anywhere gives what it gave before, as far as it goes, then at most what was cut.
#[test]
fn a_cut_sample_gives_what_was_whole() {
    for (format, sample) in samples() {
        let format = find(&format).unwrap();
        let octets = fs::read(&sample).unwrap();
        let entries = |octets: &[u8]| {
            let text = text(octets, Some(format), &settings());
            text.lines().filter(|line| !line.starts_with("others:")).map(str::to_owned).collect::<Vec<_>>()
        };
        let whole = entries(&octets);
        let step = (octets.len() / 200).max(1);
        for end in (0..octets.len()).step_by(step) {
            let cut = entries(&octets[..end]);
            let same = cut.iter().zip(&whole).take_while(|(cut, whole)| cut == whole).count();
            let rest = cut.len() - same;
            // A list without a name is told of at its end; of a capture, several connections can be left open.
            let most = if format.info().text { 2 } else { 4 };
            assert!(rest <= most, "{} at {end}: {cut:#?}", sample.display());
        }
    }
}

/// gzip and zstd, in one piece and in two, are read as what they hold; a torn one gives what is whole, and one damage.
#[test]
fn packed_samples_are_read_as_they_are() {
    let gzip = |octets: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(octets).unwrap();
        encoder.finish().unwrap()
    };
    let zstd = |octets: &[u8]| zstd::encode_all(octets, 1).unwrap();
    for (format, sample) in samples() {
        let octets = fs::read(&sample).unwrap();
        let expected = text(&octets, find(&format), &settings());
        let (one, other) = octets.split_at(octets.len() / 3);
        for (packing, packed) in [
            (Packing::Gzip, gzip(&octets)),
            (Packing::Gzip, [gzip(one), gzip(other)].concat()),
            (Packing::Zstd, zstd(&octets)),
            (Packing::Zstd, [zstd(one), zstd(other)].concat()),
        ] {
            let log = open(&packed[..], None, &settings()).unwrap();
            assert_eq!((log.packing(), log.format().info().name), (packing, format.as_str()), "{}", sample.display());
            assert_eq!(text(&packed, None, &settings()), expected, "{}", sample.display());
            let torn = text(&packed[..packed.len() - 5], find(&format), &settings());
            let damage = torn.lines().filter(|line| line.contains("the packed stream is damaged from here on"));
            // What cannot be read from its header on is not unpacked further.
            let is_readable = !expected.starts_with("at octet 0: packets of link type");
            assert!(damage.count() == 1 || !is_readable, "{}: {torn}", sample.display());
        }
    }
}

#[test]
fn what_is_no_log_is_refused() {
    for octets in [&b"\x89PNG\r\n\x1a\n\0\0\0"[..], b"<html>\n<body>\n", b"several words in a line\nand in the next\n"]
    {
        let opened = open(octets, None, &settings()).map(|log| log.format().info().name);
        assert!(matches!(opened, Err(OpenError::Unknown)), "{opened:?}");
    }
    assert!(matches!(open(&b"\x1f\x8bno gzip"[..], None, &settings()), Err(OpenError::Packed(_))));
    assert_eq!(text(b"", None, &settings()), "");
}

/// A column that is given makes a table of what would be a list, and of what has no usual heading.
#[test]
fn columns_can_be_given() {
    let settings = |name: &str, client: Option<&str>| Settings {
        name: Some(name.parse().unwrap()),
        client: client.map(|client| client.parse().unwrap()),
        ..settings()
    };
    let read = |log: &str, settings: &Settings| text(log.as_bytes(), None, settings);
    assert_eq!(
        read("1,a.test\n2,b.test\n", &settings("2", None)),
        "0 - - question - a.test\n9 - - question - b.test\n"
    );
    let table = "who\twhat\nlaptop\ta.test\n";
    assert_eq!(read(table, &settings("WHAT", Some("who"))), "9 - laptop question - a.test\n");
    assert_eq!(read("what\na.test\n", &settings("what", None)), "5 - - question - a.test\n");
    let objects = "{\"a\":{\"b.c\":\"a.test\"},\"who\":\"::1\"}\n";
    assert_eq!(read(objects, &settings("a.b.c", Some("who"))), "0 - ::1 question - a.test\n");
    assert!(read(table, &settings("where", None)).contains("no column is called where"));
    assert!(read(table, &settings("3", None)).contains("no column is called 3"));
    assert!(read(table, &settings("what", Some("where"))).contains("no column is called where"));
}

/// Captures that another project tests its sensor with (MIT), where they lie beside the repository.
#[test]
fn captures_of_another_project_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/pcap");
    if !folder.is_dir() {
        let required = std::env::var("HYDRABANE_REQUIRE").as_deref() == Ok("all");
        assert!(!required, "no captures in {}", folder.display());
        eprintln!("skipped: no captures in {}", folder.display());
        return;
    }
    let read = |name: &str| text(&fs::read(folder.join(name)).unwrap(), None, &settings());
    let flood = read("dns_nxdomain_flood.pcap");
    assert_eq!(flood.lines().count(), 25, "{flood}");
    for (index, line) in flood.lines().enumerate() {
        assert!(line.ends_with(&format!(" 203.0.113.5 answer 3 nx{index}.dgaparent.com")), "{line}");
    }
    for name in ["dns_dga_labels", "dns_queries", "dns_responses", "dns_same_socket_burst", "dns_malformed"] {
        let read = read(&format!("{name}.pcap"));
        let is_damaged = |line: &str| line.starts_with("at octet ");
        assert!(read.lines().any(|line| !is_damaged(line)), "{name}: {read}");
        assert_eq!(read.lines().any(is_damaged), name == "dns_malformed", "{name}: {read}");
    }
}
