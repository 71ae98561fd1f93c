//! JSON objects, one a line, with a key for the name.

use std::io;
use std::ops::ControlFlow;

use super::super::columns::{CLIENTS, NAMES, TIMES};
use super::super::entry::{Client, Damage, Entry, Lookup, Part, Reason};
use super::super::format::{Format, Info, Visit, Watched};
use super::super::input::Input;
use super::super::json::{self, Picked, Wanted};
use super::super::settings::{Column, Settings};
use super::super::{lines, stamp};

/// JSON objects.
pub(super) struct Jsonl;

static INFO: Info = Info { name: "jsonl", about: "JSON objects, one a line, with a key for the name", text: true };

impl Format for Jsonl {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn detects(&self, head: &[u8]) -> bool {
        lines::of_head(head).next().is_some_and(|line| line.starts_with('{'))
            && !super::zeek::Zeek.detects(head)
            && !super::suricata::Suricata.detects(head)
    }

    fn read(&self, input: &mut Input<'_>, settings: &Settings, visit: &mut Visit<'_>) -> io::Result<()> {
        let mut keys = Keys::of(settings);
        let mut first = None;
        let mut watched = Watched { visit, has_enough: false };
        lines::each(input, lines::LONGEST_JSON, &mut |entry| watched.visit(entry), |offset, line, visit| {
            let picked = match keys.pick(line) {
                Ok(picked) => picked,
                Err(error) => {
                    return visit(Entry::Damaged(Damage { offset, reason: json::complaint(&error) }));
                }
            };
            first.get_or_insert(offset);
            let [name, time, client] = &picked;
            let Some(name) = name.as_deref() else { return visit(Entry::Other { offset }) };
            visit(match lines::name(name).filter(|name| !name.contains([' ', '\t', '\n'])) {
                Some(name) => Entry::Lookup(Lookup {
                    offset,
                    at: time.as_deref().and_then(|text| stamp::any(text, settings)),
                    client: client.as_deref().and_then(Client::of),
                    name,
                    part: Part::Question,
                    rcode: None,
                }),
                None => Entry::Damaged(Damage { offset, reason: Reason::NotOneName }),
            })
        })?;
        if let (Some(offset), Some(wanted)) = (first, keys.never_found())
            && !watched.has_enough
        {
            let _: ControlFlow<()> =
                watched.visit(Entry::Damaged(Damage { offset, reason: Reason::NoColumn { wanted } }));
        }
        Ok(())
    }
}

/// Which keys hold what.
struct Keys<'s> {
    wanted: Wanted<'s, 3>,
    given: Wanted<'s, 3>,
    found: bool,
}

impl<'s> Keys<'s> {
    /// What the settings say; the rest is guessed from the first object with a usual key.
    fn of(settings: &'s Settings) -> Self {
        let key = |column: &'s Option<Column>| match column {
            Some(Column::Named(key)) => Some(key.as_str()),
            Some(Column::Numbered(_)) | None => None,
        };
        let given = [key(&settings.name), key(&settings.time), key(&settings.client)];
        Self { wanted: given, given, found: false }
    }

    /// Picks name, time and client out of an object.
    fn pick<'j>(&mut self, line: &'j str) -> Result<Picked<'j, 3>, serde_json::Error> {
        if self.found {
            return json::pick(line, self.wanted);
        }
        for name in self.given[0].map_or_else(|| NAMES.to_vec(), |name| vec![name]) {
            let picked = json::pick(line, [Some(name), self.given[1], self.given[2]])?;
            if picked[0].is_some() {
                let has = |key: &str| Ok::<_, serde_json::Error>(json::pick(line, [Some(key)])?[0].is_some());
                let mut usual = self.given;
                usual[0] = Some(name);
                for (index, keys) in [(1, TIMES), (2, CLIENTS)] {
                    for key in keys {
                        if usual[index].is_none() && has(key)? {
                            usual[index] = Some(key);
                        }
                    }
                }
                (self.wanted, self.found) = (usual, true);
                return json::pick(line, self.wanted);
            }
        }
        Ok(Picked::default())
    }

    /// What was looked for in vain.
    fn never_found(&self) -> Option<String> {
        (!self.found).then(|| self.given[0].map_or_else(|| NAMES.join(", "), str::to_owned))
    }
}
