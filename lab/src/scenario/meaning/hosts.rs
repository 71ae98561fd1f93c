//! Hosts that other parts of a file refer to by name.

use super::super::HostId;
use super::super::nearest::suggestion;
use super::super::place::Place;
use super::super::problem::Problem;
use super::super::spec::v1;

/// The hosts of the world, by name.
pub(super) struct Hosts<'a> {
    spec: &'a v1::Named<v1::Host>,
}

impl<'a> Hosts<'a> {
    pub(super) fn new(spec: &'a v1::Named<v1::Host>) -> Self {
        Self { spec }
    }

    /// The host called `name`.
    pub(super) fn find(
        &self,
        name: &str,
        place: Place<'_>,
        problems: &mut Vec<Problem>,
    ) -> Option<(HostId, &'a v1::Host)> {
        if let Some((index, _, host)) = self.spec.get_full(name) {
            return Some((HostId(u16::try_from(index).unwrap_or(u16::MAX)), host));
        }
        problems.push(Problem::at(place.caret(), format!("no host is called `{name}`")).hint(suggestion(
            name,
            self.spec.keys().map(String::as_str),
            "hosts in `world: hosts:`",
        )));
        None
    }

    /// The hosts of a list in which each stands once; `check` looks at each.
    pub(super) fn distinct(
        &self,
        names: &[String],
        place: Place<'_>,
        problems: &mut Vec<Problem>,
        mut check: impl FnMut(&str, &v1::Host, Place<'_>, &mut Vec<Problem>),
    ) -> Vec<HostId> {
        let mut ids = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let here = place.index(index);
            let Some((id, host)) = self.find(name, here, problems) else { continue };
            check(name, host, here, problems);
            if ids.contains(&id) {
                let first = names.iter().position(|earlier| earlier == name).unwrap_or(index);
                problems.push(
                    Problem::at(here.caret(), format!("host `{name}` is listed twice"))
                        .also(place.index(first).caret(), "first listed here")
                        .hint("list it once"),
                );
            } else {
                ids.push(id);
            }
        }
        ids
    }

    /// The hosts of an act's list, which must not be empty.
    pub(super) fn some(&self, names: &[String], place: Place<'_>, problems: &mut Vec<Problem>) -> Vec<HostId> {
        if names.is_empty() {
            problems.push(Problem::at(place.key_caret(), "this list names no host"));
        }
        self.distinct(names, place, problems, |_, _, _, _| {})
    }

    /// The sinkhole called `name`.
    pub(super) fn sinkhole(&self, name: &str, place: Place<'_>, problems: &mut Vec<Problem>) -> Option<HostId> {
        let (id, host) = self.find(name, place, problems)?;
        if host.operator != v1::Operator::Sinkhole {
            let sinkholes: Vec<String> = self
                .spec
                .iter()
                .filter(|(_, host)| host.operator == v1::Operator::Sinkhole)
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            let problem = Problem::at(place.caret(), format!("host `{name}` is no sinkhole"));
            problems.push(if sinkholes.is_empty() {
                problem.hint("add a host with `operator: sinkhole` to `world: hosts:`")
            } else {
                problem.hint(format!("the world has {}", sinkholes.join(", ")))
            });
        }
        Some(id)
    }
}
