//! What a search has found, for people and for programs: a file of presets with all else in its comments, or JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::{DateTime, Utc};
use dga::{Schedule, WordLists};
use name_files::written;
use serde::Serialize;
use trace::recover::{Decision, Outcome, Places, Plan, Solution, Task, decide};

use crate::exit::Failure;
use crate::output::Output;

/// What to write.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Format {
    /// A file for `--presets`; its comments say what was searched and which names follow.
    Yaml,
    /// One JSON object.
    Json,
}

/// The most candidates that are written; of the others only their number is told.
const LISTED: usize = 20;

/// Of so many candidates the names that follow are shown as comments.
const WITH_NAMES: usize = 5;

/// The most candidates that are compared.
const COMPARED: usize = 200;

/// An answer, ready to be written.
#[derive(Serialize)]
pub(super) struct Answer {
    tool: &'static str,
    version: &'static str,
    catalogue: String,
    search: Search,
    /// How many seeds fit.
    seeds: usize,
    /// How many names that follow tell them apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<DecidedBy>,
    notes: Vec<String>,
    candidates: Vec<Candidate>,
}

/// What was searched.
#[derive(Serialize)]
struct Search {
    family: &'static str,
    variant: String,
    parameters: Vec<&'static str>,
    names: Vec<Known>,
    /// The moment of the lists, where they depend on it.
    at: Option<String>,
    from: u64,
    to: u64,
    passes: usize,
}

/// A captured name.
#[derive(Serialize)]
struct Known {
    name: String,
    place: Option<usize>,
}

/// How candidates can be told apart.
#[derive(Serialize)]
struct DecidedBy {
    compared: usize,
    names: usize,
    groups: usize,
}

/// A configuration that made the names.
#[derive(Serialize)]
struct Candidate {
    preset: Entry,
    /// Whether it is the whole list, or only what follows the first captured name.
    whole: bool,
    number: u64,
    first_place: usize,
    last_place: usize,
    next: Vec<Row>,
}

/// A preset as files of presets have it.
#[derive(Serialize)]
struct Entry {
    name: String,
    variant: String,
    parameters: BTreeMap<String, serde_yaml::Value>,
    source: String,
}

/// A name that follows.
#[derive(Serialize)]
struct Row {
    name: String,
    valid_from: Option<String>,
    valid_to: Option<String>,
}

impl Answer {
    /// Puts together what was found, with so many names that follow.
    pub(super) fn new(
        task: &Task,
        plan: &Plan,
        outcome: &Outcome,
        words: &WordLists,
        count: usize,
    ) -> Result<Self, Failure> {
        let known = matches!(task.places, Places::Known(_));
        let names = task.places.clues().iter();
        let names = names.map(|clue| Known { name: clue.name().to_string(), place: known.then(|| clue.place()) });
        let candidate = |solution: &Solution, whole: bool, with_names: bool| -> Result<Candidate, Failure> {
            let next = if with_names { solution.next(words, count, !whole)? } else { Vec::new() };
            let moment = |at: Option<DateTime<Utc>>| at.map(written);
            Ok(Candidate {
                preset: Entry::new(task, solution, whole, words)?,
                whole,
                number: solution.number,
                first_place: solution.first,
                last_place: solution.last,
                next: next
                    .into_iter()
                    .map(|next| Row {
                        name: next.name.to_string(),
                        valid_from: moment(next.period.from),
                        valid_to: moment(next.period.until),
                    })
                    .collect(),
            })
        };
        let states = outcome.from_here.iter().take(LISTED).map(|state| (state, false));
        let seeds = outcome.seeds.iter().take(LISTED).map(|seed| (seed, true));
        let candidates = states.chain(seeds).enumerate();
        let candidates = candidates
            .map(|(place, (solution, whole))| candidate(solution, whole, place < WITH_NAMES))
            .collect::<Result<Vec<_>, _>>()?;
        let compared = &outcome.seeds[..outcome.seeds.len().min(COMPARED)];
        let decided_by = if compared.len() > 1 {
            let Decision { names, groups } = decide(compared, words)?;
            Some(DecidedBy { compared: compared.len(), names, groups })
        } else {
            None
        };
        let dated = !matches!(task.family.inspect(&task.configuration)?.schedule, Schedule::Always);
        let mut answer = Self {
            tool: "hydrabane",
            version: env!("CARGO_PKG_VERSION"),
            catalogue: dga::version(),
            search: Search {
                family: task.family.info().name,
                variant: task.configuration.variant.clone(),
                parameters: task.quest.found().collect(),
                names: names.collect(),
                at: dated.then(|| written(task.at)),
                from: task.numbers.start,
                to: task.numbers.end - 1,
                passes: plan.passes(),
            },
            seeds: outcome.total,
            decided_by,
            notes: Vec::new(),
            candidates,
        };
        answer.notes = answer.notes(task, outcome);
        Ok(answer)
    }

    /// What a reader must know, in sentences.
    fn notes(&self, task: &Task, outcome: &Outcome) -> Vec<String> {
        let mut notes = vec![self.summary()];
        if !task.quest.note.is_empty() && !outcome.is_empty() {
            notes.push(format!("Note: {}.", task.quest.note));
        }
        if let Some(DecidedBy { compared, names, groups }) = &self.decided_by {
            let among = if *compared < outcome.total { format!("Of the first {compared} ") } else { String::new() };
            notes.push(match groups {
                1 => format!(
                    "{among}{}all make the same names from here on: only names from before the captured ones would decide.",
                    if among.is_empty() { "They " } else { "" },
                ),
                groups if groups == compared => {
                    format!("{among}{} more decide{}.", names_in_words(*names), if *names == 1 { "s" } else { "" })
                }
                groups => format!(
                    "{among}{} more leave{} {groups} groups, in each of which all make the same names.",
                    names_in_words(*names),
                    if *names == 1 { "s" } else { "" },
                ),
            });
        }
        if !outcome.from_here.is_empty() {
            let mut periodic = self.candidates.iter().flat_map(|candidate| &candidate.next);
            let periodic = periodic.find_map(|next| next.valid_to.as_deref());
            notes.push(match periodic {
                None => "Presets `from-…` begin with the first captured name; all names after it are right.".to_owned(),
                Some(until) => format!(
                    "Presets `from-…` begin with the first captured name and are right until {until} only: names of \
                     another period decide about the seed."
                ),
            });
            notes.push(if outcome.given_up {
                format!(
                    "The walk back to the seed was given up {} before it: too many seeds lead there, and all make the \
                     same names from there on.",
                    names_in_words(outcome.walked)
                )
            } else if outcome.total == 0 {
                "The way back to the seed is not known for this family.".to_owned()
            } else if outcome.complete {
                format!("No list can begin more than {} before it: the seed is one of these.", names_in_words(outcome.walked))
            } else {
                format!(
                    "The place of the first captured name is not known: seeds were looked for up to {} back, the length \
                     of a list.",
                    names_in_words(outcome.walked)
                )
            });
        }
        let hidden = outcome.total.saturating_sub(outcome.seeds.len().min(LISTED));
        if hidden > 0 {
            notes.push(format!("{hidden} more seeds fit and are not listed."));
        }
        notes
    }

    fn summary(&self) -> String {
        let Search { from, to, passes, names, .. } = &self.search;
        let tried = to - from + 1;
        let passes = if *passes == 1 { String::new() } else { format!(" in {passes} passes") };
        let names = match names.len() {
            1 => "the name".to_owned(),
            names => format!("all {names} names"),
        };
        let states = self.candidates.iter().filter(|candidate| !candidate.whole).count();
        match (self.seeds, states) {
            (0, 0) => format!("None of {tried} numbers{passes} explains {names}."),
            (0, states) => {
                format!("Of {tried} numbers{passes}, {states} inner states explain {names}; no seed is known.")
            }
            (1, _) => format!("One seed explains {names}, of {tried} numbers{passes}."),
            (seeds, _) => format!("{seeds} seeds explain {names}, of {tried} numbers{passes}."),
        }
    }

    /// Says on standard error how it went.
    pub(super) fn tell(&self) {
        // Standard error may be closed; the answer is written.
        let _ = writeln!(anstream::stderr(), "{}", self.summary());
    }

    /// Writes the answer.
    pub(super) fn write(&self, format: Format, mut output: Output) -> io::Result<Result<(), Failure>> {
        match format {
            Format::Yaml => self.write_yaml(&mut output)?,
            Format::Json => {
                serde_json::to_writer_pretty(&mut output, self)?;
                writeln!(output)?;
            }
        }
        Ok(output.finish())
    }

    fn write_yaml(&self, output: &mut Output) -> io::Result<()> {
        let Search { family, variant, parameters, names, at, from, to, passes: _ } = &self.search;
        writeln!(output, "# hydrabane {}, catalogue {}: recover", self.version, self.catalogue)?;
        let at = at.as_ref().map(|at| format!(", lists of {at}")).unwrap_or_default();
        writeln!(output, "# {family} {variant}: `{}`, numbers {from} to {to}{at}", parameters.join("`, `"))?;
        for Known { name, place } in names {
            match place {
                Some(place) => writeln!(output, "#   {name} at place {place}")?,
                None => writeln!(output, "#   {name}")?,
            }
        }
        for note in &self.notes {
            writeln!(output, "# {note}")?;
        }
        writeln!(output, "family: {family}")?;
        if self.candidates.is_empty() {
            return writeln!(output, "presets: []");
        }
        writeln!(output, "presets:")?;
        for candidate in &self.candidates {
            let Candidate { preset, first_place, last_place, next, whole, number } = candidate;
            if *whole && first_place == last_place {
                writeln!(output, "  # number {number:#x}; captured name at place {first_place}")?;
            } else if *whole {
                writeln!(output, "  # number {number:#x}; captured names at places {first_place} to {last_place}")?;
            } else {
                writeln!(output, "  # inner state {number:#x}, which starts the first captured name")?;
            }
            if !next.is_empty() {
                writeln!(output, "  # the names that follow:")?;
            }
            for Row { name, valid_from, valid_to } in next {
                match (valid_from, valid_to) {
                    (None, None) => writeln!(output, "  #   {name}")?,
                    (from, to) => {
                        let (from, to) = (from.as_deref().unwrap_or("ever"), to.as_deref().unwrap_or("ever"));
                        writeln!(output, "  #   {name}  {from} to {to}")?;
                    }
                }
            }
            let text = serde_yaml::to_string(preset).map_err(io::Error::other)?;
            for (number, line) in text.lines().enumerate() {
                writeln!(output, "  {} {line}", if number == 0 { "-" } else { " " })?;
            }
        }
        Ok(())
    }
}

impl Entry {
    fn new(task: &Task, solution: &Solution, whole: bool, words: &WordLists) -> Result<Self, Failure> {
        // What is not the whole list begins with the first captured name.
        let names = solution.generator(words)?.first(task.at, 1)?;
        let first = names.first().map(ToString::to_string).unwrap_or_default();
        let label = first.split('.').next().unwrap_or_default();
        let name = if whole {
            format!("recovered-{:x}", solution.number)
        } else {
            format!("from-{label}-{:x}", solution.number)
        };
        // What was typed as text has its type from here on.
        let serde_yaml::Value::Mapping(typed) = solution.family.inspect(&solution.configuration)?.parameters else {
            return Err(Failure::bug());
        };
        let kept = typed.into_iter().filter_map(|(name, value)| {
            let name = name.as_str()?.to_owned();
            let given = solution.configuration.parameters.contains_key(&name) && !value.is_null();
            given.then_some((name, value))
        });
        let names = task.places.clues();
        let shown: Vec<String> = names.iter().take(3).map(|clue| clue.name().to_string()).collect();
        let more = if names.len() > 3 { format!(" and {} more", names.len() - 3) } else { String::new() };
        Ok(Self {
            name,
            variant: solution.configuration.variant.clone(),
            parameters: kept.collect(),
            source: format!("hydrabane recover, from {}{more}", shown.join(", ")),
        })
    }
}

/// So many names, in words.
fn names_in_words(names: usize) -> String {
    if names == 1 { "1 name".to_owned() } else { format!("{names} names") }
}
