//! The section `names`: lists and rules, and what is answered for each.

use std::net::{Ipv4Addr, Ipv6Addr};

use chrono::NaiveDate;
use dga::WordLists;

use super::{ADDRESS_LIMIT, Reading};
use crate::config::HeldNames;
use crate::config::names::{Collected, Rule, beside};
use crate::config::spec::v1;

impl Reading<'_> {
    /// Reads all names that are held.
    pub(super) fn names(&mut self, spec: &[v1::Names], words: &WordLists) -> HeldNames {
        let mut collected = Collected::default();
        if spec.is_empty() {
            self.problem("names", "no names are held: every question would be refused", Some("give a list or a rule"));
        }
        for (index, source) in spec.iter().enumerate() {
            let at = format!("names[{index}]");
            let (a, aaaa) = self.source_answer(&at, source);
            if let Err(full) = collected.next_source(a, aaaa, source.lure) {
                self.problem(&at, full.to_string(), None);
                break;
            }
            match &source.file {
                Some(file) => {
                    for (key, given) in [
                        ("presets", source.presets.is_some()),
                        ("from", source.from.is_some()),
                        ("to", source.to.is_some()),
                    ] {
                        if given {
                            let message = format!("`{key}` belongs to a rule, and this is a list");
                            self.problem(&format!("{at}.{key}"), message, Some("leave out `file`, or this key"));
                        }
                    }
                    let mut problems = collected.add_list(&beside(self.path, file), source.family.as_deref());
                    self.problems.append(&mut problems);
                }
                None => self.rule(&at, source, words, &mut collected),
            }
        }
        collected.finish()
    }

    /// Reads a rule, and adds its names.
    fn rule(&mut self, at: &str, source: &v1::Names, words: &WordLists, collected: &mut Collected) {
        let family = self.given(at, "family", source.family.as_deref());
        let from = self.day(at, "from", source.from.as_deref());
        let to = self.day(at, "to", source.to.as_deref());
        let (Some(family), Some(from), Some(to)) = (family, from, to) else { return };
        if to < from {
            self.problem(&format!("{at}.to"), "the last day is before the first", None);
            return;
        }
        let rule = Rule { family, presets: source.presets.as_deref(), from, to };
        if let Err(error) = collected.add_rule(&rule, words) {
            self.problem(&format!("{at}.family"), error.to_string(), error.hint().as_deref());
        }
    }

    /// The addresses that are answered for a source's names in the place of those of `answer`.
    fn source_answer(&mut self, at: &str, source: &v1::Names) -> (Option<Vec<Ipv4Addr>>, Option<Vec<Ipv6Addr>>) {
        let Some(answer) = &source.answer else { return (None, None) };
        let at = format!("{at}.answer");
        if !source.lure {
            let hint = "leave out `answer`, or `lure: false`";
            self.problem(&at, "names that are not lured have no addresses", Some(hint));
        }
        if answer.a.as_ref().is_some_and(Vec::is_empty) && answer.aaaa.as_ref().is_some_and(Vec::is_empty) {
            let hint = "leave one of them out to answer as in `answer`, or say `lure: false`";
            self.problem(&at, "no address is answered", Some(hint));
        }
        for (key, addresses) in [("a", &answer.a), ("aaaa", &answer.aaaa)] {
            let count = addresses.as_ref().map_or(0, Vec::len);
            if count > ADDRESS_LIMIT {
                let message = format!("{count} addresses are too many; give at most {ADDRESS_LIMIT}");
                self.problem(&format!("{at}.{key}"), message, None);
            }
        }
        let a = answer
            .a
            .as_ref()
            .map(|texts| self.each(&format!("{at}.a"), texts, "IPv4 address", "write it as \"192.0.2.53\""));
        let aaaa = answer
            .aaaa
            .as_ref()
            .map(|texts| self.each(&format!("{at}.aaaa"), texts, "IPv6 address", "write it as \"2001:db8::53\""));
        (a, aaaa)
    }

    fn given<'a>(&mut self, at: &str, key: &str, text: Option<&'a str>) -> Option<&'a str> {
        if text.is_none() {
            let hint = "a rule has `family`, `from` and `to`; a list has `file`";
            self.problem(at, format!("`{key}` is missing"), Some(hint));
        }
        text
    }

    fn day(&mut self, at: &str, key: &str, text: Option<&str>) -> Option<NaiveDate> {
        let text = self.given(at, key, text)?;
        let day = text.parse().ok();
        if day.is_none() {
            let message = format!("`{}` is no day", text.escape_debug());
            self.problem(&format!("{at}.{key}"), message, Some("write it as 2026-11-01"));
        }
        day
    }
}
