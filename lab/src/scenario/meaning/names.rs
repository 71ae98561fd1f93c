//! Names that a file lists: only such as can never be anybody's.

use std::collections::{HashMap, HashSet};

use dga::Name;

use super::super::nearest::nearest;
use super::super::place::Place;
use super::super::problem::Problem;
use super::super::spec::v1;

/// The last labels that RFC 2606 and RFC 6761 keep free for tests and documents.
const FREE: [&str; 2] = ["test", "example"];

/// A listed name, in lower case: a host name under `.test` or `.example`.
pub(super) fn listed(text: &v1::Listed, place: Place<'_>, problems: &mut Vec<Problem>) -> Option<Name> {
    let text = text.0.to_lowercase();
    match refusal(&text) {
        Some((reason, hint)) => {
            problems.push(Problem::at(place.caret(), format!("`{text}` {reason}")).hint(hint));
            None
        }
        None => Name::parse(&text),
    }
}

/// Why `text` may not be listed, and what to write instead.
fn refusal(text: &str) -> Option<(String, String)> {
    let name = Name::parse(text);
    if name.is_none() {
        return Some((
            format!("is longer than {} characters", Name::CAPACITY),
            "no botnet is known that uses names so long".into(),
        ));
    }
    if !name.is_some_and(|name| name.is_host_name()) {
        return Some((
            "is not a host name".into(),
            "a host name has letters, digits and hyphens between dots, such as `one.megad.test`".into(),
        ));
    }
    let (rest, last) = text.rsplit_once('.').unwrap_or(("", text));
    if !FREE.contains(&last) {
        let instead = if rest.is_empty() { text } else { rest };
        return Some((
            "is not under `.test` or `.example`".into(),
            format!("a scenario's own names must never be anybody's; write `{instead}.test`"),
        ));
    }
    rest.is_empty()
        .then(|| ("is a whole top-level domain".into(), format!("write a name below it, such as `one.{last}`")))
}

/// The names of a list in which each stands once; at least one.
pub(super) fn distinct(names: &[v1::Listed], place: Place<'_>, problems: &mut Vec<Problem>) -> Vec<Name> {
    if names.is_empty() {
        problems.push(Problem::at(place.key_caret(), "this list names nothing").hint("list at least one name"));
    }
    let mut first: HashMap<Name, usize> = HashMap::new();
    let mut distinct = Vec::with_capacity(names.len());
    for (index, text) in names.iter().enumerate() {
        let here = place.index(index);
        let Some(name) = listed(text, here, problems) else { continue };
        if let Some(first) = first.get(&name) {
            problems.push(
                Problem::at(here.caret(), format!("`{name}` is listed twice"))
                    .also(place.index(*first).caret(), "first listed here")
                    .hint("list it once; names are the same in any letter case"),
            );
        } else {
            first.insert(name, index);
            distinct.push(name);
        }
    }
    distinct
}

/// Every name that the chain or the world lists.
pub(super) struct Known {
    names: HashSet<String>,
}

impl Known {
    pub(super) fn of(spec: &v1::Spec) -> Self {
        let chain = spec.chain.iter().filter_map(|layer| match layer {
            v1::Layer::Domains(domains) => Some(&domains.names),
            v1::Layer::Dga(_) | v1::Layer::Addresses(_) => None,
        });
        let names = chain.flatten().chain(spec.world.names.keys());
        Self { names: names.map(|name| name.0.to_lowercase()).collect() }
    }

    /// The names of an act's list, each of which the chain or the world must list too.
    pub(super) fn act(&self, names: &[v1::Listed], place: Place<'_>, problems: &mut Vec<Problem>) -> Vec<Name> {
        for (index, text) in names.iter().enumerate() {
            let text = text.0.to_lowercase();
            if self.names.contains(&text) || refusal(&text).is_some() {
                continue;
            }
            let problem =
                Problem::at(place.index(index).caret(), format!("neither the chain nor the world lists `{text}`"));
            let near = if problems.len() < super::HINTED { self.nearest(&text) } else { None };
            problems.push(match near {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem.hint("add it to a `domains` layer or to `world: names:`"),
            });
        }
        distinct(names, place, problems)
    }

    fn nearest(&self, text: &str) -> Option<&str> {
        let mut known: Vec<&str> = self.names.iter().map(String::as_str).collect();
        // Of two names equally near, the same one in every run.
        known.sort_unstable();
        nearest(text, known)
    }
}
