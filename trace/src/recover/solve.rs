//! From hits to what was sought: every hit is verified with the family's own generator, and an inner state is walked back
//! as far as that is needed and possible.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use dga::{Clue, Configuration, Family, Generate, Name, Parameters, Period, WordLists};

use super::ledger::Hit;
use super::plan::{Kind, Pass, Plan};
use super::task::{Error, Places, Task};

/// The most candidates that are kept.
const CANDIDATES: usize = 5_000;

/// The most states that a walk back looks behind: some generators' steps are no bijections, and the farther back, the more
/// seeds lead to the same names.
const STATES: usize = 5_000;

/// A configuration whose list has all captured names.
#[derive(Clone, Debug)]
pub struct Solution {
    /// The family.
    pub family: &'static Family,
    /// The configuration, ready to be bound.
    pub configuration: Configuration,
    /// The number that was found.
    pub number: u64,
    /// The place of the first captured name in the list, counted from 0.
    pub first: usize,
    /// The place of the last one.
    pub last: usize,
    at: DateTime<Utc>,
}

/// What a search has found.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Everything that may have made the names, in the order of the numbers.
    pub seeds: Vec<Solution>,
    /// How many there are, where only some are kept.
    pub total: usize,
    /// Where the place is not known and the family walks on from an inner state: what makes the names from the first
    /// captured one on, whatever the seed was.
    pub from_here: Vec<Solution>,
    /// How many names back from there seeds were looked for.
    pub walked: usize,
    /// Whether no list can begin any earlier, so that the seeds are all that there are.
    pub complete: bool,
    /// Whether a walk back was given up, because too many states lead to the first captured name.
    pub given_up: bool,
}

/// A name that bots will ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    /// The name.
    pub name: Name,
    /// When its list is valid.
    pub period: Period,
}

/// Verifies hits, and finds the seeds behind inner states.
///
/// # Errors
///
/// [`Error::Wrong`] if the generator does not make what the search has found, and errors of binding.
pub fn solve(task: &Task, plan: &Plan, hits: &[Hit], words: &WordLists) -> Result<Outcome, Error> {
    let mut outcome = Outcome::default();
    for hit in hits {
        let pass = plan.pass(hit.pass);
        // A number for which no value of the parameters stands makes no configuration.
        let Some(parameters) = pass.seek.parameters(hit.number) else { continue };
        let configuration = with(&pass.configuration, task, parameters);
        let generator = task.family.bind_configuration(&configuration, words)?;
        let solution = |first, last| Solution {
            family: task.family,
            configuration: configuration.clone(),
            number: hit.number,
            first,
            last,
            at: task.at,
        };
        match pass.kind {
            Kind::Number => {
                verify(task, &*generator, hit, &pass.clues)?;
                outcome.add(solution(pass.clues[0].place(), last_place(&pass.clues)));
            }
            Kind::State { back: Some(back), .. } => {
                verify(task, &*generator, hit, &pass.clues)?;
                if !seeds_behind(task, pass, hit, back, words, &mut outcome)? {
                    outcome.from_here.push(solution(0, last_place(&pass.clues)));
                }
            }
            Kind::State { back: None, turn } => {
                // A chain with known distances; its places count from the first name.
                if let Places::Known(_) = task.places {
                    verify(task, &*generator, hit, &pass.clues)?;
                    outcome.from_here.push(solution(0, last_place(&pass.clues)));
                    continue;
                }
                let reach = generator.length().map_or_else(|| generator.names(task.at).map(|names| names.len()), Ok)?;
                let names = generator.first(task.at, reach)?;
                verify(task, &*generator, hit, &pass.clues)?;
                let Some((0, last)) = span(&names, task.places.clues()) else { continue };
                outcome.from_here.push(solution(0, last));
                let most = reach.saturating_sub(last + 1);
                walk_back(task, pass, hit.number, Walk { most, last, turn }, &mut outcome)?;
            }
            Kind::Place { reach } | Kind::List { reach } => {
                let names = generator.first(task.at, reach)?;
                verify(task, &*generator, hit, &[pass.clues[0].at(hit.place)])?;
                let Some((first, last)) = span(&names, task.places.clues()) else { continue };
                outcome.add(solution(first, last));
            }
        }
    }
    outcome.seeds.sort_by_key(|solution| (solution.number, solution.first));
    outcome.seeds.dedup_by_key(|solution| (solution.number, solution.configuration.parameters.clone()));
    if outcome.from_here.is_empty() {
        outcome.total = outcome.seeds.len();
    }
    Ok(outcome)
}

impl Outcome {
    fn add(&mut self, solution: Solution) {
        self.total += 1;
        if self.seeds.len() < CANDIDATES {
            self.seeds.push(solution);
        }
    }

    /// Whether nothing fits.
    pub fn is_empty(&self) -> bool {
        self.seeds.is_empty() && self.from_here.is_empty()
    }
}

/// A configuration with what was found in it, and without what stood for it.
fn with(configuration: &Configuration, task: &Task, found: Parameters) -> Configuration {
    let mut configuration = configuration.clone();
    for (parameter, _) in task.quest.finds {
        configuration.parameters.remove(*parameter);
    }
    configuration.parameters.extend(found);
    configuration.preset = None;
    configuration
}

fn last_place(clues: &[Clue]) -> usize {
    clues.iter().map(Clue::place).max().unwrap_or(0)
}

/// The first and the last place of all captured names among these; `None` if one is missing.
fn span(names: &[Name], clues: &[Clue]) -> Option<(usize, usize)> {
    let place = |clue: &Clue| names.iter().position(|name| clue.is(name));
    let places: Vec<usize> = clues.iter().map(place).collect::<Option<_>>()?;
    Some((*places.iter().min()?, *places.iter().max()?))
}

fn verify(task: &Task, generator: &dyn Generate, hit: &Hit, clues: &[Clue]) -> Result<(), Error> {
    let names = generator.first(task.at, last_place(clues) + 1)?;
    match clues.iter().find(|clue| !names.get(clue.place()).is_some_and(|name| clue.is(name))) {
        None => Ok(()),
        Some(clue) => Err(Error::Wrong {
            family: task.family.info().name.into(),
            number: hit.number,
            name: clue.name().to_string(),
        }),
    }
}

/// The seeds whose list goes on, after exactly so many names, as that of a state; `false` if they are too many.
fn seeds_behind(
    task: &Task,
    pass: &Pass,
    hit: &Hit,
    back: usize,
    words: &WordLists,
    outcome: &mut Outcome,
) -> Result<bool, Error> {
    let mut states = vec![hit.number];
    let mut seen = 0;
    for walked in 0..back {
        seen += states.len();
        if seen > STATES {
            outcome.given_up = true;
            outcome.walked = outcome.walked.max(walked);
            return Ok(false);
        }
        states = states.into_iter().flat_map(|state| pass.seek.before(state).unwrap_or_default()).collect();
        states.sort_unstable();
        states.dedup();
    }
    for number in states {
        let Some(parameters) = pass.seek.parameters(number) else { continue };
        let configuration = with(&task.configuration, task, parameters);
        let generator = task.family.bind_configuration(&configuration, words)?;
        verify(task, &*generator, &Hit { number, ..*hit }, task.places.clues())?;
        outcome.add(Solution {
            family: task.family,
            configuration,
            number,
            first: back,
            last: last_place(task.places.clues()),
            at: task.at,
        });
    }
    Ok(true)
}

/// A way back from a state.
#[derive(Clone, Copy)]
struct Walk {
    /// How many names it goes back at most.
    most: usize,
    /// The place of the last captured name, counted from the state.
    last: usize,
    /// By how many places the zones at the state are turned.
    turn: usize,
}

/// The seeds from which a list reaches a state.
fn walk_back(task: &Task, pass: &Pass, state: u64, walk: Walk, outcome: &mut Outcome) -> Result<(), Error> {
    let turns = task.family.turns(&task.configuration)?;
    let mut states = vec![state];
    for walked in 0..=walk.most {
        // Where zones follow the place, those at the state say how far away the beginning can be.
        let possible = walked % turns == walk.turn % turns;
        for number in states.iter().filter(|_| possible) {
            let Some(parameters) = pass.seek.parameters(*number) else { continue };
            outcome.add(Solution {
                family: task.family,
                configuration: with(&task.configuration, task, parameters),
                number: *number,
                first: walked,
                last: walked + walk.last,
                at: task.at,
            });
        }
        outcome.walked = outcome.walked.max(walked);
        if walked == walk.most || outcome.seeds.len() >= CANDIDATES {
            break;
        }
        let mut earlier = Vec::new();
        for state in &states {
            let Some(before) = pass.seek.before(*state) else {
                // Nobody knows what was before: the number itself is no more likely a seed than any other.
                outcome.seeds.clear();
                outcome.total = 0;
                return Ok(());
            };
            earlier.extend(before);
        }
        earlier.sort_unstable();
        earlier.dedup();
        if earlier.is_empty() {
            outcome.complete = true;
            break;
        }
        states = earlier;
    }
    Ok(())
}

impl Solution {
    /// The generator.
    ///
    /// # Errors
    ///
    /// As [`Family::bind_configuration`].
    pub fn generator(&self, words: &WordLists) -> Result<Arc<dyn Generate>, Error> {
        Ok(self.family.bind_configuration(&self.configuration, words)?)
    }

    /// The names after the last captured one, at most so many: those of its list, then those of the lists that follow it,
    /// unless this is only an inner state of one list.
    ///
    /// # Errors
    ///
    /// Errors of binding; a date beyond the calendar only ends the names.
    pub fn next(&self, words: &WordLists, count: usize, is_state: bool) -> Result<Vec<Next>, Error> {
        let generator = self.generator(words)?;
        let (mut at, mut skipped) = (self.at, self.last + 1);
        let mut next: Vec<Next> = Vec::new();
        while next.len() < count {
            let Ok(period) = generator.period(at) else { break };
            let wanted = skipped + count - next.len();
            // Beyond the bot's own list only where there is no other list to come.
            let end = generator.length().filter(|_| period.until.is_some() && !is_state).unwrap_or(usize::MAX);
            let names = generator.first(at, wanted.min(end))?;
            next.extend(names.into_iter().skip(skipped).map(|name| Next { name, period }));
            match period.until {
                Some(until) if !is_state => at = until,
                _ => break,
            }
            skipped = 0;
        }
        next.truncate(count);
        Ok(next)
    }
}
