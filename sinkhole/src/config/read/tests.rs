//! What a configuration may say, and how it is told what is wrong.

use std::fs;

use super::*;
use crate::config::TEMPLATE;

/// A configuration that is in order but for the changes.
fn sample(changes: &[(&str, &str)]) -> String {
    let mut text = "\
version: 1
listen: { dns: [\"127.0.0.1:0\"] }
names: [{ file: names.txt, family: test }]
answer:
  a: [\"192.0.2.53\"]
  ns: [ns1.sinkhole.example]
  contact: abuse@sinkhole.example
store: { dir: events }
"
    .to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text
}

/// The answer to a configuration, with `list` as its names.
fn answer(text: &str, list: &str) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("names.txt"), list).unwrap();
    fs::write(folder.path().join("names.csv"), list).unwrap();
    let path = folder.path().join("sinkhole.yaml");
    let place = format!("{}/", folder.path().display());
    read_text(text, &path, &WordLists::none()).map_err(|error| error.to_string().replace(&place, ""))
}

#[test]
fn the_template_is_in_order() {
    let config = answer(TEMPLATE, "# a list\n\nExample.test\nother.example.\n").unwrap();
    assert_eq!(config.names[0].name.to_string(), "example.test");
    assert_eq!(config.names[1].index, 1);
    assert_eq!((config.names[0].label.as_str(), config.names[2].label.as_str()), ("ramnit", "conficker"));
    // Two variants with 250 names a day, and the names that both have once.
    assert!((15_000..=2 * 61 * 250 + 2).contains(&config.names.len()), "{}", config.names.len());
    assert_eq!(config.store.fsync, Duration::from_secs(1));
    assert_eq!(config.store.on_full, OnFull::Answer);
    assert!(config.rate_limit.enabled);
    assert_eq!(config.answer.contact.to_string(), "abuse.sinkhole.example");
    assert_eq!(config.listen.http, ["127.0.0.1:8080".parse().unwrap()]);
}

#[test]
fn what_is_left_out_has_defaults() {
    let config = answer(&sample(&[]), "example.test\n").unwrap();
    assert_eq!((config.answer.ttl, config.answer.negative_ttl), (300, 300));
    assert!(config.rate_limit.enabled && config.mark.enabled);
    assert_eq!(config.answer.contact.to_string(), "abuse.sinkhole.example");
    assert!(config.store.folder.ends_with("events"));
}

#[test]
fn a_csv_list_has_a_column_of_names() {
    let text = sample(&[("names.txt", "names.csv")]);
    let config = answer(&text, "# hydrabane\nfamily,name\nx,one.test\nx,two.test\n").unwrap();
    assert_eq!(config.names.len(), 2);
    assert_eq!(answer(&text, "a,b\n1,2\n").unwrap_err(), "names.csv:1:1: no column is called `name`");
}

#[test]
fn every_mistake_of_meaning_is_told_at_once_with_its_place() {
    let text = sample(&[
        ("127.0.0.1:0", "127.0.0.1"),
        ("192.0.2.53", "192.0.2.530"),
        ("abuse@sinkhole.example", "abuse..example"),
        ("dir: events", "dir: events, fsync: fast"),
    ]);
    let wrong = answer(&text, "example.test\na..b\ncom\n").unwrap_err();
    let expected = "\
sinkhole.yaml:2:17: `127.0.0.1` is no address with a port
  hint: write address and port: \"192.0.2.53:53\" or \"[2001:db8::53]:53\"
names.txt:2:1: `a..b`: the name has an empty label
names.txt:3:1: `com` is a public suffix: holding it would take names of strangers
  hint: hold the names below it that the botnet uses; see publicsuffix.org
sinkhole.yaml:5:7: `192.0.2.530` is no IPv4 address
  hint: write it as \"192.0.2.53\"
sinkhole.yaml:7:12: `abuse..example` is no mailbox
  hint: write it as abuse.sinkhole.example
sinkhole.yaml:8:30: `fast` is no time from 10ms to 1h
  hint: write it as 1s";
    assert_eq!(wrong, expected);
}

#[test]
fn mistakes_of_syntax_and_type_are_told_with_their_place() {
    for (from, to, expected) in [
        (
            "version: 1",
            "version: 2",
            "sinkhole.yaml:1:10: version 2 is not known\n  hint: this program reads version 1",
        ),
        (
            "dir: events",
            "dirr: events",
            "sinkhole.yaml:8:10: store: unknown field `dirr`, expected one of `dir`, `fsync`, `on_full`, `segment`, `retention`, `parquet`\n  hint: did you mean `dir`?",
        ),
        ("version: 1", "version: 1\nversion: 1", "duplicate"),
        ("  ns: [ns1.sinkhole.example]\n", "", "missing field `ns`"),
        ("dir: events", "dir: events, on_full: panic", "unknown variant `panic`"),
        ("  contact", "\tcontact", "sinkhole.yaml:7:1: "),
    ] {
        let wrong = answer(&sample(&[(from, to)]), "example.test\n").unwrap_err();
        assert!(wrong.contains(expected), "{wrong}");
    }
    assert!(answer("", "").unwrap_err().contains("the file is empty"));
    assert!(answer("- 1\n- 2\n", "").unwrap_err().starts_with("sinkhole.yaml:1:1: "));
}

#[test]
fn rules_are_checked() {
    for (rule, expected) in [
        ("{ family: confiker, from: 2026-11-01, to: 2026-11-02 }", "did you mean `conficker`"),
        ("{ family: conficker, from: 2026-11-02, to: 2026-11-01 }", "the last day is before the first"),
        ("{ family: conficker, from: 2026-11-02 }", "`to` is missing"),
        ("{ family: conficker, from: 2026-13-02, to: 2026-11-01 }", "`2026-13-02` is no day"),
        ("{ family: conficker, presets: [nope], from: 2026-11-01, to: 2026-11-01 }", "nope"),
        ("{ file: names.txt, family: x, from: 2026-11-01 }", "`from` belongs to a rule"),
    ] {
        let text = sample(&[("{ file: names.txt, family: test }", rule)]);
        let wrong = answer(&text, "example.test\n").unwrap_err();
        assert!(wrong.contains(expected) && wrong.starts_with("sinkhole.yaml:3:"), "{wrong}");
    }
    let wrong = answer(&sample(&[("[{ file: names.txt, family: test }]", "[]")]), "").unwrap_err();
    assert!(wrong.contains("no names are held"), "{wrong}");
}

#[test]
fn a_port_is_taken_once() {
    let text = sample(&[(
        "listen: { dns: [\"127.0.0.1:0\"] }",
        "listen: { dns: [\"127.0.0.1:53\", \"127.0.0.1:0\", \"127.0.0.1:0\"], http: [\"127.0.0.1:53\"] }",
    )]);
    let wrong = answer(&text, "example.test\n").unwrap_err();
    assert_eq!(wrong, "sinkhole.yaml:2:71: 127.0.0.1:53 is listened on twice");
}

#[test]
fn a_file_that_is_no_text_is_told_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("binary.yaml");
    fs::write(&path, b"version: 1\nab\xff\xfe").unwrap();
    let wrong = read(&path, &WordLists::none()).unwrap_err().to_string();
    assert!(wrong.ends_with("binary.yaml:2:3: the file is not text: it is no UTF-8 from here"), "{wrong}");
    let missing = read(&folder.path().join("none.yaml"), &WordLists::none()).unwrap_err();
    assert!(matches!(missing, ConfigError::Read { .. }));
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut text = sample(&[("version: 1", "version: 1\nx: &x0 [y, y, y, y, y, y, y, y, y]")]);
    for level in 1..12 {
        let line = format!("x{level}: &x{level} [{}]\n", vec![format!("*x{}", level - 1); 9].join(", "));
        text.push_str(&line);
    }
    assert!(answer(&text, "example.test\n").is_err());
}

#[test]
fn secrets_are_never_shown() {
    let secret = "00112233445566778899aabbccddeeff";
    let good = sample(&[(
        "version: 1",
        &format!("version: 1\ncookies: {{ secret: \"{secret}\", previous: [\"{secret}\"] }}"),
    )]);
    let config = answer(&good, "example.test\n").unwrap();
    assert!(
        config.cookies.enabled && config.cookies.secret == Secret::read(secret) && config.cookies.previous.len() == 1
    );
    assert!(!format!("{config:?}").contains("0011"));
    assert!(answer(&sample(&[]), "example.test\n").unwrap().cookies.secret.is_none());
    for (wrong, expected) in [
        ("\"00112233\"", "sinkhole.yaml:2:20: a secret has 32 hexadecimal digits, in quotation marks"),
        ("10112233445566778899001122334455", "a secret is no text; write it in quotation marks"),
        (
            "12345678901234567890123456789012",
            "sinkhole.yaml:2:20: cookies.secret: a secret is no text; write it in quotation marks",
        ),
        ("[10112233]", "invalid type: sequence, expected a secret in quotation marks"),
    ] {
        let text = sample(&[("version: 1", &format!("version: 1\ncookies: {{ secret: {wrong} }}"))]);
        let told = answer(&text, "example.test\n").unwrap_err();
        assert!(told.contains(expected) && !told.contains("011223") && !told.contains("123456"), "{told}");
    }
}

#[test]
fn a_rate_limit_has_its_limits() {
    let text = sample(&[("version: 1", "version: 1\nrate_limit: { per_second: 0, slip: 11 }")]);
    let expected = "\
sinkhole.yaml:2:27: 0 answers a second are not from 1 to 500000
  hint: write `enabled: false` for no limit
sinkhole.yaml:2:36: 11 is more than 10
  hint: 2: every second limited question is answered with TC; 0: none is";
    assert_eq!(answer(&text, "example.test\n").unwrap_err(), expected);
    let text = sample(&[("version: 1", "version: 1\nrate_limit: { per_second: 20 }")]);
    let limit = answer(&text, "example.test\n").unwrap().rate_limit;
    assert_eq!((limit.enabled, limit.per_second, limit.slip), (true, 20, 2));
}
