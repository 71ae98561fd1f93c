//! What the gate before every format lets through, and what it says of the rest.

use dga::Period;
use export::safety::{Gate, KeepOut, Left, Models};
use export::{Error, Export, FORMATS, Info};
use name_files::Row;

/// Names that came through.
#[derive(Default)]
struct Through(Vec<String>);

impl Export for Through {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        self.0.push(row.name.to_owned());
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), Error> {
        Ok(())
    }
}

fn row(name: &str) -> Row<'_> {
    Row { family: "conficker", variant: "a", preset: "a", name, valid: Period::ALWAYS, index: 0 }
}

fn info(unique: bool) -> &'static Info {
    FORMATS.iter().map(|format| format.info()).find(|info| info.unique == unique).expect("a format of each kind")
}

fn passed(names: &[&str], keep_out: &str, unique: bool) -> (Vec<String>, Vec<String>, Left) {
    let keep_out = KeepOut::read(keep_out).expect("a list");
    let mut gate = Gate::new(&keep_out, Models::HoldBack, info(unique));
    let (mut main, mut apart) = (Through::default(), Through::default());
    for name in names {
        gate.admit(&row(name), &mut main, Some(&mut apart)).expect("nothing is written");
    }
    (main.0, apart.0, gate.into_left())
}

#[test]
fn legal_names_pass_in_lower_case() {
    let names = ["Abc.COM", "def.com.", "-x.com", "a_b.com", "nodots", "x..com", "", "1.2"];
    let (main, apart, left) = passed(&names, "", true);
    assert_eq!(main, ["abc.com", "def.com"]);
    assert_eq!((apart.len(), left.passed, left.illegal), (0, 2, 6));
}

#[test]
fn what_a_list_keeps_out_stays_behind_with_all_below_it() {
    let (main, _, left) = passed(&["good.com", "a.good.com", "A.GOOD.COM", "notgood.com"], "1,good.com\n", false);
    assert_eq!(main, ["notgood.com"]);
    assert_eq!(left.kept_out, 3);
    assert_eq!(left.kept_out_examples[1], ("a.good.com".to_owned(), "good.com".to_owned()));
}

#[test]
fn names_below_a_providers_suffix_go_their_own_way() {
    // The first is below a dynamic DNS provider's domain, the second is that domain, the third a public suffix by rule.
    let (main, apart, left) = passed(&["abc.ddns.net", "ddns.net", "x.ck", "abc.net"], "", true);
    assert_eq!(main, ["abc.net"]);
    assert_eq!(apart, ["abc.ddns.net", "ddns.net", "x.ck"]);
    assert_eq!(left.providers.values().sum::<u64>(), 3);
}

#[test]
fn a_second_time_counts_only_where_the_reader_refuses_it() {
    let names = ["a.com", "b.com", "A.com"];
    assert_eq!(passed(&names, "", true).0, ["a.com", "b.com"]);
    assert_eq!(passed(&names, "", true).2.repeated, 1);
    assert_eq!(passed(&names, "", false).0, ["a.com", "b.com", "a.com"]);
}

#[test]
fn names_of_models_pass_only_if_they_are_asked_for() {
    let keep_out = KeepOut::default();
    for (models, expected) in [(Models::HoldBack, vec!["a.com"]), (Models::Pass, vec!["model.com", "a.com", "c.com"])] {
        let mut gate = Gate::new(&keep_out, models, info(true));
        let mut main = Through::default();
        let rows = [
            Row { family: "ozdok", preset: "model", ..row("model.com") },
            row("a.com"),
            Row { family: "custom", preset: "conficker-c-model", ..row("c.com") },
        ];
        for row in rows {
            gate.admit(&row, &mut main, None).expect("nothing is written");
        }
        assert_eq!(main.0, expected);
        let left = gate.into_left();
        assert_eq!(
            left.models.into_iter().collect::<Vec<_>>(),
            [("custom/conficker-c-model".to_owned(), 1), ("ozdok/model".to_owned(), 1)]
        );
    }
}
