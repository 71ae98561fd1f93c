//! From the bytes of a file to a [`Scenario`], or to everything that is wrong with it.

use data_encoding::HEXLOWER;
use dga::WordLists;
use sha2::{Digest, Sha256};

use super::Scenario;
use super::marks::{self, Kind, Node};
use super::meaning;
use super::place::Place;
use super::problem::{Problem, Problems};
use super::spec::{self, v1};
use super::structure;

/// The largest file that is read, in bytes: far more than any scenario written by hand or by a program needs.
pub const LARGEST_FILE: usize = 8 << 20;

/// Reads the scenario in `bytes`, which `file` names in messages.
///
/// # Errors
///
/// Everything that is wrong with the file, each problem with its place. Mistakes of syntax end the search; unknown and
/// duplicate keys, values of the wrong type and mistakes of meaning are each looked for in the whole file.
pub fn parse(file: &str, bytes: &[u8], words: &WordLists) -> Result<Scenario, Problems> {
    let mut problems = Vec::new();
    let scenario = read(bytes, words, &mut problems);
    match scenario {
        Some(scenario) if problems.is_empty() => Ok(scenario),
        _ => Err(Problems::new(file, bytes, problems)),
    }
}

/// The scenario in `bytes`; without one there is at least one problem.
fn read(bytes: &[u8], words: &WordLists, problems: &mut Vec<Problem>) -> Option<Scenario> {
    let mut root = match text(bytes).and_then(|text| marks::read(text, problems)) {
        Ok(root) => root,
        Err(problem) => {
            problems.push(problem);
            return None;
        }
    };
    if !version(&mut root, problems) || !structure::check(&mut root, &spec::schema(), problems) {
        return None;
    }
    let spec: Result<v1::Spec, _> = serde_yaml::with::singleton_map_recursive::deserialize(value(&root));
    match spec {
        Ok(spec) => {
            let hash = HEXLOWER.encode(&Sha256::digest(bytes));
            meaning::scenario(&spec, Place::root(&root), hash, words, problems)
        }
        // The structure agrees with the schema, so this is a difference between the schema and the types.
        Err(error) => {
            problems.push(Problem::at(Place::root(&root).caret(), error.to_string()));
            None
        }
    }
}

/// The text in `bytes`.
fn text(bytes: &[u8]) -> Result<&str, Problem> {
    if bytes.len() > LARGEST_FILE {
        let megabytes = LARGEST_FILE >> 20;
        return Err(Problem::at(0..0, format!("the file is larger than {megabytes} MiB"))
            .hint("a scenario is a short text; is this the right file?"));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Problem::at(0..2, "the file is UTF-16").hint("save it as UTF-8"));
    }
    let control = |byte: &u8| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || *byte == 0x7f;
    if let Some(offset) = bytes.iter().position(control) {
        let message = format!("not a text file: byte {offset} is the control character 0x{:02x}", bytes[offset]);
        return Err(Problem::at(offset..offset + 1, message).hint("a scenario is YAML; is this the right file?"));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        Problem::at(offset..offset + 1, format!("byte {offset} is not UTF-8")).hint("save the file as UTF-8")
    })
}

/// Whether the file is of a version that this program reads; one without a version is read as version 1.
fn version(root: &mut Node, problems: &mut Vec<Problem>) -> bool {
    let place = Place::root(root);
    let Kind::Mapping(entries) = &root.kind else {
        problems.push(
            Problem::at(place.caret(), "a scenario is a mapping of keys to values")
                .hint("it begins with `version: 1`; `hydrabane schema` prints what it may hold"),
        );
        return false;
    };
    let span = match entries.iter().find(|(key, _)| key.text == "version") {
        Some((_, node)) => match &node.kind {
            Kind::Scalar { text, .. } if text == "1" => return true,
            Kind::Scalar { text, .. } => {
                problems.push(
                    Problem::at(place.key("version").caret(), format!("version `{text}` is not known"))
                        .hint("this program reads `version: 1`"),
                );
                return false;
            }
            Kind::Sequence(_) | Kind::Mapping(_) => return true,
        },
        None => place.caret(),
    };
    problems.push(Problem::at(span.clone(), "the scenario lacks the key `version`").hint("begin with `version: 1`"));
    let one = Node { span: span.clone(), kind: Kind::Scalar { text: "1".into(), plain: true } };
    if let Kind::Mapping(entries) = &mut root.kind {
        entries.insert(0, (marks::Key { text: "version".into(), span }, one));
    }
    true
}

/// The tree as the YAML library's own value, for the types of the specification.
fn value(node: &Node) -> serde_yaml::Value {
    match &node.kind {
        Kind::Scalar { text, plain } => structure::scalar(text, *plain),
        Kind::Sequence(items) => items.iter().map(value).collect(),
        Kind::Mapping(entries) => {
            let entries = entries.iter().map(|(key, node)| (serde_yaml::Value::from(key.text.as_str()), value(node)));
            serde_yaml::Value::Mapping(entries.collect())
        }
    }
}
