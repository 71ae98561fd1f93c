//! What a configuration may say, and how it is told what is wrong.

use std::fs;

use super::*;
use crate::config::TEMPLATE;
use crate::names::Names;
use crate::store::LabelId;

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

/// What the name at or above `name` is held for: family, preset, period, and place.
fn held(config: &Config, name: &str) -> Option<(String, String, u32, u32)> {
    let mut texts = vec![String::new()];
    let names = Names::of(&config.names.collection, config.names.zones(&config.answer), |text| {
        texts.push(text.to_owned());
        LabelId(texts.len() as u16 - 1)
    });
    let entry = names.find(name.parse::<Name>().unwrap().as_wire())?.entry;
    let text = |label: LabelId| texts[usize::from(label.0)].clone();
    Some((text(entry.label), text(entry.preset), entry.period, entry.index))
}

#[test]
fn the_template_is_in_order() {
    let config = answer(TEMPLATE, "# a list\n\nExample.test\nother.example.\n").unwrap();
    assert_eq!(held(&config, "example.test"), Some(("ramnit".into(), String::new(), 0, 0)));
    assert_eq!(held(&config, "www.OTHER.example"), Some(("ramnit".into(), String::new(), 0, 1)));
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
    assert_eq!(held(&config, "two.test"), Some(("test".into(), String::new(), 0, 1)));
    let wrong = answer(&text, "a,b\n1,2\n").unwrap_err();
    assert!(wrong.starts_with("names.csv:1:1: this is a line of a table without the header"), "{wrong}");
}

/// The sample's list, which says its families itself, with these keys more.
fn table(more: &str, list: &str) -> Result<Config, String> {
    answer(&sample(&[("names.txt, family: test", &format!("names.csv{more}"))]), list)
}

#[test]
fn a_table_says_family_preset_period_and_place() {
    let list = "family,name,preset,valid_from,index\nramnit,One.test,a,2026-11-22T00:00:30Z,7\nozdok,two.test,,,8\n\
                ozdok,one.test,,,9\n";
    let config = table("", list).unwrap();
    let minute = 1_795_305_600 / 60;
    assert_eq!(held(&config, "a.one.test"), Some(("ramnit".into(), "a".into(), minute, 7)));
    assert_eq!(held(&config, "two.test"), Some(("ozdok".into(), String::new(), 0, 8)));
    assert_eq!(config.names.len(), 2);
    let config = table(", family: mine", list).unwrap();
    assert_eq!(held(&config, "one.test"), Some(("mine".into(), "a".into(), minute, 7)));
    let hint = "hint: give the list a `family` in the configuration";
    let wrong = table("", "name\na.test\nb.test\n").unwrap_err();
    assert_eq!(wrong, format!("names.csv:2:1: nothing says of which family the name is\n  {hint}"));
}

#[test]
fn what_a_generator_makes_and_nobody_can_register_is_left_out() {
    let head = "# hydrabane 0.1.0, catalogue 1, generate x\n";
    let rows = "family,name\nx,com.vn\nx,a.com.vn\nx,b..c\n";
    let config = table("", &format!("{head}{rows}")).unwrap();
    assert_eq!((config.names.len(), config.names.left_out()), (1, 2));
    let wrong = table("", rows).unwrap_err();
    assert!(wrong.starts_with("names.csv:2:1: `com.vn` is a public suffix"), "{wrong}");
}

#[test]
fn ten_problems_of_a_list_are_told_and_the_rest_is_counted() {
    let wrong = answer(&sample(&[]), &"a..b\n".repeat(12)).unwrap_err();
    assert_eq!(wrong.lines().count(), 11, "{wrong}");
    assert!(wrong.ends_with("names.txt: 2 more lines are no names"), "{wrong}");
}

#[test]
fn each_source_may_have_addresses_of_its_own_or_none() {
    let list = "a.test\n";
    let with = |more: &str| answer(&sample(&[("family: test }", &format!("family: test{more} }}"))]), list);
    let zone = |more: &str| {
        let config = with(more).unwrap();
        let names = Names::of(&config.names.collection, config.names.zones(&config.answer), |_| LabelId(1));
        names.zone(&names.find(b"\x01a\x04test\x00").unwrap().entry).clone()
    };
    let general = zone("");
    assert!(general.lured && general.answer.a == [Ipv4Addr::new(192, 0, 2, 53)] && general.answer.aaaa.is_empty());
    let own = zone(", answer: { aaaa: [\"2001:db8::1\"] }");
    assert_eq!((&own.answer.a, &own.answer.aaaa), (&general.answer.a, &vec!["2001:db8::1".parse().unwrap()]));
    let own = zone(", answer: { a: [\"192.0.2.1\"], aaaa: [] }");
    assert_eq!(own.answer.a, [Ipv4Addr::new(192, 0, 2, 1)]);
    assert!(!zone(", lure: false").lured);
    for (more, expected) in [
        (", answer: { a: [\"192.0.2.300\"] }", "sinkhole.yaml:3:56: `192.0.2.300` is no IPv4 address"),
        (", answer: { a: [], aaaa: [] }", "no address is answered"),
        (", answer: { a: [\"192.0.2.1\"] }, lure: false", "names that are not lured have no addresses"),
        (", answer: { ttl: 5 }", "unknown field `ttl`"),
    ] {
        let wrong = with(more).unwrap_err();
        assert!(wrong.contains(expected), "{wrong}");
    }
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
        ("{ from: 2026-11-02, to: 2026-11-02 }", "`family` is missing"),
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

#[test]
fn texts_that_are_sent_and_connections_have_their_limits() {
    let long = "x".repeat(65);
    let more = format!("version: 1\nnsid: {long}\nconnections: {{ total: 0, per_source: 0, idle: 1h }}");
    let text = sample(&[("version: 1", &more), ("  contact", "  notice: \"b\u{fc}ro\"\n  contact")]);
    let expected = "\
sinkhole.yaml:9:11: the text cannot be sent
  hint: use at most 255 letters, digits and signs of ASCII
sinkhole.yaml:2:7: the text cannot be sent
  hint: use at most 64 letters, digits and signs of ASCII
sinkhole.yaml:3:47: `1h` is no time from 100ms to 10m
  hint: write it as 10s
sinkhole.yaml:3:23: no connection would be served
  hint: a sinkhole without TCP would lose who is sent there
sinkhole.yaml:3:38: no connection would be served
  hint: a sinkhole without TCP would lose who is sent there";
    assert_eq!(answer(&text, "example.test\n").unwrap_err(), expected);
    let text = sample(&[("version: 1", "version: 1\nnsid: fra1\nconnections: { idle: 2s }")]);
    let config = answer(&text, "example.test\n").unwrap();
    assert_eq!((config.nsid.as_str(), config.connections.idle), ("fra1", Duration::from_secs(2)));
    assert_eq!((config.connections.total, config.connections.per_source), (10_000, 64));
}
