//! Hosts that other parts of a file refer to by name.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::super::HostId;
use super::super::nearest::{listing, nearest};
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
        self.find_beside(name, &[], place, problems)
    }

    /// The host called `name`, which stands in a list with `others`: it was not meant to be one of these.
    fn find_beside(
        &self,
        name: &str,
        others: &[String],
        place: Place<'_>,
        problems: &mut Vec<Problem>,
    ) -> Option<(HostId, &'a v1::Host)> {
        if let Some((index, _, host)) = self.spec.get_full(name) {
            return Some((HostId(u16::try_from(index).unwrap_or(u16::MAX)), host));
        }
        let left = self.spec.keys().filter(|known| !others.contains(known)).map(String::as_str);
        // In a file with so many mistakes it takes time to look for what was meant, and helps nobody.
        let near = if problems.len() < super::HINTED { nearest(name, left) } else { None };
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                format!("add it to `world: hosts:`; {}", listing("there are", self.spec.keys().map(String::as_str)))
            }
        };
        problems.push(Problem::at(place.caret(), format!("no host is called `{name}`")).hint(hint));
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
        let mut seen = HashMap::new();
        for (index, name) in names.iter().enumerate() {
            let here = place.index(index);
            let Some((id, host)) = self.find_beside(name, names, here, problems) else { continue };
            check(name, host, here, problems);
            match seen.entry(id) {
                Entry::Occupied(first) => problems.push(
                    Problem::at(here.caret(), format!("host `{name}` is listed twice"))
                        .also(place.index(*first.get()).caret(), "first listed here")
                        .hint("list it once"),
                ),
                Entry::Vacant(vacant) => {
                    vacant.insert(index);
                    ids.push(id);
                }
            }
        }
        ids
    }

    /// The hosts of an act's list, which must not be empty.
    pub(super) fn some(&self, names: &[String], place: Place<'_>, problems: &mut Vec<Problem>) -> Vec<HostId> {
        self.some_that(names, place, problems, |_, _, _, _| {})
    }

    /// The hosts that an act takes off the net or puts on it: never a sinkhole, which is in service throughout a play.
    pub(super) fn switched(&self, names: &[String], place: Place<'_>, problems: &mut Vec<Problem>) -> Vec<HostId> {
        self.some_that(names, place, problems, |name, host, here, problems| {
            if host.operator == v1::Operator::Sinkhole {
                problems.push(
                    Problem::at(here.caret(), format!("host `{name}` is a sinkhole, which stays in service"))
                        .hint("name hosts of the herder or of strangers"),
                );
            }
        })
    }

    fn some_that(
        &self,
        names: &[String],
        place: Place<'_>,
        problems: &mut Vec<Problem>,
        check: impl FnMut(&str, &v1::Host, Place<'_>, &mut Vec<Problem>),
    ) -> Vec<HostId> {
        if names.is_empty() {
            problems.push(Problem::at(place.key_caret(), "this list names no host"));
        }
        self.distinct(names, place, problems, check)
    }

    /// Where a name that the sinkhole holds points to: one sinkhole.
    pub(super) fn of_sinkhole(&self, names: &[String], place: Place<'_>, problems: &mut Vec<Problem>) -> Vec<HostId> {
        if let [name] = names {
            return self.sinkhole(name, place.index(0), problems).into_iter().collect();
        }
        problems.push(
            Problem::at(place.key_caret(), "a name that the sinkhole holds points at one host, a sinkhole")
                .hint("write `points-to: [HOST]` with a host of `operator: sinkhole`"),
        );
        Vec::new()
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
