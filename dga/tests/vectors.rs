//! Every line of every vector file is reproduced, and every family has such a file.

mod support;

use std::fs;

use dga::FAMILIES;
use dga::vectors::{Vector, Verdict, check};

#[test]
fn every_line_is_reproduced() {
    let words = support::word_lists();
    let mut wrong = Vec::new();
    for family in FAMILIES {
        let name = family.info().name;
        let text = fs::read_to_string(support::vector_file(name)).expect("each family has vectors");
        let mut lines = 0;
        for (line, verdict) in check(&text, &words) {
            lines += 1;
            match verdict {
                Verdict::Match => {}
                Verdict::NoWordList(error) => support::skip(&format!("{name} vectors line {line}: {error}")),
                verdict => wrong.push(format!("{name} line {line}: {verdict:?}")),
            }
        }
        assert!(lines > 0, "{name} has no vectors");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_vector_is_of_the_family_whose_file_it_is_in_and_every_variant_has_one() {
    for family in FAMILIES {
        let info = family.info();
        let text = fs::read_to_string(support::vector_file(info.name)).expect("each family has vectors");
        let vectors: Vec<Vector> = text.lines().map(|line| serde_json::from_str(line).expect("a vector")).collect();
        assert!(vectors.iter().all(|vector| vector.family == info.name), "{}", info.name);
        for variant in info.variants {
            assert!(vectors.iter().any(|vector| vector.variant == *variant), "{} {variant}", info.name);
        }
    }
}

#[test]
fn no_vector_file_is_without_its_family() {
    for file in fs::read_dir(support::vector_file("x").parent().expect("a folder")).expect("readable") {
        let path = file.expect("readable").path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        assert!(FAMILIES.iter().any(|family| family.info().name == stem), "{}", path.display());
    }
}
