//! What is known before a search: the family, what of it is unknown, and the captured names.

use std::fmt::Write;
use std::ops::Range;

use chrono::{DateTime, Utc};
use dga::{Clue, Configuration, Family, Name, Quest, WordLists};

/// A captured name, in lower case, with its place in the list where that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// The name.
    pub name: String,
    /// Its place, counted from 0.
    pub place: Option<usize>,
}

/// What is known of the places of captured names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Places {
    /// The place of each is known; in the order of the places.
    Known(Vec<Clue>),
    /// No place is known, nor the order.
    Unknown(Vec<Clue>),
}

/// A search that can be made.
#[derive(Clone, Debug)]
pub struct Task {
    /// The family.
    pub family: &'static Family,
    /// What is sought.
    pub quest: &'static Quest,
    /// All else, with values that stand for what is sought.
    pub configuration: Configuration,
    /// The moment at which the names were asked for.
    pub at: DateTime<Utc>,
    /// The captured names.
    pub places: Places,
    /// The numbers that are searched.
    pub numbers: Range<u64>,
}

/// Why there can be no search, or why it cannot be resumed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The family has nothing that a search could find.
    #[error("family `{family}` has no number that a search could find")]
    NoQuest {
        /// The family.
        family: String,
    },
    /// The family has such a number, but not in this variant.
    #[error("variant `{variant}` of family `{family}` has no number that a search could find; {} has", .others.join(", "))]
    NoQuestOfVariant {
        /// The family.
        family: String,
        /// The variant.
        variant: String,
        /// The variants that have one.
        others: Vec<String>,
    },
    /// Another parameter is asked for than those that can be found.
    #[error("`{asked}` of family `{family}` cannot be found by a search, only {}", .possible.join(", "))]
    NotFound {
        /// The family.
        family: String,
        /// The parameter.
        asked: String,
        /// Those that can be found.
        possible: Vec<String>,
    },
    /// There is no captured name.
    #[error("at least one captured name is needed")]
    NoName,
    /// A name is none that a family could have made.
    #[error("`{name}` is no domain name that a family could make")]
    Name {
        /// The name.
        name: String,
    },
    /// Only of some names the place is known.
    #[error("either the places of all names are known, or of none")]
    SomePlaces,
    /// Two names have one place.
    #[error("`{one}` and `{another}` cannot both stand at place {place}")]
    SamePlace {
        /// A name.
        one: String,
        /// Another.
        another: String,
        /// Their place.
        place: usize,
    },
    /// The numbers to search lie outside of the space.
    #[error("the space has the numbers 0 to {}; {from} to {to} are not all in it", .space - 1)]
    Numbers {
        /// The first number that was asked for.
        from: u64,
        /// The last one.
        to: u64,
        /// How many numbers there are.
        space: u64,
    },
    /// The family refuses the parameters, or a word list is missing.
    #[error(transparent)]
    Generator(#[from] dga::Error),
    /// The file from which a search should go on is not whole, or no such file.
    #[error("it is damaged or not written by `recover`: {0}")]
    Damaged(String),
    /// The file from which a search should go on belongs to another search.
    #[error("it belongs to another search: {theirs}")]
    Other {
        /// That search.
        theirs: String,
    },
    /// The generator does not make a name that the search found: a mistake of ours.
    #[error("number {number} was found, but family `{family}` does not make `{name}` of it")]
    Wrong {
        /// The family.
        family: String,
        /// The number.
        number: u64,
        /// The name.
        name: String,
    },
}

impl Task {
    /// What of a family can be found in a variant: `asked` names a parameter, or the first that is possible.
    ///
    /// # Errors
    ///
    /// There is none, or not the one that is asked for.
    pub fn quest(family: &'static Family, variant: &str, asked: Option<&str>) -> Result<&'static Quest, Error> {
        let named = || family.info().name.to_owned();
        let quests = family.quests();
        if quests.is_empty() {
            return Err(Error::NoQuest { family: named() });
        }
        let mut own = quests.iter().filter(|quest| quest.is_of(variant)).peekable();
        if own.peek().is_none() {
            let others = quests.iter().flat_map(|quest| quest.variants).map(|variant| format!("`{variant}`")).collect();
            return Err(Error::NoQuestOfVariant { family: named(), variant: variant.to_owned(), others });
        }
        let possible = own.clone().map(|quest| format!("`{}`", quest.parameter())).collect();
        own.find(|quest| asked.is_none_or(|asked| asked == quest.parameter())).ok_or_else(|| Error::NotFound {
            family: named(),
            asked: asked.unwrap_or_default().to_owned(),
            possible,
        })
    }

    /// A search for what `quest` says, where all else is as in `configuration`. `numbers` are all numbers if none are given.
    ///
    /// # Errors
    ///
    /// The names or the numbers make no sense.
    pub fn new(
        family: &'static Family,
        quest: &'static Quest,
        configuration: &Configuration,
        at: DateTime<Utc>,
        captured: &[Captured],
        numbers: Option<Range<u64>>,
    ) -> Result<Self, Error> {
        let places = Places::of(captured)?;
        let numbers = numbers.unwrap_or(0..quest.numbers);
        if numbers.is_empty() || numbers.end > quest.numbers {
            let (from, to) = (numbers.start, numbers.end.saturating_sub(1));
            return Err(Error::Numbers { from, to, space: quest.numbers });
        }
        let configuration = family.unknown(configuration, quest, places.clues()[0].name().as_str());
        Ok(Self { family, quest, configuration, at, places, numbers })
    }

    /// How many names the list has.
    pub(crate) fn reach(&self, words: &WordLists) -> Result<usize, Error> {
        let seek = self.family.seek(self.quest, self.at, &self.configuration, words)?;
        let mut configuration = self.configuration.clone();
        configuration.parameters.extend(seek.parameters(0).unwrap_or_default());
        let generator = self.family.bind_configuration(&configuration, words)?;
        Ok(match generator.length() {
            Some(length) => length,
            None => generator.names(self.at)?.len(),
        })
    }

    /// Some names of the family with what is known, to see how its names end.
    ///
    /// # Errors
    ///
    /// The family refuses the parameters, or a word list is missing.
    pub fn sample(&self, words: &WordLists) -> Result<Vec<Name>, Error> {
        let seek = self.family.seek(self.quest, self.at, &self.configuration, words)?;
        let mut names = Vec::new();
        for number in (0..64_u64).map(|number| number.wrapping_mul(0x9E37_79B9) % self.quest.numbers) {
            let mut configuration = self.configuration.clone();
            configuration.parameters.extend(seek.parameters(number).unwrap_or_default());
            names.extend(self.family.bind_configuration(&configuration, words)?.first(self.at, 40)?);
        }
        Ok(names)
    }

    /// The search in words, by which a file to resume from is told apart.
    pub fn described(&self) -> String {
        let Configuration { variant, parameters, .. } = &self.configuration;
        let mut text = format!(
            "{} {variant}, `{}` from {} to {}, at {}, names",
            self.family.info().name,
            self.quest.parameter(),
            self.numbers.start,
            self.numbers.end - 1,
            self.at.format("%Y-%m-%dT%H:%M:%SZ"),
        );
        for clue in self.places.clues() {
            // Writing into a text cannot fail.
            let _ = match self.places {
                Places::Known(_) => write!(text, " {}@{}", clue.name(), clue.place()),
                Places::Unknown(_) => write!(text, " {}@any", clue.name()),
            };
        }
        let parameters = serde_json::to_string(parameters).unwrap_or_default();
        text + ", parameters " + &parameters
    }
}

impl Places {
    fn of(captured: &[Captured]) -> Result<Self, Error> {
        let clues = captured.iter().map(|Captured { name, place }| {
            let legal = Name::parse(name).is_some_and(|parsed| !parsed.is_empty() && name.is_ascii());
            let clue = Clue::new(name, place.unwrap_or(0)).filter(|_| legal && name.contains('.'));
            clue.ok_or_else(|| Error::Name { name: name.clone() })
        });
        let mut clues: Vec<Clue> = clues.collect::<Result<_, _>>()?;
        let known = captured.iter().filter(|captured| captured.place.is_some()).count();
        if clues.is_empty() {
            return Err(Error::NoName);
        }
        if known == 0 {
            // A name that was captured twice tells nothing more.
            let mut seen = Vec::new();
            clues.retain(|clue| {
                !seen.contains(clue.name()) && {
                    seen.push(*clue.name());
                    true
                }
            });
            return Ok(Self::Unknown(clues));
        }
        if known < captured.len() {
            return Err(Error::SomePlaces);
        }
        clues.sort_by_key(Clue::place);
        clues.dedup();
        if let Some(pair) = clues.windows(2).find(|pair| pair[0].place() == pair[1].place()) {
            let [one, another] = [pair[0].name().to_string(), pair[1].name().to_string()];
            return Err(Error::SamePlace { one, another, place: pair[0].place() });
        }
        Ok(Self::Known(clues))
    }

    /// The names, in the order of their places or as they were given.
    pub fn clues(&self) -> &[Clue] {
        match self {
            Self::Known(clues) | Self::Unknown(clues) => clues,
        }
    }
}
