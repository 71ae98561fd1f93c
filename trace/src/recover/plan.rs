//! The passes over the numbers that a search takes, cut into units of work.

use std::ops::Range;

use dga::{Any, Clue, Configuration, Seek, WordLists};

use super::ledger::Hit;
use super::task::{Error, Places, Task};

/// Numbers in a unit of work, where each costs some nanoseconds.
const BLOCK: u64 = 1 << 18;

/// Numbers in a unit of work, where the whole list is made of each.
const BLOCK_OF_LISTS: u64 = 1 << 12;

/// Everything that has to be gone through.
pub struct Plan {
    passes: Vec<Pass>,
    numbers: Range<u64>,
    block: u64,
}

/// One way through all numbers.
pub(crate) struct Pass {
    /// The search.
    pub(crate) seek: Box<dyn Seek>,
    /// What it searches with.
    pub(crate) configuration: Configuration,
    /// The names at the places where it looks for them.
    pub(crate) clues: Vec<Clue>,
    /// What a hit means.
    pub(crate) kind: Kind,
}

/// What the number of a pass's hit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What is sought.
    Number,
    /// What takes its place in the list that begins with the first name: so many names back lies what is sought, or
    /// nobody knows how many.
    State {
        /// How many names back.
        back: Option<usize>,
        /// By how many places the zones are turned, where they follow the place.
        turn: usize,
    },
    /// What is sought, if the list has the first name at this pass's place, and all others within so many names.
    Place {
        /// How many names.
        reach: usize,
    },
    /// What is sought, if the list has all names within so many.
    List {
        /// How many names.
        reach: usize,
    },
}

impl Plan {
    /// The passes of a task.
    ///
    /// # Errors
    ///
    /// The family refuses the parameters, or a word list is missing.
    pub fn new(task: &Task, words: &WordLists) -> Result<Self, Error> {
        let pass = |configuration: Configuration, clues: Vec<Clue>, kind| -> Result<Pass, Error> {
            let seek = task.family.seek(task.quest, task.at, &configuration, words)?;
            Ok(Pass { seek, configuration, clues, kind })
        };
        let turned = |places: usize| task.family.turned(&task.configuration, places);
        let mut block = BLOCK;
        let passes = match &task.places {
            Places::Known(clues) => {
                let first = clues[0].place();
                let shifted = clues.iter().map(|clue| clue.at(clue.place() - first)).collect();
                let own = pass(task.configuration.clone(), clues.clone(), Kind::Number)?;
                if first == 0 {
                    vec![own]
                } else if task.quest.is_chain() {
                    vec![pass(task.configuration.clone(), shifted, Kind::State { back: None, turn: 0 })?]
                } else if own.seek.before(0).is_some() {
                    vec![pass(turned(first)?, shifted, Kind::State { back: Some(first), turn: first })?]
                } else {
                    vec![own]
                }
            }
            Places::Unknown(clues) => match task.quest.any {
                Any::State => {
                    let turns = task.family.turns(&task.configuration)?;
                    let mut passes = Vec::new();
                    // Any of the names may be the first one of them in the list.
                    let anchors = if task.quest.is_chain() { &clues[..1] } else { &clues[..] };
                    for clue in anchors {
                        for turn in 0..turns {
                            passes.push(pass(turned(turn)?, vec![*clue], Kind::State { back: None, turn })?);
                        }
                    }
                    passes
                }
                Any::Places => {
                    let reach = task.reach(words)?;
                    let places = (0..reach)
                        .map(|place| pass(task.configuration.clone(), vec![clues[0].at(place)], Kind::Place { reach }));
                    places.collect::<Result<_, _>>()?
                }
                Any::Lists => {
                    block = BLOCK_OF_LISTS;
                    let reach = task.reach(words)?;
                    vec![pass(task.configuration.clone(), vec![clues[0]], Kind::List { reach })?]
                }
            },
        };
        Ok(Self { passes, numbers: task.numbers.clone(), block })
    }

    /// How many units of work there are.
    pub fn units(&self) -> u64 {
        self.passes.len() as u64 * self.blocks()
    }

    /// How many numbers will be tried, each as often as there are passes.
    pub fn numbers(&self) -> u64 {
        self.passes.len() as u64 * (self.numbers.end - self.numbers.start)
    }

    /// How many passes there are over the numbers.
    pub fn passes(&self) -> usize {
        self.passes.len()
    }

    /// How many numbers a unit of work has.
    pub(crate) fn block(&self) -> u64 {
        self.block
    }

    pub(crate) fn pass(&self, pass: usize) -> &Pass {
        &self.passes[pass]
    }

    fn blocks(&self) -> u64 {
        (self.numbers.end - self.numbers.start).div_ceil(self.block)
    }

    /// Does a unit of work; returns how many numbers it had.
    pub(crate) fn work(&self, unit: u64, hits: &mut Vec<Hit>) -> u64 {
        let (number, block) = ((unit / self.blocks()) as usize, unit % self.blocks());
        let start = self.numbers.start + block * self.block;
        let numbers = start..(start + self.block).min(self.numbers.end);
        let pass = &self.passes[number];
        let hit = |found, place| Hit { pass: number, number: found, place };
        if let Kind::List { reach } = pass.kind {
            let clue = &pass.clues[0];
            pass.seek.search_lists(numbers.clone(), clue, reach, &mut |found, place| hits.push(hit(found, place)));
        } else {
            let place = pass.clues[0].place();
            pass.seek.search(numbers.clone(), &pass.clues, &mut |found| hits.push(hit(found, place)));
        }
        numbers.end - numbers.start
    }
}
